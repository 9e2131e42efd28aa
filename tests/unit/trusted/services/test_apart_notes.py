"""Notes beside hers:
wherever the way between the folders breaks off, each text is in one of them (NT-3).
"""

from __future__ import annotations

import errno
import io
import os
import stat
import time
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import pytest

from refapp.snapshot import NotesApart
from refapp.trusted.errors import CallError, ConfigError, WriteFailed, WriteNotDurable
from refapp.trusted.files import atomic_file, places
from refapp.trusted.files.owner import NOBODY, Owner
from refapp.trusted.recorder import Recorder
from refapp.trusted.services import notes_command
from refapp.trusted.services.apart_notes import ApartNotes
from refapp.trusted.services.around import Around
from refapp.trusted.services.note_files import Note, NoteFiles
from refapp.trusted.services.workspace import Workspace

ADA, AGAIN, BOB = (
    Owner("https://auth.example.com", name, 1) for name in ("ada", "ada-again", "bob")
)
MAIL = "ada@example.com"


def texts(folder: Path, owner: Owner | None = None, mail: str = "") -> list[str]:
    notes = Workspace(folder, Recorder(), lambda: 1.0)
    if owner is not None:
        notes.belong_to(owner, mail)
    return sorted(note.text for note in notes.all() if not note.deleted)


def write(folder: Path, text: str, owner: Owner | None = None, mail: str = "") -> str:
    notes = Workspace(folder, Recorder(), lambda: 1.0)
    if owner is not None:
        notes.belong_to(owner, mail)
    return notes.save(None, text)


def hers(folder: Path, owner: Owner = ADA, mail: str = MAIL) -> ApartNotes:
    found = ApartNotes(folder, Recorder())
    found.follow(owner, mail)
    return found


def test_what_was_written_by_nobody_joins_and_goes_back(tmp_path: Path) -> None:
    write(tmp_path, "Milk")
    apart = hers(tmp_path)
    assert apart.shown == NotesApart("asked", 1)
    apart.join()
    assert (texts(tmp_path), texts(tmp_path, ADA), apart.shown) == (
        [],
        ["Milk"],
        NotesApart("joined", 1),
    )
    apart.undo()
    assert (texts(tmp_path), texts(tmp_path, ADA), apart.shown) == (
        ["Milk"],
        [],
        NotesApart("apart", 1),
    )
    apart.undo()
    assert apart.shown == NotesApart("asked", 1)


def test_who_has_written_something_new_is_asked_about_that_alone(tmp_path: Path) -> None:
    write(tmp_path, "Milk")
    apart = hers(tmp_path)
    apart.keep()
    assert apart.shown == NotesApart("apart", 1)
    write(tmp_path, "Bread")
    assert apart.look()
    assert apart.shown == NotesApart("asked", 1)


@pytest.mark.parametrize("fails_at", range(1, 12))
def test_wherever_the_disk_gives_up_no_text_is_lost_and_the_next_try_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails_at: int
) -> None:
    for text in ("Milk", "Bread", "Tea"):
        write(tmp_path, text)
    apart = hers(tmp_path)
    changes = 0

    def counted(original: object) -> object:
        def change(path: Path, *rest: object, **more: object) -> object:
            nonlocal changes
            changes += 1
            if changes == fails_at:
                raise WriteFailed("The disk is full.")
            return original(path, *rest, **more)  # type: ignore[operator]

        return change

    for name in ("replace", "remove"):
        monkeypatch.setattr(atomic_file, name, counted(getattr(atomic_file, name)))
    try:
        apart.join()
    except WriteFailed:
        assert {*texts(tmp_path), *texts(tmp_path, ADA)} == {"Milk", "Bread", "Tea"}
        apart.join()
    assert texts(tmp_path) == []
    assert set(texts(tmp_path, ADA)) == {"Milk", "Bread", "Tea"}


def unsure(fd: int) -> bool:
    if stat.S_ISDIR(os.fstat(fd).st_mode):
        raise OSError(errno.EIO, os.strerror(errno.EIO))
    return True


def test_on_a_disk_that_does_not_confirm_no_try_leaves_a_note_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "Milk")
    apart = hers(tmp_path)
    with monkeypatch.context() as trouble:
        trouble.setattr(atomic_file, "confirmed", unsure)
        for _ in range(3):
            with pytest.raises(WriteNotDurable):
                apart.join()
        assert (texts(tmp_path), texts(tmp_path, ADA)) == (["Milk"], [])
    apart.join()
    with monkeypatch.context() as trouble:
        trouble.setattr(atomic_file, "confirmed", unsure)
        for _ in range(3):
            with pytest.raises(WriteNotDurable):
                apart.undo()
        assert (texts(tmp_path), texts(tmp_path, ADA)) == ([], ["Milk"])
    apart.undo()
    assert (texts(tmp_path), texts(tmp_path, ADA)) == (["Milk"], [])


def test_an_answer_that_the_disk_does_not_confirm_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "Milk")
    apart = hers(tmp_path)
    monkeypatch.setattr(atomic_file, "confirmed", unsure)
    apart.keep()
    assert apart.shown == NotesApart("apart", 1)


def test_notes_of_another_id_with_her_e_mail_are_found_and_go_back_where_they_were(
    tmp_path: Path,
) -> None:
    write(tmp_path, "Milk", ADA, MAIL)
    apart = hers(tmp_path, AGAIN, MAIL.upper())
    assert apart.shown == NotesApart("asked", 1)
    apart.join()
    assert texts(tmp_path, AGAIN) == ["Milk"]
    apart.undo()
    assert (texts(tmp_path, ADA), texts(tmp_path, AGAIN), texts(tmp_path)) == (["Milk"], [], [])


def test_nothing_is_found_of_another_person_or_at_another_server(tmp_path: Path) -> None:
    write(tmp_path, "Dear diary", BOB, "bob@example.com")
    write(tmp_path, "Milk", Owner("https://other.example.com", "ada", 1), MAIL)
    write(tmp_path, "Tea", BOB, "")
    assert hers(tmp_path).shown == NotesApart("none")
    assert hers(tmp_path, ADA, "").shown == NotesApart("none")


def test_an_e_mail_that_is_somebody_elses_since_leads_him_to_none_of_her_notes(
    tmp_path: Path,
) -> None:
    write(tmp_path, "Milk", ADA, MAIL)
    Workspace(tmp_path, Recorder(), lambda: 1.0).belong_to(ADA, "ada.king@example.com")
    assert hers(tmp_path, BOB, MAIL).shown == NotesApart("none")
    assert hers(tmp_path, AGAIN, "ada.king@example.com").shown == NotesApart("asked", 1)


@pytest.mark.parametrize(
    "place", [places.notes(Path(), NOBODY), places.notes(Path(), ADA), places.answers(Path(), ADA)]
)
def test_however_often_she_says_so_while_the_disk_refuses_each_change_there_it_is_in_one_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: Path
) -> None:
    def refused(done: Callable[..., object]) -> Callable[..., object]:
        def change(path: Path, *rest: object, **more: object) -> object:
            if path.is_relative_to(tmp_path / place):
                raise WriteFailed("The disk is in the way.")
            return done(path, *rest, **more)

        return change

    def says_so_three_times(answer: Callable[[], None]) -> None:
        before = texts(tmp_path), texts(tmp_path, ADA)
        with monkeypatch.context() as trouble:
            for name in ("replace", "remove"):
                trouble.setattr(atomic_file, name, refused(getattr(atomic_file, name)))
            for _ in range(3):
                with pytest.raises(WriteFailed):
                    answer()
                assert (texts(tmp_path), texts(tmp_path, ADA)) == before

    write(tmp_path, "Milk")
    apart = hers(tmp_path)
    says_so_three_times(apart.join)
    apart.join()
    says_so_three_times(apart.undo)
    apart.undo()
    assert (texts(tmp_path), texts(tmp_path, ADA)) == (["Milk"], [])


def test_one_beside_hers_that_can_not_be_read_is_said(tmp_path: Path) -> None:
    note = write(tmp_path, "Milk", ADA, MAIL)
    (places.notes(tmp_path, ADA) / f"{note}.json").write_text("torn")
    around = Around(
        Workspace(tmp_path, Recorder(), lambda: 1.0), *[mock.Mock()] * 3, hers(tmp_path, AGAIN)
    )
    assert around.trouble.startswith("What is in 1 file of your notes can't be read, ")
    assert places.notes(Path(), ADA).name in around.trouble


def test_no_e_mail_is_on_the_disk_for_it(tmp_path: Path) -> None:
    write(tmp_path, "Milk", ADA, MAIL)
    assert all(
        MAIL not in path.name and MAIL.encode() not in path.read_bytes()
        for path in tmp_path.rglob("*.*")
    )


def test_there_is_nothing_to_undo_before_an_answer(tmp_path: Path) -> None:
    with pytest.raises(CallError):
        hers(tmp_path).undo()


def told(folder: Path, release: str | None = None) -> str:
    out = io.StringIO()
    assert notes_command.run(folder, release, out) == 0
    return out.getvalue()


def test_an_account_that_is_gone_is_listed_and_its_notes_are_offered_to_whoever_signs_in_next(
    tmp_path: Path,
) -> None:
    assert told(tmp_path).startswith("No notes are in ")
    write(tmp_path, "Milk", BOB, "old@example.com")
    gone = Workspace(tmp_path, Recorder(), lambda: 1.0)
    gone.belong_to(BOB)
    gone.delete(gone.save(None, "Bread"))  # its file stays until the server knows
    name, _, said = told(tmp_path).partition(" ")
    day = time.strftime("%Y-%m-%d", time.localtime(0))  # west of Greenwich it was the day before
    assert f"an account's: 1, the last changed on {day}; at no server: 1" in said
    assert "Notes that are this computer's now: 1." in told(tmp_path, name)
    assert (texts(tmp_path, BOB), texts(tmp_path)) == ([], ["Milk"])
    apart = hers(tmp_path)
    apart.join()
    assert texts(tmp_path, ADA) == ["Milk"]


@pytest.mark.parametrize("name", ["nobody", "../notes", "unknown"])
def test_only_an_account_s_notes_can_be_released(tmp_path: Path, name: str) -> None:
    write(tmp_path, "Milk")
    with pytest.raises(ConfigError):
        told(tmp_path, name)


class Meanwhile(Recorder):
    """Another copy of the app writes when this one has just written something."""

    def __init__(self, act: Callable[[], object]) -> None:
        super().__init__()
        self._act: Callable[[], object] | None = act

    def note(self, *said: object) -> None:  # type: ignore[override]
        act, self._act = self._act, None
        if act is not None and said[-1] == "write note":
            act()
        else:
            self._act = act


@pytest.mark.parametrize("what", ["join", "undo", "release"])
def test_what_another_copy_writes_meanwhile_is_kept(what: str, tmp_path: Path) -> None:
    """The note is on its way between the folders when its text is changed where it was."""
    whose = BOB if what == "release" else ADA if what == "undo" else None
    note = write(tmp_path, "begun", BOB if what == "release" else None)
    if what == "undo":
        hers(tmp_path).join()
    other = Workspace(tmp_path, Recorder(), lambda: 2.0)
    if whose is not None:
        other.belong_to(whose)
        note = next(one.id for one in other.all())
    other.text(note)
    meanwhile = Meanwhile(lambda: other.save(note, "an hour's work"))
    if what == "release":
        files = NoteFiles(places.notes(tmp_path, BOB), meanwhile)
        files.look()
        moved = files.alive()[0]
        NoteFiles(places.notes(tmp_path, NOBODY), meanwhile).adopt(moved)
        files.give_up(moved)
    else:
        apart = ApartNotes(tmp_path, meanwhile)
        apart.follow(ADA, MAIL)
        getattr(apart, what)()
    assert "an hour's work" in texts(tmp_path, whose)


def test_a_note_that_can_not_be_read_is_put_aside_and_not_overwritten(tmp_path: Path) -> None:
    note = write(tmp_path, "an hour's work", ADA)
    place = places.notes(tmp_path, ADA)
    whole = (place / f"{note}.json").read_bytes()
    (place / f"{note}.json").write_bytes(whole[:-8])
    notes = Workspace(tmp_path, Recorder(), lambda: 1.0)
    notes.belong_to(ADA)
    assert notes.merging.take(Note(note, "from the server", 3.0, revision=4), {})
    assert texts(tmp_path, ADA) == ["from the server"]
    assert [path.read_bytes() for path in place.glob(f"{note}.unread-*.json")] == [whole[:-8]]
