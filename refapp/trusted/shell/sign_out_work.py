"""The work behind a sign-out's effects: the tokens go, services are reset, the server is told;
and what outlives the window.

Owns how that is carried out, in an order that a person can rely on: tokens that are to go have gone
before the app ends, whatever another copy of the app holds up meanwhile (NM-5). Decides nothing;
every piece ends in the event that says what came of it.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from typing import Protocol, assert_never

from msgspec.structs import replace

from refapp.trusted.errors import LockTimeout, StorageError, WriteNotDurable
from refapp.trusted.files.history import History
from refapp.trusted.files.owner import Owner
from refapp.trusted.rules import effects as do, events as ev
from refapp.trusted.rules.shell import Shell
from refapp.trusted.scheduling.backoff import delay
from refapp.trusted.scheduling.tasks import Tasks, in_turn
from refapp.trusted.server.auth_client import AuthClient
from refapp.trusted.server.verdict import Confirmed, NoSuchEndpoint, Refused
from refapp.trusted.storage.secret import SessionMode, StoredSession, TokenPair
from refapp.trusted.storage.token_service import TokenService
from refapp.trusted.wording import sign_out_words

REASON_TRIES = 36
"""About an hour of them (``backoff``): until then a disk that was full may have been mended."""
LAST_WORDS_S = 2.0
FORGET_LIMIT_S = 60.0
"""Above all deadlines of what forgetting waits for:
another copy's lease, a keychain that does not answer.
"""


class ResettableServices(Protocol):
    """What depends on the session."""

    def reset(self) -> bool:
        """Drop what belongs to the session (SO-4).
        True if that needs a restart to be complete (SO-5).
        """


class SignOutWork:
    """``shell`` gets the events;
    ``last_words`` is what may still be finished when the app is closed.
    """

    def __init__(
        self,
        auth: AuthClient,
        tokens: TokenService,
        history: History,
        services: ResettableServices,
        shell: Shell,
        last_words: Tasks,
    ) -> None:
        self._auth = auth
        self._tokens = tokens
        self._history = history
        self._services = services
        self._shell = shell
        self._last_words = last_words
        self._forgetting = Tasks()
        self._closing = False

    def perform(self, effect: do.OfSignOut, held: StoredSession | None, owner: Owner) -> None:
        """Begin to do it. ``held``: the session in memory, which is ``owner``'s."""
        match effect:
            case do.ForgetTokens(generation=generation):
                work = self._shell.feed(lambda: self._forget_tokens(generation, owner))
                self._forgetting.start(work, lambda: self._forgetting_broken_off(effect))
            case do.ForgetPair(pair=pair):
                self._last_words.start(
                    self._forget_pair(pair, owner), lambda: self.perform(effect, held, owner)
                )
            case do.RevokeHeld():
                work = self._shell.feed(lambda: self._tell(effect, held))
                self._last_words.start(work, lambda: self._shell.give_up(effect))
            case do.Revoke(pair=pair):
                self._last_words.start(self._revoke(pair))
            case do.ResetServices(generation=generation):
                self._last_words.start(
                    self._reset_services(generation), lambda: self._shell.give_up(effect)
                )
            case _:
                assert_never(effect)

    async def finish(self, held: StoredSession | None) -> None:
        """Let what is to be forgotten be forgotten, and the server be told if that does not take
        long; then end it all.
        """
        self._closing = True
        if self._tokens.in_memory and held is not None:
            self._last_words.start(self._revoke(held.pair))  # nobody can use it any more (SS-18)
        await in_turn(
            lambda: self._forgetting.finish(FORGET_LIMIT_S),
            lambda: self._last_words.finish(LAST_WORDS_S),
        )

    def _forgetting_broken_off(self, effect: do.ForgetTokens) -> None:
        if self._tokens.on_file():
            self._shell.give_up(effect)
        else:
            self._shell.dispatch(ev.TokensForgotten(effect.generation, unread=True))

    async def _forget_tokens(self, generation: int, owner: Owner) -> ev.Event:
        """Remove the token file (SO-2), unless it holds another person's tokens by now (OW-4).

        What it held is found out on the way: the server is to be told with the newest pair (NM-4).
        A token that is nobody's goes too: her refresh token may stand beside it.

        Another copy that hangs while it holds the lease holds up no sign-out (LY-5).
        """
        found, unread = None, False
        try:
            async with contextlib.AsyncExitStack() as stack:
                hangs = False
                try:
                    await stack.enter_async_context(self._tokens.lease())
                except LockTimeout:
                    hangs = unread = (
                        True  # a copy that hangs: what it has sent may have brought a newer pair
                    )
                try:
                    found = await self._tokens.load()
                except StorageError:
                    unread = True
                if found is None or not owner.user_id or not _another(found, owner):
                    await (self._tokens.forget_beside_holder() if hangs else self._tokens.forget())
                else:
                    found = None
        except WriteNotDurable as error:
            self._history.keep(error.sentence, owner.user_id)  # they are gone, and so is their key
        except StorageError as error:
            if self._closing:
                # There is no window any more that could show it (NM-5).
                self._history.keep(
                    sign_out_words.not_signed_out(f"{error.sentence} {error.cure}"), owner.user_id
                )
            return ev.TokensNotForgotten(generation, f"{error.sentence} {error.cure}")
        return ev.TokensForgotten(generation, found, unread)

    async def _forget_pair(self, pair: TokenPair, owner: Owner) -> None:
        """Remove the token file if it holds exactly this pair (EX-1), once that can be done and
        told; after an hour untold.
        """
        for attempt in itertools.count(1):
            try:
                # Another copy that misses the tokens would not find out why (LY-3).
                untold = not self._history.written()
                if untold and attempt == REASON_TRIES:
                    self._history.keep(sign_out_words.REASON_NOT_WRITTEN, owner.user_id)
                if not untold or attempt >= REASON_TRIES:
                    await self._tokens.forget_if(pair)
                    return
            except StorageError as error:
                if attempt == 1:
                    self._history.keep(error.sentence, owner.user_id)
            await asyncio.sleep(
                delay(attempt, 0.5)
            )  # this computer's own disk and keychain: no crowd to spread

    async def _tell(self, effect: do.RevokeHeld, held: StoredSession | None) -> ev.Event:
        """Tell the server (SO-1): of the newer of what was on file and what was held, of both if
        they are two people's.
        """
        known = [session for session in (held, effect.found) if session is not None]
        of_each = {
            session.user_id: session
            for session in sorted(known, key=lambda session: session.obtained_at)
        }
        told = [await self._told(session, newest=not effect.unread) for session in of_each.values()]
        return ev.ServerTold(effect.generation, all(told) if told else not effect.unread)

    async def _told(self, session: StoredSession, *, newest: bool) -> bool:
        """A server that does not know the session any more has been told,
        if it was asked with the newest pair.
        """
        verdict = await self._auth.sign_out(session.pair.access)
        if isinstance(verdict, Refused) and session.mode is not SessionMode.SLIDING:
            # The access token has run out, and the session lives on by its refresh token (NM-4).
            renewed = await self._auth.refresh(session.pair.refresh)
            if isinstance(renewed, Confirmed) and renewed.access:
                verdict = await self._auth.sign_out(renewed.access)
            elif not isinstance(renewed, NoSuchEndpoint):
                verdict = renewed
        return isinstance(verdict, Confirmed) or (isinstance(verdict, Refused) and newest)

    async def _revoke(self, pair: TokenPair) -> None:
        """Tell the server that a session that nobody will use is over (SI-4, SO-7)."""
        mode = SessionMode.SLIDING if pair.refresh in {"", pair.access} else SessionMode.ROTATING
        await self._told(StoredSession(pair, "", mode), newest=True)

    async def _reset_services(self, generation: int) -> None:
        restart = False
        try:
            restart = self._services.reset()
        finally:
            # One that raises is a mistake in the program, and as loud as any (``tasks``);
            # the sign-out ends all the same.
            self._shell.dispatch(ev.ServicesReset(generation, restart))


def _another(found: StoredSession, owner: Owner) -> bool:
    """Whether ``found`` is known to be another person's than ``owner``'s."""
    return found.user_id != "" and not replace(owner, user_id=found.user_id).is_still(owner)
