"""The world around the app: the server (real BetterAuth too), the network, the disk, and time."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import cast, get_args

from pytest_bdd import given, parsers, when

from steps.scenario.browser_page import Deed
from steps.scenario.driver import DiskTrouble, Driver, Outage, ServerMode
from steps.scenario.inside_driver import InsideDriver
from steps.scenario.people import PEOPLE

PATHS = {
    "sign-in": "/api/auth/sign-in",
    "second factor": "/api/auth/two-factor/verify-",
    "code by e-mail": "/api/auth/two-factor/send-otp",
    "confirmation by e-mail": "/api/auth/send-verification-email",
    "session check": "/api/auth/get-session",
    "refresh": "/api/auth/refresh",
    "sign-out": "/api/auth/sign-out",
    "notes": "/app/notes",
    "summary": "/app/summarise",
    "list of sessions": "/api/auth/list-sessions",
    "end of a session": "/api/auth/revoke-session",
    "end of all others": "/api/auth/revoke-other-sessions",
    "JWT": "/api/auth/token",
    "who am I": "/app/jwt-me",
    "browser flow check": "/api/auth/electron/token",
    "code exchange": "/api/auth/electron/token",
    "device codes": "/api/auth/device/code",
    "device check": "/api/auth/device/token",
}
"""What the features call the server's endpoints."""

SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}
PASSES = r"(?P<number>[\w.]+) (?P<unit>second|minute|hour|day|week)s? (pass(es)?|(have|has) passed)"
NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2}

SERVERS: Mapping[str, tuple[ServerMode, Mapping[str, float]]] = {
    "with sliding sessions": ("sliding", {}),
    "with sliding sessions of an hour": (
        "sliding",
        {"expires_in_s": 3600.0, "update_age_s": 600.0},
    ),
    "with sessions of an hour that nothing extends": (
        "sliding",
        {"expires_in_s": 3600.0, "update_age_s": 7200.0},
    ),
    "that wants a sign-in of the last hour for the list": ("sliding", {"fresh_age_s": 3600.0}),
    "with refresh tokens": ("rotating", {}),
    "whose access tokens live for 30 seconds": ("rotating", {"expires_in_s": 30.0}),
    "whose access tokens live for 100 seconds": ("rotating", {"expires_in_s": 100.0}),
    "that takes a used refresh token for another minute": ("rotating", {"reuse_window_s": 60.0}),
    "that sends codes by e-mail": ("rotating", {"mails": 1}),
    "that opens a session before the second factor": ("rotating", {"mails": 1, "session_first": 1}),
    "that lets any program sign in with a code": ("rotating", {"any_client": 1}),
    "that takes signed tokens alone": ("sliding", {"require_signature": 1}),
    "that hands out JWTs": ("rotating", {"jwt_expires_in_s": 900.0}),
    "that hands out JWTs with sliding sessions": ("sliding", {"jwt_expires_in_s": 900.0}),
    "that hands out JWTs of a minute": ("rotating", {"jwt_expires_in_s": 60.0}),
}
"""What the features call a server -> its mode and its settings."""

HOUR_S = 3600
REAL_SERVERS: Mapping[str, tuple[str, ...]] = {
    "with stock sessions": (),
    "with refresh tokens": ("--mode=rotating",),
    "whose session token is its refresh token": ("--mode=single",),
    "that takes signed tokens alone": ("--require-signature",),
    "with sessions of an hour": (f"--expires-in={HOUR_S}", f"--update-age={2 * HOUR_S}"),
    "with its rate limits on": ("--rate-limit",),
    "with a second factor": ("--mode=rotating", "--with=two-factor"),
    "with more ways in than a password": (
        "--mode=rotating",
        "--with=generic-oauth",
        "--with=passkey",
        "--with=two-factor",
    ),
}
"""What the features call a real server -> its options (tests/betterauth/README.md)."""

NETWORK: Mapping[str, Outage | None] = {
    "can't be reached": "unreachable",
    "can't be found": "unknown name",
    "can't be looked up": "no name service",
    "can't prove who it is": "untrusted",
    "does not answer": "silent",
    "does not end its answer": "half an answer",
    "can be reached again": None,
}

NESTED = '{"a":' + "[" * 100_000
"""Brackets without end."""
HAPPENS: Mapping[str, Callable[[Driver, str], int | None]] = {
    "fails": lambda driver, path: driver.server.do("fail_next", path=path, status=503),
    "is forbidden": lambda driver, path: driver.server.do(
        "answer_next",
        path=path,
        status=403,
        content_type="application/json",
        body=json.dumps({"message": "Not allowed", "code": "FORBIDDEN"}),
    ),
    "is answered with nothing": lambda driver, path: driver.server.do(
        "answer_next", path=path, status=200, content_type="application/json", body="null"
    ),
    "is answered in brackets without end": lambda driver, path: driver.server.do(
        "answer_next",
        path=path,
        status=200,
        content_type="application/json",
        body=NESTED,
    ),
    "is answered with half a pair": lambda driver, path: driver.server.do(
        "answer_next",
        path=path,
        status=200,
        content_type="application/json",
        body='{"accessToken":"half"}',
    ),
    "is answered by a captive portal": lambda driver, path: driver.server.do(
        "go_captive", path=path
    ),
    "leads to another server": lambda driver, path: driver.server.do(
        "answer_next", path=path, status=302, location="http://127.0.0.1:9/elsewhere?code=1234"
    ),
    "is not answered yet": lambda driver, path: driver.server.do("hold_next", path=path),
    "is refused, but not yet": lambda driver, path: driver.server.do(
        "hold_failure", path=path, status=401
    ),
    "fails, but not yet": lambda driver, path: driver.server.do(
        "hold_failure", path=path, status=503
    ),
    "is carried out and its answer is lost": lambda driver, path: driver.server.do(
        "lose_next_answer", path=path
    ),
    "is asked to wait 30 seconds": lambda driver, path: driver.server.do(
        "throttle_next", path=path, after_s=30
    ),
    "is not offered": lambda driver, path: driver.server.do(
        "answer_next", path=path, status=404, content_type="application/json"
    ),
    "is too large for the server": lambda driver, path: driver.server.do(
        "fail_next", path=path, status=413
    ),
    "is broken off in the app": lambda driver, path: cast("InsideDriver", driver).break_off(path),
    "is not authorised": lambda driver, path: driver.server.do("fail_next", path=path, status=401),
}


@given(parsers.re(rf"a server (?P<kind>{'|'.join(SERVERS)})$"))
def _(driver: Driver, kind: str) -> None:
    mode, settings = SERVERS[kind]
    driver.choose_server(mode, **settings)


@given("a real BetterAuth server")
def _(driver: Driver) -> None:
    driver.choose_server("real BetterAuth")


@given(
    parsers.re(rf"a real BetterAuth (?P<release>1\.[47]) server (?P<kind>{'|'.join(REAL_SERVERS)})")
)
def _(driver: Driver, release: str, kind: str) -> None:
    driver.choose_real(f"betterauth-{release}", *REAL_SERVERS[kind])


@when(parsers.re(rf"(?P<who>\w+) (?P<deed>{'|'.join(get_args(Deed))}) in the browser"))
def _(driver: Driver, who: str, deed: Deed) -> None:
    driver.on_pages(PEOPLE[who], deed)


@given(parsers.parse("{who}'s session has run out by itself"))
def _(driver: Driver, who: str) -> None:
    driver.server.do("pass_time", seconds=HOUR_S + 1)
    assert driver.server.do("live_sessions", email=PEOPLE[who].email) == 0


@given(parsers.parse("somebody has guessed {who}'s password three times"))
def _(driver: Driver, who: str) -> None:
    body = f'{{"email":"{PEOPLE[who].email}","password":"a guess"}}'.encode()
    for _ in range(3):
        status, _answer = driver.send(
            "POST",
            "/api/auth/sign-in/email",
            {"content-type": "application/json", "user-agent": "guesser"},
            body,
        )
        assert status == 401


@given("the server's session store is broken")
def _(driver: Driver) -> None:
    driver.server.do("break_store", broken=True)


@when(parsers.parse('{who} signs in as "{name}"'))
def _(driver: Driver, who: str, name: str) -> None:
    driver.type_credentials(name, PEOPLE[who].password)


@given(parsers.re(rf"the server (?P<state>{'|'.join(NETWORK)})"))
def _(driver: Driver, state: str) -> None:
    driver.cut_off(NETWORK[state])


@given(parsers.parse("the server has ended {who}'s session"))
def _(driver: Driver, who: str) -> None:
    driver.server.do("revoke_all", email=PEOPLE[who].email)


@given(parsers.parse("{who}'s access token has run out"))
def _(driver: Driver, who: str) -> None:
    driver.server.do("expire_access", email=PEOPLE[who].email)


@given(
    parsers.re(
        rf'the next "(?P<call>{"|".join(PATHS)})" request '
        rf"(?P<happens>{'|'.join(HAPPENS)})(?P<often>, twice|, \d+ times)?"
    )
)
def _(driver: Driver, call: str, happens: str, often: str | None) -> None:
    times = 2 if often == ", twice" else int(often.split()[1]) if often else 1
    for _ in range(times):
        HAPPENS[happens](driver, PATHS[call])


@given("the server has answered")
@when("the server answers")
def _(driver: Driver) -> None:
    driver.server.do("release")
    driver.rest()


@given(
    parsers.re(
        r"the disk (is (?P<trouble>full|read-only|unable to (delete the tokens|write the profile"
        r"|confirm a change))|works again)"
    )
)
def _(driver: Driver, trouble: DiskTrouble | None) -> None:
    driver.trouble_disk(trouble)


@given(parsers.re(PASSES))
@when(parsers.re(PASSES))
def _(driver: Driver, number: str, unit: str) -> None:
    driver.pass_time(seconds(number, unit))


def seconds(number: str, unit: str) -> float:
    """How long "20 minutes" or "a week" is."""
    return (NUMBERS.get(number) or float(number)) * SECONDS[unit]
