"""A person's other programs: signed in at the same server, each with a session of its own, which
can be ended or end others.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import pytest
from pytest_bdd import given, parsers, then, when

from steps.scenario.driver import Driver
from steps.scenario.inside_driver import InsideDriver
from steps.scenario.people import PEOPLE

AGENTS: Mapping[str, str] = {
    "Firefox on Windows": (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"
    ),
    "Edge on Windows": (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0"
    ),
    "Chrome on Android": (
        "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/141.0.0.0 Mobile Safari/537.36"
    ),
    "Safari on an iPhone": (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
        "(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
    ),
    "acme 2.1 on Debian 12": "acme/2.1 (Debian\x9b 12)",
}
"""What the features call a program -> how it names itself to the server."""


class OtherSessions:
    """The other programs that somebody is signed in with.
    ``tokens``: program -> the token of its session.
    """

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self.tokens: dict[str, str] = {}

    def sign_in(self, who: str, program: str) -> None:
        """Open a session with ``program``."""
        person = PEOPLE[who]
        self._driver.add_account(person)
        credentials = {"email": person.email, "password": person.password}
        opened = self._ask("POST", "/api/auth/sign-in/email", program, credentials)
        self.tokens[program] = str(opened["token"])
        self._driver.learn(self.tokens[program])

    def end_others(self, program: str) -> None:
        """``program`` signs out every other session of the same person."""
        self._ask("POST", "/api/auth/revoke-other-sessions", program, {})

    def use(self, program: str) -> None:
        """``program`` asks the server for something."""
        headers = {"authorization": f"Bearer {self.tokens[program]}"}
        assert self._driver.send("GET", "/api/auth/get-session", headers, b"")[0] == 200

    def is_good(self, program: str) -> bool:
        """Whether the server still knows the session of ``program``."""
        headers = {"authorization": f"Bearer {self.tokens[program]}"}
        status, body = self._driver.send(
            "GET", "/api/auth/get-session?disableRefresh=true", headers, b""
        )
        assert status == 200
        return body != b"null"

    def _ask(self, method: str, path: str, program: str, body: object) -> dict[str, object]:
        headers = {"user-agent": AGENTS[program], "content-type": "application/json"}
        if program in self.tokens:
            headers["authorization"] = f"Bearer {self.tokens[program]}"
        status, answer = self._driver.send(method, path, headers, json.dumps(body).encode())
        assert status == 200, answer
        found: dict[str, object] = json.loads(answer)
        return found


@pytest.fixture
def others(driver: Driver) -> OtherSessions:
    """Nobody is signed in anywhere else yet."""
    return OtherSessions(driver)


@given(parsers.parse("{who} is signed in with {program} too"))
def _(others: OtherSessions, who: str, program: str) -> None:
    others.sign_in(who, program)


@given(parsers.parse("{who} is signed in with {program} too, on {number:d} computers"))
def _(others: OtherSessions, who: str, program: str, number: int) -> None:
    for _ in range(number):
        others.sign_in(who, program)


@given(parsers.parse("{who} has been at work with {program}"))
def _(others: OtherSessions, who: str, program: str) -> None:
    assert who in PEOPLE
    others.use(program)


@given(parsers.parse("{who} has signed this computer out from {program}"))
def _(others: OtherSessions, who: str, program: str) -> None:
    assert who in PEOPLE
    others.end_others(program)


@when(parsers.parse('{who} signs out "{device}"'))
def _(driver: Driver, who: str, device: str) -> None:
    assert who in PEOPLE
    driver.sign_out_one(device)


@when("the window asks to sign this app out from the list")
def _(driver: Driver) -> None:
    cast("InsideDriver", driver).sign_out_own()


@then(parsers.re(r"(?P<who>\w+) is (?P<still>still|no longer) signed in with (?P<program>.+)"))
def _(others: OtherSessions, who: str, still: str, program: str) -> None:
    assert who in PEOPLE
    assert others.is_good(program) == (still == "still")


@then("the list names this app, its version and this system")
def _(driver: Driver) -> None:
    from refapp import __version__

    release = Path("/etc/os-release").read_text().replace('"', "")
    system = dict(line.split("=", 1) for line in release.splitlines() if "=" in line)
    assert driver.says(
        f"refapp {__version__} on {system['NAME']} {system.get('VERSION_ID', '')}".strip()
    )
