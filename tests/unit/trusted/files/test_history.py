"""LY-3: what was to be written down is, once the disk takes it: all of it, once, and not before."""

from __future__ import annotations

from pathlib import Path

import pytest

from refapp.trusted.errors import WriteFailed
from refapp.trusted.files import atomic_file, places
from refapp.trusted.files.history import History
from refapp.trusted.recorder import Recorder

BASE = "https://auth.example.com"


def full(*_: object, **__: object) -> None:
    raise WriteFailed("The disk is full.")


@pytest.mark.parametrize("family", ["", "f1"])
def test_what_the_disk_did_not_take_is_not_written_until_it_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, family: str
) -> None:
    history = History(places.history(tmp_path, BASE), Recorder(), lambda: 1.0)
    history.keep("Before.", "ada")
    with monkeypatch.context() as disk:
        disk.setattr(atomic_file, "replace", full)
        history.keep("Ended.", "ada", family)
        assert [history.written(), history.written()] == [False, False]
        assert [one.sentence for one in history.reasons("ada")] == ["Before.", "Ended."]
    assert history.written()
    another_copy = History(places.history(tmp_path, BASE), Recorder(), lambda: 2.0)
    assert [one.sentence for one in another_copy.reasons("ada")] == ["Before.", "Ended."]
