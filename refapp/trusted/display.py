"""How far the X server keeps the window from other programs' windows: a cookie of its own, and what to say if there is none.

With the person's own cookie a window can log keys, take pictures of the screen and type into other programs, however locked its
process is. The SECURITY extension gives out *untrusted* cookies that allow none of that. One is asked for before each window
process, through ``xauth``; the server forgets it ``UNUSED_S`` seconds after the window is gone, and never while it is up, so
nothing needs renewing. Whether it took is asked of the server with that cookie: a server that checks no cookies takes any.

Owns a private folder for the cookie. The parent speaks to the display in two messages here and opens no window: Tk would let any
program on the display run commands in it.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import struct
import subprocess
from collections.abc import Mapping
from pathlib import Path

UNUSED_S = 60
LIMIT_S = 2.0

ISOLATED = (
    "Display isolation: on. The X server keeps other programs' keys, pictures and windows from this window. It can still read "
    "what is copied elsewhere; what is copied here can't be pasted elsewhere."
)
NO_DISPLAY = "There is no display to keep from the window."
NOT_ISOLATED = (
    "Display isolation: none. {why} The window is an ordinary client of the display, and could see what other windows show, and "
    "type into them."
)

_LOCAL = re.compile(r"(?:unix)?:(\d+)(?:\.\d+)?\Z", re.ASCII)
_QUERY_EXTENSION, _REPLY = 98, 1


class NotIsolated(Exception):
    """This display can't be kept from the window; the text says why, in a sentence."""


class Display:
    """How windows reach the display. ``env`` is the next one's environment, and ``sentence`` says what that allows it.

    ``env``: what a window would be given without this (``spawn.environment``), the person's own XAUTHORITY in it.
    ``folder``: where a private folder may be made. Nothing is asked of the X server before ``admit``.
    """

    def __init__(self, env: Mapping[str, str], folder: str) -> None:
        self.env = self._own = dict(env)
        self.isolated, self.sentence = False, ""
        self._folder = Path(folder) / f"refapp-{os.urandom(8).hex()}"

    def admit(self) -> None:
        """Renew ``env`` for one window process. Blocks for some milliseconds, and for seconds if the X server hangs."""
        if "DISPLAY" not in self._own:
            self.isolated, self.sentence = True, NO_DISPLAY
            return
        why = "The X server did not take a cookie of its own."
        try:
            cookie = self._untrusted_cookie()
            if _sees_security(_number(self._own), cookie.read_bytes()):
                raise NotIsolated("The X server takes every client for a trusted one.")
        except NotIsolated as error:
            why = str(error)
        except (OSError, struct.error):
            pass
        else:
            self.env, self.isolated, self.sentence = {**self._own, "XAUTHORITY": str(cookie)}, True, ISOLATED
            return
        self.env, self.isolated, self.sentence = self._own, False, NOT_ISOLATED.format(why=why)

    def close(self) -> None:
        """Delete the cookie."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _untrusted_cookie(self) -> Path:
        xauth = shutil.which("xauth")
        if xauth is None:
            raise NotIsolated("The program xauth is missing.")
        self._folder.mkdir(mode=0o700, exist_ok=True)
        cookie = self._folder / "cookie"
        cookie.unlink(missing_ok=True)
        cookie.touch(mode=0o600)
        order = ["generate", f":{_number(self._own)}", ".", "untrusted", "timeout", str(UNUSED_S)]
        try:
            done = subprocess.run(
                [xauth, "-q", "-f", str(cookie), *order],
                env=self._own, stdin=subprocess.DEVNULL, capture_output=True, timeout=LIMIT_S, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise NotIsolated("The X server did not answer.") from None
        if done.returncode or not cookie.stat().st_size:
            raise NotIsolated("The X server lacks the SECURITY extension.")
        return cookie


def _number(env: Mapping[str, str]) -> int:
    found = _LOCAL.match(env.get("DISPLAY", ""))
    if found is None:
        raise NotIsolated("The display is not one of this computer.")
    return int(found[1])


def _sees_security(number: int, authority: bytes) -> bool:
    """Whether a client with this cookie is shown the SECURITY extension, which the server hides from untrusted ones."""
    name, cookie = _fields(authority)[2:]
    with contextlib.closing(_connect(number)) as server:
        server.sendall(
            struct.pack("<BxHHHHxx", ord("l"), 11, 0, len(name), len(cookie)) + _padded(name) + _padded(cookie)
        )
        accepted, more = struct.unpack("<B5xH", _read(server, 8))
        _read(server, 4 * more)
        if not accepted:
            raise NotIsolated("The X server refused its own cookie.")
        wanted = b"SECURITY"
        server.sendall(struct.pack("<BxHHxx", _QUERY_EXTENSION, 2 + len(wanted) // 4, len(wanted)) + wanted)
        kind, present = struct.unpack_from("<B7xB", _read(server, 32))
        return not (kind == _REPLY and not present)


def _connect(number: int) -> socket.socket:
    """As libxcb does: the abstract socket first."""
    path = f"/tmp/.X11-unix/X{number}"  # noqa: S108 - the X server's place
    for address in (f"\0{path}", path):
        server = socket.socket(socket.AF_UNIX)
        server.settimeout(LIMIT_S)
        try:
            server.connect(address)
        except OSError:
            server.close()
            continue
        return server
    raise NotIsolated("The X server does not answer.")


def _read(server: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        piece = server.recv(size - len(data))
        if not piece:
            raise NotIsolated("The X server refused its own cookie.")
        data += piece
    return data


def _fields(authority: bytes) -> list[bytes]:
    """Address, display number, protocol and cookie of an X authority file's first entry (Xau format)."""
    found, at = [], 2
    for _ in range(4):
        [size] = struct.unpack_from(">H", authority, at)
        found.append(authority[at + 2 : at + 2 + size])
        at += 2 + size
    return found


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)
