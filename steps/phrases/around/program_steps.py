"""Programs of other people that use the session as a library: what they do with it, what they are
answered and told, and what their own servers are sent. Their scenarios are tagged @inproc.
"""

from __future__ import annotations

from collections.abc import Sequence

from pytest_bdd import given, parsers, then, when

from steps.phrases.inside_steps import Inside
from steps.scenario.ledger import Ledger

WHO = (
    r"(?P<who>Alan's program for her other account|Alan's program|another copy of Alan's program|"
    r"another program of Alan's|Alan's script)"
)
SEVERAL = " / "
"""Between the answers, where not all that it asked for at once were the same."""
NO_CALL = ("NoAccessToken", "SessionExpired", "CannotTell", "SessionClosed")
FAMILY = dict.fromkeys(NO_CALL, "CallError")
"""Error -> as what else it can be caught, if not as any error of the session's alone."""


@given(parsers.re(rf"{WHO} (?P<deed>.+)"))
@when(parsers.re(rf"{WHO} (?P<deed>.+)"))
def _(inside: Inside, who: str, deed: str) -> None:
    inside.driver.programs.do(who, deed)


@given(parsers.re(r"Alan's API answers the next calls? with (?P<statuses>[\d, ]+)"))
def _(inside: Inside, statuses: str) -> None:
    inside.driver.programs.api_answers([int(one) for one in statuses.split(", ")])


@given(parsers.re(r"Alan's API (?P<how>does not answer yet)"))
@when(parsers.re(r"Alan's API (?P<how>answers)"))
def _(inside: Inside, how: str) -> None:
    inside.driver.programs.hold_api(held=how != "answers")


@then(parsers.re(rf'{WHO} is answered "(?P<text>[^"]+)"'))
def _(inside: Inside, who: str, text: str) -> None:
    came = inside.driver.programs.outcome(who)
    assert came.answer is not None, came
    assert all(text in one for one in came.answer.split(SEVERAL)), came


@then(
    parsers.re(
        rf'{WHO} is refused with (?P<error>\w+): "(?P<sentence>[^"]+)"'
        r'(, and is told what to do: "(?P<cure>[^"]+)")?'
    )
)
def _(inside: Inside, who: str, error: str, sentence: str, cure: str | None) -> None:
    came = inside.driver.programs.outcome(who)
    assert (came.error, came.sentence, came.ours) == (error, sentence, True)
    assert FAMILY.get(error, "RefappError") in came.families
    assert cure is None or came.cure == cure
    assert not [secret for secret in inside.driver.secrets() if secret in came.printed]


@then(parsers.re(rf'{WHO} is stopped by (?P<error>\w+)(: "(?P<text>[^"]+)")?'))
def _(inside: Inside, who: str, error: str, text: str | None) -> None:
    """By a mistake of its own, which is no error of the session's."""
    came = inside.driver.programs.outcome(who)
    assert (came.error, came.sentence, came.ours) == (error, text or "", False)


@then(
    parsers.re(
        rf'{WHO} sees (?P<what>[^"]+?)(, since "(?P<sentence>[^"]+)")?'
        r'(, and what to do: "(?P<cure>[^"]+)")?'
    )
)
def _(inside: Inside, who: str, what: str, sentence: str | None, cure: str | None) -> None:
    assert inside.driver.programs.sees(who) == (what, sentence or "", cure or "")


@then(parsers.re(rf"{WHO} was told, one after the other:"))
def _(inside: Inside, who: str, datatable: Sequence[Sequence[str]]) -> None:
    assert [list(one) for one in inside.driver.programs.told(who)] == [
        list(row) for row in datatable
    ]


@then(
    parsers.re(
        rf"{WHO} was to (show the link|ask for a code) (?P<number>\d+) times?"
        r'(, at last with "(?P<said>[^"]+)")?'
    )
)
def _(inside: Inside, who: str, number: str, said: str | None) -> None:
    shown = inside.driver.programs.shown(who)
    assert len(shown) == int(number)
    assert shown[-1:] == [said or ""]


@then("nothing is left where its first version kept it")
def _(inside: Inside) -> None:
    assert inside.driver.programs.left_in_the_old_place() == []


@then("Alan's servers were called like this, and no other time:")
def _(inside: Inside, ledger: Ledger, datatable: Sequence[Sequence[str]]) -> None:
    now = inside.driver.tokens()
    named = {"": "no token"}
    if ledger.before is not None:
        named[ledger.before.access] = "her token"
    if now is not None and now != ledger.before:
        named[now.access] = "her new token"
    assert [[host, named[token]] for host, token in inside.driver.programs.sent()] == [
        list(row) for row in datatable
    ]
