"""Whose a connection from this computer is, by the kernel's table of sockets: the way back takes its own user's alone (SB-9).

Owns the reading of ``/proc/self/net/tcp`` and ``tcp6`` (proc(5)), and the decision. Another user of the computer
can read the port and the state in the browser's command line; what he brings must not count, and must not keep the
person's own browser out.
Invariant: what the table does not show is another's.
"""

from __future__ import annotations

import os
from pathlib import Path

TABLES = (Path("/proc/self/net/tcp"), Path("/proc/self/net/tcp6"))
"""A browser may well use a socket of IPv6 for the address of IPv4 (RFC 4291, section 2.5.5.2)."""
LISTENS = 0
"""The other end's port of a socket that waits for connections."""


def known() -> bool:
    """Whether this system tells whose a connection is."""
    return TABLES[0].is_file()


def connected_user(theirs: int, ours: int) -> int | None:
    """The user id at the end with port ``theirs`` of a connection to port ``ours`` here; None: nobody who is still there.

    With ``LISTENS`` for ``ours``: who waits for connections at that port.

    Raises:
        OSError: the table can't be read.
    """
    tables = [table.read_text() for table in TABLES if table.exists()]
    return _user(tables, theirs, ours)


def is_own(user: int | None) -> bool:
    """Whether a connection of ``user`` counts."""
    return user == os.getuid()


def _user(tables: list[str], theirs: int, ours: int) -> int | None:
    for row in (line.split() for table in tables for line in table.splitlines()[1:]):
        # sl, local address, remote address, state, queues, timer, retransmits, user, timeout, inode. What is closed already has
        # no inode any more, and its user is given as 0.
        if (_port(row[1]), _port(row[2])) == (theirs, ours) and row[9] != "0":
            return int(row[7])
    return None


def _port(address: str) -> int:
    return int(address.rpartition(":")[2], 16)
