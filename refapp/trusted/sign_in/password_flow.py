"""Signing in with a password, and with the second factor that an account may have beside it.

Owns the one challenge that is pending: the cookie by which the server knows that the password was
right. It is in no state, file or message, goes to the server alone, and is dropped when the sign-in
ends in any way: by a session, a refusal, a cancellation, the challenge's own end, or the app's
(TF-3). Decides nothing about the session: it ends in an event of the generation that it began in.
"""

from __future__ import annotations

import asyncio
import contextlib

import msgspec

from refapp.snapshot import Factor, SecondFactor
from refapp.trusted.errors import StorageError
from refapp.trusted.rules import events as ev
from refapp.trusted.rules.pending import SecondFactorSaid, SecondFactorWanted, VerificationSent
from refapp.trusted.scheduling.alarm import Alarm
from refapp.trusted.server.auth_client import AuthClient
from refapp.trusted.server.first_check import checked, left_by
from refapp.trusted.server.refusals import refusal_of
from refapp.trusted.server.second_factor import read
from refapp.trusted.server.verdict import Confirmed, Forbidden, Refused, Verdict
from refapp.trusted.server.wording import not_sent_again, sign_in_failed
from refapp.trusted.sign_in.unclaimed import Opening, ended_if_broken_off
from refapp.trusted.storage.secret import (
    Challenge,
    Credentials,
    FactorCode,
    TokenPair,
    Trust,
    opened as session_of,
    readable,
)
from refapp.trusted.storage.token_service import TokenService
from refapp.trusted.wording import sign_in_words


class _Waiting(msgspec.Struct, frozen=True):
    generation: int
    who: str
    challenge: Challenge


class PasswordFlow:
    """``opening`` has the shell that gets the events on the way."""

    def __init__(self, auth: AuthClient, tokens: TokenService, opening: Opening) -> None:
        self._auth = auth
        self._tokens = tokens
        self._shell = opening.shell
        self._opening = opening
        self._waiting: _Waiting | None = None
        self._end = Alarm(opening.shell.clock)

    async def sign_in(self, generation: int, credentials: Credentials) -> None:
        """From the password to the session, or to the question for a code (SI-1, TF-1)."""
        if not readable(credentials.email, credentials.password):
            self._shell.dispatch(ev.SignInUnsuccessful(generation, sign_in_words.NOT_READABLE))
            return
        trust = await self._trust(credentials.email)
        answer, renewed = await self._opening.answer(
            generation, self._auth.sign_in(credentials, trust), lambda came: left_by(came[0])
        )
        if isinstance(answer, Challenge):
            self._wait(_Waiting(generation, credentials.email, answer))
            return
        with ended_if_broken_off(self._shell, generation, left_by(answer)):
            verdict = await checked(self._auth, answer)
        opened = self._opened(generation, verdict, renewed)
        if opened is not None:
            self._shell.dispatch(opened)
            return
        refusal = refusal_of(verdict) if isinstance(verdict, Refused | Forbidden) else None
        said = sign_in_failed(verdict, by_name="@" not in credentials.email)
        self._shell.dispatch(ev.SignInUnsuccessful(generation, said, left_by(answer), refusal))

    async def _trust(self, who: str) -> Trust | None:
        """What this computer is trusted by when ``who`` signs in.
        Where it can't be read she is asked for her code.
        """
        with contextlib.suppress(StorageError):
            trust = await self._tokens.load_trust()
            if trust is not None and trust.who == who and trust.expires_at > self._shell.clock():
                return trust
        return None

    def _wait(self, waiting: _Waiting) -> None:
        if waiting.generation != self._shell.current():
            return
        self._waiting = waiting
        self._limit(waiting)
        challenge = waiting.challenge
        wanted = SecondFactor(list(challenge.factors))
        self._shell.dispatch(SecondFactorWanted(waiting.generation, wanted, challenge.expires_at))

    def _limit(self, waiting: _Waiting) -> None:
        if self._waiting is waiting:
            self._end.at(waiting.challenge.expires_at, lambda: self._run_out(waiting))

    def _run_out(self, waiting: _Waiting) -> None:
        if self._waiting is waiting:
            self.stop()
            self._shell.dispatch(
                ev.SignInUnsuccessful(waiting.generation, sign_in_words.SECOND_FACTOR_NOT_IN_TIME)
            )

    async def answer(self, generation: int, code: FactorCode) -> None:
        """Send a code that a person entered (TF-2); none costs no try."""
        waiting = self._waiting
        if waiting is None or waiting.generation != generation:
            return
        if not code.code:
            await asyncio.sleep(0)  # or nobody sees a change if the same is said again
            self._shell.dispatch(SecondFactorSaid(generation, sign_in_words.NO_CODE))
            return
        self._end.cancel()  # a code that is on its way was entered in time
        asked = self._auth.second_factor(waiting.challenge, code, waiting.who)
        with contextlib.ExitStack() as broken_off:
            # She may enter another one then, in the time that is left.
            broken_off.callback(self._limit, waiting)
            answer, trust = await self._opening.answer(
                generation, asked, lambda came: left_by(came[0])
            )
            broken_off.pop_all()
        with ended_if_broken_off(self._shell, generation, left_by(answer)):
            verdict = await checked(self._auth, answer)
        opened = self._opened(generation, verdict, trust)
        if opened is None:
            self._refused(waiting, code.factor, verdict, left_by(answer))
            return
        if self._waiting is waiting:
            self.stop()
        self._shell.dispatch(opened)

    async def send_code(self, generation: int) -> None:
        """Have a code sent by e-mail."""
        waiting = self._waiting
        if waiting is None or waiting.generation != generation:
            return
        verdict = await self._auth.send_code(waiting.challenge)
        if isinstance(verdict, Confirmed):
            self._shell.dispatch(SecondFactorSaid(generation, "", sent=True))
        else:
            self._refused(waiting, Factor.MAIL, verdict)

    def _refused(
        self, waiting: _Waiting, factor: Factor, verdict: Verdict, left: TokenPair | None = None
    ) -> None:
        said = read(factor, verdict)
        if not said.over and left is None:  # a session that was opened has used the challenge up
            self._limit(waiting)
            lacks = factor if said.lacks else None
            self._shell.dispatch(SecondFactorSaid(waiting.generation, said.sentence, lacks=lacks))
            return
        if self._waiting is waiting:
            self.stop()
        self._shell.dispatch(
            ev.SignInUnsuccessful(waiting.generation, said.sentence, left, said.refusal)
        )

    def _opened(
        self, generation: int, verdict: Verdict, trust: Trust | None
    ) -> ev.Authenticated | None:
        if not isinstance(verdict, Confirmed) or verdict.profile is None or verdict.access is None:
            return None
        now = self._shell.server_clock()
        session = session_of(
            verdict.profile.id, verdict.access, verdict.refresh, now, verdict.expires_at
        )
        return ev.Authenticated(generation, verdict.profile, session, trust=trust)

    async def send_verification(self, generation: int, email: str) -> None:
        """Have the message sent again by which a person confirms her address (TF-4)."""
        verdict = await self._auth.send_verification(email)
        sent = isinstance(verdict, Confirmed)
        self._shell.dispatch(
            VerificationSent(
                generation,
                sign_in_words.MESSAGE_SENT_AGAIN if sent else not_sent_again(verdict),
                sent=sent,
            )
        )

    def stop(self) -> None:
        """Drop the challenge: nobody waits for a code any more."""
        self._waiting = None
        self._end.cancel()
