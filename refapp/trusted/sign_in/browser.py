"""Opening a link in the person's browser. Only the parent can: the window may start no program.

Owns the choice of the program. A link comes from the app itself or from the server, and must be
http or https: a desktop opens other schemes with programs that do other things. The link is an
argument, so other programs of the user can see it; it holds a challenge and a state, neither of
which is worth anything without the verifier.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Protocol, TextIO

from refapp.trusted.server.web_link import is_web

OPENED_AFTER_S = 5.0
LOOK_EVERY_S = 0.05
OPENS: Mapping[str, Sequence[str]] = {
    "darwin": ["open"],
    "win32": ["rundll32", "url.dll,FileProtocolHandler"],
}
"""What opens a link as the system's own settings say."""


class Browser(Protocol):
    """What opens links."""

    async def open(self, link: str) -> bool:
        """Show ``link`` to the person.
        False: it could not be done, so the person has to be shown the link.
        """


class SystemBrowser:
    """The desktop's own choice, or the program ``command``,
    which gets the link as its last argument.
    """

    def __init__(self, command: Sequence[str] = ()) -> None:
        self._command = list(command) or OPENS.get(sys.platform, ["xdg-open"])

    async def open(self, link: str) -> bool:
        """See ``Browser``. A program that still runs after a while is the browser itself."""
        program = shutil.which(self._command[0])
        process = self._start(program, link) if program is not None and is_web(link) else None
        if process is None:
            return False
        for _ in range(round(OPENED_AFTER_S / LOOK_EVERY_S)):
            if process.poll() is not None:
                break
            await asyncio.sleep(LOOK_EVERY_S)
        return process.poll() in (None, 0)

    def _start(self, program: str, link: str) -> subprocess.Popen[bytes] | None:
        nothing = subprocess.DEVNULL
        try:
            # asyncio's own processes are killed with the loop,
            # and this one may be the person's browser.
            return subprocess.Popen(
                [program, *self._command[1:], link],
                stdin=nothing,
                stdout=nothing,
                stderr=nothing,
                start_new_session=True,
            )
        except OSError:
            return None


class ToldInTerminal:
    """``browser``, and where that opens nothing the link in the terminal, to be copied whole."""

    def __init__(self, browser: Browser, terminal: TextIO) -> None:
        self._browser, self._terminal = browser, terminal

    async def open(self, link: str) -> bool:
        """See ``Browser``."""
        opened = await self._browser.open(link)
        if not opened and is_web(link):
            with contextlib.suppress(OSError, ValueError):  # nobody reads the terminal any more
                self._terminal.write(f"refapp: no browser could be opened. The link:\n{link}\n")
                self._terminal.flush()
        return opened
