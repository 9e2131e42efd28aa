"""A program signs somebody in whose account has a second factor (TF-1):
it asks her, or says that it can't.
"""

from __future__ import annotations

import json

import pytest

from refapp import PendingSignIn, Phase, SignInFailed, blocking
from refapp.testing import ModelServer, SessionSettings
from refapp.trusted.wording import sign_in_words
from steps.scenario.authenticator import Authenticator
from steps.servers.second_factor import authenticator_of

pytest_plugins = ["refapp.testing"]


@pytest.fixture
def factor(refapp_settings: SessionSettings, refapp_server: ModelServer) -> Authenticator:
    """Hers, switched on, and nobody signed in."""

    def asked(session: blocking.Session, what: str, **body: str) -> bytes:
        came = session.fetch("POST", f"/api/auth/two-factor/{what}", json.dumps(body).encode())
        assert came.status == 200, came.body
        return came.body

    with blocking.open_session(**refapp_settings) as session:
        session.sign_in(refapp_server.email, refapp_server.password)
        factor = authenticator_of(
            json.loads(asked(session, "enable", password=refapp_server.password))
        )
        asked(session, "verify-totp", code=factor.code())
        session.sign_out()
    return factor


def test_a_program_that_asks_nobody_says_so(
    refapp_settings: SessionSettings, refapp_server: ModelServer, factor: Authenticator
) -> None:
    with blocking.open_session(**refapp_settings) as session:
        with pytest.raises(SignInFailed, match="second factor") as failed:
            session.sign_in(refapp_server.email, refapp_server.password)
        assert failed.value.cure
        assert session.phase is Phase.SIGNED_OUT


def test_one_that_asks_her_gets_a_session(
    refapp_settings: SessionSettings, refapp_server: ModelServer, factor: Authenticator
) -> None:
    shown: list[PendingSignIn] = []
    with blocking.open_session(**refapp_settings) as session:

        def ask(pending: PendingSignIn) -> None:
            assert pending.second_factor is not None
            if not pending.second_factor.asking:
                session.enter_code(factor.code() if shown else "000000")
            shown.append(pending)

        assert (
            session.sign_in(refapp_server.email, refapp_server.password, show=ask).email
            == refapp_server.email
        )
    assert any(pending.sentence.startswith("This code is not right") for pending in shown)


def test_an_answer_without_a_code_costs_no_try(
    refapp_settings: SessionSettings, refapp_server: ModelServer, factor: Authenticator
) -> None:
    said: list[str] = []
    typed = ["", "\u200b", "12\udce4", "-", " ", "-"]
    with blocking.open_session(**refapp_settings) as session:

        def ask(pending: PendingSignIn) -> None:
            assert pending.second_factor is not None
            if not pending.second_factor.asking:
                said.append(pending.sentence)
                session.enter_code(typed.pop() if typed else factor.code())

        assert session.sign_in(refapp_server.email, refapp_server.password, show=ask)
    assert said == ["", *[sign_in_words.NO_CODE] * 6]


@pytest.mark.parametrize(("email", "password"), [("", "p\udce4ss"), ("ad\udce4@example.com", "")])
def test_what_a_terminal_could_not_read_is_said_and_not_sent(
    email: str,
    password: str,
    refapp_settings: SessionSettings,
    refapp_server: ModelServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with blocking.open_session(**refapp_settings) as session:
        with pytest.raises(SignInFailed) as failed:
            session.sign_in(email or refapp_server.email, password or refapp_server.password)
        assert failed.value.sentence == sign_in_words.NOT_READABLE
        assert session.sign_in(refapp_server.email, refapp_server.password)
    assert caplog.text == ""
