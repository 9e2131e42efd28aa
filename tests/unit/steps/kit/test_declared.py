"""What an adapter declares decides what is asked and compared;
a declaration that is not true is refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from steps.kit import hello, meanings
from steps.kit.capabilities import (
    ABOUT,
    ADDED,
    BUTTONS,
    CAPABILITIES,
    COMMANDS,
    MEANINGS,
    PATHS,
    REQUESTS,
    STORES,
    WITHOUT,
    complaint,
)
from steps.kit.hello import Hello, Refused
from steps.kit.meanings import Meanings, Sentences
from steps.kit.offered import Offered
from steps.kit.reported import Reported
from steps.kit.verdicts import levels_in, verdicts
from steps.scenario.effects import Effect

FEATURES = Path(__file__).parents[4] / "features"
GOOD: dict[str, Any] = {
    "protocol": hello.PROTOCOL,
    "implementation": "an app",
    "version": "1",
    "capabilities": ["memory"],
}


MEANT = Meanings({"paused": "It waits."}, {"Paused": "paused"}, frozenset(), frozenset())


def offered(*has: str, rules: Iterable[str] = (), other_tokens: bool = True) -> Offered:
    class Declared(Offered):
        def _other_tokens(self) -> bool:
            return other_tokens

    made = Declared(Hello("an app", "1", frozenset(has), {}), Sentences(MEANT, {}), set(rules))
    made._was_away, made._mode = False, "rotating"
    return made


def test_what_needs_something_names_something_that_there_is() -> None:
    needed = {
        *COMMANDS.values(),
        *BUTTONS.values(),
        *REQUESTS.values(),
        *PATHS.values(),
        *MEANINGS.values(),
        *ABOUT.values(),
        *(one for one, _ in WITHOUT.values()),
    }
    assert needed <= CAPABILITIES.keys() >= set(STORES)


def test_every_name_in_the_tables_is_one_of_the_features() -> None:
    levels = levels_in(FEATURES / "rules.toml")
    assert {levels[rule] for rule in ADDED} == {"should"}
    assert ABOUT.keys() <= levels.keys()
    assert MEANINGS.keys() <= meanings.read(FEATURES / "meanings.toml").says.keys()


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


@pytest.mark.parametrize(
    ("rule", "happened", "owed"),
    [
        ("SI-17", ["sign-in", "session check", "notes"], ["sign-in", "notes"]),
        ("OF-10", ["notes", "session check"], ["notes"]),
        ("RS-4", ["session check", "refresh", "session check"], ["refresh", "session check"]),
    ],
)
def test_what_a_should_adds_is_demanded_by_its_own_scenarios_alone(
    rule: str, happened: list[str], owed: list[str]
) -> None:
    assert offered("memory", "notes", "refresh").owed("server", happened) == owed
    assert offered("memory", "notes", "refresh", rules=[rule]).owed("server", happened) == happened
    assert (
        offered("token file", "notes", "refresh", "refapp's words").owed("server", happened)
        == happened
    )


def test_what_a_start_tries_with_the_old_token_is_a_should() -> None:
    app, happened = (
        offered("memory", "notes", "refresh"),
        ["session check", "notes", "refresh", "notes"],
    )
    assert app.owed("server", happened) == happened
    app._opened = True
    assert app.owed("server", happened) == ["refresh", "notes"]


def test_a_session_check_that_no_should_decides_about_is_owed() -> None:
    assert offered("memory").owed("server", ["refresh", "session check"]) == [
        "refresh",
        "session check",
    ]


def test_whether_a_refresh_is_tried_at_a_server_that_has_none_is_a_should() -> None:
    app = offered("memory", "refresh")
    app._mode = "sliding"
    assert app.owed("server", ["refresh", "session check"]) == ["session check"]
    assert offered("memory", "refresh").owed("server", ["refresh"]) == ["refresh"]


def test_an_app_with_calls_and_no_notes_makes_a_call_where_others_sync() -> None:
    app = offered("memory", "own calls")
    assert not app.can_tell("server", "notes")
    assert app._pressing("sync") == {"do": "call", "method": "GET", "path": "/app/me"}
    assert app.can_tell("server", "notes")
    assert app.owed("server", ["who am I", "refresh", "who am I"]) == app.owed(
        "server", ["notes", "refresh", "notes"]
    )
    assert app._path("/app/notes") == "/app/me"
    assert app._path("/api/auth/refresh") == "/api/auth/refresh"


def test_a_call_that_the_server_will_not_answer_yet_is_not_waited_for() -> None:
    app = offered("memory", "own calls")
    app._holds = True
    assert app._pressing("summarise")["do"] == "start_call"


def test_an_app_with_notes_syncs() -> None:
    app = offered("memory", "own calls", "notes")
    assert app._pressing("sync") == {"do": "press", "button": "sync"}
    assert app._path("/app/notes") == "/app/notes"
    assert app.owed("server", ["who am I"]) == ["who am I"]


def test_what_is_said_of_notes_is_not_compared_for_an_app_that_has_none() -> None:
    assert offered("memory").reads("Paused", "Nothing of the kind") is None
    with pytest.raises(AssertionError, match="names no words"):
        offered("memory", "notes").reads("Paused", "Nothing of the kind")


@pytest.mark.parametrize("lacks", ["busy", "shows", "says", "notices", "tokens", "form"])
def test_a_report_that_says_less_than_it_has_to_is_refused(lacks: str) -> None:
    report = {
        "busy": False,
        "waiting": 0,
        "shows": [],
        "says": [],
        "notices": [],
        "tokens": None,
        "form": {},
    }
    app = Reported()
    app._has = frozenset({"memory", "form"})
    assert app._whole(dict(report)) == report
    del report[lacks]
    with pytest.raises(AssertionError, match=f"has no '{lacks}'"):
        app._whole(report)


def test_what_was_not_declared_and_happens_is_a_fault() -> None:
    with pytest.raises(AssertionError, match="does not declare 'refresh'"):
        offered("keyring")._declared([Effect("server", "refresh")])


def test_an_app_that_needs_no_restart_shows_the_form() -> None:
    assert offered("memory").meant("that a restart is needed") == "the login form"
    assert (
        offered("memory", "restart").meant("that a restart is needed") == "that a restart is needed"
    )


def test_an_app_that_does_not_show_that_it_is_offline_keeps_the_person_shown() -> None:
    app = offered("memory")
    assert app.meant("Ada offline") == app._seen("Ada offline") == app._seen("Ada signed in")
    assert app.meant("Ada with an expired session") == "Ada with an expired session"
    assert offered("memory", "offline").meant("Ada offline") == "Ada offline"


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
