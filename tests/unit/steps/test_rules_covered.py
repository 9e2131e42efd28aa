"""Every rule has a ``Rule:`` with a scenario, and every tag of a ``Rule:`` names a rule: rules.toml
and the features agree.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

from steps.gherkin import specification

FEATURES = Path(__file__).parents[3] / "features"
RULES = tomllib.loads((FEATURES / "rules.toml").read_text())
UNSPECIFIED = set(RULES.pop("unspecified"))
RECIPE = {
    *(f"phase {number}" for number in range(1, 8)),
    "pattern",
    "gotcha",
    "flow",
    "points",
    "model",
}
SOURCES = {*RECIPE, "decision", "RFC 7636", "RFC 8252", "RFC 8628"}
HARMS = {
    "loses a session",
    "keeps one alive",
    "leaks a token",
    "loses writing",
    "shows it to others",
    "misleads her",
}
TEXTS = [specification.read(path) for path in sorted(FEATURES.glob("*.feature"))]


def specified() -> set[str]:
    return {
        tag
        for text in TEXTS
        for scenario in text.scenarios
        if scenario.rule
        for tag in scenario.rule.tags
    }


def test_every_rule_has_a_scenario_or_is_listed_as_unspecified() -> None:
    assert RULES.keys() - specified() == UNSPECIFIED


def test_nothing_that_is_listed_as_unspecified_has_a_scenario() -> None:
    assert specified() & UNSPECIFIED == set()


def test_every_rule_block_has_exactly_one_known_rule_and_a_scenario() -> None:
    for text in TEXTS:
        for rule in text.rules:
            assert len(rule.tags) == 1, f"{text.path.name}:{rule.line}"
            assert rule.tags[0] in RULES, f"{text.path.name}:{rule.line}: no rule {rule.tags[0]}"
            assert any(scenario.rule == rule for scenario in text.scenarios), (
                f"{text.path.name}:{rule.line}"
            )


def test_every_scenario_stands_under_a_rule() -> None:
    loose = [
        f"{text.path.name}:{one.line}"
        for text in TEXTS
        for one in text.scenarios
        if one.rule is None
    ]
    assert loose == []


def test_a_rule_s_id_is_given_to_rules_alone() -> None:
    for text in TEXTS:
        for scenario in text.scenarios:
            assert {tag for tag in scenario.tags if tag in RULES} == set(
                scenario.rule.tags if scenario.rule else ()
            )


def test_every_rule_says_something_and_where_it_comes_from_and_how_much_it_binds() -> None:
    for name, rule in RULES.items():
        assert rule.keys() - {"breach"} == {"says", "from", "level"}, name
        assert rule["says"].endswith("."), name
        assert rule["from"] in SOURCES, name
        assert rule["level"] in ("must", "should"), name
        assert (rule["level"] == "must") == ("breach" in rule), (
            f"{name}: a must, and no other, says what its breach costs"
        )
        assert rule.get("breach", "misleads her") in HARMS, name


def test_every_feature_says_why_before_what() -> None:
    for text in TEXTS:
        assert len(text.description.split()) > 30, text.path.name
