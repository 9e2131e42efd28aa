"""Steps that need to be inside: what no real desktop can do. Their scenarios are tagged @inproc.

The window's own words (the channel), several copies of the app on one computer, and the app's calls
on its own behalf.
"""

from __future__ import annotations

import dataclasses
import json
import re
from typing import cast

import pytest
from pytest_bdd import given, parsers, then, when

from steps.kit.not_offered import not_offered
from steps.phrases.world_steps import NESTED, PATHS
from steps.scenario.driver import Driver
from steps.scenario.inside_driver import InsideDriver
from steps.scenario.people import PEOPLE

ASKS = (
    r"stores \"(?P<value>[^\"]+)\" as (?P<stored>\w+)"
    r"|asks for (?P<asked>\w+)"
    r"|deletes (?P<deleted>\w+)"
    r"|(?P<plain>clears the storage|asks (whether storage is available|to restore the session"
    r"|to keep the session in memory alone|to have the message sent again"
    r"|to have a code sent by e-mail|to try again|to have the link opened))"
)
TYPES: dict[str, dict[str, str]] = {
    "json": {"content-type": "application/json"},
    "JSON": {"content-type": "Application/JSON;Charset=UTF-8"},
    "html": {"content-type": "text/html; charset=utf-8"},
    "plain": {"content-type": "text/plain; charset=utf-8"},
    "none": {},
}
BODIES = {"nothing": b"", "brackets without end": NESTED.encode()}
"""What the features say of a body that can't stand in them."""
HALF_A_LETTER = "\ufffd"
"""What the features write for a byte that is none of a letter's."""
RETURN = "\u240d"
"""The same for what Windows ends a line with before its newline."""
LONG = re.compile(r"([\d,]+) characters")
"""The same for so many of them in a body."""
PLAIN = {
    "clears the storage": "storage_clear",
    "asks whether storage is available": "storage_is_available",
    "asks to restore the session": "initialize",
    "asks to keep the session in memory alone": "keep_in_memory",
    "asks to have the message sent again": "sign_in_send_verification",
    "asks to have a code sent by e-mail": "sign_in_send_code",
    "asks to try again": "try_again",
    "asks to have the link opened": "sign_in_open_link",
}

CLOCK = {"a day ahead": 86400.0, "two hours ahead": 7200.0, "right again": 0.0}
"""What the features call a clock -> seconds ahead of the server's."""


@dataclasses.dataclass
class Inside:
    """The driver, and what the scenario remembers of the channel."""

    driver: InsideDriver
    handles: dict[str, str] = dataclasses.field(default_factory=dict)
    outcome: str = ""


def own(driver: Driver, what: str) -> InsideDriver:
    """Only for scenarios that are tagged @inproc, and for apps that have ``what``."""
    if driver.name == "sut":
        not_offered(what)
    assert driver.name == "inproc", "this step needs the tag @inproc"
    return cast("InsideDriver", driver)


@pytest.fixture
def inside(driver: Driver) -> Inside:
    """Only for scenarios that are tagged @inproc."""
    assert driver.name != "desktop", "this step needs the tag @inproc"
    return Inside(cast("InsideDriver", driver))


@given(parsers.parse('the window has stored "{value}" as {key}'))
def _(inside: Inside, value: str, key: str) -> None:
    inside.driver.say("storage_set", key=key, value=value)
    inside.driver.say("storage_get", key=key)
    inside.handles[value] = inside.driver.answer().data


@given(
    parsers.re(
        r"the answer to (the|each of the) next (?:(?P<times>\d+) "
        rf')?"(?P<call>{"|".join(PATHS)})" requests? is'
        rf" (?P<status>\d{{3}}) (?P<kind>{'|'.join(TYPES)}) "
        r"(?P<header>-|[\w-]+: (?:\x22[^\x22]+\x22|\S+)) (?P<body>.+)"
    )
)
def _(
    inside: Inside, times: str | None, call: str, status: str, kind: str, header: str, body: str
) -> None:
    name, _, value = header.partition(": ")
    body = LONG.sub(lambda long: "x" * int(long[1].replace(",", "")), body)
    for _time in range(int(times or 1)):
        inside.driver.answer_next(
            PATHS[call],
            int(status),
            {**TYPES[kind], **({name: value.strip('"')} if value else {})},
            BODIES.get(body, body.encode().replace(HALF_A_LETTER.encode(), b"\xff")),
        )


@when(parsers.re(f"the window ({ASKS})"))
def _(
    inside: Inside,
    value: str | None,
    stored: str | None,
    asked: str | None,
    deleted: str | None,
    plain: str | None,
) -> None:
    if stored is not None:
        inside.driver.say("storage_set", key=stored, value=value)
    elif asked is not None:
        inside.driver.say("storage_get", key=asked)
    elif deleted is not None:
        inside.driver.say("storage_delete", key=deleted)
    else:
        assert plain is not None
        if plain == "asks to have the link opened":
            own(inside.driver, "refapp's channel to its window")
        inside.driver.say(PLAIN[plain])


NOT_ASKED = "is of a make that is not asked for last words"


@given(parsers.re(rf"the app is open, and its window (?P<how>is still coming up|{NOT_ASKED})$"))
def _(inside: Inside, how: str) -> None:
    if how == NOT_ASKED:
        inside.driver.open_with_other_make()
    else:
        inside.driver.open_before_its_window()


@when("the window sends the line:")
def _(inside: Inside, docstring: str) -> None:
    inside.driver.write(docstring.replace(RETURN, "\r").encode())
    inside.driver.pass_time(1)


@when(
    parsers.re(
        r"the window (?P<how>crashes|stops answering|answers too late|asks for (100|33) things "
        r"at once|tries 30 (passwords|codes))"
    )
)
def _(inside: Inside, how: str) -> None:
    inside.driver.misbehave(how)


@when(
    parsers.re(
        r"the window crashes(?P<often> again and again|, and the next one finds no display)"
    ),
    target_fixture="ended",
)
def _(inside: Inside, often: str) -> tuple[int, str]:
    if often == " again and again":
        return inside.driver.crash_often()
    return inside.driver.crash_with_the_display()


@when("the window does what the kernel forbids it", target_fixture="ended")
def _(inside: Inside) -> tuple[int, str]:
    return inside.driver.do_the_forbidden()


@then(
    parsers.re(
        r'the window is answered ("(?P<text>[^"]+)"|with nothing|with the handle of '
        r'"(?P<value>[^"]+)"'
        r"|with (?P<any_handle>a handle that is not the token)"
        r"|with a text of (?P<long>[\d,]+) characters)"
    )
)
def _(
    inside: Inside, text: str | None, value: str | None, any_handle: str | None, long: str | None
) -> None:
    answer = inside.driver.answer()
    assert answer.error is None
    if long is not None:
        own(inside.driver, "refapp's own limits")
        assert len(answer.data or "") == int(long.replace(",", ""))
        return
    if any_handle is None:
        assert answer.data == (text if value is None else inside.handles[value])
        return
    pair = inside.driver.tokens()
    assert pair is not None
    assert answer.data
    assert answer.data not in pair.access
    assert pair.access not in answer.data


@then(parsers.parse('the window is answered with another handle than "{value}" has as {key}'))
def _(inside: Inside, value: str, key: str) -> None:
    data = inside.driver.answer().data
    assert data, f"there is none, and one as {key}"
    assert data != inside.handles[value]


@then(parsers.parse('the window is refused "{text}"'))
def _(inside: Inside, text: str) -> None:
    assert (inside.driver.answer().error or "").startswith(text)


@then("the window has been sent nothing")
def _(inside: Inside) -> None:
    inside.driver.need("window process")
    assert inside.driver.sent_down() == []


@given(parsers.re(rf"the computer's clock is (?P<state>{'|'.join(CLOCK)})"))
def _(inside: Inside, state: str) -> None:
    inside.driver.set_clock(CLOCK[state])


@given("another copy of the app is open")
def _(inside: Inside) -> None:
    inside.driver.open_copy()


@when("another copy of the app signs out")
def _(inside: Inside) -> None:
    inside.driver.copy_signs_out()


@when("both copies of the app sync at once")
def _(inside: Inside) -> None:
    inside.driver.both_say("sync_now")


@when(parsers.parse('both windows store "{value}" as {key} at once'))
def _(inside: Inside, value: str, key: str) -> None:
    inside.driver.both_say("storage_set", key=key, value=value)


@when(parsers.re(r'(?P<who>\w+) presses "(?P<first>[^"]+)" and "(?P<second>[^"]+)" at once'))
def _(inside: Inside, who: str, first: str, second: str) -> None:
    assert who in PEOPLE
    inside.driver.press_at_once(first, second)


@given("the app itself has asked the server who is signed in, with a JWT")
def _(inside: Inside) -> None:
    inside.driver.call("GET", "/app/jwt-me", jwt=True)


@when(
    parsers.re(
        r"the app itself asks the server who is signed in(?P<jwt>, with a JWT)?(?P<often>, "
        r"ten times at once)?"
    )
)
def _(inside: Inside, jwt: str | None, often: str | None) -> None:
    path, times = "/app/jwt-me" if jwt else "/app/me", 10 if often else 1
    inside.outcome = inside.driver.call("GET", path, jwt=jwt is not None, times=times)


@then(parsers.re(r'the call fails with "(?P<sentence>[^"]+)"'))
def _(inside: Inside, sentence: str) -> None:
    assert inside.outcome == inside.driver.meant(sentence)


@then(parsers.re(r'the call brings (nothing|"(?P<text>[^"]+)")'))
def _(inside: Inside, text: str | None) -> None:
    assert text in inside.outcome if text else inside.outcome == ""


@then(parsers.re(r"(?P<which>the|that) call was answered for (?P<who>\w+)"))
def _(inside: Inside, which: str, who: str) -> None:
    came = inside.outcome if which == "the" else inside.driver.call_came_to()
    assert json.loads(came)["id"] == inside.driver.user_id(PEOPLE[who])


@then("the app holds no JWT")
def _(inside: Inside) -> None:
    assert not inside.driver.holds_jwt()


@then("no other server was asked")
def _(inside: Inside) -> None:
    assert len({request.url.netloc for request in inside.driver.requests()}) == 1
