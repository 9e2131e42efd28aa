"""What answers in the device flow mean; none has no meaning."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, strategies as st

from refapp.trusted.network.no_answer import Cause, NoAnswer
from refapp.trusted.server.device_answers import (
    LONGEST_INTERVAL_S,
    LONGEST_LIFE_S,
    SHORTEST_INTERVAL_S,
    USUAL_INTERVAL_S,
    Granted,
    Poll,
    judge_codes,
    judge_poll,
)
from refapp.trusted.server.verdict import (
    Fault,
    NoSuchEndpoint,
    NotTheServer,
    Refused,
    Reply,
    Throttled,
    Unreachable,
)
from refapp.trusted.storage.secret import DeviceGrant

NOW = 1_900_000_000.0
CODES = {
    "device_code": "d" * 40,
    "user_code": "WDJBMJHT",
    "verification_uri": "https://auth.example.com/device",
    "verification_uri_complete": "https://auth.example.com/device?user_code=WDJBMJHT",
    "expires_in": 1800,
    "interval": 5,
}


SLOW = NoAnswer(Cause.TIMED_OUT_ANSWERING)


def answer(status: int, body: object = b"", **headers: str) -> Reply:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, {"content-type": "application/json", **named}, raw)


def test_codes_are_taken_as_they_come() -> None:
    link = "https://auth.example.com/device?user_code=WDJBMJHT"
    assert judge_codes(answer(200, CODES), NOW) == DeviceGrant(
        "d" * 40, "WDJBMJHT", link, 5.0, NOW + 1800
    )


@pytest.mark.parametrize(
    ("changed", "interval", "life"),
    [
        ({"interval": 0}, SHORTEST_INTERVAL_S, 1800),
        ({"interval": 10**9}, LONGEST_INTERVAL_S, 1800),
        ({"expires_in": 10**9}, 5.0, LONGEST_LIFE_S),
        ({"expires_in": -1}, 5.0, 0),
    ],
)
def test_a_server_can_make_the_app_neither_hurry_nor_wait_for_ever(
    changed: dict[str, int], interval: float, life: float
) -> None:
    grant = judge_codes(answer(200, {**CODES, **changed}), NOW)
    assert isinstance(grant, DeviceGrant)
    assert (grant.interval_s, grant.expires_at) == (interval, NOW + life)


def test_what_the_rfc_leaves_out_has_its_usual_value() -> None:
    short = {
        name: value
        for name, value in CODES.items()
        if name not in ("interval", "verification_uri_complete")
    }
    grant = judge_codes(answer(200, short), NOW)
    assert isinstance(grant, DeviceGrant)
    assert (grant.interval_s, grant.link) == (USUAL_INTERVAL_S, "https://auth.example.com/device")


@pytest.mark.parametrize(
    "changed",
    [
        {"verification_uri_complete": "javascript:alert(1)"},
        {"verification_uri_complete": "file:///etc/passwd"},
        {"verification_uri_complete": "https://x.test/\nHost: y"},
        {"verification_uri_complete": "/device"},
        {"user_code": ""},
        {"user_code": "x" * 41},
        {"user_code": "a\x00b"},
        {"device_code": ""},
        {"expires_in": "soon"},
    ],
)
def test_codes_that_can_t_be_shown_or_opened_are_not_the_server_s(
    changed: dict[str, object],
) -> None:
    assert isinstance(judge_codes(answer(200, {**CODES, **changed}), NOW), NotTheServer)


def test_a_server_without_the_plugin_has_no_such_endpoint() -> None:
    assert judge_codes(Reply(404, {}, b""), NOW) == NoSuchEndpoint()
    assert judge_codes(answer(404), NOW) == NoSuchEndpoint()


def test_a_server_that_does_not_know_the_app_refuses() -> None:
    assert isinstance(judge_codes(answer(400, {"error": "invalid_client"}), NOW), Refused)
    assert isinstance(judge_poll(answer(400, {"error": "invalid_client"}), NOW), Refused)


@pytest.mark.parametrize("poll", Poll)
def test_every_word_of_the_rfc_is_known(poll: Poll) -> None:
    assert judge_poll(answer(400, {"error": poll.value, "error_description": "…"}), NOW) is poll


def test_a_grant_is_kept_in_the_form_that_the_server_wants_back() -> None:
    body = {"access_token": "raw", "token_type": "Bearer", "expires_in": 604799, "scope": ""}
    assert judge_poll(answer(200, body), NOW) == Granted("raw", None)
    signed = answer(200, body, set_auth_token="raw.sig=", set_refresh_token="r")
    assert judge_poll(signed, NOW) == Granted("raw.sig=", "r")


@pytest.mark.parametrize(
    ("came", "meaning"),
    [
        (SLOW, Unreachable(SLOW)),
        (answer(503), Fault(503)),
        (answer(429, x_retry_after="7"), Throttled(7)),
        (answer(200, {"access_token": ""}), NotTheServer(NoAnswer(Cause.OTHER_API, said="200"))),
        (answer(200, b"<html>"), NotTheServer(NoAnswer(Cause.WEB_PAGE, said="200"))),
        (
            Reply(302, {"location": "http://portal.test/"}, b""),
            NotTheServer(NoAnswer(Cause.REDIRECT, said="http://portal.test/")),
        ),
    ],
)
def test_the_rest_is_judged_as_every_answer_is(came: Reply | NoAnswer, meaning: object) -> None:
    assert judge_poll(came, NOW) == meaning


@given(st.integers(100, 599), st.binary(max_size=80))
def test_no_answer_has_no_meaning(status: int, body: bytes) -> None:
    judge_codes(answer(status, body), NOW)
    judge_poll(answer(status, body), NOW)
