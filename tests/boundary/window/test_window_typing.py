"""What is typed outlives what happens beside it:
the real window, real keys, a scripted parent (NT-1).
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from refapp import messages as m
from refapp.snapshot import Phase
from tests.boundary.window_parent import WindowParent, snapshot

pytestmark = pytest.mark.skipif(shutil.which("xdotool") is None, reason="xdotool is not installed")
ADA, BOB = 5, 6
FULL = m.ErrorDetail(-32000, "The disk is full.", "write_failed")
Start = Callable[[Phase, int], WindowParent]


@pytest.fixture
def start(display: dict[str, str]) -> Iterator[Start]:
    parent = WindowParent(display)

    def make(phase: Phase, owner: int) -> WindowParent:
        parent.start()
        parent.ready(snapshot(phase, owner=owner))
        if phase is Phase.SIGNED_OUT:
            parent.keys("ctrl+n")
        parent.see("focus", "notes.editor")
        return parent

    yield make
    parent.close()


def saves(parent: WindowParent) -> list[m.NoteSaveParams]:
    return [message.params for message in parent.asked if isinstance(message, m.NoteSave)]


def typed(parent: WindowParent, text: str, whole: str) -> None:
    """Type, and wait until the window has it."""
    parent.type(text)
    parent.see("notes.editor", whole)


def test_a_sign_in_that_comes_through_leaves_the_note_where_it_is(start: Start) -> None:
    parent = start(Phase.SIGNED_OUT, 0)
    typed(parent, "half a ", "half a ")
    parent.show(snapshot(Phase.SIGNING_IN, revision=2))
    typed(parent, "wo", "half a wo")
    parent.show(snapshot(Phase.SIGNED_IN, revision=3, owner=ADA))
    typed(parent, "rd", "half a word")
    parent.until(lambda: saves(parent)[-1].text == "half a word")
    assert {save.owner for save in saves(parent)} == {0}
    parent.see("notes.saved", "Saved on this computer, as it was begun: signed out")
    assert parent.seen["focus"] == "notes.editor"


def test_another_person_sees_nothing_of_it_and_it_is_saved_as_its_writers(start: Start) -> None:
    parent = start(Phase.SIGNED_IN, ADA)
    parent.type("dear diary")
    parent.show(snapshot(Phase.SIGNED_IN, revision=2, owner=BOB))
    parent.see("notes.editor", "")
    parent.until(lambda: bool(saves(parent)) and saves(parent)[-1].text == "dear diary")
    assert {save.owner for save in saves(parent)} == {ADA}
    typed(parent, "mine", "mine")
    # On a busy computer a part of it may have been saved before.
    parent.until(lambda: (saves(parent)[-1].text, saves(parent)[-1].owner) == ("mine", BOB))


def test_a_new_note_that_is_begun_while_the_parent_is_slow_costs_nothing(start: Start) -> None:
    parent = start(Phase.SIGNED_IN, ADA)
    parent.holds = {m.NoteSave}
    parent.type("hello")
    parent.until(lambda: bool(saves(parent)))
    typed(parent, " world", "hello world")
    parent.keys("ctrl+n")
    parent.see("notes.editor", "")
    parent.let_go()
    parent.until(lambda: saves(parent)[-1] == m.NoteSaveParams("f" * 12, "hello world", ADA))


def test_what_is_typed_before_the_chosen_note_is_there_is_saved(start: Start) -> None:
    parent = start(Phase.SIGNED_IN, ADA)
    typed(parent, "one", "one")
    parent.see("notes.saved", "Saved on this computer")
    parent.holds = {m.NoteOpen}
    parent.keys("shift+Tab", "Down")
    parent.until(lambda: any(isinstance(message, m.NoteOpen) for message in parent.asked))
    parent.keys("Tab")
    parent.see("focus", "notes.editor")
    typed(parent, "more", "onemore")
    parent.let_go()
    parent.see("notes.editor", "Bread and tea")
    parent.until(lambda: saves(parent)[-1] == m.NoteSaveParams("f" * 12, "onemore", ADA))


def test_a_page_that_is_opened_saves_at_once(start: Start) -> None:
    parent = start(Phase.SIGNED_IN, ADA)
    parent.holds = {m.NoteSave}
    parent.type("half a wo")
    parent.keys("alt+a")
    parent.until(lambda: bool(saves(parent)) and parent.seen.get("state:nav.account") == "selected")
    parent.let_go()
    parent.until(lambda: saves(parent)[-1].text == "half a wo")


def test_a_note_that_was_left_and_could_not_be_saved_is_said(start: Start) -> None:
    parent = start(Phase.SIGNED_IN, ADA)
    parent.refuses = {m.NoteSave: FULL}
    typed(parent, "hello", "hello")
    parent.keys("ctrl+n")
    parent.see("notes.saved", "New note. A note that you left: Not saved: The disk is full.")
    parent.refuses = {}
    parent.see("notes.saved", "New note")
    assert saves(parent)[-1].text == "hello"


def test_the_window_hands_up_what_it_has_when_it_is_asked_to_leave(start: Start) -> None:
    parent = start(Phase.SIGNED_IN, ADA)
    parent.type("last words")
    parent.send(m.Leave())
    assert parent.exit_code() == 0
    assert saves(parent)[-1].text == "last words"
    assert parent.complaint == ""


def test_a_session_manager_finds_everything_saved(start: Start) -> None:
    parent = start(Phase.SIGNED_IN, ADA)
    parent.holds = {m.NoteSave}
    parent.type("last words")
    program = [
        sys.executable,
        str(Path(__file__).parents[1] / "programs" / "session_manager.py"),
        parent.window(),
    ]
    done = subprocess.run(
        program, env={**os.environ, **parent.display}, capture_output=True, text=True, check=True
    )
    assert done.stdout == "saved\n"
    parent.until(lambda: bool(saves(parent)))
    parent.let_go()
    parent.until(lambda: saves(parent)[-1].text == "last words")


def test_it_leaves_also_if_its_last_words_are_refused(start: Start) -> None:
    parent = start(Phase.SIGNED_IN, ADA)
    parent.refuses = {m.NoteSave: FULL}
    parent.type("last words")
    parent.send(m.Leave())
    assert parent.exit_code() == 0


@pytest.mark.parametrize("how", ["the display ends", "the window manager kills its client"])
def test_the_end_of_the_display_costs_nothing(
    start: Start, how: str, end_display: Callable[[], None]
) -> None:
    parent = start(Phase.SIGNED_IN, ADA)
    parent.holds = {m.NoteSave}
    typed(parent, "last words", "last words")
    if how == "the display ends":
        end_display()
    else:
        parent.xdotool("windowkill", parent.window())
    assert parent.exit_code() == 69
    assert saves(parent)[-1].text == "last words"
    assert parent.complaint.splitlines()[-1] == "The display went away."


def test_signals_that_are_meant_for_the_app_leave_the_window_alone(start: Start) -> None:
    parent = start(Phase.SIGNED_IN, ADA)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        subprocess.run(["kill", f"-{number}", str(parent.child.pid)], check=True)
    parent.type("still here")
    parent.until(lambda: bool(saves(parent)) and saves(parent)[-1].text == "still here")


@pytest.mark.skipif(os.geteuid() != 0, reason="its memory is closed: only root can look into it")
def test_no_code_of_the_locked_window_can_be_changed(start: Start) -> None:
    parent = start(Phase.SIGNED_IN, ADA)
    rights = [
        line.split()[1] for line in Path(f"/proc/{parent.child.pid}/maps").read_text().splitlines()
    ]
    assert rights
    assert not [right for right in rights if "w" in right and "x" in right]


def test_a_note_that_was_deleted_elsewhere_leaves_the_editor_and_what_was_typed_on_it_stays(
    start: Start,
) -> None:
    parent = start(Phase.SIGNED_IN, ADA)
    listed = snapshot(Phase.SIGNED_IN, revision=2, owner=ADA)
    parent.keys("shift+Tab", "Down")
    parent.see("notes.editor", "Bread and tea")
    parent.show(msgspec.structs.replace(listed, notes=[]))
    parent.see("notes.editor", "")
    parent.see("notes.saved", "This note is not among yours any more.")
    parent.show(msgspec.structs.replace(listed, revision=3))
    parent.keys("Down")
    parent.see("notes.editor", "Bread and tea")
    parent.keys("Tab")
    parent.holds = {m.NoteSave}
    typed(parent, "more ", "more Bread and tea")
    parent.show(msgspec.structs.replace(listed, revision=4, notes=[]))
    parent.until(lambda: 4 in parent.acknowledged)
    assert parent.seen["notes.editor"] == "more Bread and tea"


def test_a_long_line_is_saved_cut_and_undone_as_it_was_written(start: Start) -> None:
    parent = start(Phase.SIGNED_IN, ADA)
    parent.text = "word " * 2000
    parent.keys("shift+Tab", "Down")
    parent.until(lambda: parent.seen.get("notes.editor", "").startswith("word"))
    parent.keys("Tab", "ctrl+End", "BackSpace", "x")
    written = parent.text.rstrip() + "x"
    parent.until(lambda: bool(saves(parent)) and saves(parent)[-1].text == written)
    parent.keys("ctrl+a", "ctrl+x")
    parent.until(lambda: saves(parent)[-1].text == "")
    parent.keys("ctrl+v")
    parent.until(lambda: saves(parent)[-1].text == written)
    for key, text in (("ctrl+z", ""), ("ctrl+z", written), ("ctrl+y", ""), ("ctrl+z", written)):
        parent.keys(key)
        parent.until(lambda text=text: saves(parent)[-1].text == text)  # type: ignore[misc]
    parent.keys("ctrl+Home", *["shift+Down"] * 30, "Delete")
    parent.until(lambda: saves(parent)[-1].text not in {"", written})
    parent.keys("ctrl+z")
    parent.until(lambda: saves(parent)[-1].text == written)
