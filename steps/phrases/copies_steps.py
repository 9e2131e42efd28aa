"""What other copies of the app do to the store that this one shares with them, and what months do
to either: the computer sleeps, the app is stopped, locks go away, a trace grows. Their scenarios
are tagged @inproc.
"""

from __future__ import annotations

from pytest_bdd import given, parsers, then, when

from steps.phrases.inside_steps import Inside
from steps.phrases.world_steps import SECONDS
from steps.scenario.driver import Driver
from steps.scenario.people import PEOPLE

MIB = 2**20
CLOSES = (
    r"(?P<who>\w+) (has closed the window, and the server has answered|closes the window, and the "
    r"server answers) after (?P<seconds>\d+) seconds?"
)


@when(parsers.parse("another copy signs out and this window asks for {key}"))
def _(inside: Inside, key: str) -> None:
    inside.driver.copy_signs_out_beside(key)


@given(
    parsers.parse(
        "{who} has taken {whose} place in the other copy, while the keychain does "
        "not answer this one"
    )
)
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


@when(
    parsers.re(
        r"((?P<who>\w+) closes the window, and )?the other copy is done after "
        r"(?P<seconds>\d+) seconds"
    )
)
def _(inside: Inside, who: str | None, seconds: str) -> None:
    assert who is None or who in PEOPLE
    inside.driver.hold_on(float(seconds), closing=who is not None)


@given(parsers.re(CLOSES))
@when(parsers.re(CLOSES))
def _(inside: Inside, who: str, seconds: str) -> None:
    assert who in PEOPLE
    inside.driver.close_before_the_answer(float(seconds))


@given("the app itself has made a call that was answered")
@when("the app itself makes a call that is answered")
def _(inside: Inside) -> None:
    inside.driver.call("GET", "/app/me")


@given("somebody has deleted the token file")
def _(driver: Driver) -> None:
    driver.need("token file")
    driver.delete_tokens()


@given(parsers.parse('{who} has pressed "{button}" in the other copy'))
def _(inside: Inside, who: str, button: str) -> None:
    assert who in PEOPLE
    inside.driver.press_in_copy(button)


@then(parsers.parse("the other copy shows {what}"))
def _(inside: Inside, what: str) -> None:
    assert inside.driver.situation_of_copy() == what


@given(parsers.parse("the computer has slept for {number:d} {unit}s"))
def _(inside: Inside, number: int, unit: str) -> None:
    inside.driver.sleep(number * SECONDS[unit])


@when(
    parsers.parse(
        "the app goes on after {seconds:d} seconds in which it was stopped, and finds "
        "the server's answer"
    )
)
def _(inside: Inside, seconds: int) -> None:
    inside.driver.go_on_after(seconds)


@when(parsers.re(r"the server answers, and (?P<seconds>\d+) seconds? pass(es)?"))
def _(inside: Inside, seconds: str) -> None:
    inside.driver.server.do("release")
    inside.driver.pass_time(float(seconds))


@given("somebody has deleted the lock file")
def _(inside: Inside) -> None:
    inside.driver.delete_lock()


@given("somebody deletes the lock file and makes it anew, just when the app is to lock it")
def _(inside: Inside) -> None:
    inside.driver.replace_lock()


@given(parsers.re(r"the file system (?P<lacks>has no locks|can't confirm what it has)"))
def _(inside: Inside, lacks: str) -> None:
    inside.driver.lack("locks" if lacks == "has no locks" else "confirmations")


@given(parsers.parse("the app's trace has grown to {mib:d} MiB"))
def _(inside: Inside, mib: int) -> None:
    inside.driver.begin_trace(mib)


@then(parsers.parse("the trace goes on in a new file, and one earlier file of {mib:d} MiB is kept"))
def _(inside: Inside, mib: int) -> None:
    current, earlier = inside.driver.traces()
    assert current < MIB
    assert mib * MIB <= earlier < (mib + 1) * MIB
