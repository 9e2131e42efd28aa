"""Signing in with this computer's browser: @better-auth/electron's flow, with a return over a
loopback port or a pasted code.

Owns the one browser sign-in that is pending: its verifier and state, its port, and what came back.
Nothing of these leaves this module but to the server. Decides nothing about the session: it ends in
an event of the generation that it began in.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hmac
import re
import urllib.parse

import msgspec

from refapp.snapshot import PendingSignIn, Way
from refapp.trusted.errors import UNDECODABLE
from refapp.trusted.rules import events as ev
from refapp.trusted.rules.pending import PendingSaid, SignInPending
from refapp.trusted.server import pkce
from refapp.trusted.server.auth_client import AuthClient
from refapp.trusted.server.first_check import checked, left_by
from refapp.trusted.server.verdict import Confirmed, Refused
from refapp.trusted.server.wording import elsewhere_failed
from refapp.trusted.sign_in.loopback import Came, Denied, OpenReturn, Outcome, ReturnPath
from refapp.trusted.sign_in.unclaimed import Opening, ended_if_broken_off
from refapp.trusted.storage.secret import opened, readable
from refapp.trusted.wording import sign_in_words

LIMIT_S = 600.0
BARE_CODE = re.compile(r"[A-Za-z0-9_-]{16,128}\Z")


class _Waiting(msgspec.Struct, frozen=True):
    generation: int
    proof: pkce.Proof
    outcome: asyncio.Future[Outcome | None]


class BrowserFlow:
    """``opening`` has the shell that gets the events on the way."""

    def __init__(self, auth: AuthClient, open_return: OpenReturn, opening: Opening) -> None:
        self._auth = auth
        self._open_return = open_return
        self._shell = opening.shell
        self._opening = opening
        self._waiting: _Waiting | None = None

    async def sign_in(self, generation: int) -> None:
        """From the question whether the server has this flow to the session."""
        offer = await self._auth.browser_offer()
        if not isinstance(offer, Refused | Confirmed):
            self._shell.dispatch(
                ev.SignInUnsuccessful(generation, elsewhere_failed(Way.BROWSER, offer))
            )
        elif generation == self._shell.current():
            outcome, proof = await self._wait(generation)
            await self._finish(generation, outcome, proof)

    async def _wait(self, generation: int) -> tuple[Outcome | None, pkce.Proof]:
        """What the person brought, None if the sign-in was given up."""
        proof = pkce.fresh()
        waiting = _Waiting(generation, proof, asyncio.get_running_loop().create_future())
        path: ReturnPath | None = None
        # Before the port is taken: it can be given up while that is under way.
        self._waiting = waiting
        try:
            try:
                path = await self._open_return(
                    proof.state, lambda outcome: _settle(waiting, outcome)
                )
            except OSError:
                path = None  # no port is free: the page shows the code, to be pasted
            link = self._auth.browser_link(proof, path.uri if path else "")
            self._shell.dispatch(
                SignInPending(
                    generation,
                    PendingSignIn(Way.BROWSER, link, expires_at=self._shell.clock() + LIMIT_S),
                )
            )
            async with asyncio.timeout(LIMIT_S):
                return await waiting.outcome, proof
        except TimeoutError:
            self._shell.dispatch(
                ev.SignInUnsuccessful(generation, sign_in_words.BROWSER_NOT_IN_TIME)
            )
            return None, proof
        finally:
            if self._waiting is waiting:
                self._waiting = None
            if path is not None:
                path.close()

    async def _finish(self, generation: int, outcome: Outcome | None, proof: pkce.Proof) -> None:
        if isinstance(outcome, Denied):
            self._shell.dispatch(
                ev.SignInUnsuccessful(generation, sign_in_words.CANCELLED_IN_BROWSER)
            )
        elif isinstance(outcome, Came):
            asked = self._auth.exchange(outcome.code, proof)
            answer = await self._opening.answer(generation, asked, left_by)
            with ended_if_broken_off(self._shell, generation, left_by(answer)):
                verdict = await checked(self._auth, answer)
            if (
                not isinstance(verdict, Confirmed)
                or verdict.profile is None
                or verdict.access is None
            ):
                why = elsewhere_failed(Way.BROWSER, verdict)
                self._shell.dispatch(ev.SignInUnsuccessful(generation, why, left_by(answer)))
                return
            session = opened(
                verdict.profile.id,
                verdict.access,
                verdict.refresh,
                self._shell.server_clock(),
                verdict.expires_at,
            )
            self._shell.dispatch(ev.Authenticated(generation, verdict.profile, session))

    def take(self, generation: int, text: str) -> None:
        """What a person pasted: the page's code, the bare code, or the address that the browser
        could not open.
        """
        waiting = self._waiting
        if waiting is None or waiting.generation != generation:
            return
        found = pasted(text)
        if found is None:
            self._shell.dispatch(PendingSaid(generation, sign_in_words.NOT_A_CODE))
        elif found[1] and not hmac.compare_digest(found[1].encode(), waiting.proof.state.encode()):
            self._shell.dispatch(PendingSaid(generation, sign_in_words.CODE_OF_ANOTHER))
        else:
            _settle(waiting, Came(found[0]))

    def stop(self) -> None:
        """Give the pending sign-in up, and close its port."""
        if self._waiting is not None:
            _settle(self._waiting, None)


def _settle(waiting: _Waiting, outcome: Outcome | None) -> None:
    if not waiting.outcome.done():
        waiting.outcome.set_result(outcome)


class _Pasteable(msgspec.Struct):
    identifier: str
    state: str

    def __repr__(self) -> str:
        """Never show code or state."""
        return "_Pasteable(…)"


def pasted(text: str) -> tuple[str, str] | None:
    """Code and state in what a person pasted; the state is empty where there is none.
    None: there is no code in it. Total.
    """
    if not readable(text):
        return None
    text = "".join(text.split())
    if text.startswith("http://"):
        try:
            fields = urllib.parse.parse_qs(urllib.parse.urlsplit(text).query, max_num_fields=20)
        except ValueError:
            return None
        code, state = fields.get("code", [""])[0], fields.get("state", [""])[0]
        return (code, state) if BARE_CODE.match(code) and state else None
    try:
        padded = text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4)
        both = msgspec.json.decode(base64.urlsafe_b64decode(padded), type=_Pasteable)
    except (*UNDECODABLE, binascii.Error, ValueError):
        return (text, "") if BARE_CODE.match(text) else None
    return (
        (both.identifier, both.state) if BARE_CODE.match(both.identifier) and both.state else None
    )
