"""What is entered line by line, in a window of ``terminal_talk``, is saved as the person's who was
signed in when it was begun, and nothing of it is given up.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from refapp.examples.line_notes import LineNote
from refapp.examples.terminal_talk import NO_MORE, TerminalWindow
from refapp.trusted.errors import RefappError, WriteFailed
from refapp.trusted.files.owner import NOBODY, Owner
from refapp.trusted.recorder import Recorder
from refapp.trusted.services.apart_notes import ApartNotes
from refapp.trusted.services.workspace import NoSuchNote, Workspace

ADA, BOB = (Owner("https://auth.example.com", who, 1) for who in ("ada", "bob"))
Message = dict[str, Any]


class Parent:
    """A terminal's window over a real workspace.
    ``refuses``: sees each save before it is made.
    """

    def __init__(self, folder: Path) -> None:
        self.notes = Workspace(folder, Recorder(), lambda: 1000.0)
        self.apart = ApartNotes(folder, Recorder())
        self.refuses: Callable[[Message], None] = lambda _: None
        self.said: list[str] = []
        self._asked: list[Message] = []
        self.window = TerminalWindow(self._hear, self.said.append, [])
        self.tell()

    def _hear(self, line: bytes) -> None:
        self._asked.append(json.loads(line))

    def tell(self) -> None:
        """Send a state."""
        listed = [
            {"note": one.note, "title": one.title, "changed_at": one.changed_at}
            for one in self.notes.summaries()
        ]
        self.window.heard({
            "method": "state",
            "params": {
                "phase": "signed_in" if self.notes.owner.user_id else "signed_out",
                "user": None, "sentence": "", "form_error": "", "notice": None, "pending": None,
                "storage": {"sentence": "", "cure": "", "waiting": ""},
                "boundary": {"verified": True}, "limit": "", "full": False,
                "sync": {"state": "off", "sentence": "", "done_at": None},
                "apart": {"state": "none", "count": 0},
                "notes": listed, "owner": self.notes.number,
            },
        })  # fmt: skip

    def sign_in(self, owner: Owner) -> None:
        self.notes.belong_to(owner)
        self.apart.follow(owner, "")
        self.tell()

    def enter(self, *lines: str) -> None:
        for line in lines:
            self.window.typed(line)

    def asked(self) -> list[str]:
        """What is not answered yet."""
        return [message["method"] for message in self._asked]

    def answer(self, at_most: int = 1000) -> None:
        """Do what is asked, in turn."""
        while self._asked and at_most:
            at_most -= 1
            message = self._asked.pop(0)
            try:
                result = self._done(message["method"], message["params"])
            except RefappError as error:
                refused = {"message": error.sentence, "reason": error.code}
                self.window.heard({"id": message["id"], "error": refused})
            else:
                self.window.heard({"id": message["id"], "result": result})

    def _done(self, method: str, params: Message) -> Message:
        match method:
            case "note_save":
                self.refuses(params)
                notes = self.notes.of(params["owner"])
                return {"note": notes.save(params["note"], params["text"])}
            case "note_open":
                return {"text": self.notes.text(params["note"])}
            case "notes_apart":
                self.apart.join()
                self.notes.look()
        return {}

    def texts(self, owner: Owner) -> list[str]:
        """On the disk."""
        self.notes.belong_to(owner)
        return sorted(note.text for note in self.notes.all() if not note.deleted)


@pytest.fixture
def parent(tmp_path: Path) -> Parent:
    return Parent(tmp_path)


def test_what_is_begun_signed_out_is_nobodys_when_a_sign_in_comes_through(parent: Parent) -> None:
    parent.enter("write", "Dear diary")
    parent.answer()
    parent.sign_in(BOB)
    parent.enter("second line", ".")
    parent.answer()
    assert parent.texts(BOB) == []
    assert parent.texts(NOBODY) == ["Dear diary\nsecond line"]
    assert parent.said[-1] == "Saved on this computer."


def test_what_is_begun_as_ada_stays_hers_when_her_session_is_gone(parent: Parent) -> None:
    parent.sign_in(ADA)
    parent.enter("write", "Dear diary")
    parent.sign_in(NOBODY)
    parent.answer()
    parent.enter("second line", ".")
    parent.answer()
    assert (parent.texts(NOBODY), parent.texts(ADA)) == ([], ["Dear diary\nsecond line"])


def test_a_note_that_was_asked_for_is_gone_on_with_as_whose_it_was(parent: Parent) -> None:
    parent.notes.save(None, "Milk")
    parent.tell()
    parent.enter("add 1")
    parent.answer()
    parent.sign_in(BOB)
    parent.enter("Bread", ".")
    parent.answer()
    assert (parent.texts(BOB), parent.texts(NOBODY)) == ([], ["Milk\nBread"])


def test_before_the_first_state_it_is_nobodys() -> None:
    sent: list[bytes] = []
    window = TerminalWindow(sent.append, lambda _: None, [])
    for line in ("write", "Milk"):
        window.typed(line)
    assert json.loads(sent[-1])["params"]["owner"] == 0


def test_what_joined_before_its_last_line_was_sent_goes_on_as_hers(parent: Parent) -> None:
    parent.enter("write", "Milk")
    parent.answer()
    parent.sign_in(ADA)
    parent.enter("Bread", "Tea", ".", "join")
    parent.answer()
    assert (parent.texts(NOBODY), parent.texts(ADA)) == ([], ["Milk\nBread\nTea"])


def test_notes_that_are_entered_faster_than_the_answers_come_stay_apart(parent: Parent) -> None:
    parent.enter("write", "Milk", "Bread", ".", "write", "Tea", ".", "write", "Rye")
    parent.answer()
    assert parent.texts(NOBODY) == ["Milk\nBread", "Rye", "Tea"]
    assert parent.said.count("Saved on this computer.") == 2


def test_a_refused_note_is_tried_again_by_the_dot_that_ends_another(parent: Parent) -> None:
    def no_milk(params: Message) -> None:
        if params["text"].startswith("Milk"):
            full(params)

    parent.refuses = no_milk
    parent.enter("write", "Milk", ".", "write", "Tea")
    parent.answer()
    assert parent.texts(NOBODY) == ["Tea"]
    parent.refuses = lambda _: None
    parent.enter(".")
    parent.answer()
    assert parent.texts(NOBODY) == ["Milk", "Tea"]


def test_a_refused_note_is_tried_again_before_the_end(parent: Parent) -> None:
    parent.refuses = full
    parent.enter("write", "Milk")
    parent.answer()
    parent.refuses = lambda _: None
    parent.window.heard({"method": "leave", "params": {}})
    assert not parent.window.ended
    parent.answer()
    assert (parent.window.ended, parent.texts(NOBODY)) == (True, ["Milk"])


@pytest.mark.parametrize("last", ["Bread", NO_MORE])
def test_what_is_entered_for_a_note_that_is_gone_becomes_a_new_one(
    parent: Parent, last: str
) -> None:
    note = parent.notes.save(None, "Milk")
    parent.tell()
    parent.enter("add 1", "Tea", last)
    parent.notes.delete(note)
    parent.answer()
    assert parent.texts(NOBODY) == ["Tea" if last == NO_MORE else "Tea\nBread"]
    assert parent.window.ended is (last == NO_MORE)


def full(_: Message) -> None:
    raise WriteFailed("The disk is full.")


def test_while_the_disk_refuses_a_note_commands_are_commands(parent: Parent) -> None:
    parent.refuses = full
    parent.enter("write", "Milk", ".")
    parent.answer()
    assert parent.said[-1] == "The note is still here. Enter retry to try again."
    parent.enter("notes")
    assert parent.said[-1] == "Notes: 0."
    parent.refuses = lambda _: None
    parent.enter("retry")
    parent.answer()
    assert parent.said[-1] == "Saved on this computer."
    assert parent.texts(NOBODY) == ["Milk"]


@pytest.mark.parametrize(("word", "method"), [("sign out", "sign_out"), ("quit", "")])
def test_a_note_that_is_not_saved_holds_an_end_back_once(
    parent: Parent, word: str, method: str
) -> None:
    parent.sign_in(ADA)
    parent.refuses = full
    parent.enter("write", "Milk", ".")
    parent.answer()
    parent.enter(word)
    assert parent.said[-1] == (
        f"A note is not saved, and is tried again now. Enter {word} once more to give it up."
    )
    assert parent.asked() == ["note_save"]
    parent.answer()
    assert not parent.window.ended
    parent.enter(word)
    assert parent.asked() == ([method] if method else ["note_save"])
    parent.answer()
    assert parent.window.ended is (word == "quit")


def test_an_end_is_held_back_again_after_another_command(parent: Parent) -> None:
    parent.refuses = full
    parent.enter("write", "Milk", ".")
    parent.answer()
    for word in ("quit", "notes", "quit"):
        parent.enter(word)
        parent.answer()
    assert not parent.window.ended


def test_a_note_that_was_refused_gets_no_line_of_who_signs_in_then(parent: Parent) -> None:
    parent.sign_in(ADA)
    parent.refuses = full
    parent.enter("write", "Dear diary", ".")
    parent.answer()
    parent.sign_in(BOB)
    parent.enter("Who is here?", "write", "Tea")
    parent.answer()
    assert parent.said[-1] == "The note is still here. A line with a single dot tries again."
    parent.refuses = lambda _: None
    parent.enter(".")
    parent.answer()
    assert (parent.texts(ADA), parent.texts(BOB)) == (["Dear diary"], ["Tea"])


@pytest.mark.parametrize("refusals", [1, 2])
def test_what_is_refused_at_the_end_is_tried_once_more(parent: Parent, refusals: int) -> None:
    left = [WriteFailed("The disk is full.")] * refusals

    def refuse(_: Message) -> None:
        if left:
            raise left.pop()

    parent.refuses = refuse
    parent.enter("write", "Milk", NO_MORE)
    parent.answer()
    assert parent.window.ended
    assert parent.texts(NOBODY) == ["Milk"] * (refusals == 1)
    said = parent.said[-1] == "The note is not saved. What you entered is above."
    assert said is (refusals == 2)


def test_what_is_found_to_be_gone_at_the_end_becomes_a_new_one(parent: Parent) -> None:
    def gone(params: Message) -> None:
        if params["note"]:
            raise NoSuchNote("It is gone.")

    parent.enter("write", "Milk")
    parent.answer()
    parent.refuses = full
    parent.enter("Tea")
    parent.answer()
    parent.refuses = gone
    parent.enter(NO_MORE)
    parent.answer()
    assert parent.window.ended
    assert "Milk\nTea" in parent.texts(NOBODY)


def test_two_notes_are_gone_on_with_before_the_first_is_found_to_be_gone(parent: Parent) -> None:
    gone = parent.notes.save(None, "Milk")
    parent.notes.save(None, "Rye")
    parent.tell()
    milk, rye = ("12", "21")[parent.notes.summaries()[0].note != gone]
    parent.enter(f"add {milk}", "Tea", ".", f"add {rye}", "Bread")
    parent.notes.delete(gone)
    parent.answer()
    parent.enter("Jam", ".")
    parent.answer()
    assert parent.texts(NOBODY) == ["Rye\nBread\nJam", "Tea"]


@given(
    st.lists(
        st.one_of(
            st.sampled_from(["write", ".", "refuse", "gone", "sign in", "retry"]),
            st.integers(0, 3),
            st.text("ab", min_size=1, max_size=2),
        ),
        max_size=30,
    )
)
def test_each_line_is_in_the_note_that_it_was_entered_for_and_with_its_owner(
    tmp_path_factory: pytest.TempPathFactory, doings: list[str | int]
) -> None:
    """Whatever comes between: answers late, refusals, a sign-in."""
    parent = Parent(tmp_path_factory.mktemp("notes"))
    entered: dict[LineNote, tuple[bool, list[str]]] = {}
    refusals: list[RefappError] = []

    def refuse(params: Message) -> None:
        if refusals:
            refusal = refusals.pop()
            if isinstance(refusal, NoSuchNote) and params["note"]:
                parent.notes.of(params["owner"]).delete(params["note"])
            raise refusal

    parent.refuses = refuse
    count = 0
    for doing in doings:
        writing = parent.window._notes.open
        if isinstance(doing, int):
            parent.answer(doing)
        elif doing == "sign in":
            parent.sign_in(ADA)
        elif doing in ("refuse", "gone"):
            refusals.append(WriteFailed("No.") if doing == "refuse" else NoSuchNote("It is gone."))
        elif writing is None and doing == "retry":
            parent.enter("retry")
        elif writing is None:
            parent.enter("write")
            assert parent.window._notes.open is not None
            entered[parent.window._notes.open] = parent.notes.owner == ADA, []
        elif doing == ".":
            parent.enter(".")
        elif doing not in ("write", "retry"):
            count += 1
            parent.enter(f"{doing}{count}")
            entered[writing][1].append(f"{doing}{count}")
    refusals.clear()
    parent.enter(NO_MORE)
    parent.answer()
    assert parent.window.ended
    for owner in (NOBODY, ADA):
        whole = sorted(
            "\n".join(lines) for hers, lines in entered.values() if lines and hers is (owner == ADA)
        )
        assert [text for text in parent.texts(owner) if text in whole] == whole
