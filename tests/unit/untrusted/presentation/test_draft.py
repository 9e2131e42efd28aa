"""The note in the editor: nothing typed is lost, nothing is saved twice."""

from __future__ import annotations

from refapp.untrusted.presentation.draft import LONGEST, Draft, editor
from refapp.untrusted.presentation.view import Editor
from refapp.untrusted.wording import note_words


def edited(draft: Draft, *, editable: bool, deleted: bool) -> Editor:
    return editor(draft, "", editable=editable, deleted=deleted)


def test_a_new_note_is_saved_once_while_its_id_is_unknown() -> None:
    typed = Draft().typed("a")
    assert typed.due
    waiting = typed.sent().typed("ab")
    assert waiting.dirty
    assert not waiting.due
    known = waiting.kept("0" * 12)
    assert (known.note, known.due, known.saved) == ("0" * 12, True, "a")


def test_a_save_that_fails_keeps_the_text() -> None:
    failed = Draft(note="0" * 12).typed("a").sent().refused("The disk is full.")
    assert (failed.text, failed.due, failed.status) == ("a", True, "Not saved: The disk is full.")
    assert failed.sent().kept("0" * 12).status == "Saved on this computer"


def test_a_deletion_that_fails_keeps_the_note_until_the_next_save() -> None:
    still = Draft(note="0" * 12, text="a", saved="a").not_deleted("The disk is full.")
    assert (still.note, still.text, still.due, still.status) == (
        "0" * 12,
        "a",
        False,
        "Not deleted: The disk is full.",
    )
    assert still.typed("b").sent().kept("0" * 12).status == "Saved on this computer"


def test_what_was_not_changed_is_not_saved() -> None:
    assert not Draft(note="0" * 12, text="a", saved="a").due
    assert not Draft().due


def test_a_note_that_is_too_long_is_not_sent_and_says_so() -> None:
    long = Draft().typed("x" * (LONGEST + 1))
    assert not long.due
    assert "100,001 of 100,000" in long.status


def test_a_limit_that_comes_while_a_note_is_begun_costs_none_of_it() -> None:
    begun, empty = Draft().typed("a"), Draft()
    assert editor(begun, "", editable=True, deleted=False, full=True).editable
    assert not editor(empty, "", editable=True, deleted=False, full=True).editable


def test_an_empty_note_says_where_to_write_and_has_nothing_to_delete() -> None:
    shown = edited(Draft(), editable=True, deleted=False)
    assert shown == Editor(
        "New note", "Write something. It is kept as you type.", "", True, False, False
    )
    assert edited(Draft(), editable=False, deleted=False).hint == ""


def test_a_saved_note_can_be_deleted_while_notes_are_open() -> None:
    saved = Draft(note="0" * 12, text="Tea", saved="Tea")
    assert edited(saved, editable=True, deleted=False).can_delete
    assert not edited(saved, editable=False, deleted=False).can_delete


def test_a_deletion_can_be_undone_until_something_else_is_written() -> None:
    shown = edited(Draft(), editable=True, deleted=True)
    assert (shown.status, shown.can_undo_delete, shown.can_delete) == ("Note deleted.", True, False)
    assert not edited(Draft(), editable=False, deleted=True).can_undo_delete


def test_why_there_is_no_summary_is_said() -> None:
    assert (
        note_words.no_summary("The server did not answer.")
        == "No summary: The server did not answer."
    )
