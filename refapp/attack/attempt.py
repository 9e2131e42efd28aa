"""What an attempt is, what it is aimed at, and the tools it is made with.

Imported by the victim before the lock,
so it needs the standard library and ``refapp.lock.kernel`` only.
"""

from __future__ import annotations

import collections
import ctypes
import errno
import os
from collections.abc import Callable
from typing import NamedTuple

from refapp.attack.numbers import NUMBERS
from refapp.lock import kernel

MARK = b"refapp-bait-secret"
"""What stands in everything that is secret here, and what every listener answers with."""

_KEPT: collections.deque[ctypes.Array[ctypes.c_char]] = collections.deque(maxlen=100)
_NEW_USER = 0x10000000
_COLUMN = {"x86_64": 0, "aarch64": 1}.get(os.uname().machine)


class Target(NamedTuple):
    """The bait. Paths are absolute; ``token`` lies in ``folder`` and holds the mark;
    ``terminal`` is a pseudo-terminal.

    ``app`` is the process that plays the app, ``address`` where the mark lies in its memory,
    ``app_file`` its descriptor of the token file. The ``inherited`` numbers are descriptors that
    were left open by mistake: a file, a folder, a connection. ``stranger`` is another program's
    window on the display, whose title is the mark; 0 without a display.
    """

    folder: str
    token: str
    app: int
    address: int
    app_file: int
    tcp: int
    tcp6: int
    udp: int
    unix: str
    datagram: str
    abstract: str
    terminal: str
    inherited_file: int
    inherited_folder: int
    inherited_socket: int
    stranger: int
    free: bool
    """Whether this is the control. What only prepares for the call under test is done there alone,
    so that the call itself is what the sandbox answers.
    """


class Attempt(NamedTuple):
    """``act`` returns if the attempt worked and raises if it did not.
    ``tries`` and ``how`` are for the table.
    """

    id: str
    tries: str
    how: str
    act: Callable[[Target], object]


class NothingGained(Exception):
    """The calls went through and brought nothing: no secret, no effect."""


def raw(name: str, *arguments: int | bytes | None) -> int:
    """The system call, past every library.
    Raises OSError; ENOSYS if this machine has no such call.
    """
    number = None if _COLUMN is None else NUMBERS[name][_COLUMN]
    if number is None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    return kernel.call(number, *arguments)


def secret(data: bytes) -> None:
    """``data`` holds the secret, or NothingGained."""
    if MARK not in data:
        raise NothingGained


def gained(condition: object) -> None:
    """There was an effect, or NothingGained."""
    if not condition:
        raise NothingGained


def become_root(t: Target, namespaces: int = 0) -> None:
    """In an ordinary user's control: be root of a user namespace (and of more ``namespaces``), an
    attacker's usual first step.
    """
    if t.free and os.geteuid() != 0:
        raw("unshare", _NEW_USER | namespaces)


def reached(code: int, name: str, *arguments: int | bytes | None) -> None:
    """``raw`` for a call that must not succeed here: ``code`` says that the kernel took it up and
    found it senseless.
    """
    try:
        raw(name, *arguments)
    except OSError as error:
        if error.errno != code:
            raise


def buffer(size: int) -> tuple[ctypes.Array[ctypes.c_char], int]:
    """Zeroed memory for the kernel to write to, and its address.
    It stays good while only the address is held.
    """
    memory = ctypes.create_string_buffer(size)
    _KEPT.append(memory)
    return memory, ctypes.addressof(memory)


def read_all(descriptor: int) -> bytes:
    """Up to 64 KiB from a descriptor."""
    return os.read(descriptor, 65536)


def path(text: str) -> bytes:
    return os.fsencode(text)
