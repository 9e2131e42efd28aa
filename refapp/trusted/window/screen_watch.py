"""How large the screen is:
a window learns that at its start alone, and a screen may shrink under it.

Owns a connection of the parent's to the real display that asks for nothing but the size of the root
window and its changes. It is made on another thread, for a display may hang, and only once a window
is up. Nothing depends on it: without an answer the window keeps the place that it has.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

from refapp.trusted.start import x11

Size = tuple[int, int]
"""Width and height in pixels."""


class ScreenWatch:
    """``connect`` reaches the display;
    ``heard`` is called with each size that the screen gets, and not with the first.
    """

    def __init__(self, connect: Callable[[], x11.Server], heard: Callable[[Size], None]) -> None:
        self._connect, self._heard = connect, heard
        self._server: x11.Server | None = None
        self._size: Size = (0, 0)

    async def begin(self) -> None:
        """From now on."""
        with contextlib.suppress(OSError, x11.NoXServer):
            server = await asyncio.to_thread(self._connect)
            try:
                self._size = server.watch_root()
            except (OSError, x11.NoXServer):
                server.close()
                raise
            self._server = server
            asyncio.get_running_loop().add_reader(server.fileno(), self._on_events, server)

    def close(self) -> None:
        """Look no more."""
        server, self._server = self._server, None
        if server is not None:
            asyncio.get_running_loop().remove_reader(server.fileno())
            server.close()

    def _on_events(self, server: x11.Server) -> None:
        try:
            sizes = server.root_sizes()
        except (OSError, x11.NoXServer):
            self.close()  # the display is gone, and the app with it soon
            return
        for size in sizes:
            if size != self._size:
                self._size = size
                self._heard(size)
