"""A draft outlives whatever happens beside it:
a slow parent, another note, another owner (NT-1).
"""

from __future__ import annotations

from collections.abc import Callable

from refapp.untrusted.presentation.draft import LONGEST, Draft
from refapp.untrusted.presentation.drafts import Drafts

FIRST, SECOND = "1" * 12, "2" * 12
ADA, BOB = 7, 8


class SlowParent:
    """Answers a save when it is told to. ``disk`` is what it has been sent, note by note."""

    def __init__(self) -> None:
        self.waiting: list[
            tuple[Draft, Callable[[str | None], None], Callable[[str, bool], None]]
        ] = []
        self.disk: dict[str, str] = {}
        self.owners: list[int] = []
        self.timers: list[tuple[int, Callable[[], None]]] = []
        self.drafts = Drafts(
            lambda *save: self.waiting.append(save),
            lambda _: None,
            lambda *timer: self.timers.append(timer),
        )

    def type(self, text: str) -> None:
        self.drafts.change(self.drafts.open.typed(text))

    def answer(self, note: str = FIRST) -> None:
        draft, kept, _ = self.waiting.pop(0)
        self.disk[draft.note or note] = draft.text
        self.owners.append(draft.owner)
        kept(draft.note or note)

    def refuse(self, why: str, *, gone: bool = False) -> None:
        self.waiting.pop(0)[2](why, gone)


def test_the_first_key_sets_the_timer_and_no_other_moves_it() -> None:
    parent = SlowParent()
    parent.type("a")
    parent.type("ab")
    [(milliseconds, act)] = parent.timers
    assert milliseconds <= 500
    act()
    assert [draft.text for draft, _, _ in parent.waiting] == ["ab"]
    parent.type("abc")
    parent.timers[1][1]()
    parent.answer()
    assert [draft.text for draft, _, _ in parent.waiting] == ["abc"]
    parent.answer()
    parent.timers[-1][1]()
    assert (parent.waiting, parent.disk) == ([], {FIRST: "abc"})


def test_one_hurried_save_hurries_no_other() -> None:
    parent = SlowParent()
    parent.type("a")
    parent.drafts.save()
    parent.type("ab")
    parent.drafts.save()
    parent.answer()
    parent.type("abc")
    parent.answer()
    assert parent.waiting == []
    parent.timers[-1][1]()
    assert [draft.text for draft, _, _ in parent.waiting] == ["abc"]


def test_what_could_not_be_saved_is_tried_again_by_itself() -> None:
    parent = SlowParent()
    parent.type("a")
    parent.timers.pop()[1]()
    parent.refuse("The disk is full.")
    parent.timers.pop()[1]()
    parent.answer()
    assert (parent.disk, parent.timers) == ({FIRST: "a"}, [])


def test_what_is_typed_while_a_save_is_under_way_outlives_a_new_note() -> None:
    parent = SlowParent()
    parent.type("hello")
    parent.drafts.save()
    parent.type("hello world")
    parent.drafts.turn_to(Draft())
    parent.answer()
    parent.answer()
    assert parent.disk == {FIRST: "hello world"}
    assert not parent.drafts.unsaved


def test_what_is_typed_before_the_chosen_note_is_there_is_saved() -> None:
    parent = SlowParent()
    parent.type("hello")
    parent.drafts.save()
    parent.answer()
    parent.type("hello again")
    parent.drafts.turn_to(Draft(note=SECOND, text="Bread", saved="Bread"))
    assert parent.drafts.open.text == "Bread"
    parent.answer()
    assert parent.disk == {FIRST: "hello again"}


def test_a_save_that_was_wanted_during_another_goes_out_with_its_answer() -> None:
    parent = SlowParent()
    parent.type("a")
    parent.drafts.save()
    parent.type("ab")
    parent.drafts.save()
    assert len(parent.waiting) == 1
    parent.answer()
    assert [draft.text for draft, _, _ in parent.waiting] == ["ab"]


def test_a_left_note_that_could_not_be_saved_is_said_and_tried_again() -> None:
    parent = SlowParent()
    parent.type("hello")
    parent.drafts.turn_to(Draft())
    parent.refuse("The disk is full.")
    assert parent.drafts.trouble == "Not saved: The disk is full."
    assert parent.drafts.unsaved
    parent.drafts.save()
    parent.answer()
    assert (parent.disk, parent.drafts.trouble) == ({FIRST: "hello"}, "")


def test_a_left_note_that_is_too_long_is_not_forgotten() -> None:
    parent = SlowParent()
    parent.type("x" * (LONGEST + 1))
    parent.drafts.turn_to(Draft())
    assert parent.drafts.unsaved
    assert "Too long" in parent.drafts.trouble


def test_a_note_that_was_left_unsaved_is_had_back_as_it_was_left() -> None:
    parent = SlowParent()
    parent.drafts.turn_to(Draft(note=FIRST, text="a", saved="a"))
    parent.type("ab")
    parent.drafts.turn_to(Draft())
    assert parent.drafts.back_to(FIRST)
    assert parent.drafts.open.text == "ab"
    parent.answer()
    assert parent.drafts.open.status == "Saved on this computer"
    assert not parent.drafts.back_to(SECOND)


def test_a_note_that_was_deleted_elsewhere_is_saved_as_a_new_one() -> None:
    parent = SlowParent()
    parent.drafts.turn_to(Draft(note=FIRST, text="a", saved="a"))
    parent.type("ab")
    parent.drafts.save()
    parent.refuse("This note is not here any more.", gone=True)
    parent.answer(SECOND)
    assert parent.disk == {SECOND: "ab"}
    assert parent.drafts.open.note == SECOND


def test_a_former_persons_note_is_out_of_sight_and_saved_as_hers() -> None:
    parent = SlowParent()
    parent.drafts.turn_to(Draft(owner=ADA))
    parent.type("Dear diary")
    assert parent.drafts.hand_over(BOB)
    assert parent.drafts.open == Draft(owner=BOB, number=parent.drafts.open.number)
    parent.answer()
    assert (parent.disk, parent.owners) == ({FIRST: "Dear diary"}, [ADA])


def test_what_is_written_while_a_sign_in_comes_through_stays_and_stays_nobodys() -> None:
    parent = SlowParent()
    parent.type("Half a wo")
    assert not parent.drafts.hand_over(ADA)
    parent.type("Half a word")
    parent.drafts.save()
    parent.answer()
    parent.answer()
    assert (parent.drafts.open.text, parent.disk, parent.owners) == (
        "Half a word",
        {FIRST: "Half a word"},
        [0, 0],
    )


def test_an_empty_editor_goes_to_whoever_signs_in() -> None:
    drafts = SlowParent().drafts
    assert drafts.hand_over(ADA)
    assert drafts.open.owner == ADA


def test_a_deleted_note_is_not_saved_again() -> None:
    parent = SlowParent()
    parent.drafts.turn_to(Draft(note=FIRST, text="a", saved="a"))
    parent.type("ab")
    parent.drafts.forget()
    parent.drafts.save()
    assert parent.waiting == []


def test_what_was_refused_and_taken_back_is_told_once() -> None:
    """The parent would miss it at the end (NT-2)."""
    parent = SlowParent()
    parent.drafts.turn_to(Draft(note=FIRST, text="a", saved="a"))
    parent.type("ab")
    parent.drafts.save()
    parent.refuse("The disk is full.")
    parent.type("a")
    parent.drafts.save()
    parent.answer()
    assert (parent.disk, parent.drafts.unsaved) == ({FIRST: "a"}, False)
    assert parent.drafts.open.status == "Saved on this computer"
    parent.drafts.save()
    assert parent.waiting == []


def test_a_new_note_that_was_refused_and_taken_back_is_no_note() -> None:
    parent = SlowParent()
    parent.type("a")
    parent.drafts.save()
    parent.refuse("The disk is full.")
    parent.type("")
    assert parent.drafts.last() == []
    parent.drafts.save()
    draft, kept, _ = parent.waiting.pop()
    assert draft.taken_back
    kept(None)
    assert (parent.drafts.open.note, parent.drafts.unsaved) == (None, False)


def test_a_note_that_was_emptied_while_it_was_deleted_elsewhere_is_no_note() -> None:
    parent = SlowParent()
    parent.drafts.turn_to(Draft(note=FIRST, text="a", saved="a"))
    parent.type("")
    parent.drafts.save()
    parent.refuse("It is gone.", gone=True)
    draft, kept, _ = parent.waiting.pop()
    assert draft.taken_back
    kept(None)
    assert not parent.drafts.unsaved


def test_what_she_has_left_before_it_was_saved_joins_hers_too() -> None:
    parent = SlowParent()
    parent.type("Engines")
    parent.drafts.turn_to(Draft())
    parent.refuse("The disk is full.")
    parent.drafts.join(ADA)
    parent.drafts.save()
    parent.answer()
    assert (parent.owners, parent.disk) == ([ADA], {FIRST: "Engines"})
