"""Every sentence that a feature states has one place in meanings.toml, and what stands there is
stated by a feature.
"""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from pathlib import Path

import pytest

from steps.gherkin import specification
from steps.kit import meanings
from steps.kit.meanings import Meanings, Sentences

FEATURES = Path(__file__).parents[4] / "features"
LIST = meanings.read(FEATURES / "meanings.toml")
STATES = re.compile(
    r'it (?:says|does not say) "([^"]+)"|the app ends and says "([^"]+)"|the call '
    r'fails with "([^"]+)"'
)


def stated() -> set[str]:
    examples = [
        one
        for path in FEATURES.glob("*.feature")
        for scenario in specification.read(path).scenarios
        for one in scenario.examples
    ]
    steps = [step for example in examples for step in example.steps]
    said = {
        next(filter(None, found.groups()))
        for step in steps
        if (found := STATES.fullmatch(step.text))
    }
    return said | {row[1] for step in steps for row in step.table or () if row[0] == "notice"}


def test_every_sentence_of_the_features_has_exactly_one_place() -> None:
    listed = Counter([*LIST.of, *LIST.literal, *LIST.own])
    assert stated() - listed.keys() == set(), "give it a meaning in features/meanings.toml"
    assert [text for text, times in listed.items() if times > 1] == []


def test_no_sentence_is_listed_that_no_feature_states() -> None:
    assert {*LIST.of, *LIST.literal, *LIST.own} - stated() == set()


def test_every_meaning_says_in_a_sentence_what_is_to_be_understood() -> None:
    assert all(len(says) > 20 and says.endswith(".") for says in LIST.says.values())


SOME = Meanings(
    says={"offline": "The server can't be reached."},
    of={"can't be reached": "offline", "nothing answers at": "offline"},
    literal=frozenset({"Ada"}),
    own=frozenset({"error 503"}),
)
OWN = Sentences(SOME, {"offline": ("No connection",)})


@pytest.mark.parametrize(
    ("text", "shown", "read"),
    [
        ("can't be reached", ["No connection. Try later."], True),
        ("nothing answers at", ["No connection. Try later."], True),
        ("can't be reached", ["It can't be reached"], False),
        ("Ada", ["Ada Lovelace"], True),
        ("Ada", [], False),
        ("error 503", ["error 503"], None),
        ("error 503", [], None),
    ],
)
def test_an_app_s_own_words_are_read_by_their_meaning(
    text: str, shown: list[str], read: bool | None
) -> None:
    assert OWN.reads(text, shown) is read


def test_whether_something_is_said_that_the_app_has_no_words_for_can_t_be_told() -> None:
    with pytest.raises(AssertionError, match="names no words for the meaning 'offline'"):
        Sentences(SOME, {}).reads("can't be reached", ["No connection"])


def test_words_for_a_meaning_that_is_a_should_are_compared_if_there_are_some() -> None:
    some = dataclasses.replace(SOME, shoulds=frozenset({"offline"}))
    assert Sentences(some, {}).reads("can't be reached", ["No connection"]) is None
    assert (
        Sentences(some, {"offline": ("No connection",)}).reads("can't be reached", ["Ready"])
        is False
    )


def test_both_sides_of_a_notice_are_compared_by_meaning() -> None:
    assert OWN.meaning_of("can't be reached") == OWN.meaning_of_own("No connection. Try later.")
    assert OWN.meaning_of_own("Something new.") == "Something new."
