"""The little that work done for the session may know of who it is done for."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from refapp.trusted.rules import events as ev


class Shell(msgspec.Struct, frozen=True):
    """What the work knows of the shell that it is done for.

    ``base`` is the server's. ``clock`` and ``server_clock`` give unix seconds, here and there; ``current()`` is the session's
    generation now; ``dispatch`` takes what happens on the way.
    """

    base: str
    clock: Callable[[], float]
    server_clock: Callable[[], float]
    current: Callable[[], int]
    dispatch: Callable[[ev.Event], None]
