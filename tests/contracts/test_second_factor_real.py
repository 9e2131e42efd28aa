"""A second factor at servers as they are, answered by a program of one's own: what the features say
of the window, over the wire.

The embedded server, BetterAuth 1.7 and 1.4 with the plugin twoFactor.
Without Node the real ones are skipped, visibly.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

import pytest

from refapp import Factor, PendingSignIn, Phase, Session, SignInFailed, open_session
from steps.fakes.fake_keychain import FakeKeychain
from steps.scenario.authenticator import Authenticator, switched_on
from steps.scenario.people import Person
from steps.servers.auth_servers import (
    BETTERAUTH,
    BETTERAUTH_1_4,
    AuthServer,
    betterauth_missing,
    embedded_server,
    real_betterauth,
)
from steps.servers.server_account import PASSWORD, Account

T = TypeVar("T")
Show = Callable[[PendingSignIn], None]


@pytest.fixture(scope="module", params=["embedded", "1.7", "1.4"])
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[AuthServer]:
    release = {"1.7": BETTERAUTH, "1.4": BETTERAUTH_1_4}.get(request.param)
    if release is None:
        with embedded_server(
            tmp_path_factory.mktemp("server"), "--mode", "rotating", "--mails"
        ) as running:
            yield running
        return
    missing = betterauth_missing(release)
    if missing is not None:
        pytest.skip(missing)
    with real_betterauth("--with=two-factor", "--scrypt-cost", "16", release=release) as running:
        yield running


class Ada:
    """A new account with a second factor, and a program at a computer of its own."""

    def __init__(self, server: AuthServer, folder: Path) -> None:
        self._server, self._folder, self._keychain = server, folder, FakeKeychain()
        self.email = Account(server).email
        person = Person("Ada", "A Person", self.email, PASSWORD)
        self.app: Authenticator = switched_on(self._send, person)
        server.control("revoke_all", email=self.email)

    def _send(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, bytes]:
        came = self._server.client.request(method, path, headers=dict(headers), content=body)
        return came.status_code, came.content

    def mailed(self) -> str:
        return f"{self._server.control('last_mail', email=self.email):06}"

    def revoke(self) -> None:
        self._server.control("revoke_all", email=self.email)

    def alive(self) -> int:
        return self._server.control("live_sessions", email=self.email)

    def does(self, story: Callable[[Session], Coroutine[None, None, T]]) -> T:
        async def run() -> T:
            async with open_session(
                self._server.url, self._keychain, data_dir=self._folder
            ) as session:
                return await story(session)

        return asyncio.run(run())

    def signs_in(self, show: Callable[[Session], Show]) -> str:
        async def story(session: Session) -> str:
            profile = await session.sign_in(self.email, PASSWORD, show=show(session))
            assert (await session.fetch("GET", "/app/me")).status == 200
            return profile.email

        return self.does(story)


@pytest.fixture
def ada(server: AuthServer, tmp_path: Path) -> Ada:
    return Ada(server, tmp_path)


def answering(*codes: Callable[[Session], None]) -> Callable[[Session], Show]:
    """One answer for each time that the server waits for one."""
    left = list(codes)

    def of(session: Session) -> Show:
        def show(pending: PendingSignIn) -> None:
            if pending.second_factor is not None and not pending.second_factor.asking:
                left.pop(0)(session)

        return show

    return of


def test_a_wrong_code_and_then_the_right_one(ada: Ada) -> None:
    wrong = ada.app.wrong_code()
    show = answering(
        lambda session: session.enter_code(wrong),
        lambda session: session.enter_code(ada.app.code()),
    )
    assert ada.signs_in(show) == ada.email


def test_a_backup_code_is_good_once(ada: Ada) -> None:
    code = ada.app.backup_code()
    assert (
        ada.signs_in(answering(lambda session: session.enter_code(code, Factor.BACKUP)))
        == ada.email
    )
    ada.revoke()

    async def again(session: Session) -> None:
        told: list[str] = []

        def show(pending: PendingSignIn) -> None:
            if pending.sentence:
                told.append(pending.sentence)
                session.cancel_sign_in()
            elif pending.second_factor is not None and not pending.second_factor.asking:
                session.enter_code(code, Factor.BACKUP)

        if session.phase is Phase.OFFLINE:
            await session.try_again()
        with pytest.raises(SignInFailed):
            await session.sign_in(ada.email, PASSWORD, show=show)
        assert told == [
            "This is not a backup code, or it was used before. Each is good for one sign-in."
        ]

    ada.does(again)
    assert ada.alive() == 0


def test_a_code_by_e_mail(ada: Ada) -> None:
    show = answering(
        lambda session: session.send_code(),
        lambda session: session.enter_code(ada.mailed(), Factor.MAIL),
    )
    assert ada.signs_in(show) == ada.email


def test_a_trusted_computer_is_asked_no_more_until_she_signs_out(ada: Ada) -> None:
    ada.signs_in(answering(lambda session: session.enter_code(ada.app.code(), trust=True)))
    for _ in range(2):  # the cookie is another one after each sign-in
        ada.revoke()
        assert ada.signs_in(answering()) == ada.email

    async def asked(session: Session) -> None:
        await session.sign_out()
        with pytest.raises(SignInFailed, match="wants a second factor"):
            await session.sign_in(ada.email, PASSWORD)

    ada.does(asked)


def test_a_program_that_asks_for_no_codes_is_told_so_and_nothing_stays(
    ada: Ada, tmp_path: Path
) -> None:
    async def story(session: Session) -> None:
        with pytest.raises(
            SignInFailed, match="wants a second factor, and this program does not ask"
        ):
            await session.sign_in(ada.email, PASSWORD)
        assert session.phase is Phase.SIGNED_OUT

    ada.does(story)
    assert ada.alive() == 0
    assert not list(tmp_path.rglob("tokens-*"))


def test_wrong_codes_end_it(ada: Ada, request: pytest.FixtureRequest) -> None:
    if request.node.callspec.params["server"] == "1.4":
        pytest.skip(
            "BetterAuth 1.4 lets anybody guess an authenticator's codes as often as the "
            "rate limit allows"
        )
    tries = [lambda session: session.enter_code(ada.app.wrong_code())] * 6
    with pytest.raises(SignInFailed, match="Too many wrong codes"):
        ada.signs_in(answering(*tries))
    assert ada.alive() == 0
