"""Signing in outside the window:
what a person does in the browser, and what the app and its port make of it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

from pytest_bdd import given, parsers, then, when

from steps.phrases.inside_steps import own
from steps.scenario.browser_page import Decision, FromPage
from steps.scenario.driver import Driver
from steps.scenario.ledger import Ledger
from steps.scenario.people import PEOPLE

S256_LENGTH = 43
"""Characters of 256 bits in base64url, without padding."""
DECISIONS: Mapping[str, Decision] = {"allows": "allows", "denies": "denies"}


@given(parsers.parse("a server whose sign-in codes are good for {seconds:d} seconds"))
def _(driver: Driver, seconds: int) -> None:
    driver.choose_server("rotating", device_expires_in_s=float(seconds))


@given(parsers.parse('the page to sign in at is "{page}"'))
def _(driver: Driver, page: str) -> None:
    own(driver, "a page to sign in at that is named at the start").sign_in_at(page)


@given(parsers.re(r"the browser can't be opened(?P<late>, and says so only after 3 seconds)?$"))
@given(parsers.re("the browser (?P<late>stays open)$"))
def _(driver: Driver, late: str | None) -> None:
    if late is None:
        driver.break_browser()
    elif late == "stays open":
        own(driver, "a browser").keep_browser()
    else:
        own(driver, "a browser").break_browser(3.0)


@given(parsers.re(r"(no port is free|(?P<late>a port is free only after a second))$"))
def _(driver: Driver, late: str | None) -> None:
    if late is None:
        driver.block_ports()
    else:
        own(driver, "a browser").delay_ports()


@given("the browser uses IPv6 for this computer's own addresses too")
def _(driver: Driver) -> None:
    own(driver, "a browser").use_ipv6()


@given(parsers.parse("{who}'s sign-in is under way"))
def _(driver: Driver, who: str) -> None:
    driver.type_credentials(PEOPLE[who].email, PEOPLE[who].password)


@given(parsers.re(r"(?P<who>\w+) has allowed it in the browser"))
@when(parsers.re(r"(?P<who>\w+) (?P<decision>allows|denies) it in the browser"))
def _(driver: Driver, who: str, decision: str = "allows") -> None:
    driver.add_account(PEOPLE[who])
    driver.in_browser(PEOPLE[who], DECISIONS[decision])


@when(
    parsers.re(
        r"(?P<who>\w+) pastes (?P<what>the (bare )?code of the page|the address that the "
        r"browser could not open)"
    )
)
def _(driver: Driver, who: str, what: FromPage) -> None:
    driver.paste_from_page(PEOPLE[who], what)


@when(parsers.parse("{who} pastes a text of {characters} characters"))
def _(driver: Driver, who: str, characters: str) -> None:
    assert who in PEOPLE
    driver.paste("x" * int(characters.replace(",", "")))


@when(parsers.parse('{who} pastes "{text}"'))
def _(driver: Driver, who: str, text: str) -> None:
    assert who in PEOPLE
    driver.paste(text)


@when(
    parsers.re(
        r"another page sends the browser back with (?P<what>a wrong state|a wrong path|another "
        r"host's name|two hosts' names|no code|a code and a no|two states|another method)"
    )
)
def _(driver: Driver, what: str) -> None:
    driver.knock(what)


@then(parsers.parse("{who}'s link was opened in the browser"))
def _(driver: Driver, who: str) -> None:
    assert who in PEOPLE
    assert driver.opened_links()[-1:] == [driver.link()]


@then("the link stands in the terminal too")
def _(driver: Driver) -> None:
    said = driver.terminal()
    assert said is None or driver.link() in said.splitlines(), said


@then("the link leads to the server, with a challenge of the S256 kind and a state")
def _(driver: Driver) -> None:
    link = urlsplit(driver.link())
    asked = {name: values[0] for name, values in parse_qs(link.query).items()}
    assert f"{link.scheme}://{link.netloc}" == driver.origin()
    assert len(asked["code_challenge"]) == len(asked["state"]) == S256_LENGTH
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/callback", asked["redirect_uri"])


@then(parsers.parse('the link begins with "{text}"'))
def _(driver: Driver, text: str) -> None:
    assert driver.link().startswith(text), driver.link()


@then(parsers.re(r"(?P<who>nobody|the app still) waits for the browser( any more)?"))
def _(driver: Driver, who: str) -> None:
    assert driver.knock("no code") == (None if who == "nobody" else 400)


@then("nothing of the sign-in is left on the disk")
def _(driver: Driver, ledger: Ledger) -> None:
    assert ledger.stored_before is None or ledger.before is None
    assert driver.stored() is None
    assert not driver.token_file().exists()


@then("the code of the sign-in is sealed on the disk, and no token with it")
def _(driver: Driver) -> None:
    assert list(json.loads(driver.token_file().read_text())["sealed"]) == ["deviceGrant"]


@then("the code of the sign-in can be read")
def _(driver: Driver) -> None:
    [code] = parse_qs(urlsplit(driver.link()).query)["user_code"]
    assert driver.says(code)


@then("the code of the sign-in is not on the disk any more")
def _(driver: Driver) -> None:
    assert "deviceGrant" not in driver.token_file().read_text()
