"""The note in the editor: nothing typed is lost, nothing is saved twice."""

from __future__ import annotations

from refapp.untrusted.draft import LONGEST, Draft


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


def test_what_was_not_changed_is_not_saved() -> None:
    assert not Draft(note="0" * 12, text="a", saved="a").due
    assert not Draft().due


def test_a_note_that_is_too_long_is_not_sent_and_says_so() -> None:
    long = Draft().typed("x" * (LONGEST + 1))
    assert not long.due
    assert "100,001 of 100,000" in long.status
