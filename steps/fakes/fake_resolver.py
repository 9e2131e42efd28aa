"""Names that lead where a test says, while it says so: the resolver of this process is replaced.

Owns ``socket.getaddrinfo`` within ``resolver``; every other name is looked up as ever.
"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator, Mapping

Address = str | int | tuple[str, ...]
"""Where a name leads: to an address, to several, or nowhere, of which this is the number."""


@contextlib.contextmanager
def resolver(names: Mapping[str, Address]) -> Iterator[None]:
    """Within, names lead to these addresses, or fail with this number; the rest is as it is."""
    real = socket.getaddrinfo

    def looked_up(host: object, *rest: object, **more: object) -> object:
        name = host.decode() if isinstance(host, bytes) else host
        found = names.get(name) if isinstance(name, str) else None
        if isinstance(found, int):
            raise socket.gaierror(found, "no such name")
        every = found if isinstance(found, tuple) else (found or host,)
        return [way for one in every for way in real(one, *rest, **more)]  # type: ignore[arg-type]

    socket.getaddrinfo = looked_up  # type: ignore[assignment]
    try:
        yield
    finally:
        socket.getaddrinfo = real
