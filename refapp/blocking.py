"""The session without asyncio, for scripts, Tk programs and Django commands: the same names, and
every call waits.

    from refapp import Phase, Way
    from refapp.blocking import open_session

    with open_session("https://auth.acme.com", app="acme-notes", version="2.1") as session:
        if session.phase in (Phase.SIGNED_OUT, Phase.EXPIRED):
            session.sign_in_elsewhere(Way.BROWSER, lambda it: print(it.link, it.sentence))
        with httpx.Client(auth=session.auth("https://api.acme.com")) as api:
            print(api.get("https://api.acme.com/items").text)

Owns a thread with an event loop in which ``refapp.Session`` lives, and the waiting for it. What a
method does and raises is said there. Any thread may use it, several at once; a callback is called
in the thread that waits for it. Whoever is interrupted (Ctrl-C) has cancelled the call. A session
that is dropped, or left open at the program's end, closes itself.
"""

from __future__ import annotations

import asyncio
import contextlib
import weakref
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from refapp import trusted
from refapp.snapshot import Factor, OwnSession, PendingSignIn, Phase, Way
from refapp.trusted.composition.session_words import Change, SignInFailed, can_not_ask
from refapp.trusted.config import APP_ID, AUTH_PATH
from refapp.trusted.errors import SessionClosed
from refapp.trusted.files.profile import Profile
from refapp.trusted.keys.keychain import Keychain
from refapp.trusted.scheduling.loop_thread import Calls, LoopThread
from refapp.trusted.server.verdict import Reply
from refapp.trusted.sign_in.browser import Browser

if TYPE_CHECKING:
    from refapp.trusted.shell.session_auth import SessionAuth

__all__ = ["Session", "open_session"]

T = TypeVar("T")


def open_session(
    server: str,
    keychain: Keychain | None = None,
    *,
    app: str = APP_ID,
    version: str = "",
    account: str = "",
    data_dir: Path | str | None = None,
    client_id: str = "",
    auth_path: str = AUTH_PATH,
    sign_in_page: str = "/sign-in",
    browser: Browser | None = None,
) -> Session:
    """A session that has restored what is stored, as ``refapp.open_session``.
    Close it, or use it in a ``with`` block.

    Raises:
        ConfigError: a setting that can't be used; nothing was opened.
    """
    return Session(
        lambda: trusted.open_session(
            server,
            keychain,
            app=app,
            version=version,
            account=account,
            data_dir=data_dir,
            client_id=client_id,
            auth_path=auth_path,
            sign_in_page=sign_in_page,
            browser=browser,
        )
    )


class Session:
    """``refapp.Session`` in a thread of its own: see there. Made by ``open_session``."""

    def __init__(self, opened: Callable[[], AbstractAsyncContextManager[trusted.Session]]) -> None:
        self._loop = LoopThread("refapp session")
        with contextlib.ExitStack() as undo:
            undo.callback(lambda: self._loop.close(asyncio.sleep(0)))
            context = opened()
            self._session = self._loop.wait(context.__aenter__())
            undo.pop_all()
        self._end = weakref.finalize(self, _close, self._loop, context)

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def phase(self) -> Phase:
        """See ``refapp.Session``."""
        return self._session.phase

    @property
    def profile(self) -> Profile | None:
        """See ``refapp.Session``."""
        return self._session.profile

    @property
    def state(self) -> Change:
        """See ``refapp.Session``.
        It waits for nothing: a program with a window may look at it as often as it draws.
        """
        return self._session.state

    def changes(self) -> Iterator[Change]:
        """See ``refapp.Session``: how it is now, and after each change; ends with the session.
        It wants a thread of its own.
        """
        changes = self._session.changes()
        with contextlib.suppress(SessionClosed):
            try:
                while (change := self._wait(_next(changes))) is not None:
                    yield change
            finally:
                self._wait(changes.aclose())

    def sign_in(
        self, email: str, password: str, *, show: Callable[[PendingSignIn], None] = can_not_ask
    ) -> Profile:
        """See ``refapp.Session``.
        ``show`` is called in this thread, and may ask the person there: ``enter_code`` answers.
        """
        calls = Calls()
        waited = self._session.sign_in(
            email, password, show=lambda pending: calls.put(lambda: show(pending))
        )
        return self._signed_in(waited, calls)

    def enter_code(
        self, code: str, factor: Factor = Factor.AUTHENTICATOR, *, trust: bool = False
    ) -> None:
        """See ``refapp.Session``."""
        self._at_once(lambda: self._session.enter_code(code, factor, trust=trust))

    def send_code(self) -> None:
        """See ``refapp.Session``."""
        self._at_once(self._session.send_code)

    def sign_in_elsewhere(
        self,
        way: Way,
        show: Callable[[PendingSignIn], None],
        *,
        another: Callable[[PendingSignIn], bool] = lambda _: False,
    ) -> Profile:
        """See ``refapp.Session``.
        Both are called in this thread, and may use the session; what they raise ends the sign-in,
        and is raised here. An answer that comes after ``cancel_sign_in`` counts no more.
        """
        calls = Calls()
        waited = self._session.sign_in_elsewhere(
            way,
            lambda pending: calls.put(lambda: show(pending)),
            another=lambda pending: calls.answer(lambda: another(pending)),
        )
        return self._signed_in(waited, calls)

    def cancel_sign_in(self) -> None:
        """See ``refapp.Session``; from another thread, or from what this one is asked meanwhile."""
        self._at_once(self._session.cancel_sign_in)

    def try_again(self) -> Phase:
        """See ``refapp.Session``."""
        return self._wait(self._session.try_again())

    def open_link(self) -> None:
        """See ``refapp.Session``."""
        self._at_once(self._session.open_link)

    def paste(self, code: str) -> None:
        """See ``refapp.Session``."""
        self._at_once(lambda: self._session.paste(code))

    def auth(self, *origins: str) -> SessionAuth:
        """See ``refapp.Session``. For ``httpx.Client(auth=...)`` in any thread."""
        return self._session.auth(*origins)

    def fetch(
        self, method: str, path: str, body: bytes | None = None, *, jwt: bool = False
    ) -> Reply:
        """See ``refapp.Session``."""
        return self._wait(self._session.fetch(method, path, body, jwt=jwt))

    def sessions(self) -> list[OwnSession]:
        """See ``refapp.Session``."""
        return self._wait(self._session.sessions())

    def end_session(self, session: str) -> list[OwnSession]:
        """See ``refapp.Session``."""
        return self._wait(self._session.end_session(session))

    def end_other_sessions(self) -> list[OwnSession]:
        """See ``refapp.Session``."""
        return self._wait(self._session.end_other_sessions())

    def sign_out(self) -> None:
        """See ``refapp.Session``."""
        self._wait(self._session.sign_out())

    def close(self) -> None:
        """See ``refapp.Session``; whoever still waits in another thread is told SessionClosed.
        Twice does no harm.
        """
        self._end()

    def _at_once(self, do: Callable[[], None]) -> None:
        async def done() -> None:
            do()

        self._wait(done())

    def _signed_in(self, waited: Coroutine[None, None, Profile], calls: Calls) -> Profile:
        try:
            return self._wait(waited, calls)
        except SignInFailed:
            if self._end.alive:
                raise
            raise SessionClosed from None

    def _wait(self, asked: Coroutine[None, None, T], calls: Calls | None = None) -> T:
        return self._loop.wait(asked, calls)


async def _next(changes: AsyncGenerator[Change, None]) -> Change | None:
    return await anext(changes, None)


def _close(loop: LoopThread, context: AbstractAsyncContextManager[trusted.Session]) -> None:
    """Apart from the facade, since it ends what nobody has any more, too."""

    async def closed() -> None:
        await context.__aexit__(None, None, None)

    loop.close(closed())
