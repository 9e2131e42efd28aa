"""Whose a connection from this computer is, by the kernel's table of sockets: the way back takes
its own user's alone (SB-9).

Owns the reading of ``/proc/self/net/tcp`` and ``tcp6`` (proc(5)), and the decision. Another user of
the computer can read the port and the state in the browser's command line; what he brings must not
count, and must not keep the person's own browser out.

Invariants: what the table does not show is another's. A connection is both ends, address and port:
another user may have the same ports at another address of this computer, and have the person's
browser connect there.
"""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

TABLES = (Path("/proc/self/net/tcp"), Path("/proc/self/net/tcp6"))
"""A browser may well use a socket of IPv6 for the address of IPv4 (RFC 4291, section 2.5.5.2)."""
End = tuple[str, int]
"""An IPv4 address and a port."""


def known() -> bool:
    """Whether this system tells whose a connection is."""
    return TABLES[0].is_file()


def is_own_connection(theirs: End, ours: End) -> bool:
    """Whether this user has the end ``theirs`` of a connection to ``ours``.
    False if the table can't be read.
    """
    return _is_own(
        [user for local, remote, user in _rows() if (local, remote) == (_ends(theirs), _ends(ours))]
    )


def is_own_listener(port: int) -> bool:
    """Whether whoever waits for connections at ``port``, at any address, is this user.
    False if the table can't be read.
    """
    return _is_own(
        [user for local, remote, user in _rows() if (_port(local), _port(remote)) == (port, 0)]
    )


def is_own(user: int) -> bool:
    """Whether what ``user`` brings counts."""
    return user == os.getuid()


def _is_own(users: list[int]) -> bool:
    return bool(users) and all(map(is_own, users))


def _rows() -> list[tuple[str, str, int]]:
    """Both ends of each socket as the table writes them, and its user;
    of what is closed already there is no user to be told.
    """
    try:
        lines = [
            line
            for table in TABLES
            if table.exists()
            for line in table.read_text().splitlines()[1:]
        ]
    except OSError:
        return []
    # sl, local address, remote address, state, queues, timer, retransmits, user, timeout, inode.
    split = [line.split() for line in lines]
    return [(_plain(row[1]), _plain(row[2]), int(row[7])) for row in split if row[9] != "0"]


def _ends(end: End) -> str:
    """As the table writes it: the address as one number in the machine's own order."""
    number = int.from_bytes(socket.inet_aton(end[0]), sys.byteorder)
    return f"{number:08X}:{end[1]:04X}"


def _plain(written: str) -> str:
    """An address of IPv4 that is written as one of IPv6 is the same address."""
    mapped = f"{0:016X}{int.from_bytes(bytes((0, 0, 255, 255)), sys.byteorder):08X}"
    return written.removeprefix(mapped) if len(written) > len(mapped) else written


def _port(written: str) -> int:
    return int(written.rpartition(":")[2], 16)
