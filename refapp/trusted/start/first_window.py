"""The first window process, started before anything else is imported: while it paints, the parent
reads its own command line.

Owns the order: the parent hardens itself, then has the display's gate made, then starts the window.
So there is no moment at which a window could look into the parent. Everything here runs before the
first paint and imports next to nothing; a command line that needs more than the words below waits
for ``cli``, and its window comes a little later.
"""

from __future__ import annotations

import os
import sys
from _signal import SIG_BLOCK, SIG_UNBLOCK, pthread_sigmask  # type: ignore[import-not-found]

from refapp.trusted.start import hardening, window_settings
from refapp.trusted.start.display import Display
from refapp.trusted.start.spawn import ENDING, Child, environment, own_window, spawn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_ANY: tuple[str, ...] = ()
_VALUES = {
    "--server": _ANY,
    "--home": _ANY,
    "--trace": _ANY,
    "--theme": ("system", "light", "dark", "contrast"),
    "--on-violation": ("refuse", "kill"),
    "--log-level": ("debug", "info", "warning", "error"),
}
_UNSANDBOXED, _UNGATED = "--allow-unsandboxed-ui", "--allow-ungated-display"


class FirstWindow:
    """A window process that was started, and how: ``again`` starts another like it, once
    ``display`` admits it.
    """

    def __init__(
        self,
        command: Sequence[str],
        look: Callable[[], list[str]] = list,
        *,
        ungated: bool,
        toolkit: str = "tk",
    ) -> None:
        """``look``: what the command line says of how the window looks, asked for each window;
        ``ungated``: on the display as any other program; ``toolkit``: see ``Display``.
        Raises OSError if ``command`` can't be run, NoDisplay, NoGate.
        """
        hardening.close_up()
        self._command, self._look = command, look
        self.display = Display(
            environment(os.environ, os.path.expanduser("~")),
            _private_place(),
            ungated=ungated,
            toolkit=toolkit,
        )
        started = False
        try:
            self.display.admit()
            self.child = self.again()
            started = True
        finally:
            if not started:
                self.display.close()

    def again(self) -> Child:
        """Start one more."""
        look = self._look()
        if look and self.display.dots:
            look += ["--dots", str(self.display.dots)]
        child = spawn([*self._command, *look], self.display.env)
        self.display.admitted(child.pid)
        return child

    def abandon(self) -> None:
        """The app does not start after all: end the window that nobody has taken over."""
        os.kill(self.child.pid, 9)
        os.waitpid(self.child.pid, 0)
        self.display.close()


def hold_signals() -> None:
    """Until the app can end in order, signals that end it wait (``App.heed_signals``): it has put
    down things by then.
    """
    pthread_sigmask(SIG_BLOCK, ENDING)


def release_signals() -> None:
    """From now on they end the process as they find it."""
    pthread_sigmask(SIG_UNBLOCK, ENDING)


def of_the_app(
    *, on_violation: str, unsandboxed: bool, ungated: bool, theme: str, home: str
) -> FirstWindow:
    """Start the window that comes with the app, as the person left it (``window_settings``)."""
    command = own_window(on_violation=on_violation, unsandboxed=unsandboxed)
    return FirstWindow(command, lambda: window_settings.words(home, theme), ungated=ungated)


def if_plain(words: Sequence[str]) -> FirstWindow | None:
    """The window of ``run`` with exactly ``words``, if that can be told at a glance;
    None if ``cli`` has to look first.
    """
    given = {"--theme": "system", "--on-violation": "refuse", "--home": ""}
    left = iter(words)
    for word in left:
        if word in (_UNSANDBOXED, _UNGATED):
            given[word] = ""
            continue
        value = next(left, "")
        if (
            word not in _VALUES
            or not value
            or value.startswith("-")
            or value not in (_VALUES[word] or (value,))
        ):
            return None
        given[word] = value
    if not sys.platform.startswith("linux"):
        return None
    return of_the_app(
        on_violation=given["--on-violation"],
        unsandboxed=_UNSANDBOXED in given,
        ungated=_UNGATED in given,
        theme=given["--theme"],
        home=given["--home"],
    )


def _private_place() -> str:
    """Where this session's short-lived files go."""
    for place in (os.environ.get("XDG_RUNTIME_DIR", ""), os.environ.get("TMPDIR", "")):
        if place and os.access(place, os.W_OK | os.X_OK):
            return place
    return "/tmp"  # noqa: S108 - only the place of a folder of ours
