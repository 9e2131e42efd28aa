"""How windows reach the display: each through a gate of its own (``refapp.display_gate``), or not
at all (DG-1, DG-6).

With the person's own cookie a window could log keys, take pictures of the screen and type into
other programs, however locked its process is. So its display is the gate, which has that cookie,
and lets through what a table names.

Owns the keeper's process, which is forked here, before anything secret is read, and for each window
forks a gate. The cookie that a gate wants lies in ``cookie_place``. What is said to the real
display from here is in ``x11``: the parent opens no window, for Tk would let any program on the
display run commands in it. The window waits for this module, so it imports next to nothing.
"""

from __future__ import annotations

import os
import select

from refapp.display_gate import process
from refapp.trusted.start import x11
from refapp.trusted.start.cookie_place import CookiePlace
from refapp.trusted.wording import start_words

TYPE_CHECKING = False
if TYPE_CHECKING:
    import _socket
    from collections.abc import Mapping

DOTS = 72, 480
ANSWER_WITHIN_S = ENDS_WITHIN_S = 5.0


class NoWindow(Exception):
    """No window can be started; the text says why, in a sentence.
    ``code``: the app's exit code; ``cure``: what to do.
    """

    code, cure = 69, ""


class NoDisplay(NoWindow):
    """There is no display, or it does not let us in."""

    cure = start_words.START_IN_A_DESKTOP


class NoGate(NoWindow):
    """The display's gate can't be had, and without it no window is started (DG-6)."""

    code, cure = 70, start_words.MEND_OR_UNGATED


class Display:
    """How windows reach the display.
    ``env`` is the next one's environment, and ``sentence`` says what that allows it.

    ``dots`` an inch are what the desktop's settings (``Xft.dpi``) say, 0 if they say nothing.

    ``env``: what a window would be given without this (``spawn.environment``), the person's own
      XAUTHORITY in it.
    ``folder``: where a private folder may be made. ``ungated``: the person chose to do without.
    ``toolkit``: what the windows are made with, ``tk`` or ``qt``; each has a table at the gate.
    Nothing is asked of the X server before ``admit``. ``reports`` is where the gate tells what
    becomes of it, and ``report`` the next of that.
    """

    def __init__(
        self, env: Mapping[str, str], folder: str, *, ungated: bool = False, toolkit: str = "tk"
    ) -> None:
        self.env = self._own = dict(env)
        self.isolated, self.sentence = (
            not ungated,
            start_words.NOT_ISOLATED if ungated else start_words.ISOLATED,
        )
        if "DISPLAY" not in env:
            self.isolated, self.sentence = True, start_words.NOTHING_TO_GUARD
        self.dots = 0
        self._cookie = CookiePlace(folder)
        self.reports = self._orders = self._keeper = -1
        self._said = b""
        self._ended = ""
        if self.sentence == start_words.ISOLATED:
            self._fork(toolkit)

    def admit(self) -> None:
        """Renew ``env`` for one window process.
        Blocks for a millisecond, and for seconds if the X server hangs.

        Raises:
            NoDisplay: DISPLAY is set, and the display can't be reached or refuses us.
            NoGate: no gate can be had.
        """
        if not self.isolated:
            self.dots = self._dots()[0]
            return
        if self._keeper < 0:
            return  # a window of another make may need none
        cookie = os.urandom(16)
        self._tell(cookie.hex())
        dots, why = self._dots()  # while the gate is being made
        word, said = self._answer()
        if word != "at":
            raise NoGate(said)
        if why:
            raise NoDisplay(f"{start_words.NO_DISPLAY} {why}")
        self.dots = dots
        try:
            kept = self._cookie.keep(x11.authority((x11.COOKIE, cookie)))
        except OSError as error:
            raise NoGate(start_words.no_place_for_the_cookie(error.strerror)) from None
        self.env = {**self._own, "DISPLAY": f":{said}", "XAUTHORITY": kept}

    def admitted(self, pid: int) -> None:
        """``pid`` is the process that ``env`` was given to: the gate lets no other in."""
        if self._keeper > 0:
            self._tell(str(pid))

    def report(self) -> tuple[str, str]:
        """The next word of the gate and what it says about it (``display_gate.process``);
        two empty ones if it has ended. Without control characters: a window that was taken over
        names things as it likes, and this is read in a terminal.
        """
        while b"\n" not in self._said:
            piece = os.read(self.reports, 4096)
            if not piece:
                return "", ""
            self._said += piece
        line, _, self._said = self._said.partition(b"\n")
        said = "".join(c for c in line.decode(errors="replace") if c.isprintable())
        word, _, rest = said.partition(" ")
        if word in ("gone", "at"):  # where the next listens, the end before is no longer news
            self._ended = rest if word == "gone" else ""
        return word, rest

    @property
    def gate_failed(self) -> bool:
        """After the window's end at the display's: whether it was the gate that ended.
        Blocks until that is known, or the gate says nothing more.
        """
        while self._keeper > 0 and not self._ended and self._reads_within(ENDS_WITHIN_S):
            if self.report() == ("", ""):
                return True
        return self._ended.partition(" ")[0] not in ("", "0")

    @property
    def has_report(self) -> bool:
        """Whether ``report`` would not have to wait."""
        return self._reads_within(0)

    def close(self) -> list[tuple[str, str]]:
        """End the keeper, and its gate if there is one; delete the cookie. What they still say."""
        last = []
        if self._keeper > 0:
            os.close(
                self._orders
            )  # which the keeper takes for its end, and a gate without a window too
            while self._reads_within(ENDS_WITHIN_S):
                if (report := self.report()) == ("", ""):
                    break
                last.append(report)
            os.kill(self._keeper, 9)
            os.waitpid(self._keeper, 0)
            os.close(self.reports)
            self._keeper = -1
        self.forget_cookie()
        return last

    def _reads_within(self, seconds: float) -> bool:
        return b"\n" in self._said or bool(select.select([self.reports], [], [], seconds)[0])

    def connect(self) -> x11.Server:
        """A connection of the parent's own to the real display.
        Blocks; raises NoAnswer, OSError.
        """
        return x11.connected(self._own.get("DISPLAY", ""), self._own.get("XAUTHORITY", ""))

    def forget_cookie(self) -> None:
        """Delete the cookie: a window that has come in needs it no more."""
        self._cookie.forget()

    def _fork(self, toolkit: str) -> None:
        orders, self._orders = os.pipe()
        self.reports, reports = os.pipe()
        self._keeper = os.fork()
        if not self._keeper:
            try:
                process.keep(orders, reports, self._reached, toolkit)
            finally:
                os._exit(1)
        os.close(orders)
        os.close(reports)

    def _reached(self) -> tuple[_socket.socket, bytes]:
        """For the gate, which knows OSError alone."""
        try:
            return x11.reached(self._own["DISPLAY"], self._own.get("XAUTHORITY", ""))
        except x11.NoXServer as error:
            raise OSError(str(error).removesuffix(".")) from None

    def _dots(self) -> tuple[int, str]:
        """``dots``, and why the display can't be reached, if it can't."""
        try:
            with self.connect() as server:
                return dots_of(server.resources()), ""
        except x11.NoXServer as error:
            return 0, str(error)
        except OSError as error:
            return 0, start_words.x_server_silent(error.strerror or "no reason given")

    def _tell(self, line: str) -> None:
        try:
            os.write(self._orders, line.encode() + b"\n")
        except OSError:
            raise NoGate(start_words.GATE_HAS_ENDED) from None

    def _answer(self) -> tuple[str, str]:
        """What the gate that was asked for says;
        what is left of the one before it is passed over.
        """
        while self._reads_within(ANSWER_WITHIN_S):
            word, rest = self.report()
            if word in ("at", "refused"):
                return word, rest
            if not word:
                break
        return "", start_words.GATE_SILENT


def dots_of(resources: str) -> int:
    """``Xft.dpi`` in X resources, if it is one that a screen can have; otherwise 0."""
    for line in resources.splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "Xft.dpi":
            whole = value.strip().partition(".")[0]
            return (
                int(whole)
                if whole.isdecimal() and len(whole) < 5 and DOTS[0] <= int(whole) <= DOTS[1]
                else 0
            )
    return 0
