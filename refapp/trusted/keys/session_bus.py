"""Where the desktop's message bus is, and a connection to it.
Owns the search alone: who is on the bus is ``secret_service``'s.

The places are those that GLib looks in, so that the app finds the keychain where every other
program does: each address of ``DBUS_SESSION_BUS_ADDRESS`` in turn, and the socket of the login
session where the variable is not set.
"""

from __future__ import annotations

import asyncio
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from jeepney.auth import AuthenticationError
from jeepney.io.asyncio import DBusConnection, open_dbus_connection

VARIABLE = "DBUS_SESSION_BUS_ADDRESS"


def addresses(environment: Mapping[str, str]) -> Iterator[str]:
    """The places to try, in order, each one D-Bus address."""
    named = environment.get(VARIABLE, "").strip()
    if named:
        yield from (address for address in named.split(";") if address.startswith("unix:"))
        return
    folder = environment.get("XDG_RUNTIME_DIR", "")
    if folder and _is_socket(Path(folder, "bus")):
        yield f"unix:path={_escaped(str(Path(folder, 'bus')))}"


async def connect(environment: Mapping[str, str], deadline_s: float) -> DBusConnection:
    """A connection to the first bus that takes one. ``deadline_s``: seconds for each.

    Raises:
        ConnectionError: none does.
    """
    for address in addresses(environment):
        try:
            async with asyncio.timeout(deadline_s):
                return await open_dbus_connection(address)
        except (OSError, EOFError, ValueError, RuntimeError, TimeoutError, AuthenticationError):
            continue  # what is wrong with one place says nothing about the next
    raise ConnectionError


def _is_socket(path: Path) -> bool:
    try:
        return stat.S_ISSOCK(path.stat().st_mode)
    except OSError:
        return False


def _escaped(path: str) -> str:
    """As a value in a D-Bus address: every byte that is not one of the plain characters as %xx."""
    plain = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_/.\\*")
    return "".join(
        chr(byte) if byte in plain else f"%{byte:02x}"
        for byte in path.encode(errors="surrogateescape")
    )
