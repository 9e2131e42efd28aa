"""What an answer about a second factor means:
which cookie counts, and what is not read though it is there.
"""

from __future__ import annotations

import pytest

from refapp.snapshot import Factor
from refapp.trusted.server.second_factor import LONGEST_LIFE_S, judge_password, read, trust_in
from refapp.trusted.server.verdict import Confirmed, Forbidden, Refused, Reply
from refapp.trusted.storage.secret import Challenge
from refapp.trusted.wording import server_words

ASKS = b'{"twoFactorRedirect":true,"twoFactorMethods":["totp","otp"]}'
NOW = 1000.0


def reply(*cookies: str, body: bytes = ASKS, **headers: str) -> Reply:
    named = {
        "content-type": "application/json",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    return Reply(200, {**named, **({"set-cookie": "\n".join(cookies)} if cookies else {})}, body)


@pytest.mark.parametrize(
    ("cookie", "kept", "life"),
    [
        (
            "better-auth.two_factor=a%2Fb.c; Max-Age=600; Path=/; HttpOnly",
            "better-auth.two_factor=a%2Fb.c",
            600,
        ),
        ("__Secure-acme.two_factor=x; max-age=60; Secure", "__Secure-acme.two_factor=x", 60),
        ("two_factor=x; Path=/", "two_factor=x", 600),
        ("better-auth.two_factor=x; Max-Age=999999", "better-auth.two_factor=x", LONGEST_LIFE_S),
        ("better-auth.two_factor=x; Max-Age=--5", "better-auth.two_factor=x", 600),
        ("better-auth.two_factor=x; Max-Age=soon; Max-Age=", "better-auth.two_factor=x", 600),
    ],
)
def test_the_cookie_goes_back_byte_for_byte_and_has_a_life(
    cookie: str, kept: str, life: float
) -> None:
    wanted = judge_password(reply("better-auth.session_token=; Max-Age=0", cookie), NOW)
    factors = (Factor.AUTHENTICATOR, Factor.MAIL, Factor.BACKUP)
    assert wanted == Challenge(factors, kept, NOW + life)
    assert kept.partition("=")[2] not in repr(wanted)


@pytest.mark.parametrize(
    "cookies",
    [
        (),
        ("better-auth.two_factor=; Max-Age=0",),
        ("better-auth.two_factor=x; Max-Age=0",),
        ("better-auth.two_factor=x; Max-Age=-5",),
        ("better-auth.not_two_factor=x",),
        ("better-auth.session_token=abc; Max-Age=600",),
        ("better-auth.two_factor=clé; Max-Age=600",),
    ],
)
def test_without_a_cookie_the_window_can_t_ask(cookies: tuple[str, ...]) -> None:
    assert isinstance(judge_password(reply(*cookies), NOW), Refused)


def test_a_token_beside_the_question_is_not_read() -> None:
    both = b'{"twoFactorRedirect":true,"token":"%b","user":{"id":"1"}}' % (b"t" * 32)
    came = reply(
        "better-auth.two_factor=x", body=both, set_auth_token="t" * 32, set_refresh_token="r" * 32
    )
    wanted = judge_password(came, NOW)
    assert isinstance(wanted, Challenge)
    assert "tttt" not in repr([getattr(wanted, name) for name in wanted.__struct_fields__])


def test_1_4_does_not_say_which_codes_there_are() -> None:
    wanted = judge_password(
        reply("better-auth.two_factor=x", body=b'{"twoFactorRedirect":true}'), NOW
    )
    assert isinstance(wanted, Challenge)
    assert wanted.factors == (Factor.AUTHENTICATOR, Factor.MAIL, Factor.BACKUP)


def test_each_kind_of_code_is_offered_once_however_often_it_is_named() -> None:
    many = b'{"twoFactorRedirect":true,"twoFactorMethods":[%b"otp","carrier pigeon","totp"]}' % (
        b'"otp",' * 500_000
    )
    wanted = judge_password(reply("better-auth.two_factor=x", body=many), NOW)
    assert isinstance(wanted, Challenge)
    assert wanted.factors == (Factor.MAIL, Factor.AUTHENTICATOR, Factor.BACKUP)


@pytest.mark.parametrize("verdict", [Refused(""), Forbidden("", "")])
def test_a_refusal_without_a_word_is_of_the_code_and_not_of_the_password(
    verdict: Refused | Forbidden,
) -> None:
    for factor in Factor:
        said = read(factor, verdict)
        assert (said.sentence, said.over) == (server_words.CODE_REFUSED, False)


def test_a_session_is_a_session() -> None:
    plain = b'{"token":"%b","user":{"id":"1"},"twoFactorRedirect":false}' % (b"t" * 32)
    assert isinstance(judge_password(reply("better-auth.two_factor=x", body=plain), NOW), Confirmed)


def test_trust_is_the_cookie_of_its_own_name() -> None:
    came = reply(
        "better-auth.two_factor=; Max-Age=0",
        "better-auth.trust_device=abc!def; Max-Age=2592000",
        body=b"{}",
    )
    trust = trust_in(came, "ada@example.com", NOW)
    assert trust is not None
    assert (trust.who, trust.cookie, trust.expires_at) == (
        "ada@example.com", "better-auth.trust_device=abc!def", NOW + 2592000,
    )  # fmt: skip
    assert "abc" not in repr(trust)
    assert (
        trust_in(reply("better-auth.trust_device=; Max-Age=0", body=b"{}"), "ada@example.com", NOW)
        is None
    )
