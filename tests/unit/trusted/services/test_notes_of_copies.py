"""Two copies of the app on the same notes: whatever each of them knows, neither overwrites what the
other wrote (OW-8).
"""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from refapp.trusted.errors import LockTimeout
from refapp.trusted.files import lease
from refapp.trusted.files.owner import NOBODY, Owner
from refapp.trusted.recorder import Recorder
from refapp.trusted.services.note_files import Note
from refapp.trusted.services.workspace import NoSuchNote, Workspace

ADA, BOB = (Owner("https://auth.example.com", name, 1) for name in ("ada", "bob"))


class Copies:
    """``one`` and ``other`` have the same note ``note``, "First", open."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = 1000.0
        self.one = self.opened()
        self.note = self.one.save(None, "First")
        self.other = self.opened()
        assert self.other.text(self.note) == "First"

    def opened(self) -> Workspace:
        made = Workspace(self.folder, Recorder(), lambda: self.now)
        made.belong_to(ADA)
        return made

    def texts(self) -> list[str]:
        """Those that the next start would show."""
        return sorted(note.text for note in self.opened().all() if not note.deleted)


@pytest.fixture
def copies(tmp_path: Path) -> Copies:
    return Copies(tmp_path)


def test_both_texts_are_kept_and_the_second_has_an_id_of_its_own(copies: Copies) -> None:
    assert copies.other.save(copies.note, "Theirs") == copies.note
    mine = copies.one.save(copies.note, "Mine")
    assert mine != copies.note
    assert copies.texts() == ["Mine", "Theirs"]
    assert copies.one.save(mine, "Mine, and more") == mine
    assert copies.texts() == ["Mine, and more", "Theirs"]


@pytest.mark.parametrize("here_is", [NOBODY, BOB])
def test_nor_does_what_is_saved_when_she_is_not_here_any_more(
    copies: Copies, here_is: Owner
) -> None:
    """Her draft was left when she signed out, or when somebody else signed in in another copy."""
    copies.other.save(copies.note, "Theirs")
    copies.one.look()
    hers = copies.one.number
    copies.one.belong_to(here_is)
    mine = copies.one.of(hers).save(copies.note, "Mine")
    assert mine != copies.note
    assert copies.texts() == ["Mine", "Theirs"]
    assert copies.one.of(hers).save(mine, "Mine, and more") == mine
    assert copies.texts() == ["Mine, and more", "Theirs"]


def test_the_same_text_twice_is_one_note(copies: Copies) -> None:
    copies.other.save(copies.note, "Both")
    assert copies.one.save(copies.note, "Both") == copies.note
    assert copies.texts() == ["Both"]


def test_a_text_that_was_looked_at_again_may_be_changed(copies: Copies) -> None:
    copies.other.save(copies.note, "Theirs")
    assert copies.one.text(copies.note) == "Theirs"
    assert copies.one.save(copies.note, "Mine after theirs") == copies.note
    assert copies.texts() == ["Mine after theirs"]


def test_to_have_seen_it_in_the_list_is_not_to_have_opened_it(copies: Copies) -> None:
    copies.other.save(copies.note, "Theirs")
    assert copies.one.look()
    assert [note.title for note in copies.one.summaries()] == ["Theirs"]
    copies.one.save(copies.note, "Mine")
    assert copies.texts() == ["Mine", "Theirs"]


def test_a_note_that_the_other_deleted_stays_deleted(copies: Copies) -> None:
    copies.other.delete(copies.note)
    assert copies.one.save(copies.note, "Mine") != copies.note
    assert copies.texts() == ["Mine"]
    with pytest.raises(NoSuchNote):
        copies.one.text(copies.note)


def test_a_text_that_she_has_not_seen_is_not_deleted(copies: Copies) -> None:
    copies.other.save(copies.note, "Theirs")
    with pytest.raises(NoSuchNote, match="changed elsewhere"):
        copies.one.delete(copies.note)
    assert copies.one.text(copies.note) == "Theirs"
    copies.one.delete(copies.note)
    assert copies.texts() == []


def test_what_the_server_has_does_not_replace_what_the_other_has_just_written(
    copies: Copies,
) -> None:
    copies.other.save(copies.note, "Theirs")
    assert copies.one.merging.take(Note(copies.note, "The server's", 2000.0, revision=1), {})
    assert copies.texts() == ["The server's", "Theirs"]


def test_what_another_copy_has_purged_is_gone_here_too(copies: Copies) -> None:
    copies.other.delete(copies.note)
    assert [note.deleted for note in copies.one.all()] == [True]
    copies.other.merging.acknowledge(copies.other.all()[0], 2)
    assert copies.one.look()
    assert copies.one.all() == []


def test_what_goes_to_the_server_is_what_the_other_has_written(copies: Copies) -> None:
    copies.other.save(copies.note, "Theirs")
    assert [note.text for note in copies.one.all()] == ["Theirs"]


def test_a_session_later_the_notes_are_the_same_and_another_server_s_are_not(
    copies: Copies,
) -> None:
    copies.one.belong_to(replace(ADA, generation=2))
    assert [note.text for note in copies.one.all()] == ["First"]
    copies.one.belong_to(replace(ADA, base="https://other.example.com"))
    assert copies.one.all() == []


def test_a_copy_that_hangs_while_it_writes_is_waited_for_and_then_said(
    copies: Copies, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "BRIEFLY_S", 0.01)
    [folder] = [path for path in (copies.folder / "notes").iterdir() if path.is_dir()]
    with (
        lease.briefly(folder.with_suffix(".lock")),
        pytest.raises(LockTimeout, match="Another copy"),
    ):
        copies.one.save(copies.note, "Mine")
    assert copies.texts() == ["First"]
    copies.one.save(copies.note, "Mine")
    assert copies.texts() == ["Mine"]
