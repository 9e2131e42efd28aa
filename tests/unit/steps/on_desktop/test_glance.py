"""A glance at a window sees what is wrong with it, and nothing wrong with one that is right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from msgspec.structs import replace

from refapp.params import LONGEST_SHOWN
from refapp.snapshot import (
    Boundary,
    Factor,
    PendingSignIn,
    Phase,
    SecondFactor,
    Service,
    StateParams,
    Storage,
    Way,
)
from refapp.tour.framebuffer import Area
from refapp.untrusted.presentation.screens import screen
from refapp.untrusted.presentation.view import Local
from refapp.untrusted.widgets.palette import PALETTES
from steps.on_desktop.glance import (
    as_drawn,
    as_told,
    in_colours,
    in_numbers,
    in_sight,
    in_step,
    in_time,
    in_words,
)
from steps.scenario.window_texts import texts

WHITE, PALE, BLACK = b"\xff\xff\xff\0", b"\xd0\xd0\xd0\0", b"\0\0\0\0"


def lines(ink: bytes) -> as_drawn.Lines:
    def of(area: Area) -> Sequence[bytes]:
        return [WHITE * (area.width - 1) + ink] * area.height

    return of


def seen(**of: str) -> Mapping[str, str]:
    return {name.replace("__", ":").replace("_of_", "."): text for name, text in of.items()}


@pytest.mark.parametrize(
    ("now", "ink", "wrong"),
    [
        (seen(a="A", box__a="0,0,90,20", b="B", box__b="0,20,90,20"), BLACK, ""),
        (seen(a="A", box__a="0,0,90,20", b="B", box__b="0,10,90,20"), BLACK, "one over the other"),
        (seen(a="A", box__a="0,0,90,20", b="", box__b="0,10,90,20"), BLACK, ""),
        (seen(a="A", box__a="0,0,90,20"), PALE, "can't be told from its ground"),
        (seen(a="A", box__a="0,0,90,4"), PALE, ""),
        (
            seen(notes_of_editor="", box__notes_of_editor="9,0,90,90", box__menu="9,9,9,9"),
            BLACK,
            "moved",
        ),
        (seen(notes_of_editor="", box__notes_of_editor="9,0,90,90"), BLACK, ""),
    ],
)
def test_a_window_that_can_t_be_read(now: Mapping[str, str], ink: bytes, wrong: str) -> None:
    before = seen(notes_of_editor="", box__notes_of_editor="0,0,90,90", box__menu="9,9,9,9")
    found = as_drawn.amiss(now, [before], lines(ink), "light")
    assert [wrong in one for one in found] == ([True] if wrong else [])


@pytest.mark.parametrize(
    ("now", "wrong"),
    [
        ({"focus": "menu", "at:menu": "1,1"}, "the keyboard is at menu, which is out of sight"),
        ({"focus": "notes.editor", "at:notes.editor": "1,1", "cursor:notes.editor": "1,1,9,9",
          "box:notes.editor": "0,0,90,90"}, ""),
        ({"focus": "notes.editor", "at:notes.editor": "1,1", "box:notes.editor": "0,0,90,90"},
         "the cursor of the note is out of sight"),
        ({"state:notes.list.30": "selected"}, "notes.list.30 is chosen and out of sight"),
        ({"state:notes.list.3": "selected", "at:notes.list.3": "9,9"}, ""),
        ({"at:notes.list.1": "9,9", "at:notes.list.2": "9,29", "box:nav.notes": "0,0,1,28"},
         "the rows of notes.list are 20 pixels high, and cut off"),
        ({"at:notes.list.1": "9,9", "at:notes.list.2": "9,38", "box:nav.notes": "0,0,1,28"}, ""),
        ({"cut:banner": "The server"}, "banner has too little room for 'The server'"),
        ({"cut:inspector.checks": "A long path"}, ""),
        ({"box:sign_in.email": "0,50,90,20", "box:sign_in.password": "0,20,90,20"}, "stand before"),
        ({"box:sync.now": "50,0,40,20", "box:assistant.summarise": "80,0,40,20"}, "stand before"),
        ({"box:sign_in.email": "0,20,90,20", "box:sign_in.password": "0,50,90,20"}, ""),
    ],
)  # fmt: skip
def test_a_window_with_something_out_of_sight(now: Mapping[str, str], wrong: str) -> None:
    seen_so = {"focus": "menu", "at:menu": "1,1", "box:menu": "0,0,1,1"} | now
    if now.get("focus") == "menu":
        del seen_so["box:menu"]
    assert [wrong in one for one in in_sight.amiss(seen_so)] == ([True] if wrong else [])


@pytest.mark.parametrize(
    ("now", "wrong"),
    [
        ({}, "the keyboard is at nothing"),
        ({"focus": "sync.now", "box:sync.now": "0,0,9,9"}, "the keyboard is at sync.now, where"),
        ({"focus": "sign_in.email", "box:sign_in.email": "0,0,9,9"}, ""),
        ({"focus": "sessions.ask", "box:sessions.ask": "0,0,9,9"}, "where it is of no use"),
        ({"focus": "sessions.ask", "box:sessions.ask": "0,0,9,9", "sessions.busy": "…"}, ""),
    ],
)
def test_a_keyboard_that_is_of_no_use(now: Mapping[str, str], wrong: str) -> None:
    assert [wrong in one for one in in_sight.amiss(now)] == ([True] if wrong else [])


@pytest.mark.parametrize(
    ("now", "wrong"),
    [
        ({"notes.delete": "Delete", "at:notes.delete": "1,1", "letter:notes.delete": "D"}, ""),
        ({"notes.delete": "Drop", "at:notes.delete": "1,1", "letter:notes.delete": "D"}, "'Drop'"),
        ({"notes.delete": "Delete", "at:notes.delete": "1,1"}, "notes.delete has no letter"),
        ({"at:sign_in.email": "1,1", "letter:sign_in.email_label": "E"}, ""),
        ({"at:sign_in.email": "1,1"}, "sign_in.email has no letter"),
        ({"at:notes.list": "1,1", "at:notes.list.1": "1,1", "at:menu": "1,1"}, ""),
        ({"account.initials": "AL"}, "the pointer over account.initials is the usual one"),
        ({"account.initials": "AL", "pointer:account.initials": "hand2"}, ""),
        ({"title": "refapp", "pointer:title": "watch"}, "the pointer over title is watch"),
    ],
)
def test_words_and_letters(now: Mapping[str, str], wrong: str) -> None:
    assert [wrong in one for one in in_words.amiss(now)] == ([True] if wrong else [])


def test_colours_that_can_t_be_told_from_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(in_numbers.pale()) == []
    monkeypatch.setattr(PALETTES["dark"], "muted", "#5a5a69")
    assert {one.split(" has ")[0] for one in in_numbers.pale()} == {
        f"dark: muted on {ground}" for ground in ("page", "card", "hover")
    }


ROW = {"notes.new": "New note", "at:notes.new": "1,1", "notes.list": "Tea | 9:05\nOld | 1970"}
OPEN = {**ROW, "notes.editor": "Tea\n\nGreen", "state:notes.list.1": "selected"}
WHOLE = {**OPEN, "notes.delete": "Delete"}
ELSEWHERE = {"sessions.list": "Here | This session\nFirefox | Since 1970", "at:sessions.ask": "1,1"}
CODES = {"second_factor.factor1": "From my authenticator app", "at:second_factor.factor1": "1,1"}


@pytest.mark.parametrize(
    ("now", "wrong"),
    [
        (WHOLE, ""),
        (OPEN, "'Delete' is wrong for that"),
        ({**ROW, "notes.editor": "Milk", "state:notes.list.2": "selected",
          "notes.delete": "Delete"}, "another note is open: 'Milk'"),
        ({**WHOLE, "notes.hint": "Write"}, "the hint is there still"),
        ({**ROW, "notes.editor": ""}, "nothing stands in it"),
        ({**WHOLE, "notes.summary": "Tea."}, "can't be hidden"),
        ({**WHOLE, "notes.undo_delete": "Undo delete"}, "another note was begun"),
        ({**WHOLE, "notes.saved": "Saved on this computer"}, ""),
        ({**WHOLE, "notes.saved": "New note"}, "it says 'New note'"),
        ({**ROW, "notes.editor": "Tea", "notes.saved": "Saved on this computer"}, "it says 'Saved"),
        ({**ROW, "notes.editor": "", "notes.hint": "Write", "notes.saved": "Note deleted."},
         "can't be undone"),
        ({"letter:notes.new": "W", "letter:sync.now": "W", "notes.new": "New", "sync.now": "Now"},
         "Alt+W stands for"),
        ({"letter:notes.new": "W", "letter:sync.now": "W", "notes.new": "New", "sync.now": "Now",
          "state:sync.now": "disabled"}, ""),
        ({"at:sign_in.submit": "1,1"}, "can be filled in and not sent"),
        ({"sign_in.email_label": "E-mail"}, "without its label"),
        ({"kind:sign_in.password": "wrong"}, "nothing says why"),
        ({**ELSEWHERE, "sessions.sign_out_one": "Sign out selected",
          "state:sessions.list.1": "selected", "at:sessions.sign_out_one": "1,1"}, "is wrong for"),
        ({**ELSEWHERE, "sessions.sign_out_one": "Sign out selected",
          "state:sessions.list.2": "selected", "at:sessions.sign_out_one": "1,1"}, ""),
        ({"notes.new": "New note", "notes.editor": "", "at:notes.editor": "1,1"},
         "this one can be written to"),
        (CODES, "these kinds of code are chosen: []"),
        ({**CODES, "state:second_factor.factor1": "selected", "second_factor.send": "Send"},
         "the button that has a code sent is wrong"),
        ({**CODES, "state:second_factor.factor1": "selected",
          "second_factor.sentence": "Enter the code."}, "marked as wrong without a word"),
    ],
)  # fmt: skip
def test_a_window_whose_parts_do_not_agree(now: Mapping[str, str], wrong: str) -> None:
    assert [wrong in one for one in in_step.amiss(now)] == ([True] if wrong else [])


FORM = {"state:nav.account": "selected", "sign_in.password": "password: 0 characters"}
CAN = {**FORM, "at:sign_in.password": "1,1"}
PASTED = {"state:nav.account": "selected", "sign_in.pasted": "pasted: 4 characters"}
ONE = {"second_factor.factor1": "A", "at:second_factor.factor1": "1,1",
       "state:second_factor.factor1": "selected"}  # fmt: skip
OTHER = {"second_factor.factor1": "A", "at:second_factor.factor1": "1,1",
         "second_factor.factor2": "B", "state:second_factor.factor2": "selected"}  # fmt: skip
CUT = "00:00:00 | ↓ to the window | hello | 9\n".ljust(LONGEST_SHOWN, "…")
TICKED = {"state:sign_in.show_password": "selected"}


@pytest.mark.parametrize(
    ("before", "now", "wrong"),
    [
        ({}, CAN, ""),
        (FORM, PASTED, "sign_in.pasted has 'pasted: 4 characters' when it comes"),
        (PASTED, PASTED, ""),
        (FORM, CAN, ""),
        (FORM, {**CAN, "sign_in.password": "password: 9 characters"}, "has 'password: 9 char"),
        (FORM, {**CAN, **TICKED}, "sign_in.show_password is ticked when it comes"),
        (CAN, {**CAN, **TICKED}, ""),
        (FORM, {**FORM, "second_factor.factor1": "A", "state:second_factor.factor2": "selected"},
         "another kind of code is chosen"),
        (FORM, {**FORM, "sessions.list": "A", "state:sessions.list.1": "selected"}, "is chosen"),
        ({**OTHER, "focus": "a"}, {**ONE, "focus": "b"}, "is without her doing"),
        ({**OTHER, "focus": "a"}, {**ONE, "focus": "a"}, ""),
        ({**OTHER, "focus": "a"}, {**ONE, "focus": "second_factor.factor1"}, ""),
        (FORM, {"inspector.messages": "00:00:00 | ↑ to the app | shown | 9"}, "1 of 2 messages"),
        (FORM, {"inspector.messages": CUT, "at:inspector.messages.3": "9,9"}, ""),
        (FORM, {"inspector.messages": CUT, "at:inspector.messages.1": "9,9"}, ""),
        (FORM, {"inspector.messages": CUT, "at:inspector.messages.2": "9,9"}, "1 of 2 messages"),
    ],
)  # fmt: skip
def test_something_of_before(before: Mapping[str, str], now: Mapping[str, str], wrong: str) -> None:
    between = {"state:nav.notes": "selected", **(OTHER if before.get("focus") == "a" else {})}
    found = in_time.amiss([before, {**between, "focus": str(before.get("focus"))}, now])
    assert [wrong in one for one in found] == ([True] if wrong else [])


def coloured(*colours: str) -> as_drawn.Lines:
    """One row of each, the first everywhere but in the last pixels."""
    ground, *others = (bytes.fromhex(one[1:])[::-1] + b"\0" for one in colours)

    def of(area: Area) -> Sequence[bytes]:
        return [ground * (area.width - len(others)) + b"".join(others)] * area.height

    return of


@pytest.mark.parametrize(
    ("now", "colours", "wrong"),
    [
        (seen(a="A", box__a="0,0,90,20"), ("#ffffff", "#1e1e2d"), ""),
        ({"notes.list": "A\nB", "box:notes.list": "0,0,90,90", "at:notes.list": "45,45",
          "more:notes.list": "yes"}, ("#ffffff",), "more than is in sight, and no scrollbar"),
        ({"notes.editor": "A", "box:notes.editor": "0,0,90,90", "at:notes.editor": "45,45",
          "focus": "notes.editor"}, ("#ffffff", "#2d5ad2"), "all of it in sight, and a scrollbar"),
        ({"notes.list": "A\nB", "box:notes.list": "0,0,90,90", "at:notes.list": "45,45"},
         ("#f0f0f0", "#e1e1e1"), ""),
        ({"notes.list": "A\nB", "box:notes.list": "0,0,90,90", "at:notes.list": "45,45"},
         ("#ffffff", "#f0f0f0", "#e1e1e1"), ""),
        ({"notes.list": "A\nB", "box:notes.list": "0,0,90,90", "at:notes.list": "45,45",
          "more:notes.list": "yes"}, ("#ffffff", "#e1e1e1"), ""),
        (seen(a="A", box__a="0,0,90,20"), ("#fffffe", "#1e1e2d"), "is no colour of light"),
        ({"sync.now": "Sync", "box:sync.now": "0,0,90,30", "state:sync.now": "disabled"},
         ("#ffffff", "#5a5a69"), "looks as if it could"),
        ({"nav.notes": "Notes", "box:nav.notes": "0,0,90,30", "state:nav.notes": "selected"},
         ("#ffffff", "#1e1e2d"), "does not look so"),
        ({"state:notes.list.1": "selected", "at:notes.list.1": "9,9",
          "box:notes.list": "0,0,90,90"}, ("#ffffff", "#1e1e2d"),
         "notes.list.1 is chosen, and does not look so"),
        ({"focus": "menu", "at:menu": "45,10", "box:menu": "0,0,90,20"}, ("#f0f0f0", "#1e1e2d"),
         "nothing there shows it"),
        ({"focus": "menu", "at:menu": "45,10", "box:menu": "0,0,90,20"}, ("#f0f0f0","#2d5ad2"), ""),
        ({"focus": "menu", "at:menu": "45,10", "box:menu": "0,0,90,20"}, ("#d2e1ff", "#1e1e2d"),
         ""),
        ({"focus": "notes.editor", "at:notes.editor": "45,10", "box:notes.editor": "0,0,90,20",
          "cursor:notes.editor": "1,1,9,9", "box:menu": "0,0,90,20", "more:notes.editor": "yes"},
         ("#f0f0f0", "#2d5ad2"),
         "the cursor of the note can't be told from its ground"),
    ],
)  # fmt: skip
def test_a_window_in_other_colours(
    now: Mapping[str, str], colours: Sequence[str], wrong: str
) -> None:
    found = in_colours.amiss(
        now, as_drawn.counted(now, coloured(*colours)), coloured(*colours), "light"
    )
    assert [wrong in one for one in found] == ([True] if wrong else [])


@pytest.mark.parametrize(
    ("colour", "menu", "height", "wrong"),
    [
        ("#f0f0f0", "9,9,9,28", 640, []),
        ("#ffffff", "9,9,9,28", 640, ["a scrollbar stands beside a window that has room for all"]),
        ("#ffffff", "9,9,9,40", 640, []),
        ("#f0f0f0", "9,9,9,40", 240, ["a window that has too little room has no scrollbar"]),
        (PALETTES["light"].line, "9,9,9,40", 240, []),
    ],
)
def test_a_scrollbar_around_the_window(
    colour: str, menu: str, height: int, wrong: Sequence[str]
) -> None:
    window = Area(0, 0, 900, height)
    assert in_colours.round_it({"box:menu": menu}, window, coloured(colour), "light") == wrong


@pytest.mark.parametrize(
    ("colour", "menu", "name", "wrong"),
    [
        ("#f0f0f0", "9,9,9,29", "sign_in.forgot", "and the page has no scrollbar"),
        ("#f0f0f0", "9,9,9,40", "sign_in.forgot", "and the page has no scrollbar"),
        ("#f0f0f0", "9,9,9,29", "notes.delete", ""),
        ("#fffffe", "9,9,9,29", "", "is #fffffe, which is no colour of light"),
    ],
)
def test_a_whole_window(colour: str, menu: str, name: str, wrong: str) -> None:
    now = {"box:menu": menu} | ({name: "A"} if name else {})
    found = in_colours.round_it(now, Area(0, 0, 900, 640), coloured(colour), "light")
    assert [wrong in one for one in found] == ([True] if wrong else [])


def test_a_list_that_stands_still_while_messages_come() -> None:
    a, b = ({f"at:inspector.messages.{row}": "9,9" for row in rows} for rows in ((8, 9), (9, 10)))
    assert in_time.amiss([*[a] * 15, *[b] * 15]) == []
    assert "number 10" in in_time.amiss([a, *[b] * 16])[0]


def test_a_ring_around_a_note_that_has_not_the_keyboard() -> None:
    ring = {"focus": "menu", "box:notes.editor": "90,0,90,90", "at:notes.editor": "135,45"}
    found = in_colours.amiss(ring, {}, coloured("#2d5ad2"), "light")
    assert found == ["the keyboard is at menu, and the note looks as if it had it"]


STATE = StateParams(
    revision=1, phase=Phase.SIGNED_OUT, server="http://server", version="1", theme="light",
    storage=Storage("ready", "Keychain"), sync=Service("off"), assistant=Service("off"),
    boundary=Boundary(False, [], ""), form_error="No.",
)  # fmt: skip


def test_a_card_that_does_not_say_why_a_code_is_wanted_again() -> None:
    wanted = SecondFactor([Factor.AUTHENTICATOR])
    pending = PendingSignIn(Way.PASSWORD, second_factor=wanted, sentence="Not right.")
    state = replace(STATE, phase=Phase.SIGNING_IN, form_error="", pending=pending)
    asking = replace(state, pending=replace(pending, second_factor=replace(wanted, asking=True)))
    nav = {"state:nav.account": "selected", "nav.account": "Account"}
    card = {**nav, "second_factor.cancel": "Cancel"}
    wrong = "second_factor does not say 'Not right.'"
    assert wrong in as_told.amiss(card, [state])
    assert wrong not in as_told.amiss(card, [asking])
    assert wrong not in as_told.amiss({**card, "second_factor.sentence": "Not right."}, [state])


@pytest.mark.parametrize(
    ("name", "text", "wrong"),
    [
        ("sign_in.email", "ada", ""),
        ("sign_in.heading", "Sign out", "sign_in.heading shows"),
        ("at:sign_in.browser", "", "at:sign_in.browser"),
        ("profile.name", "Ada", "profile.name shows"),
        ("notes.new", "New note", "not of this page"),
        ("state:nav.account", "", "pages are chosen"),
        ("error", "no such command", "had an error: no such command"),
    ],
)
def test_a_window_that_shows_something_else(name: str, text: str, wrong: str) -> None:
    right = {
        one: said
        for one, said in texts(screen(STATE, Local(page="account"))).items()
        if one.rpartition(":")[2].partition(".")[0]
        in ("title", "unsandboxed", "nav", "sign_in", "account")
    }
    assert as_told.amiss(right, [STATE]) == []
    found = as_told.amiss({**right, name: text}, [STATE])
    assert [wrong in one for one in found] == ([True] if wrong else [])
    for_a_moment = as_told.amiss({**right, name: text}, [STATE], passing=True)
    assert for_a_moment == found
    opened = {"state:nav.account": "selected", "account.button": "Account"}
    assert as_told.amiss(opened, [STATE], passing=True) == []
