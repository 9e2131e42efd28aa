"""What happens in a soak: a person at a copy of the app that stays open for all of it, and another
copy that comes to all harm.

Both are on one folder, one keychain and one server, each on a screen of its own. A round is what
the person does at the first copy, and one of ``HARM``, in turn. Each ends with the first copy
signed in, and waits for what the window says, never for luck.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Mapping

from refapp.tour.private_server import PrivateServer
from refapp.tour.running_app import RunningApp
from refapp.tour.secret_service import PrivateSecretService
from refapp.trusted.errors import RefappError
from tests.benchmarks.desk import processes, tree

SIGNED_IN = "refapp - Signed in"
RESTART = "refapp - Restart needed"
OVER = ("refapp - Session expired", "refapp - Signed out")
SIGNED_OUT = "signed out there"
HANGS_S = 6.0
"""Longer than a token lives."""
AWAY_S = 3.0


class SoakError(RefappError):
    """Something did not go on as it must."""

    code = "soak"


class Rounds:
    """``stays`` is signed in already; ``other`` is not open."""

    def __init__(
        self,
        stays: RunningApp,
        other: RunningApp,
        server: PrivateServer,
        keychain: PrivateSecretService,
    ) -> None:
        self._stays, self._other, self._server, self._keychain = stays, other, server, keychain

    def one(self, number: int, *, sign_out: bool) -> str:
        """One round; what the harm was.
        ``sign_out`` False: the first copy keeps its window, which a sign-out ends.
        """
        self._use(number)
        harms = [name for name in HARM if sign_out or name != SIGNED_OUT]
        name = harms[number % len(harms)]
        HARM[name](self)
        self._in_again()
        return name

    def _use(self, number: int) -> None:
        app, title = self._stays, f"Round {number}"
        app.click("nav.notes")
        app.press("ctrl+n")
        app.wait_until("An empty note", lambda seen: seen.get("focus") == "notes.editor")
        app.type(title)
        app.wait_until("The note in the list", lambda seen: title in seen.get("notes.list", ""))
        app.click("notes.delete")
        app.wait_until("The note gone", lambda seen: title not in seen.get("notes.list", title))
        self._server.do("expire_access", email=self._server.email)
        app.click("sync.now")  # once a round: the app lets nobody ask too often
        app.wait_until("The sync", lambda seen: seen.get("sync.state") == "Sync: ready")
        app.click("nav.account")
        app.click("nav.notes")

    def _in_again(self) -> None:
        """Whatever the harm was, the first copy is signed in,
        at most after a sign-in of the person's.
        """
        app = self._stays
        seen = app.wait_until(
            "The end of waiting", lambda seen: seen["title"] in (SIGNED_IN, *OVER)
        )
        if seen["title"] in OVER:
            if "at:sign_in.password" not in seen:
                app.click("nav.account")
            if not app.wait_until("The form", lambda seen: "at:sign_in.password" in seen)[
                "sign_in.email"
            ]:
                app.fill("sign_in.email", self._server.email)
            app.fill("sign_in.password", self._server.password)
            app.press("Return")
        app.wait_until("Being signed in", lambda seen: seen["title"] == SIGNED_IN)

    # The harm.

    def _open_other(self) -> int:
        self._other.start()
        self._other.wait_until("Being signed in", lambda seen: seen["title"] == SIGNED_IN)
        assert self._other.process is not None
        return self._other.process.pid

    def _close_other(self) -> None:
        if (code := self._other.quit()) != 0:
            raise SoakError(f"The other copy ended with code {code} when its window was closed.")

    def closed(self) -> None:
        """The other copy is opened and closed."""
        self._open_other()
        self._close_other()

    def killed(self) -> None:
        """Its parent is killed."""
        self._open_other()
        os.kill(self._other.pid, signal.SIGKILL)
        self._other.exit_code()

    def window_killed(self) -> None:
        """Its window is killed, and a fresh one comes by itself."""
        started = self._open_other()
        os.kill(processes(started)["window"][0], signal.SIGKILL)
        self._other.wait_until("A fresh window", lambda seen: "again" in seen.get("notice", ""))
        self._close_other()

    def hangs(self) -> None:
        """It is stopped while the first copy's token runs out, and goes on."""
        started = self._open_other()
        pids = tree(started)
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        self._stays.click("sync.now")
        time.sleep(HANGS_S)
        for pid in reversed(pids):
            os.kill(pid, signal.SIGCONT)
        self._close_other()

    def ended(self) -> None:
        """It is told to end by the system."""
        started = self._open_other()
        os.kill(started, signal.SIGTERM)
        self._other.exit_code()

    def signed_out(self) -> None:
        """The person signs out there; here she is signed out with it."""
        self._open_other()
        self._other.click("nav.account")
        self._other.click("profile.sign_out")
        self._other.wait_until("The prompt to restart", lambda seen: seen["title"] == RESTART)
        self._close_other()
        self._stays.wait_until("Being signed out", lambda seen: seen["title"] == RESTART)
        self._stays.click("banner.action")
        self._stays.wait_until("A fresh window", lambda seen: seen["title"] in OVER)

    def session_ended(self) -> None:
        """The server ends the session."""
        self._server.do("revoke_all", email=self._server.email)
        self._stays.click("sync.now")
        self._stays.wait_until("Being told", lambda seen: seen["title"] in OVER)

    def cut_off(self) -> None:
        """The server can't be reached for a while."""
        self._server.do("drop_next", path="/", times=None)
        self._server.do("expire_access", email=self._server.email)
        self._stays.click("sync.now")
        self._stays.wait_until(
            "Being offline", lambda seen: "You stay signed in" in seen.get("banner", "")
        )
        time.sleep(AWAY_S)
        self._server.do("clear_faults")
        self._stays.press("alt+t")

    def answer_lost(self) -> None:
        """A renewal's answer is lost."""
        self._server.do("lose_next_answer", path="/api/auth/refresh")
        self._server.do("expire_access", email=self._server.email)
        self._stays.click("sync.now")

    def keychain_restarts(self) -> None:
        """The keychain crashes, and is started again."""
        self._keychain.restart_daemon()


HARM: Mapping[str, Callable[[Rounds], None]] = {
    "closed": Rounds.closed,
    "killed": Rounds.killed,
    "its window killed": Rounds.window_killed,
    "hangs": Rounds.hangs,
    "ended by the system": Rounds.ended,
    SIGNED_OUT: Rounds.signed_out,
    "the session ended": Rounds.session_ended,
    "cut off": Rounds.cut_off,
    "a renewal's answer lost": Rounds.answer_lost,
    "the keychain restarted": Rounds.keychain_restarts,
}
