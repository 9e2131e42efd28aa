"""Waiting for the app's trace:
it reads what grows, ends when the app does, and says what was awaited.
"""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from refapp.tour.trace import NotSeen, Trace, shown
from refapp.trusted.recorder import Entry, Recorder


def first(what: str, entries: list[Entry]) -> Entry | None:
    return next((entry for entry in entries if entry.what == what), None)


def test_it_reads_on_where_it_was_and_leaves_half_a_line_for_later(tmp_path: Path) -> None:
    path = tmp_path / "trace"
    trace = Trace(path)
    assert list(trace.entries()) == []
    recorder = Recorder(path)
    recorder.note("parent", "disk", "one")
    whole = path.read_bytes()
    with path.open("ab") as file:
        file.write(whole[:10])
    assert [entry.what for entry in trace.entries()] == ["one"]
    with path.open("ab") as file:
        file.write(whole[10:])
    assert [entry.what for entry in trace.entries()] == ["one", "one"]


def test_half_a_line_of_a_copy_that_was_killed_costs_no_line_of_the_next(tmp_path: Path) -> None:
    path = tmp_path / "trace"
    trace = Trace(path)
    Recorder(path).note("parent", "disk", "one")
    with path.open("ab") as file:
        file.write(path.read_bytes()[:30])
    Recorder(path).note("parent", "disk", "two")
    assert [entry.what for entry in trace.entries()] == ["one", "two"]


def test_it_waits_for_what_comes_later(tmp_path: Path) -> None:
    path = tmp_path / "trace"
    recorder, looked = Recorder(path), threading.Event()

    def write_once_looked_at() -> None:
        looked.wait(20)
        recorder.note("parent", "server", "two")

    def look(entries: object) -> Entry | None:
        looked.set()
        return first("two", list(entries))  # type: ignore[call-overload]

    writer = threading.Thread(target=write_once_looked_at)
    writer.start()
    try:
        assert Trace(path).wait("Two", look, limit_s=20).target == "server"
    finally:
        writer.join()


def test_what_was_before_does_not_count(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "trace")
    recorder.note("parent", "disk", "one")
    trace = Trace(tmp_path / "trace")
    since = len(trace.entries())
    with pytest.raises(NotSeen, match="One did not happen within 0 s"):
        trace.wait("One", lambda new: first("one", list(new)), since=since, limit_s=0)


def test_an_app_that_is_gone_ends_the_wait_at_once_but_not_before_its_last_word(
    tmp_path: Path,
) -> None:
    recorder = Recorder(tmp_path / "trace")
    recorder.note("parent", "disk", "last word")
    trace = Trace(tmp_path / "trace", lambda: "the app ended with code 70.")
    assert trace.wait("It", lambda new: first("last word", list(new))).what == "last word"
    with pytest.raises(NotSeen, match="More did not happen: the app ended with code 70"):
        trace.wait("More", lambda new: first("more", list(new)))


def test_what_the_window_shows_is_the_newest_that_it_said(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "trace")
    trace = Trace(tmp_path / "trace")
    assert shown(trace.entries()) == {}
    for title in ("first", "second"):
        recorder.note("window", "parent", "shown", {"revision": 1, "widgets": {"title": title}})
    recorder.note("window", "parent", "shown", {"revision": 2, "widgets": {}})
    recorder.note("parent", "window", "state", {"phase": "offline"})
    assert shown(trace.entries()) == {"title": "second"}


def test_a_trace_that_goes_on_in_a_new_file_is_read_on_with_what_came_last_to_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "trace.ndjson"
    recorder, trace = Recorder(path), Trace(path)
    recorder.note("parent", "disk", "one")
    assert [entry.what for entry in trace.entries()] == ["one"]
    monkeypatch.setattr("refapp.trusted.recorder.LARGEST_TRACE", 0)
    recorder.note("parent", "disk", "two")
    monkeypatch.undo()
    recorder.note("parent", "disk", "three")
    assert [entry.what for entry in trace.entries()] == ["one", "two", "three"]
