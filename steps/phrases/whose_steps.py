"""Several people, copies of the app and servers on one computer: who did what, and whose things went where. Tagged @inproc."""

from __future__ import annotations

from pytest_bdd import given, parsers, then

from steps.phrases.inside_steps import Inside
from steps.scenario.driver import Driver
from steps.scenario.people import PEOPLE

ASKING = r"the app itself is asking the server who is signed in(?P<jwt>, with a JWT)?"
CHANGES = r'(?P<who>\w+) (changed|changes) the note to "(?P<text>[^"]+)"(?P<there> in the other copy)?'


@given(parsers.parse("{who} has signed in"))
def _(driver: Driver, who: str) -> None:
    person = PEOPLE[who]
    driver.add_account(person)
    driver.type_credentials(person.email, person.password)


@given(parsers.parse("{who} has signed in in the other copy"))
def _(inside: Inside, who: str) -> None:
    inside.driver.copy_signs_in(PEOPLE[who])


@given(parsers.re(CHANGES))
def _(inside: Inside, who: str, text: str, there: str | None) -> None:
    assert who in PEOPLE
    (inside.driver.copy_changes_note if there else inside.driver.change_note)(text)


@given(parsers.re(ASKING))
def _(inside: Inside, jwt: str | None) -> None:
    inside.driver.start_call("GET", "/app/jwt-me" if jwt else "/app/me", jwt=jwt is not None)


@then(parsers.parse('that call failed with "{sentence}"'))
def _(inside: Inside, sentence: str) -> None:
    assert inside.driver.call_came_to() == sentence


@then(parsers.re(r'(?P<text>"[^"]+") went to no server with (?P<who>\w+)\'s token'))
def _(inside: Inside, text: str, who: str) -> None:
    assert PEOPLE[who].email not in inside.driver.sent_as(text.strip('"'))


@then(parsers.re(r"(?P<who>\w+)'s account holds (no note|the notes? (?P<texts>.+))"))
def _(inside: Inside, who: str, texts: str | None) -> None:
    wanted = [text.strip('"') for text in texts.split(" and ")] if texts else []
    assert sorted(inside.driver.notes_of(PEOPLE[who])) == sorted(wanted)
