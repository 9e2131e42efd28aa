"""What version 0.1.0 kept goes to its owner, and to nobody else;
what is there already is not overwritten (OW-7).
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from refapp.trusted.files import places
from refapp.trusted.files.earlier_files import EarlierFiles
from refapp.trusted.files.history import History
from refapp.trusted.files.owner import Owner
from refapp.trusted.recorder import Recorder

BASE = "https://auth.example.com"
ADA, BOB = (Owner(BASE, name * 32, 1) for name in ("a", "b"))


def earlier_notes(folder: Path, owner: Owner) -> Path:
    return folder / "notes" / hashlib.sha256(owner.user_id.encode()).hexdigest()[:16]


def kept(folder: Path, owner: Owner = ADA) -> EarlierFiles:
    notes = earlier_notes(folder, owner)
    notes.mkdir(parents=True)
    (notes / "0123456789ab.json").write_text("a note")
    (folder / "settings.json").write_text(
        json.dumps({"id": owner.user_id, "name": "Ada", "email": "a@b"})
    )
    (folder / "sync.json").write_text(json.dumps({"user_id": owner.user_id, "done_at": 5.0}))
    (folder / "history.json").write_text(json.dumps([{"at": 7.0, "sentence": "It ended."}]))
    return EarlierFiles(
        folder,
        places.profile(folder, BASE),
        History(places.history(folder, BASE), Recorder(), lambda: 9.0),
        Recorder(),
    )


def left(folder: Path) -> set[str]:
    return {
        name for name in ("settings.json", "sync.json", "history.json") if (folder / name).exists()
    }


def reasons(folder: Path, owner: Owner) -> list[str]:
    return [
        one.sentence
        for one in History(places.history(folder, BASE), Recorder(), float).reasons(owner.user_id)
    ]


def test_it_is_all_hers_once(tmp_path: Path) -> None:
    earlier = kept(tmp_path)
    for _ in range(2):
        assert earlier.hand_over(ADA) == ""
    assert (places.notes(tmp_path, ADA) / "0123456789ab.json").read_text() == "a note"
    assert json.loads(places.profile(tmp_path, BASE).read_text())["name"] == "Ada"
    assert json.loads(places.sync(tmp_path, ADA).read_text())["done_at"] == 5.0
    assert reasons(tmp_path, ADA) == ["It ended."]
    assert reasons(tmp_path, BOB) == []
    assert left(tmp_path) == set()


def test_another_person_gets_nothing_of_it(tmp_path: Path) -> None:
    earlier = kept(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.json")}
    assert earlier.hand_over(BOB) == ""
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.json")} == before


def test_what_is_newer_stays_and_no_stale_name_is_left(tmp_path: Path) -> None:
    earlier = kept(tmp_path)
    places.profile(tmp_path, BASE).write_text("newer")
    assert earlier.hand_over(ADA) == ""
    assert places.profile(tmp_path, BASE).read_text() == "newer"
    assert not (tmp_path / "settings.json").exists()


def test_notes_go_to_those_that_are_hers_already(tmp_path: Path) -> None:
    """She had written some before, or the disk refused at first."""
    earlier = kept(tmp_path)
    hers = places.notes(tmp_path, ADA)
    hers.mkdir()
    (hers / "aaaaaaaaaaaa.json").write_text("newer")
    assert earlier.hand_over(ADA) == ""
    assert {note.name: note.read_text() for note in hers.iterdir()} == {
        "0123456789ab.json": "a note",
        "aaaaaaaaaaaa.json": "newer",
    }
    assert not earlier_notes(tmp_path, ADA).exists()


def test_a_note_that_is_there_in_another_version_is_set_aside_and_named_each_time(
    tmp_path: Path,
) -> None:
    """A note is never deleted, and never overwritten."""
    earlier = kept(tmp_path)
    hers, before = places.notes(tmp_path, ADA), earlier_notes(tmp_path, ADA)
    hers.mkdir()
    (hers / "0123456789ab.json").write_text("newer")
    for name in (f"unclaimed-{before.name}", f"unclaimed-{before.name}-2"):
        assert earlier.hand_over(ADA).endswith(f"under notes/{name}.")
        assert earlier.hand_over(ADA) == ""
        assert (hers / "0123456789ab.json").read_text() == "newer"
        assert (tmp_path / "notes" / name / "0123456789ab.json").read_text() == "a note"
        before.mkdir()
        (before / "0123456789ab.json").write_text("a note")


@pytest.mark.parametrize("user_id", ["1", "17", "x" * 15])
def test_an_id_that_another_server_may_have_given_too_gets_nothing_and_is_told_once(
    tmp_path: Path, user_id: str
) -> None:
    counted = Owner(BASE, user_id, 1)
    earlier = kept(tmp_path, counted)
    aside = earlier_notes(tmp_path, counted).with_name(
        f"unclaimed-{earlier_notes(tmp_path, counted).name}"
    )
    assert earlier.hand_over(counted).endswith(f"under notes/{aside.name}.")
    assert (aside / "0123456789ab.json").read_text() == "a note"
    assert earlier.hand_over(counted) == ""
    assert not places.notes(tmp_path, counted).exists()
    assert left(tmp_path) == {"settings.json", "sync.json", "history.json"}


@pytest.mark.parametrize("damage", [b"", b"[]", b"{", b"\xff", b"[" * 100_000])
def test_what_can_not_be_read_is_left_alone(tmp_path: Path, damage: bytes) -> None:
    earlier = kept(tmp_path)
    for name in ("settings.json", "sync.json", "history.json"):
        (tmp_path / name).write_bytes(damage)
    assert earlier.hand_over(ADA) == ""
    assert left(tmp_path) == {"settings.json", "sync.json", "history.json"}
    assert (places.notes(tmp_path, ADA) / "0123456789ab.json").exists()


def test_where_nothing_was_kept_nothing_happens(tmp_path: Path) -> None:
    earlier = EarlierFiles(
        tmp_path,
        places.profile(tmp_path, BASE),
        History(places.history(tmp_path, BASE), Recorder(), float),
        Recorder(),
    )
    for owner in (ADA, Owner(BASE, "", 1), Owner(BASE, "1", 1)):
        assert earlier.hand_over(owner) == ""
    assert list(tmp_path.iterdir()) == []
