"""A program without an event loop: ``refapp.blocking`` in real threads, which all have ended when a
deed is done.

Nothing here waits by the clock: threads meet at a barrier, and a call is closed upon when it is
known to wait.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import httpx

from refapp import PendingSignIn, RefappError, SessionExpired, Way, blocking
from steps.programs.around_it import API, ITEM, WAITS_S, Around, OtherServers
from steps.programs.program import told
from steps.scenario.browser_page import code_shown
from steps.scenario.people import ADA, BOB

THREADS = 8
LOOK_EVERY_S = 0.002
LOOKS = 500


class Script:
    """``shown_in``: the threads in which it was shown a link."""

    name = "acme-script"

    def __init__(self, around: Around, servers: OtherServers) -> None:
        self.session: blocking.Session | None = None
        self.shown_in: list[threading.Thread] = []
        self._around = around
        self._servers = servers
        self._came: str | BaseException | None = None

    def ask(self, deed: Callable[[Script], str]) -> None:
        """Do it; what it comes to is told afterwards."""
        with self._around.watched():
            try:
                self._came = deed(self)
            except (RefappError, ArithmeticError, RuntimeError) as error:
                self._came = error

    def outcome(self) -> str | BaseException:
        """What came of the last deed."""
        assert self._came is not None, "it has asked for nothing"
        return self._came

    @property
    def used(self) -> blocking.Session:
        """The session; it has to be there."""
        assert self.session is not None, "it has opened no session"
        return self.session

    def open(self) -> str:
        here = self._around
        with here.opening():
            self.session = blocking.open_session(
                here.server().model.origin, here.keychain, app=self.name, version="2.1",
                client_id="refapp", data_dir=here.folder, browser=here.browser,
            )  # fmt: skip
        return told(self.session.state)

    def close(self) -> str:
        if self.session is not None:
            self.session.close()
        return "closed"

    def sign_in(self) -> str:
        email = self.used.sign_in(ADA.email, ADA.password).email
        self._settled(lambda: self._around.knows(email))
        return email

    def fetch(self) -> str:
        try:
            return self.used.fetch("GET", "/app/me").body.decode()
        except SessionExpired:
            self._settled(self._around.nothing_left)
            raise

    def sign_out(self) -> str:
        self.used.sign_out()
        self._settled(self._around.nothing_left)
        self._settled(lambda: not self._around.server().do("live_sessions", email=ADA.email))
        return told(self.used.state)

    def drop(self) -> str:
        """Nobody has it any more, and nobody has closed it."""
        self.session = None
        left = [one for one in threading.enumerate() if one.name == "refapp session"]
        return "a thread of it is left" if left else "no thread of it is left"

    def goes_on_as_bob(self) -> str:
        """Somebody else signs in, in the thread that waits, and is asked for there."""
        asked_in = set[threading.Thread]()
        self._around.server().add_account(BOB)

        def show(pending: PendingSignIn) -> None:
            asked_in.add(threading.current_thread())
            with self._around.server().person() as client:
                code = code_shown(client, pending.link, BOB)
            self._around.server().secrets.add(code)
            self.used.paste(code)

        def another(_: PendingSignIn) -> bool:
            asked_in.add(threading.current_thread())
            return True

        email = self.used.sign_in_elsewhere(Way.BROWSER, show, another=another).email
        self._settled(lambda: self._around.knows(email))
        where = "here" if asked_in == {threading.current_thread()} else "elsewhere"
        return f"{email}, asked {where}"

    def call(
        self, meanwhile: Callable[[], object] = lambda: None, *, read_once: bool = False
    ) -> str:
        def answer(request: httpx.Request) -> httpx.Response:
            came = self._servers.answer(request)
            meanwhile()
            return came

        network = httpx.MockTransport(answer)
        with httpx.Client(auth=self.used.auth(API), transport=network) as client:
            item = iter([ITEM]) if read_once else ITEM
            return client.post(f"{API}/items", content=item).text

    def call_and_sign_out(self) -> str:
        """She signs out while the API has the call."""
        return self.call(self.sign_out)

    def call_in_a_loop(self) -> str:
        """In a loop that is not the session's, while that runs."""

        async def call() -> str:
            network = httpx.MockTransport(self._servers.answer)
            async with httpx.AsyncClient(auth=self.used.auth(API), transport=network) as client:
                return (await client.get(f"{API}/items")).text

        return asyncio.run(call())

    def call_from_threads(self) -> str:
        """From several threads at once."""
        self._servers.gather(THREADS)
        came = list[str]()
        threads = [
            threading.Thread(target=lambda: came.append(self.call())) for _ in range(THREADS)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(WAITS_S)
        assert len(came) == THREADS, "a thread still waits"
        return " / ".join(set(came))

    def closed_upon(self) -> str:
        """One thread waits for a person, and another closes the session."""
        closing = threading.Thread(target=self.close)
        try:
            return self.used.sign_in_elsewhere(Way.DEVICE, lambda _: closing.start()).email
        finally:
            closing.join(WAITS_S)

    def closed_in_a_call(self) -> str:
        """One thread waits for the server, and another closes the session."""
        before = len(self._around.server().seen)
        closing = threading.Thread(target=lambda: self._close_after(before))
        closing.start()
        try:
            return ", ".join(one.device for one in self.used.sessions())
        finally:
            closing.join(WAITS_S)

    def _close_after(self, requests: int) -> None:
        self._settled(lambda: len(self._around.server().seen) > requests)
        self.close()

    def given_up(self) -> str:
        """The same, and another gives the sign-in up."""
        leaving = threading.Thread(target=self.used.cancel_sign_in)
        try:
            return self.used.sign_in_elsewhere(Way.DEVICE, lambda _: leaving.start()).email
        finally:
            leaving.join(WAITS_S)
            self._settled(self._around.nothing_left)

    def fails_to_show(self) -> str:
        """What it does with the link is a mistake of its own."""

        def show(_: PendingSignIn) -> None:
            self.shown_in.append(threading.current_thread())
            raise ZeroDivisionError

        try:
            return self.used.sign_in_elsewhere(Way.DEVICE, show).email
        finally:
            self._settled(self._around.nothing_left)

    def _settled(self, done: Callable[[], bool]) -> None:
        """Wait for what the session sees to by itself, after it has told whoever waits."""
        for _ in range(LOOKS):
            if done():
                return
            threading.Event().wait(LOOK_EVERY_S)

    def follow_to_the_end(self) -> str:
        """A thread follows the session while it signs somebody in, out, and is closed."""
        heard = list[str]()
        begun = threading.Event()

        def listen() -> None:
            for change in self.used.changes():
                heard.append(told(change))
                begun.set()

        listener = threading.Thread(target=listen)
        listener.start()
        assert begun.wait(WAITS_S)
        self.sign_in()
        self.close()
        listener.join(WAITS_S)
        assert not listener.is_alive(), "it still waits for changes"
        return f"{heard[0]}, {heard[-1]}"
