"""What of a person's notes can't be shown is said, once, and where it is (NT-3);
and the server's limit (NT-5).
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from refapp.trusted.files.owner import Owner
from refapp.trusted.recorder import Recorder
from refapp.trusted.services import notes_command
from refapp.trusted.services.workspace import Workspace
from refapp.trusted.shell.store_watch import LOOK_EVERY_S
from refapp.trusted.window.view import limit
from steps.in_process.inproc import InProcess

ADA = Owner("https://auth.example.com", "ada", 1)


@pytest.fixture
def notes(tmp_path: Path) -> Workspace:
    made = Workspace(tmp_path, Recorder(), lambda: 1000.0)
    made.belong_to(ADA)
    return made


def folder(notes: Workspace) -> Path:
    return notes._files.place


@pytest.mark.parametrize(
    "damage", ["{", '{"id":"000000000000","text":"of another name","changedAt":1}', "[]" * 10]
)
def test_a_file_that_can_t_be_read_is_counted_and_hides_no_other(
    notes: Workspace, damage: str
) -> None:
    notes.save(None, "Whole")
    assert notes.trouble == ""
    (folder(notes) / "0123456789ab.json").write_text(damage)
    notes.look()
    assert notes.trouble.startswith("What is in 1 file of your notes can't be read")
    assert f"under notes/{folder(notes).name}." in notes.trouble
    (folder(notes) / "0123456789ac.json").mkdir()
    notes.look()
    assert notes.trouble.startswith("What is in 2 files of your notes can't be read")
    assert [note.title for note in notes.summaries()] == ["Whole"]


def test_a_whole_copy_in_its_place_is_shown_and_nothing_is_said_any_more(notes: Workspace) -> None:
    note = notes.save(None, "Whole")
    whole = (folder(notes) / f"{note}.json").read_bytes()
    (folder(notes) / f"{note}.json").write_bytes(whole[:-9])
    again = Workspace(notes._folder, Recorder(), lambda: 1000.0)
    again.belong_to(ADA)
    assert (again.summaries(), bool(again.trouble)) == ([], True)
    (folder(notes) / f"{note}.json").write_bytes(whole)
    again.look()
    assert ([one.title for one in again.summaries()], again.trouble) == (["Whole"], "")


def test_a_file_that_is_gone_or_put_aside_is_not_counted_twice(notes: Workspace) -> None:
    notes.save(None, "Whole")
    file = folder(notes) / "0123456789ab.json"
    file.write_text("{")
    notes.look()
    file.rename(file.with_name("0123456789ab.unread-1000.json"))
    notes.look()
    assert notes.trouble.startswith("What is in 1 file ")
    file.with_name("0123456789ab.unread-1000.json").unlink()
    notes.look()
    assert notes.trouble == ""


def test_what_was_read_before_its_file_was_damaged_is_shown_still(notes: Workspace) -> None:
    note = notes.save(None, "Whole")
    (folder(notes) / f"{note}.json").write_text("{")
    notes.look()
    assert ([one.title for one in notes.summaries()], notes.trouble) == (["Whole"], "")


def test_a_folder_that_can_t_be_looked_into_is_said(notes: Workspace) -> None:
    folder(notes).parent.mkdir()
    folder(notes).write_text("a file in its place")
    notes.look()
    assert notes.trouble.startswith(
        "The folder of your notes can't be read, so they are not shown."
    )


def test_the_command_that_lists_notes_names_it(notes: Workspace) -> None:
    folder(notes).mkdir(parents=True)
    (folder(notes) / "0123456789ab.json").write_text("{")
    out = io.StringIO()
    assert notes_command.run(notes._folder, None, out) == 0
    assert (
        "0, the last changed on no day; at no server: 0. What is in 1 file of your notes"
        in out.getvalue()
    )


@pytest.fixture
def computer(tmp_path: Path) -> Iterator[InProcess]:
    computer = InProcess(tmp_path)
    computer.open()
    yield computer
    computer.finish()


def test_it_is_said_once_while_the_app_runs_and_what_stands_is_said_still(
    computer: InProcess,
) -> None:
    place = computer.folder / "notes" / "nobody"
    computer.write_note("Engines weave.")
    (place / "0123456789ab.json").write_text("{")
    computer.pass_time(LOOK_EVERY_S)
    notice = computer.window.snapshots[-1].notice
    assert notice is not None
    assert notice.text.startswith("What is in 1 file of your notes")
    computer.press("dismiss")
    computer.pass_time(3 * LOOK_EVERY_S)
    assert computer.window.snapshots[-1].notice is None
    computer.kill()
    computer.open()
    notice = computer.window.snapshots[-1].notice
    assert notice is not None
    assert "without being closed" in notice.text
    assert "What is in 1 file of your notes" in notice.text


def test_notes_that_wait_for_their_first_sync_take_of_the_servers_room(computer: InProcess) -> None:
    computer.write_note("One")
    around = computer.copy.app.around
    around.sync.room = 2
    assert limit(around) == ""
    computer.write_note("Two")
    assert (
        limit(around)
        == "The server has no room for another note. What you write is kept on this computer alone."
    )
    around.sync.room = None
    assert limit(around) == ""
