"""What people do: open the app, sign in and out, write notes, try again."""

from __future__ import annotations

from typing import cast

from pytest_bdd import given, parsers, then, when

from steps.scenario.driver import Driver
from steps.scenario.inside_driver import InsideDriver
from steps.scenario.people import PEOPLE

WRITES = r'(?P<who>\w+) (wrote|writes) the note "(?P<text>[^"]+)"'
PRESSES = r'(?P<who>\w+) (has pressed|presses) "(?P<button>[^"]+)"(?P<times> \d+ times)?'


@given("the app is open")
def _(driver: Driver) -> None:
    driver.open()


@given(parsers.parse("{who} is signed in"))
def _(driver: Driver, who: str) -> None:
    _sign_in(driver, who)


@given(parsers.parse("{who} was signed in when the app was closed"))
def _(driver: Driver, who: str) -> None:
    _sign_in(driver, who)
    pair = driver.tokens()
    driver.close()
    if pair is not None and pair.access != pair.refresh:
        # As in the morning. An app that does not renew at once then meets the refresh as well.
        driver.server.do("expire_access", email=PEOPLE[who].email)


@given(parsers.re(WRITES))
@when(parsers.re(WRITES))
def _(driver: Driver, who: str, text: str) -> None:
    assert who in PEOPLE
    driver.write_note(text)


@given(parsers.re(PRESSES))
@when(parsers.re(PRESSES))
def _(driver: Driver, who: str, button: str, times: str | None) -> None:
    assert who in PEOPLE
    for _ in range(int(times.split()[0]) if times else 1):
        driver.press(button)


@when(
    parsers.re(
        r"(?P<who>\w+) signs in with (an address of (?P<address>[\d,]+)|a password of "
        r"(?P<password>[\d,]+)) characters"
    )
)
def _(driver: Driver, who: str, address: str | None, password: str | None) -> None:
    driver.need("a form that is looked at before it is sent")
    person = PEOPLE[who]
    driver.type_credentials(_long(address, person.email), _long(password, person.password))


def _long(characters: str | None, usual: str) -> str:
    return usual if characters is None else "x" * int(characters.replace(",", ""))


@given("the app brings a server of its own along")
def _(driver: Driver) -> None:
    assert driver.name != "desktop", "this step needs the tag @inproc"
    cast("InsideDriver", driver).bring_server()


@given("the app was opened and closed again")
def _(driver: Driver) -> None:
    driver.open()
    driver.close()


@given(parsers.parse("another program of {whose} looks into the app from its first moment on"))
def _(driver: Driver, whose: str) -> None:
    assert whose.removesuffix("'s") in PEOPLE
    driver.look_into_the_app()


@then("that program sees no secret")
def _(driver: Driver) -> None:
    assert not driver.looker_sees_a_secret()


@when(parsers.parse("{who} closes the app"))
def _(driver: Driver, who: str) -> None:
    assert who in PEOPLE
    driver.close()


@given("the window was closed")
def _(driver: Driver) -> None:
    driver.close()


@when(parsers.parse("{who} opens the app"))
def _(driver: Driver, who: str) -> None:
    assert who in PEOPLE
    driver.open()


@given(parsers.parse("{who} wrote a note of {number} characters"))
def _(driver: Driver, who: str, number: str) -> None:
    assert who in PEOPLE
    driver.write_note("Engines weave. " * (int(number.replace(",", "")) // 15))


@when(parsers.parse("{who} signs in"))
def _(driver: Driver, who: str) -> None:
    person = PEOPLE[who]
    driver.add_account(person)
    driver.type_credentials(person.email, person.password)


@when(parsers.re(r"(?P<who>\w+) signs in without (?P<address>an address and )?a password"))
def _(driver: Driver, who: str, address: str | None) -> None:
    driver.need("a form that is looked at before it is sent")
    driver.type_credentials(" " if address else PEOPLE[who].email, "")


@when(parsers.parse('{who} signs in with the password "{password}"'))
def _(driver: Driver, who: str, password: str) -> None:
    driver.type_credentials(PEOPLE[who].email, password)


def _sign_in(driver: Driver, who: str) -> None:
    person = PEOPLE[who]
    driver.add_account(person)
    driver.open()
    driver.type_credentials(person.email, person.password)
    assert driver.tokens() is not None, f"{who} could not be signed in: {driver.situation()}"
