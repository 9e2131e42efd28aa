"""The parent asks a window for what was typed before it ends it,
and waits for a bounded moment (NT-1).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from refapp import messages as m
from refapp.snapshot import NOBODY
from refapp.trusted.files.owner import Owner
from refapp.trusted.recorder import Recorder
from refapp.trusted.services.note_owners import NoteOwners
from refapp.trusted.services.workspace import NoSuchNote, Workspace
from refapp.trusted.window.window_ends import Ending
from refapp.trusted.window.window_host import ASK_EVERY_S, LEAVE_LIMIT_S
from refapp.trusted.wording.window_words import NOTHING_LOST, TYPED_LAST_NOT_SAID
from steps.in_process.inproc import InProcess
from steps.scenario.people import PEOPLE

ADA, BOB = (Owner("https://auth.example.com", name, 1) for name in ("ada", "bob"))


def notes(folder: Path) -> list[str]:
    return [path.read_text() for path in sorted((folder / "notes").rglob("*.json"))]


@pytest.fixture
def computer(tmp_path: Path) -> Iterator[InProcess]:
    computer = InProcess(tmp_path)
    computer.open()
    yield computer
    computer.running_copies = [copy for copy in computer.running_copies if not copy.running.done()]
    computer.finish()


def test_a_window_that_answers_no_ping_is_asked_before_it_is_replaced(computer: InProcess) -> None:
    window = computer.window
    window.answers_pings = False
    computer.pass_time(2 * ASK_EVERY_S - 0.1)
    computer.type("Half a word")
    computer.pass_time(0.5)
    assert computer.windows() == 2
    assert any("Half a word" in note for note in notes(computer.folder))
    notice = computer.window.snapshots[-1].notice
    assert notice is not None
    assert notice.text.startswith(
        "The window ended unexpectedly and was started again. What was typed is kept up to "
    )


def test_a_window_that_does_not_leave_is_waited_for_no_longer_than_the_limit(
    computer: InProcess,
) -> None:
    computer.hang()
    computer.copy.app.leave()
    computer.pass_time(LEAVE_LIMIT_S - 0.1)
    assert not computer.copy.running.done()
    computer.pass_time(0.2)
    assert computer.copy.running.done()
    assert computer.window.ended


def test_a_window_of_another_make_that_knows_no_leave_is_ended_at_once_and_nothing_is_wrong(
    computer: InProcess,
) -> None:
    computer.copy.app.window._leaves = False
    computer.window.silent = True
    computer.copy.app.leave()
    computer.time.advance(0.1)
    assert computer.running_copies.pop(0).ending() == (0, "")


def test_a_window_that_leaves_is_not_waited_for(computer: InProcess) -> None:
    computer.copy.app.leave()
    computer.rest()
    assert computer.copy.running.done()
    assert computer.copy.running.result().sentence == ""


def test_a_restart_takes_the_last_words_of_the_old_window(computer: InProcess) -> None:
    computer.add_account(PEOPLE["Ada"])
    computer.type_credentials(PEOPLE["Ada"].email, PEOPLE["Ada"].password)
    computer.press("sync")
    computer.type("Half a word")
    computer.press("sign out")
    computer.press("restart")
    assert computer.windows() == 2
    assert any("Half a word" in note for note in notes(computer.folder))


def test_a_window_that_says_nothing_when_it_is_restarted_may_have_had_something(
    computer: InProcess,
) -> None:
    computer.add_account(PEOPLE["Ada"])
    computer.type_credentials(PEOPLE["Ada"].email, PEOPLE["Ada"].password)
    computer.press("sign out")
    computer.window.silent = True
    computer.press("restart")
    computer.pass_time(LEAVE_LIMIT_S)
    assert computer.windows() == 2
    notice = computer.window.snapshots[-1].notice
    assert notice is not None
    assert notice.text == f"{TYPED_LAST_NOT_SAID}{NOTHING_LOST}"


def test_somebody_else_does_not_read_up_to_when_it_is_kept(computer: InProcess) -> None:
    computer.add_account(PEOPLE["Ada"])
    computer.type_credentials(PEOPLE["Ada"].email, PEOPLE["Ada"].password)
    computer.write_note("Dear diary")
    old = computer.window
    old.silent = True
    computer.server.do("revoke_all", email=PEOPLE["Ada"].email)
    computer.press("sync")
    computer.add_account(PEOPLE["Bob"])
    computer.type_credentials(PEOPLE["Bob"].email, PEOPLE["Bob"].password)
    computer.pass_time(LEAVE_LIMIT_S)
    assert computer.window is not old
    notice = computer.window.snapshots[-1].notice
    assert notice is not None
    assert notice.text == TYPED_LAST_NOT_SAID.strip()


def test_what_a_crashed_window_could_not_save_is_not_said_again_at_the_end(
    computer: InProcess,
) -> None:
    (computer.folder / "notes").mkdir()
    (computer.folder / "notes" / "nobody").write_text("no folder")
    computer.say("note_save", note=None, text="Nobody's", owner=NOBODY)
    computer.misbehave("crashes")
    computer.pass_time(1)
    notice = computer.window.snapshots[-1].notice
    assert notice is not None
    assert "What was typed could not be saved: " in notice.text
    computer.copy.app.leave()
    computer.rest()
    assert computer.copy.running.result() == Ending(0, "")


def test_adas_new_note_takes_nothing_away_that_was_said_of_nobodys(computer: InProcess) -> None:
    (computer.folder / "notes").mkdir()
    (computer.folder / "notes" / "nobody").write_text("no folder")
    computer.say("note_save", note=None, text="Nobody's", owner=NOBODY)
    assert computer.answer().error
    computer.add_account(PEOPLE["Ada"])
    computer.type_credentials(PEOPLE["Ada"].email, PEOPLE["Ada"].password)
    ada = computer.window.snapshots[-1].owner
    computer.say("note_save", note=None, text="Hers", owner=ada)
    computer.copy.app.leave()
    computer.rest()
    assert (
        "What was typed after that could not be saved: " in computer.copy.running.result().sentence
    )


def test_a_note_stays_its_owners_whoever_is_signed_in_when_it_is_saved(computer: InProcess) -> None:
    computer.type("Nobody's")
    computer.add_account(PEOPLE["Ada"])
    computer.type_credentials(PEOPLE["Ada"].email, PEOPLE["Ada"].password)
    computer.pass_time(1)
    assert computer.window.snapshots[-1].owner != NOBODY
    assert computer.window.snapshots[-1].notes == []
    assert [path.parent.name for path in (computer.folder / "notes").rglob("*.json")] == ["nobody"]


def test_a_window_can_name_no_owner_that_it_was_not_shown(computer: InProcess) -> None:
    computer.say("note_save", note=None, text="Mallory was here", owner=1)
    assert computer.answer().error == "These notes are not open any more."
    assert notes(computer.folder) == []


def test_what_a_window_asks_for_when_it_is_another_persons_is_refused(computer: InProcess) -> None:
    """It hangs on to its life, has read Ada's notes, and tries to leave them with Bob (SB-8)."""
    computer.add_account(PEOPLE["Ada"])
    computer.type_credentials(PEOPLE["Ada"].email, PEOPLE["Ada"].password)
    computer.write_note("Dear diary")
    old = computer.window
    ada = old.snapshots[-1].owner
    old.silent = True
    computer.server.do("revoke_all", email=PEOPLE["Ada"].email)
    computer.press("sync")
    computer.add_account(PEOPLE["Bob"])
    computer.type_credentials(PEOPLE["Bob"].email, PEOPLE["Bob"].password)
    assert not old.ended, "it is waited for"
    before = len(old.replies)
    old.ask(m.SyncNow, m.Nothing())
    old.ask(m.SignOut, m.Nothing())
    old.ask(m.NoteSave, m.NoteSaveParams(None, "Dear diary, again", ada))
    computer.pass_time(1)
    answers = old.replies[before:]
    assert [getattr(answer.error, "reason", "") for answer in answers] == ["not_now", "not_now", ""]
    computer.pass_time(LEAVE_LIMIT_S)
    assert old.ended
    assert {shown.owner for shown in old.snapshots if shown.owner != NOBODY} == {ada}
    assert computer.window is not old
    assert "Dear diary" not in str(computer.window.snapshots)
    hers = [text for text in notes(computer.folder) if "again" in text]
    assert len(hers) == 1


def test_the_numbers_of_owners_are_drawn_and_stay(tmp_path: Path) -> None:
    owners = NoteOwners()
    ada, bob = owners.number(ADA), owners.number(BOB)
    assert owners.number(replace(ADA, generation=2)) == ada, "she has signed in again"
    assert (owners.number(replace(ADA, user_id="")), owners.number(ADA)) == (NOBODY, ada)
    assert owners.number(replace(ADA, base="https://other.example.com")) not in {ada, bob}
    assert ada != bob
    assert min(ada, bob) > 2**20, "a small number can be guessed"
    assert (owners.owner(ada), owners.owner(ada + 1)) == (ADA, None)
    workspace = Workspace(tmp_path, Recorder(), lambda: 1.0, owners)
    workspace.of(ada).save(None, "Hers")
    assert workspace.summaries() == []
    workspace.belong_to(ADA)
    assert [note.title for note in workspace.summaries()] == ["Hers"]
    with pytest.raises(NoSuchNote):
        workspace.of(ada + 1)
