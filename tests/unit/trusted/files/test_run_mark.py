"""How the start knows that the app was killed last time,
and up to when things were kept then (NT-2).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from refapp.trusted.files import run_mark
from refapp.trusted.files.run_mark import NAMES, RunMark
from refapp.trusted.window.kept import of_last_time
from refapp.trusted.wording import window_words


def run(folder: Path, *kept: float) -> RunMark:
    """One that has begun, and keeps something at each of these moments."""
    mark = RunMark(folder)
    mark.begin()
    for at in kept:
        mark.kept(at)
    return mark


def told(folder: Path) -> float | None:
    """What a start is told; its run is closed again."""
    mark = RunMark(folder)
    found = mark.begin()
    mark.end()
    return found


def test_the_first_run_knows_of_no_other_and_makes_the_folder_its_own(tmp_path: Path) -> None:
    folder = tmp_path / "refapp"
    mark = RunMark(folder)
    assert mark.begin() is None
    assert (folder.stat().st_mode & 0o777, len(list(folder.iterdir()))) == (0o700, 1)
    mark.end()


def test_nothing_is_left_of_a_run_that_was_closed(tmp_path: Path) -> None:
    run(tmp_path, 5.0).end()
    assert list(tmp_path.iterdir()) == []
    assert told(tmp_path) is None


@pytest.mark.parametrize(
    ("kept", "found"), [((), 0.0), ((1_800_000_000.25, 1_800_000_001.5), 1_800_000_001.5)]
)
def test_of_a_run_that_was_killed_the_last_moment_is_told_once(
    tmp_path: Path, kept: tuple[float, ...], found: float
) -> None:
    run(tmp_path, *kept).let_go()
    assert told(tmp_path) == found
    assert told(tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_of_two_that_were_killed_the_later_moment_counts(tmp_path: Path) -> None:
    first, second = run(tmp_path, 7.0), run(tmp_path, 5.0)
    first.let_go()
    second.let_go()
    assert told(tmp_path) == 7.0


def test_a_copy_that_runs_is_not_one_that_was_killed(tmp_path: Path) -> None:
    other = run(tmp_path, 5.0)
    assert told(tmp_path) is None
    other.let_go()
    assert told(tmp_path) == 5.0


def test_what_is_no_mark_of_ours_is_left_and_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "run-odd.lock").symlink_to(tmp_path / "elsewhere")
    assert told(tmp_path) is None
    (tmp_path / "run-odd.lock").unlink()
    os.mkfifo(tmp_path / "run-odd.lock")
    assert told(tmp_path) is None


@pytest.mark.parametrize("said", [b"\xff\xff", b"inf", b"-inf", b"nan", b"1e300", b"-1.0"])
def test_a_moment_that_is_none_is_that_of_a_run_that_had_kept_nothing(
    tmp_path: Path, said: bytes
) -> None:
    (tmp_path / "run-torn.lock").write_bytes(said)
    found = told(tmp_path)
    assert found == 0.0
    assert (
        of_last_time(found, 1_800_000_000.0)
        == f"{window_words.NOT_CLOSED} {window_words.NOTHING_LOST}"
    )


def no_locks(_: int) -> bool:
    raise OSError(95, "no locks here")


def no_file(*_: object) -> int:
    raise OSError(28, "full")


@pytest.mark.parametrize(
    ("module", "name", "fails"), [(run_mark, "locked", no_locks), (run_mark.os, "open", no_file)]
)
def test_where_there_are_no_locks_or_no_room_nothing_is_known_and_nothing_stays(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    module: object,
    name: str,
    fails: Callable[..., object],
) -> None:
    monkeypatch.setattr(module, name, fails)
    mark = run(tmp_path, 5.0)
    assert list(tmp_path.iterdir()) == []
    mark.end()
    mark.let_go()
    monkeypatch.undo()
    assert told(tmp_path) is None
    mark = run(tmp_path)
    assert len(list(tmp_path.glob(NAMES))) == 1
    mark.end()
