"""The session for another program: sign in by any of the three ways, restore, call, sign out,
without a window.

Owns what a program with its own user interface may ask, and in which loop; the waiting for an
outcome is ``awaited``'s. The rules are those of the app, since the parts and their wiring are the
same. Its tokens are sealed under a key in the keychain, in the program's folder.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from typing import TYPE_CHECKING

from refapp import __version__
from refapp.snapshot import Factor, OwnSession, PendingSignIn, Phase, Way
from refapp.trusted.composition.awaited import Another, Awaited
from refapp.trusted.composition.given import demand
from refapp.trusted.composition.known_person import KnownPerson
from refapp.trusted.composition.listed_sessions import ListedSessions
from refapp.trusted.composition.session_words import Change, can_not_ask
from refapp.trusted.composition.told_changes import ToldChanges
from refapp.trusted.config import Settings
from refapp.trusted.errors import RefappError, SessionClosed, WrongLoop
from refapp.trusted.files.profile import Profile
from refapp.trusted.keys.guarded_keychain import GuardedKeychain
from refapp.trusted.keys.keychain import Keychain, OsKeychain
from refapp.trusted.recorder import Recorder
from refapp.trusted.rules import events as ev, pending as pn
from refapp.trusted.server.verdict import Reply
from refapp.trusted.services.own_sessions import OwnSessionList
from refapp.trusted.shell.session_parts import SessionParts
from refapp.trusted.sign_in.browser import Browser, SystemBrowser
from refapp.trusted.sign_in.loopback import open_return
from refapp.trusted.sign_in.sign_in_work import Elsewhere
from refapp.trusted.storage.secret import Credentials, FactorCode
from refapp.trusted.wording import sign_out_words

if TYPE_CHECKING:
    from refapp.trusted.shell.session_auth import SessionAuth


class Session:
    """One person's session with one server.
    Make it inside a running loop; ``open_session`` does, and closes it.

    Only that loop may use it. After ``close``, and in another loop, every method raises:
    SessionClosed, WrongLoop. One that waits can be cancelled, whatever it waits for.

    ``changed`` is called after each change of ``phase``; ``reset`` at a sign-out, to drop what
    belongs to the person. One that raises stops nothing: its error goes to the loop's exception
    handler. After a sign-out another sign-in is possible at once: a program that can't drop
    everything restarts itself instead (SO-5).
    """

    def __init__(
        self,
        settings: Settings,
        keychain: Keychain,
        *,
        browser: Browser | None = None,
        clock: Callable[[], float] = time.time,
        changed: Callable[[], None] = lambda: None,
        reset: Callable[[], None] = lambda: None,
        version: str = "",
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._on_change = changed
        self._on_reset = reset
        self._told = ToldChanges(lambda: Change.of(self.store.state), lambda: self.store.closed)
        recorder = Recorder(clock=clock)
        self._parts = SessionParts(
            settings,
            keychain
            if isinstance(keychain, OsKeychain)
            else GuardedKeychain(keychain, settings.keychain_deadline_s),
            elsewhere=Elsewhere(browser or SystemBrowser(), open_return, recorder),
            services=self,
            recorder=recorder,
            clock=clock,
            changed=self._changed,
            program=f"{settings.app_id}/{version or __version__}",
        )
        self.store, self.api = self._parts.store, self._parts.api
        self._known = KnownPerson(self.store)
        self._awaited = Awaited(self.store, self._told, self._known)
        self._sessions = ListedSessions(self.api, self.store, self._known)
        self._server = settings.origin

    @property
    def phase(self) -> Phase:
        """Where the session is."""
        return self.store.state.phase

    @property
    def profile(self) -> Profile | None:
        """Who is signed in; from here on the program knows (LI-9)."""
        return self.state.profile

    @property
    def state(self) -> Change:
        """How it is now; from here on the program knows who it is (LI-9)."""
        self._known.told()
        return Change.of(self.store.state)

    async def changes(self) -> AsyncGenerator[Change, None]:
        """How it is now, and after each change; of several at once the last. Ends with it."""
        self._demand_loop()
        async for change in self._told.all():
            self._known.told()
            yield change

    async def restore(self) -> Phase:
        """Restore what is stored, once; the phase that follows.
        Without a network that is OFFLINE, and it heals itself.

        SIGNING_IN: a device sign-in still waits for its person (SI-15).
        ``sign_in_elsewhere`` joins it; ``sign_in``, another way and ``sign_out`` give it up.
        """
        self._demand_open()
        self.store.dispatch(ev.InitialiseAsked())
        return await self._awaited.settled(until_pending=True)

    async def sign_in(
        self, email: str, password: str, *, show: Callable[[PendingSignIn], None] = can_not_ask
    ) -> Profile:
        """Open a session (SI-1), in place of a sign-in that is under way.
        A caller that is cancelled cancels it (SI-16).

        ``show`` is told if the server wants a second factor (``PendingSignIn.second_factor``,
        TF-1), and after each change, of which ``pending.sentence`` says why; ``enter_code``
        answers. Without it such a sign-in fails. What it raises ends the sign-in, and is raised
        here.

        Raises:
            SignInFailed: no session came of it, or somebody is signed in already.
        """
        self._demand_open(email=email, password=password, show=show)
        await self._awaited.begin(ev.SignInAsked(Credentials(email, password)))
        return await self._awaited.signed_in(show)

    def enter_code(
        self, code: str, factor: Factor = Factor.AUTHENTICATOR, *, trust: bool = False
    ) -> None:
        """The person's code for the sign-in that wants one; ``trust``: this computer (TF-5)."""
        self._demand_open(code=code, factor=factor)
        self.store.dispatch(pn.CodeEntered(FactorCode.typed(factor, code, trust=trust)))

    def send_code(self) -> None:
        """Have such a code sent to her by e-mail."""
        self._demand_open()
        self.store.dispatch(pn.CodeWanted())

    async def sign_in_elsewhere(
        self,
        way: Way,
        show: Callable[[PendingSignIn], None],
        *,
        another: Another = lambda _: False,
    ) -> Profile:
        """The same by the browser or with a code (SI-12, SI-14);
        one that waits in this way is joined.

        ``show`` is told of the link, the user code and what keeps it from going on, and again after
        each change, of which ``pending.sentence`` says why. ``another``, a coroutine function if
        you like, is asked whether to go on as ``pending.other``, if that is not who was signed in
        until her session ended (SI-18); nothing is stored before. By default it is no; after a
        ``sign_out`` nobody was there, and it is not asked. What they raise ends the sign-in, and is
        raised here.

        Raises:
            SignInFailed: no session came of it, or somebody is signed in already.
        """
        self._demand_open(way=way, show=show, another=another)
        pending = self.store.state.pending
        if pending is None or pending.way is not way:
            await self._awaited.begin(pn.SignInElsewhereAsked(way))
        return await self._awaited.signed_in(show, another)

    def _demand_loop(self) -> None:
        try:
            running = asyncio.get_running_loop()
        except RuntimeError:
            running = None
        if running is not self._loop:
            raise WrongLoop

    def _demand_open(self, **given: object) -> None:
        self._demand_loop()
        if self.store.closed:
            raise SessionClosed
        demand(**given)

    def cancel_sign_in(self) -> None:
        """Give up the sign-in that is under way: whoever waits for it gets SignInFailed."""
        self._demand_open()
        self._awaited.give_up()

    async def try_again(self) -> Phase:
        """Look again, from UNAVAILABLE or OFFLINE, at keychain, store, server; the phase then."""
        self._demand_open()
        self.store.dispatch(ev.TryAgainAsked())
        while self.phase is Phase.OFFLINE and self.store.state.asking and not self.store.closed:
            await self._told.next()
        return await self._awaited.settled(until_pending=True)

    def open_link(self) -> None:
        """Open the link of the sign-in that waits in the person's browser."""
        self._demand_open()
        self.store.dispatch(pn.LinkAsked())

    def paste(self, code: str) -> None:
        """What she copied from the browser: the page's code, or the address that failed."""
        self._demand_open(code=code)
        self.store.dispatch(pn.CodePasted(code))

    def auth(self, *origins: str) -> SessionAuth:
        """For the program's own ``httpx.AsyncClient(auth=...)``, or ``httpx.Client`` in another
        thread: the session's token for requests to ``origins``, the auth server's own by default,
        and to nothing else.

        What the API does to a call, httpx raises (``httpx.ConnectError``, say). Raises ConfigError:
        an origin that is none, has a path, or is plain http to another machine.
        """
        from refapp.trusted.shell.session_auth import SessionAuth, named_origins

        for origin in origins:
            demand(origin=origin)
        named = named_origins(origins, self._server)
        return SessionAuth(self.api, self._known.owner, named, self._loop)

    async def fetch(
        self, method: str, path: str, body: bytes | None = None, *, jwt: bool = False
    ) -> Reply:
        """One call to ``path`` of the server with the session's token or a JWT, renewed where
        needed; ``body`` is JSON.

        Every answer is the caller's: 429, 5xx and 3xx too. What becomes of a call says nothing
        about the session: where none is answered, the session asks the auth server for itself. 15
        seconds and 8 MiB at the most; ``auth`` is for the rest.

        Raises:
            CallError: it could not be made, or nothing answered (``ApiClient.fetch``).
            ConfigError: ``path`` is an address, or none (control or half characters, over 20,000
                bytes), or ``method`` is none; no request was made.
        """
        self._demand_open(method=method, path=path, body=body)
        whose = self._known.owner()
        return await self.api.fetch(method, path, body, jwt=jwt, owner=whose, every=True)

    async def sessions(self) -> list[OwnSession]:
        """Where the person is signed in, this session first. Raises CallError: no list, too."""
        self._demand_open()
        return await self._sessions.after(OwnSessionList.look)

    async def end_session(self, session: str) -> list[OwnSession]:
        """Sign out one other ``OwnSession.session`` of the list; what is left. Raises CallError."""
        self._demand_open(session=session)
        return await self._sessions.after(lambda listed: listed.revoke(session))

    async def end_other_sessions(self) -> list[OwnSession]:
        """Sign out everywhere else; what is left. Raises CallError."""
        self._demand_open()
        return await self._sessions.after(OwnSessionList.revoke_others)

    async def sign_out(self) -> None:
        """Forget the tokens and tell the server; a sign-in that is under way is given up (SO-7).
        Raises RefappError: they could not be forgotten (SO-2); they are another's, unseen (LI-9).
        """
        self._demand_open()
        self._known.owner()
        self._awaited.give_up()
        self.store.dispatch(ev.SignOutAsked())
        if await self._awaited.settled() is not Phase.SIGNED_OUT:
            said = self.store.state.said
            raise RefappError(said.text if said else sign_out_words.STILL_SIGNED_IN)

    async def close(self) -> None:
        """End what is under way, but let a sign-out be finished, and a refresh or sign-in that was
        sent be answered in two seconds: a session that this opens is ended. What is stored stays, a
        code that waits for its person too.
        """
        self._demand_loop()
        self._awaited.closing()
        try:
            await self._parts.close()
        finally:
            self._awaited.end()

    def reset(self) -> bool:
        """Drop what belongs to the person (``sign_out_work.Services``)."""
        self._on_reset()
        return False

    def _changed(self) -> None:
        self._sessions.follow()
        self._told.tell()
        # Apart from the session's own work: a mistake of the program must not end that half-way.
        asyncio.get_running_loop().call_soon(self._on_change)
