"""What an adapter declares decides what is asked and compared;
a declaration that is not true is refused.
"""

from __future__ import annotations

from typing import Any

import pytest

from steps.kit import hello
from steps.kit.capabilities import (
    BUTTONS,
    CAPABILITIES,
    COMMANDS,
    PATHS,
    REQUESTS,
    STORES,
    WITHOUT,
    complaint,
)
from steps.kit.hello import Hello, Refused
from steps.kit.meanings import Meanings, Sentences
from steps.kit.offered import Offered
from steps.kit.verdicts import verdicts
from steps.scenario.effects import Effect

GOOD: dict[str, Any] = {
    "protocol": hello.PROTOCOL,
    "implementation": "an app",
    "version": "1",
    "capabilities": ["memory"],
}


def offered(*has: str, other_tokens: bool = True) -> Offered:
    class Declared(Offered):
        def _other_tokens(self) -> bool:
            return other_tokens

    made = Declared(
        Hello("an app", "1", frozenset(has), {}),
        Sentences(Meanings({}, {}, frozenset(), frozenset()), {}),
    )
    made._was_away = False
    return made


def test_what_needs_something_names_something_that_there_is() -> None:
    needed = {
        *COMMANDS.values(),
        *BUTTONS.values(),
        *REQUESTS.values(),
        *PATHS.values(),
        *(one for one, _ in WITHOUT.values()),
    }
    assert needed <= CAPABILITIES.keys() >= set(STORES)


@pytest.mark.parametrize(
    ("declared", "says"),
    [
        (["memory", "wings"], "'wings'"),
        ([], "has to be declared, not 0"),
        (["memory", "keyring"], "has to be declared, not 2"),
    ],
)
def test_a_declaration_that_can_t_be_true(declared: list[str], says: str) -> None:
    assert says in complaint(declared)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"protocol": 2}, "speaks version 2"),
        ({"protocol": None}, "names no version"),
        ({"implementation": ""}, "'implementation'"),
        ({"capabilities": "memory"}, "'capabilities'"),
        ({"meanings": {"wings": ["I fly"]}}, "no meaning is called 'wings'"),
        ({"meanings": {"expired": "Gone"}}, "a list of texts"),
        ({"meanings": {"expired": [""]}}, "a list of texts"),
    ],
)
def test_a_hello_that_can_t_be_worked_with_is_refused_with_a_sentence(
    wrong: dict[str, Any], says: str
) -> None:
    with pytest.raises(Refused, match=says):
        hello.read(GOOD | wrong, {"expired": "It is over."})


def test_a_hello_that_can() -> None:
    read = hello.read(GOOD | {"meanings": {"expired": ["Gone"]}}, {"expired": "It is over."})
    assert read == Hello("an app", "1", frozenset({"memory"}), {"expired": ("Gone",)})


def test_a_scenario_that_needs_more_is_not_offered_and_says_what() -> None:
    for do, more, lacks in (
        ("call", {}, "own calls"),
        ("press", {"button": "sync"}, "notes"),
        ("open", {"copy": 2}, "several copies"),
    ):
        with pytest.raises(
            pytest.skip.Exception, match=f"not offered by the app under test: {lacks}"
        ):
            offered("memory")._need_for(do, more)
        offered("memory", lacks)._need_for(do, more)


def test_a_row_of_the_ledger_that_needs_more_is_not_compared() -> None:
    assert not offered("keyring").can_tell("server", "refresh")
    assert offered("keyring", "refresh").can_tell("server", "refresh")
    assert offered("keyring").can_tell("server", "sign-in")
    assert not offered("keyring").can_tell("disk", "write tokens")
    assert offered("token file").can_tell("disk", "write tokens")
    assert not offered("token file", other_tokens=False).can_tell("disk", "write tokens")


def test_what_was_not_declared_and_happens_is_a_fault() -> None:
    with pytest.raises(AssertionError, match="does not declare 'refresh'"):
        offered("keyring")._declared([Effect("server", "refresh")])


def test_an_app_that_needs_no_restart_shows_the_form() -> None:
    assert offered("memory").meant("that a restart is needed") == "the login form"
    assert (
        offered("memory", "restart").meant("that a restart is needed") == "that a restart is needed"
    )


def test_a_rule_is_as_good_as_its_weakest_scenario() -> None:
    levels = {"A-1": "must", "A-2": "should", "A-3": "must", "A-4": "must"}
    found = verdicts(
        levels,  # type: ignore[arg-type]
        [
            ("A-1", "passed"),
            ("A-1", "failed as known"),
            ("A-2", "not offered"),
            ("A-2", "passed"),
            ("A-4", "not offered"),
        ],
    )
    assert {rule: one.state for rule, one in found.items()} == {
        "A-1": "failed as known", "A-2": "passed", "A-3": "not run", "A-4": "not offered",
    }  # fmt: skip
