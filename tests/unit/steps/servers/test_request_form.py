"""What a request carries besides, or lacks, is said; a request as it should be is not."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from steps.servers import request_form

ORIGIN = "http://127.0.0.1:7001"
USUAL = {"user-agent": "refapp/0.2.0 (Debian GNU/Linux 12)", "accept": "application/json"}
JSON = {"content-type": "application/json"}
COOKIE = {"cookie": "better-auth.two_factor=a", "origin": ORIGIN}
BEARER = {"authorization": "Bearer a.b"}


def request(method: str, path: str, headers: dict[str, str], body: Any = None) -> httpx.Request:
    content = None if body is None else json.dumps(body).encode()
    return httpx.Request(method, f"{ORIGIN}{path}", headers=USUAL | headers, content=content)


def wrong(one: httpx.Request) -> list[str]:
    return request_form.amiss([one], whole=True)


REFRESH, CODE = "/api/auth/refresh", "/api/auth/two-factor/verify-totp"


@pytest.mark.parametrize(
    "one",
    [
        request("POST", REFRESH, JSON, {"refreshToken": "a"}),
        request("GET", "/api/auth/get-session", BEARER),
        request("POST", "/api/auth/sign-in/username", JSON, {"username": "a", "password": "b"}),
        request("POST", "/api/auth/sign-in/email", JSON | COOKIE, {"email": "a", "password": "b"}),
        request("POST", CODE, JSON | COOKIE, {"code": "1", "trustDevice": True}),
        request("PUT", "/app/notes", JSON | BEARER, {"notes": [], "since": 0}),
    ],
)
def test_as_it_should_be(one: httpx.Request) -> None:
    assert wrong(one) == []


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (request("POST", REFRESH, JSON | BEARER, {"refreshToken": "a"}), "it has a token"),
        (request("GET", "/api/auth/get-session", {}), "it lacks its token"),
        (request("GET", "/api/auth/get-session", BEARER, {}), "it has a body"),
        (request("POST", CODE, JSON, {"code": "1"}), "it lacks its cookie"),
        (request("POST", CODE, JSON | {"cookie": "a=b"}, {"code": "1"}), "where a request"),
        (request("POST", CODE, JSON | COOKIE, {"code": "1", "trustDevice": False}), "a trust"),
        (request("POST", REFRESH, JSON, {"refreshToken": "a", "more": 1}), "the field more"),
        (request("POST", REFRESH, JSON, {}), "lacks the field refreshToken"),
        (request("POST", REFRESH, {}, {"refreshToken": "a"}), "what its body is"),
        (request("POST", REFRESH, JSON | {"x-mine": "1"}, {"refreshToken": "a"}), "header x-mine"),
        (request("POST", REFRESH, JSON | {"accept": "*/*"}, {"refreshToken": "a"}), "takes JSON"),
        (request("POST", REFRESH, JSON | {"user-agent": "?"}, {"refreshToken": "a"}), "program"),
        (
            request("PUT", "/app/notes", JSON | BEARER, {"notes": [{"id": "1"}], "since": 0}),
            "other fields",
        ),
    ],
)
def test_what_is_wrong_with_it(one: httpx.Request, said: str) -> None:
    assert any(said in complaint for complaint in wrong(one)), wrong(one)


def test_how_often_the_server_is_to_trust_this_computer() -> None:
    codes = [
        request("POST", CODE, JSON | COOKIE, {"code": "1"}),
        request("POST", CODE, JSON | COOKIE, {"code": "2", "trustDevice": True}),
    ]
    assert request_form.trusting(codes) == 1


LINK = f"{ORIGIN}/sign-in?for=notes&client_id=electron&code_challenge=x&state=y"


@pytest.mark.parametrize(
    ("link", "said"),
    [
        (LINK, []),
        (f"{LINK}&redirect_uri=http%3A%2F%2F127.0.0.1%3A1%2F", []),
        (f"{ORIGIN}/device?user_code=ABCDEFGH", []),
        (f"{LINK}&redirect_uri=", ["redirect_uri"]),
        (f"{LINK}&state=z", ["state"]),
        (LINK.replace("client_id=electron&", ""), ["client_id"]),
    ],
)
def test_a_link_to_sign_in_at(link: str, said: list[str]) -> None:
    assert request_form.amiss_in([link]) == [f"the link: its {name} is not one" for name in said]


def sync(since: int, *notes: tuple[str, int], given: Any) -> tuple[httpx.Request, httpx.Response]:
    sent = [{"id": note, "revision": revision} for note, revision in notes]
    asked = request("PUT", "/app/notes", JSON | BEARER, {"notes": sent, "since": since})
    return asked, httpx.Response(200, json=given)


FIRST = sync(
    0, ("a", 0), given={"notes": [{"id": "b", "revision": 7}], "taken": {"a": 8}, "upTo": 8}
)


@pytest.mark.parametrize(
    ("then", "wrong"),
    [
        (sync(8, ("a", 8), ("b", 7), ("c", 0), given=None), 0),
        (sync(9, given=None), 1),
        (sync(8, ("a", 7), given=None), 1),
        (sync(8, ("c", 8), given=None), 1),
    ],
)
def test_revisions(then: tuple[httpx.Request, httpx.Response], wrong: int) -> None:
    revisions = request_form.Revisions()
    revisions.took(*FIRST)
    revisions.took(*then)
    named = "notes: it names a revision that the server has not given"
    assert revisions.unknown == [named] * wrong
