"""That the parts of the real window agree with each other: what is chosen is open, what can be done
is offered, and no letter stands for two buttons.

What no snapshot decides (``as_told.ITS_OWN``) is bound here to what is beside it.
"""

from __future__ import annotations

import collections
from collections.abc import Iterator, Mapping

from refapp.untrusted.wording import note_words

FIRST = frozenset({"notice.dismiss"})
"""Has its letter before all others for as long as it is there."""
NEWEST = 1
NEW, SAVED = "New note", "Saved on this computer"
"""What is said of a note before its first word, and once it is kept."""
UNTITLED = frozenset({"Untitled note", "New note"})
"""What a note is called of which there is no word."""
THIS_ONE = "This session"
BY_MAIL = "From an e-mail message"
FACTORS = tuple(f"second_factor.factor{number}" for number in (1, 2, 3))


def amiss(seen: Mapping[str, str]) -> list[str]:
    """What does not go together."""
    return [*_letters(seen), *_note(seen), *_form(seen), *_sessions(seen), *_second_factor(seen)]


def chosen(seen: Mapping[str, str], table: str) -> str | None:
    """The text of the row of ``table`` that is chosen, as far as it is told."""
    rows = seen.get(table, "").split("\n")
    numbers = [
        int(name.rpartition(".")[2])
        for name in seen
        if name.startswith(f"state:{table}.") and seen[name] == "selected"
    ]
    if not numbers:
        return None
    return rows[numbers[0] - 1] if numbers[0] <= len(rows) else ""


def _letters(seen: Mapping[str, str]) -> Iterator[str]:
    of: dict[str, list[str]] = collections.defaultdict(list)
    for name, letter in seen.items():
        what = name.removeprefix("letter:")
        if what != name and what not in FIRST and seen.get(f"state:{what}") != "disabled":
            of[letter].append(seen[what].removesuffix(" instead"))
    for letter, texts in of.items():
        if len(set(texts)) > 1:
            yield f"Alt+{letter} stands for {texts}"


def _note(seen: Mapping[str, str]) -> Iterator[str]:
    if "notes.editor" not in seen:
        return
    text, row, can_write = seen["notes.editor"], chosen(seen, "notes.list"), "at:notes.new" in seen
    if "at:notes.editor" in seen and not can_write:
        yield "the notes are being closed, and this one can be written to"
    if bool(text.strip()) and "notes.hint" in seen:
        yield "the note has words, and the hint is there still"
    if not text and can_write and "notes.hint" not in seen:
        yield "the note is empty, and nothing stands in it"
    if ("notes.delete" in seen) != (row is not None and can_write):
        yield f"the row that is chosen is {row!r}, and 'Delete' is wrong for that"
    # What two computers have changed becomes two notes, and she goes on in the second one (NT-4).
    rows = (row or "", *seen.get("notes.list", "").split("\n")[:NEWEST])
    titles = {one.rpartition(" | ")[0].rstrip("…") for one in rows}
    if (
        row
        and UNTITLED.isdisjoint(titles)
        and not any(one in " ".join(text.split()) for one in titles)
    ):
        yield f"the row that is chosen is {row!r}, and another note is open: {text[:60]!r}"
    if ("notes.summary" in seen) != ("notes.hide_summary" in seen):
        yield "a summary can't be hidden, or there is none"
    saved = seen.get("notes.saved", "")
    if (saved == NEW and row is not None) or (saved == SAVED and row is None):
        yield f"the row that is chosen is {row!r}, and it says {saved!r}"
    if saved == note_words.DELETED and "notes.undo_delete" not in seen and can_write:
        yield "a note was deleted, and that can't be undone"
    if "notes.undo_delete" in seen and (text or row is not None):
        yield "a deletion can be undone, though another note was begun since"


def _form(seen: Mapping[str, str]) -> Iterator[str]:
    if ("at:sign_in.submit" in seen) != ("at:sign_in.email" in seen):
        yield "the form can be filled in and not sent, or sent and not filled in"
    for label, field in (("email_label", "email"), ("password_label", "password")):
        if (f"sign_in.{label}" in seen) != (f"sign_in.{field}" in seen):
            yield f"the field {field} is without its label, or the label without its field"
    if "kind:sign_in.password" in seen and not seen.get("sign_in.error"):
        yield "the field of the password is marked as wrong, and nothing says why"


def _sessions(seen: Mapping[str, str]) -> Iterator[str]:
    row = chosen(seen, "sessions.list")
    another = row is not None and THIS_ONE not in row
    usable = another and "at:sessions.ask" in seen
    if "sessions.sign_out_one" in seen and ("at:sessions.sign_out_one" in seen) != usable:
        yield f"the session that is chosen is {row!r}, and 'Sign out selected' is wrong for that"


def _second_factor(seen: Mapping[str, str]) -> Iterator[str]:
    there = [name for name in FACTORS if name in seen]
    ticked = [seen[name] for name in there if seen.get(f"state:{name}") == "selected"]
    if not there:
        return
    if len(ticked) != 1 and f"at:{there[0]}" in seen:
        yield f"these kinds of code are chosen: {ticked}"
    if ticked and ("second_factor.send" in seen) != (ticked == [BY_MAIL]):
        yield f"{ticked} is chosen, and the button that has a code sent is wrong for that"
    if ("kind:second_factor.one_time_code" in seen) != bool(seen.get("second_factor.sentence")):
        yield "the field of the code is marked as wrong without a word, or the other way round"
