"""What other copies of the app do to the store that this one shares with them. Their scenarios are tagged @inproc."""

from __future__ import annotations

from pytest_bdd import given, parsers, when

from steps.phrases.inside_steps import Inside
from steps.scenario.people import PEOPLE


@when(parsers.parse("another copy signs out and this window asks for {key}"))
def _(inside: Inside, key: str) -> None:
    inside.driver.copy_signs_out_beside(key)


@given(parsers.parse("{who} has taken {whose} place in the other copy, while the keychain does not answer this one"))
def _(inside: Inside, who: str, whose: str) -> None:
    assert whose.removesuffix("'s") in PEOPLE
    inside.driver.copy_signs_in(PEOPLE[who])
    inside.driver.trouble_keychain("silent")
    inside.driver.pass_time(10)


@given("another copy of the app has renewed the tokens")
def _(inside: Inside) -> None:
    inside.driver.copy_renews()


@given("another copy of the app is busy with the stored session")
def _(inside: Inside) -> None:
    inside.driver.hold_lease()


@when(parsers.parse("{who} closes the window, and the other copy is done after {seconds:d} seconds"))
def _(inside: Inside, who: str, seconds: int) -> None:
    assert who in PEOPLE
    inside.driver.close_while_held(seconds)


@given("the app itself has made a call that was answered")
@when("the app itself makes a call that is answered")
def _(inside: Inside) -> None:
    inside.driver.call("GET", "/app/me")


@given("somebody has deleted the token file")
def _(inside: Inside) -> None:
    inside.driver.token_file().unlink()
