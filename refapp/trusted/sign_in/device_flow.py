"""Signing in with a code on any device: the asking that RFC 8628 wants, until somebody has decided
or the code has run out.

Owns the rhythm of the polling and the sealing of the code. Decides nothing about the session: it
ends in an event of the generation that it began in. Invariants: it never asks more often than the
server said; a network that fails ends nothing before the code does.
"""

from __future__ import annotations

import asyncio
import contextlib

from refapp.snapshot import PendingSignIn, Way
from refapp.trusted.errors import StorageError
from refapp.trusted.rules import events as ev
from refapp.trusted.rules.pending import PendingSaid, SignInPending
from refapp.trusted.server.auth_client import AuthClient
from refapp.trusted.server.device_answers import Granted, Poll
from refapp.trusted.server.verdict import (
    Confirmed,
    Doubtful,
    Fault,
    NoSuchEndpoint,
    NotTheServer,
    Throttled,
    Unreachable,
    Verdict,
)
from refapp.trusted.server.wording import elsewhere_failed, keeps_asking
from refapp.trusted.sign_in.unclaimed import Opening, ended_if_broken_off
from refapp.trusted.storage.secret import DeviceGrant, TokenPair, opened
from refapp.trusted.storage.token_service import TokenService
from refapp.trusted.wording import sign_in_words

A_LITTLE_S = 0.2
SLOWER_S = 5.0
LONGEST_PAUSE_S = 60.0


class DeviceFlow:
    """``opening`` has the shell that gets the events on the way."""

    def __init__(self, auth: AuthClient, tokens: TokenService, opening: Opening) -> None:
        self._auth = auth
        self._tokens = tokens
        self._shell = opening.shell
        self._opening = opening

    async def sign_in(self, generation: int) -> None:
        """From the question for a code to the session."""
        grant = await self._auth.device_codes()
        if not isinstance(grant, DeviceGrant):
            self._shell.dispatch(
                ev.SignInUnsuccessful(generation, elsewhere_failed(Way.DEVICE, grant))
            )
            return
        if generation != self._shell.current():
            return
        # It goes on from memory, and does not survive a restart.
        with contextlib.suppress(StorageError):
            await self._tokens.keep_pending(grant)
        if generation != self._shell.current():
            await self.forget()
            return
        self._shell.dispatch(
            SignInPending(
                generation, PendingSignIn(Way.DEVICE, grant.link, grant.user_code, grant.expires_at)
            )
        )
        await self.resume(generation, grant)

    async def resume(self, generation: int, grant: DeviceGrant) -> None:
        """Ask until there is an answer."""
        outcome = await self._outcome(generation, grant)
        if isinstance(outcome, Granted):
            pair = _pair(outcome)
            with ended_if_broken_off(self._shell, generation, pair):
                await self._finish(generation, grant, outcome, pair)
        elif outcome is not None:
            self._shell.dispatch(ev.SignInUnsuccessful(generation, outcome))

    async def forget(self) -> None:
        """Delete the sealed code; one that could not be deleted runs out by itself."""
        with contextlib.suppress(StorageError):
            await self._tokens.forget_pending()

    async def _outcome(self, generation: int, grant: DeviceGrant) -> Granted | str | None:
        """The session, why there is none, or None if the sign-in was given up.
        Asks after each pause, until the code runs out.
        """
        interval = pause = grant.interval_s
        troubled = False
        while True:
            await asyncio.sleep(pause + A_LITTLE_S)
            if generation != self._shell.current():
                return None
            asked = self._auth.device_poll(grant.device_code)
            answer = await self._opening.answer(
                generation, asked, lambda came: _pair(came) if isinstance(came, Granted) else None
            )
            match answer:
                case Granted():
                    return answer
                case Poll.DENIED:
                    return sign_in_words.DENIED_ON_DEVICE
                case Poll.EXPIRED:
                    return sign_in_words.CODE_NOT_IN_TIME
                case Poll.UNKNOWN:
                    return sign_in_words.CODE_UNKNOWN
                case Poll.SLOW_DOWN:
                    interval = pause = interval + SLOWER_S  # RFC 8628, section 3.5
                case Poll.PENDING:
                    pause = interval
                case (
                    Unreachable()
                    | Fault()
                    | NotTheServer()
                    | Doubtful()
                    | Throttled()
                    | NoSuchEndpoint()
                ):
                    # The server that gave the code out offers codes,
                    # whatever has answered in its place.
                    pause = _longer(pause, answer)
                case _:
                    return elsewhere_failed(Way.DEVICE, answer)
            if self._shell.clock() >= grant.expires_at:
                return (
                    sign_in_words.CODE_NOT_IN_TIME
                    if isinstance(answer, Poll)
                    else elsewhere_failed(Way.DEVICE, answer)
                )
            trouble = "" if isinstance(answer, Poll) else keeps_asking(answer)
            if trouble or troubled:
                self._shell.dispatch(PendingSaid(generation, trouble))
            troubled = bool(trouble)

    async def _finish(
        self, generation: int, grant: DeviceGrant, granted: Granted, pair: TokenPair
    ) -> None:
        """Ask whose session it is: the grant does not say.
        The session is there by now, so a network that fails is waited for.
        """
        pause = grant.interval_s
        while True:
            verdict = await self._auth.session(granted.access)
            if isinstance(verdict, Confirmed) and verdict.profile is not None:
                access = verdict.access or granted.access
                session = opened(
                    verdict.profile.id,
                    access,
                    granted.refresh,
                    self._shell.server_clock(),
                    verdict.expires_at,
                )
                self._shell.dispatch(ev.Authenticated(generation, verdict.profile, session))
                return
            waits = isinstance(verdict, Unreachable | Fault | NotTheServer | Doubtful | Throttled)
            if (
                not waits
                or generation != self._shell.current()
                or self._shell.clock() >= grant.expires_at
            ):
                break
            self._shell.dispatch(PendingSaid(generation, keeps_asking(verdict)))
            pause = _longer(pause, verdict)
            await asyncio.sleep(pause)
        self._shell.dispatch(
            ev.SignInUnsuccessful(
                generation,
                elsewhere_failed(Way.DEVICE, verdict)
                if waits
                else sign_in_words.SESSION_NOT_ACCEPTED,
                pair,
            )
        )


def _pair(granted: Granted) -> TokenPair:
    return TokenPair(granted.access, granted.refresh or granted.access)


def _longer(pause: float, verdict: Verdict) -> float:
    wanted = verdict.after if isinstance(verdict, Throttled) else 2 * pause
    return min(max(wanted, pause), LONGEST_PAUSE_S)
