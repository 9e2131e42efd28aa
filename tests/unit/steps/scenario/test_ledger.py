"""What a scenario does not state did not happen: an effect that no step names, and a secret in the
wrong place, turn it red.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from steps.scenario.effects import Effect, effects_of
from steps.scenario.ledger import Ledger


class World:
    """As much of a driver as the ledger looks at."""

    def __init__(
        self,
        folder: Path,
        *effects: Effect,
        leaks: Sequence[str] = (),
        amiss: Sequence[str] = (),
        endless: str = "",
    ) -> None:
        self._effects = list(effects)
        self._leaks, self._amiss, self._endless = leaks, amiss, endless

    def __getattr__(self, name: str) -> Any:
        answers: dict[str, Any] = {
            "rest": None,
            "begin": None,
            "tokens": None,
            "keys": [],
            "windows": 1,
            "can_tell": True,
            "stored": None,
            "effects": self._effects,
            "unknown_leaks": self._leaks,
            "amiss": self._amiss,
            "endless": self._endless,
        }
        if name in {"meant", "owed"}:
            return lambda *said: said[-1]
        return lambda *_: answers[name]


REFRESH = Effect("server", "refresh")
WRITE = Effect("disk", "write tokens")


def test_nothing_stated_and_nothing_happened(tmp_path: Path) -> None:
    Ledger(World(tmp_path)).close()


def test_a_window_that_is_not_as_it_should_be(tmp_path: Path) -> None:
    with pytest.raises(AssertionError):
        Ledger(World(tmp_path, amiss=["The keyboard is nowhere."])).close()


def test_what_goes_on_without_end_is_no_world_to_ask(tmp_path: Path) -> None:
    Ledger(World(tmp_path)).demand_an_end()
    with pytest.raises(AssertionError, match="asks without end"):
        Ledger(World(tmp_path, endless="the app asks without end")).demand_an_end()


def test_an_effect_that_nobody_stated(tmp_path: Path) -> None:
    with pytest.raises(AssertionError):
        Ledger(World(tmp_path, REFRESH)).close()


@pytest.mark.parametrize(
    "effects", [(), (REFRESH,), (REFRESH, WRITE, WRITE), (WRITE, REFRESH, Effect("notice", "Oh"))]
)
def test_not_what_was_stated(tmp_path: Path, effects: tuple[Effect, ...]) -> None:
    with pytest.raises(AssertionError):
        Ledger(World(tmp_path, *effects)).name([["server", "refresh"], ["disk", "write tokens"]])


def test_what_differs_is_told_whole_party_by_party(tmp_path: Path) -> None:
    """pytest shortens both sides to "['refresh', ...]"."""
    ledger = Ledger(World(tmp_path, *[REFRESH] * 9, WRITE))
    with pytest.raises(AssertionError) as failed:
        ledger.name([["server", "refresh, notes"], ["disk", "write tokens"], ["notice", "Oh"]])
    assert "\n".join(failed.value.__notes__).splitlines() == [
        "server, as the scenario says: refresh, notes",
        f"server, as it happened: {', '.join(['refresh'] * 9)}",
        "notice, as the scenario says: Oh",
        "notice, as it happened: nothing",
    ]


def test_what_was_stated_and_nothing_else(tmp_path: Path) -> None:
    ledger = Ledger(World(tmp_path, WRITE, REFRESH, Effect("notice", "Read, then go on")))
    ledger.name([["server", "refresh"], ["disk", "write tokens"], ["notice", "Read, then go on"]])
    ledger.close()


def test_effects_of_one_party_in_another_order(tmp_path: Path) -> None:
    with pytest.raises(AssertionError):
        Ledger(World(tmp_path, REFRESH, Effect("server", "sign-in"))).name(
            [["server", "sign-in, refresh"]]
        )


@pytest.mark.parametrize(
    "table", [[["servr", "refresh"]], [["server"]], [["server", "refresh"], ["server", "refresh"]]]
)
def test_a_table_that_can_t_be_read(tmp_path: Path, table: list[list[str]]) -> None:
    with pytest.raises(AssertionError):
        Ledger(World(tmp_path, REFRESH)).name(table)


def test_a_secret_in_the_wrong_place(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=r"settings\.json holds a secret"):
        Ledger(World(tmp_path, leaks=["settings.json holds a secret"])).close()


def test_the_recorder_s_entries_as_effects() -> None:
    notice = {"notice": {"number": 1, "text": "Session expired."}}
    entries: list[tuple[str, str, str, dict[str, Any]]] = [
        ("parent", "server", "sign-in", {"request": "POST /api/auth/sign-in/email"}),
        ("parent", "server", "resource", {"request": "PUT /app/notes"}),
        ("server", "parent", "resource", {"answer": 200}),
        ("parent", "disk", "write tokens", {}),
        ("parent", "window", "state", {"notice": None}),
        ("parent", "window", "state", notice),
        ("parent", "window", "state", notice),
    ]
    all_of_them = [
        Effect("server", "sign-in"),
        Effect("server", "notes"),
        WRITE,
        Effect("notice", "Session expired."),
    ]
    assert effects_of(entries, 0) == all_of_them
    assert effects_of(entries, 1) == all_of_them[1:]
    assert effects_of(entries, 6) == []
    assert effects_of(entries, 7) == []
