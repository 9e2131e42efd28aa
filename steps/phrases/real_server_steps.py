"""Real BetterAuth as the features speak of it:
which release, with which sessions, and what happens to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from pytest_bdd import given, parsers, when

from steps.scenario.browser_page import Deed
from steps.scenario.driver import Driver
from steps.scenario.people import PEOPLE

HOUR_S = 3600
KINDS: Mapping[str, tuple[str, ...]] = {
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
"""What the features call a server -> its options (tests/betterauth/README.md)."""


@given(parsers.re(rf"a real BetterAuth (?P<release>1\.[47]) server (?P<kind>{'|'.join(KINDS)})"))
def _(driver: Driver, release: str, kind: str) -> None:
    driver.choose_real(f"betterauth-{release}", *KINDS[kind])


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
