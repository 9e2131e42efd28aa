"""The session for another program: sign in by any of the three ways, restore, call, sign out, without a window.

Owns the waiting for an outcome, for a program that has its own user interface. The rules are those of the app, since the parts
and their wiring are the same. Its tokens are sealed under a key in the keychain, in the program's folder.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING

import msgspec

from refapp import __version__
from refapp.snapshot import PendingSignIn, Phase, Way
from refapp.trusted.config import Settings, origin_of
from refapp.trusted.errors import ConfigError, RefappError
from refapp.trusted.files.profile import Profile
from refapp.trusted.keys.keychain import Keychain
from refapp.trusted.recorder import Recorder
from refapp.trusted.rules import events as ev
from refapp.trusted.rules.pending import CodePasted, LinkAsked, SignInAccepted, SignInCancelled, SignInElsewhereAsked
from refapp.trusted.rules.signing_in import SIGN_IN_FROM
from refapp.trusted.server.verdict import Reply
from refapp.trusted.shell.session_parts import SessionParts
from refapp.trusted.sign_in.browser import Browser, SystemBrowser
from refapp.trusted.sign_in.loopback import open_return
from refapp.trusted.sign_in.sign_in_work import Elsewhere
from refapp.trusted.storage.secret import Credentials

if TYPE_CHECKING:
    from refapp.trusted.shell.session_auth import SessionAuth

BUSY = frozenset({Phase.RESTORING, Phase.SIGNING_IN, Phase.SIGNING_OUT})
ALREADY = "Somebody is signed in already."
NOT_NOW = {
    Phase.RESTORING: "The stored session has not been restored yet.",
    Phase.SIGNING_OUT: "A sign-out is under way.",
}
GIVEN_UP = "The sign-in was given up."


def _origin(base: str) -> str:
    return "/".join(base.split("/")[:3])


class SignInFailed(RefappError):
    """No session came of a sign-in; the sentence says why."""

    code = "sign_in"


class Change(msgspec.Struct, frozen=True):
    """How the session is after a change. ``sentence`` says why, ``cure`` what to do about it; each may be empty."""

    phase: Phase
    profile: Profile | None
    sentence: str
    cure: str
    pending: PendingSignIn | None


class Session:
    """One person's session with one server. Make it inside a running loop; ``open_session`` does, and closes it.

    ``changed`` is called after each change of ``phase``; ``reset`` at a sign-out, to drop what belongs to the person. One that
    raises stops nothing: its error goes to the loop's exception handler. After a sign-out another sign-in is possible at once:
    a program that can't drop everything restarts itself instead (SO-5).
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
        self._on_change = changed
        self._on_reset = reset
        self._moved = asyncio.Event()
        self._watched: set[asyncio.Event] = set()
        # Which sign-in is waited for. Another number, and nobody has to wait for the former one any more.
        self._turn = 0
        recorder = Recorder(clock=clock)
        self._parts = SessionParts(
            settings,
            keychain,
            elsewhere=Elsewhere(browser or SystemBrowser(), open_return, recorder),
            services=self,
            recorder=recorder,
            clock=clock,
            changed=self._changed,
            program=f"{settings.app_id}/{version or __version__}",
        )
        self.store, self.api = self._parts.store, self._parts.api
        self._origin = settings.origin

    @property
    def phase(self) -> Phase:
        """Where the session is."""
        return self.store.state.phase

    @property
    def profile(self) -> Profile | None:
        """Who is signed in."""
        return self.store.state.profile

    @property
    def state(self) -> Change:
        """How it is now."""
        state = self.store.state
        trouble = state.trouble
        sentence = state.form_error or state.sentence or (trouble.sentence if trouble else "")
        return Change(state.phase, state.profile, sentence, trouble.cure if trouble else "", state.pending)

    async def changes(self) -> AsyncIterator[Change]:
        """How it is now, and after each change; ends with the session. Of several changes at once the last is told."""
        told: Change | None = None
        moved = asyncio.Event()
        self._watched.add(moved)
        try:
            while True:
                moved.clear()
                if self.state != told:
                    told = self.state
                    yield told
                elif self.store.closed:
                    return
                else:
                    await moved.wait()
        finally:
            self._watched.discard(moved)

    async def restore(self) -> Phase:
        """Take up what is stored, once; the phase that follows. Without a network that is OFFLINE, and it heals itself.

        SIGNING_IN: a device sign-in still waits for its person (SI-15). ``sign_in_elsewhere`` joins it; ``sign_in``, another
        way and ``sign_out`` give it up.
        """
        self.store.dispatch(ev.InitialiseAsked())
        return await self._settled(until_pending=True)

    async def sign_in(self, email: str, password: str) -> Profile:
        """Open a session (SI-1), in place of a sign-in that is under way. A caller that is cancelled cancels it (SI-16).

        Raises:
            SignInFailed: no session came of it, or somebody is signed in already.
        """
        await self._begin(ev.SignInAsked(Credentials(email, password)))
        return await self._signed_in()

    async def sign_in_elsewhere(
        self,
        way: Way,
        show: Callable[[PendingSignIn], None],
        *,
        another: Callable[[PendingSignIn], bool] = lambda _: False,
    ) -> Profile:
        """The same by the browser or with a code (SI-12, SI-14); one that waits in this way is joined.

        ``show`` is told of the link, the user code and what keeps it from going on, after each change. ``another`` is asked
        whether to go on as ``pending.other``, if that is not who was signed in until her session ended (SI-18); nothing is
        stored before. By default it is no; after a ``sign_out`` nobody was there, and it is not asked. What they raise ends the
        sign-in, and is raised here.

        Raises:
            SignInFailed: no session came of it, or somebody is signed in already.
        """
        pending = self.store.state.pending
        if pending is None or pending.way is not way:
            await self._begin(SignInElsewhereAsked(way))
        return await self._signed_in(show, another)

    async def _begin(self, asked: ev.SignInAsked | SignInElsewhereAsked) -> None:
        if self.phase is Phase.SIGNING_IN:
            self._give_up()
            await self._settled(until_pending=True)
        if self.phase not in SIGN_IN_FROM:
            raise SignInFailed(NOT_NOW.get(self.phase, ALREADY))
        self.store.dispatch(asked)

    def _give_up(self) -> None:
        if self.phase is Phase.SIGNING_IN:
            self._turn += 1
            self.store.dispatch(SignInCancelled())

    async def _signed_in(
        self,
        show: Callable[[PendingSignIn], None] = lambda _: None,
        another: Callable[[PendingSignIn], bool] = lambda _: False,
    ) -> Profile:
        turn = self._turn
        try:
            phase, profile = await self._settled(show, another), self.profile
        finally:
            # Still under way if the caller was cancelled, or if ``show`` raised: then nobody waits for it.
            if turn == self._turn:
                self._give_up()
        if turn != self._turn:
            raise SignInFailed(GIVEN_UP)
        if phase is not Phase.SIGNED_IN or profile is None:
            state = self.store.state
            raise SignInFailed(state.form_error or state.sentence or GIVEN_UP)
        return profile

    async def try_again(self) -> Phase:
        """Look again what the keychain, the store and the server say, from UNAVAILABLE or OFFLINE; the phase that follows."""
        self.store.dispatch(ev.TryAgainAsked())
        return await self._settled(until_pending=True)

    def open_link(self) -> None:
        """Open the link of the sign-in that waits in the person's browser."""
        self.store.dispatch(LinkAsked())

    def paste(self, code: str) -> None:
        """What the person copied from the browser: the page's code, or the address that it could not open."""
        self.store.dispatch(CodePasted(code))

    def auth(self, *origins: str) -> SessionAuth:
        """For the program's own ``httpx.AsyncClient(auth=...)``, or ``httpx.Client`` in another thread: the session's token for
        requests to ``origins``, the auth server's own by default, and to nothing else.

        Call it in the session's event loop. What the API does to a call, httpx raises (``httpx.ConnectError``, say).

        Raises:
            ConfigError: an origin that is none, that has a path, or plain http to another machine.
        """
        from refapp.trusted.shell.session_auth import SessionAuth

        named = frozenset(origin_of(origin) for origin in origins) or {_origin(self._origin)}
        if any(origin != _origin(origin) for origin in named):
            raise ConfigError("Give the origins alone, such as https://api.example.com, without a path.")
        return SessionAuth(self.api, frozenset(named), asyncio.get_running_loop())

    async def fetch(self, method: str, path: str, body: bytes | None = None, *, jwt: bool = False) -> Reply:
        """One call with the session's token or a JWT, renewed where needed (``ApiClient.fetch``). Raises CallError."""
        return await self.api.fetch(method, path, body, jwt=jwt)

    async def sign_out(self) -> None:
        """Forget the tokens and tell the server; a sign-in that is under way is given up (SO-7).

        Raises:
            RefappError: they could not be forgotten (SO-2).
        """
        self._give_up()
        self.store.dispatch(ev.SignOutAsked())
        if await self._settled() is not Phase.SIGNED_OUT:
            said = self.store.state.said
            raise RefappError(said.text if said else "You are still signed in.")

    async def close(self) -> None:
        """End what is under way, but let a sign-out be finished. What is stored stays, a code that waits for its person too."""
        try:
            await self._parts.close()
        finally:
            self._turn += 1
            self._tell()

    def reset(self) -> bool:
        """Drop what belongs to the person (``sign_out_work.Services``)."""
        self._on_reset()
        return False

    def _tell(self) -> None:
        for event in (self._moved, *self._watched):
            event.set()

    def _changed(self) -> None:
        self._tell()
        # Apart from the session's own work: a mistake of the program must not end that half-way.
        asyncio.get_running_loop().call_soon(self._on_change)

    async def _settled(
        self,
        show: Callable[[PendingSignIn], None] = lambda _: None,
        another: Callable[[PendingSignIn], bool] = lambda _: False,
        *,
        until_pending: bool = False,
    ) -> Phase:
        shown: PendingSignIn | None = None
        turn = self._turn
        while self.phase in BUSY and turn == self._turn and not self.store.closed:
            pending = self.store.state.pending
            if pending is not None and pending.link and pending != shown:
                if until_pending:
                    break
                shown = pending
                if pending.other is None:
                    show(pending)
                else:
                    goes_on = another(pending)
                    self.store.dispatch(SignInAccepted() if goes_on else SignInCancelled())
                    continue
            self._moved.clear()
            await self._moved.wait()
        return self.phase
