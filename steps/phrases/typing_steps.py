"""What a person types, what ends it, and up to when it is kept."""

from __future__ import annotations

import re
from typing import get_args

from pytest_bdd import given, parsers, then, when

from steps.phrases.inside_steps import Inside
from steps.scenario.driver import Driver
from steps.scenario.people import PEOPLE
from steps.scenario.writing import End

ENDS = "|".join(get_args(End))
WORDS = [f"word{number} " for number in range(50)]
EVERY_S = 0.1


@when(
    parsers.re(rf'(?P<who>\w+) types "(?P<text>[^"]+)" and at once (?P<end>{ENDS})'),
    target_fixture="ended",
)
def _(driver: Driver, who: str, text: str, end: End) -> tuple[int, str]:
    assert who in PEOPLE
    driver.need("typing")
    return driver.type_and_end(text, end)


@when(
    parsers.re(
        r"(?P<end>the computer is shut down|the display goes away)"
        r"|the app runs into a fault of its own"
    ),
    target_fixture="ended",
)
def _(inside: Inside, end: End | None) -> tuple[int, str]:
    if end is None:
        return inside.driver.fail()
    return inside.driver.type_and_end("", end)


@given(parsers.re(r'(?P<who>\w+) types "(?P<text>[^"]+)"'))
def _(inside: Inside, who: str, text: str) -> None:
    assert who in PEOPLE
    inside.driver.need("typing")
    inside.driver.type(text)


@given(
    parsers.re(
        r'(?P<who>\w+) types "(?P<text>[^"]+)", and goes on with "(?P<more>[^"]+)" '
        r"while that is saved"
    )
)
def _(inside: Inside, who: str, text: str, more: str) -> None:
    assert who in PEOPLE
    inside.driver.need("typing")
    inside.driver.type_on(more)
    inside.driver.type(text)


@given(parsers.re(r'(?P<who>\w+) takes back "(?P<text>[^"]+)"'))
def _(inside: Inside, who: str, text: str) -> None:
    assert who in PEOPLE
    inside.driver.need("typing")
    inside.driver.take_back(text)


@given("the window asks for a sign-out when it is told to leave")
def _(inside: Inside) -> None:
    inside.driver.need("typing")
    inside.driver.wish_at_the_end()


@given("the window says how it is when it is told to leave")
def _(inside: Inside) -> None:
    inside.driver.need("a window that is remembered")
    inside.driver.tell_place_at_the_end()


@given("Ada types a word every tenth of a second, for five seconds")
def _(inside: Inside) -> None:
    inside.driver.need("typing")
    for word in WORDS:
        inside.driver.type(word)
        inside.driver.pass_time(EVERY_S)


@then("all but the last second of it is on the disk")
def _(inside: Inside) -> None:
    kept = "".join(path.read_text() for path in (inside.driver.folder / "notes").rglob("*.json"))
    assert "".join(WORDS[: -round(1 / EVERY_S)]) in kept


TWO_NOTES = (
    r'(?P<who>\w+) types "(?P<first>[^"]+)", and (begins another note'
    r'|"(?P<second>[^"]+)" into another note) at once(?P<crashes>, and the window crashes)?'
)


@given(parsers.re(TWO_NOTES))
@when(parsers.re(TWO_NOTES))
def _(inside: Inside, who: str, first: str, second: str | None, crashes: str | None) -> None:
    assert who in PEOPLE
    inside.driver.need("typing")
    inside.driver.type(first)
    inside.driver.begin_another_note()
    inside.driver.type(second or "")
    if crashes:
        inside.driver.misbehave("crashes")
    inside.driver.pass_time(1)


@given(parsers.re(r'(?P<who>\w+) signs in and goes on with "(?P<text>[^"]+)"'))
def _(inside: Inside, who: str, text: str) -> None:
    person = PEOPLE[who]
    inside.driver.add_account(person)
    inside.driver.type_credentials(person.email, person.password)
    inside.driver.type(text)


@given("the window hangs")
def _(inside: Inside) -> None:
    inside.driver.hang()


@given("the app is killed")
def _(inside: Inside) -> None:
    inside.driver.need("typing")
    inside.driver.kill()


@then(
    parsers.re(
        "the app ends and says up to when the note is kept(?P<rest>, and that the rest "
        "could not be saved)?"
    )
)
def _(ended: tuple[int, str], rest: str | None) -> None:
    code, said = ended
    assert code != 0
    assert re.search(r"What was typed is kept up to \d\d:\d\d:\d\d\.", said), said
    assert ("What was typed after that could not be saved: " in said) == (rest is not None), said


@then("the app ends without a word")
def _(ended: tuple[int, str]) -> None:
    assert ended == (0, "")
