"""The record of what went between the parts: a trace that can't be written any more is given up,
and nothing else is.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import msgspec
import pytest

from refapp.trusted import recorder
from refapp.trusted.recorder import LARGEST_TRACE, Entry, Recorder


def noted(recording: Recorder, *names: str) -> list[str]:
    """What a listener hears of these."""
    heard: list[str] = []
    recording.listen(lambda entry: heard.append(entry.what))
    for name in names:
        recording.note("parent", "server", name)
    return heard


def test_every_entry_is_a_line_of_the_trace(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    assert noted(Recorder(trace, clock=lambda: 1.0), "one", "two") == ["one", "two"]
    lines = [msgspec.json.decode(line, type=Entry) for line in trace.read_bytes().splitlines()]
    assert [(line.at, line.what) for line in lines] == [(1.0, "one"), (1.0, "two")]
    assert trace.stat().st_mode & 0o777 == 0o600


def test_a_disk_that_is_full_ends_the_trace_and_nothing_else(
    caplog: pytest.LogCaptureFixture,
) -> None:
    full = Recorder(Path("/dev/full"))
    assert noted(full, "one", "two") == ["one", "two"]
    assert [entry.what for entry in full.entries()] == ["one", "two"]
    assert [record.getMessage() for record in caplog.records] == [
        (
            "The trace can no longer be written (No space left on device); it ends here, and "
            "the app goes on."
        )
    ]


def test_a_line_that_fits_in_part_is_the_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    trace = tmp_path / "trace"
    small = Recorder(trace)
    noted(small, "one")
    write = os.write
    monkeypatch.setattr(recorder.os, "write", lambda fd, data: write(fd, data[:10]))
    noted(small, "two")
    monkeypatch.undo()
    assert noted(small, "three") == ["three"]
    assert (trace.read_bytes().count(b"\n"), b"three" in trace.read_bytes()) == (1, False)
    assert os.strerror(errno.ENOSPC) in caplog.text


def test_a_trace_of_years_stays_small(tmp_path: Path) -> None:
    trace = tmp_path / "trace.ndjson"
    recorder = Recorder(trace)
    for number in range(3):
        with trace.open("ab") as file:
            file.truncate(LARGEST_TRACE)
        recorder.note("parent", "disk", f"first of {number}")
        recorder.note("parent", "disk", f"second of {number}")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["trace.ndjson", "trace.ndjson.1"]
    assert b"first of 2" in (tmp_path / "trace.ndjson.1").read_bytes()
    assert trace.read_bytes().count(b"\n") == 1
    assert stat.S_IMODE(trace.stat().st_mode) == 0o600


def test_two_copies_that_write_one_trace_lose_none_of_it_when_it_goes_on_in_a_new_file(
    tmp_path: Path,
) -> None:
    trace = tmp_path / "trace.ndjson"
    one, other = Recorder(trace), Recorder(trace)
    with trace.open("ab") as file:
        file.truncate(LARGEST_TRACE)
    noted(one, "the last of the old file")
    noted(one, "the first of the new file")
    noted(other, "what the other copy still wrote into the old one")
    noted(other, "and into the new one")
    older, newer = (tmp_path / "trace.ndjson.1").read_bytes(), trace.read_bytes()
    assert b"the last of the old" in older
    assert b"still wrote" in older
    assert b"the first of the new" in newer
    assert b"and into the new" in newer
