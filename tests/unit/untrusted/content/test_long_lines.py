"""A line of 100,000 characters is in pieces for Tk alone: whoever reads it gets what was written,
to the character, however it came into the widget.
"""

from __future__ import annotations

import time
import tkinter
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from refapp.untrusted.content.long_lines import (
    BREAK,
    LONGEST,
    MARK,
    LongLines,
    broken,
    pieces,
    whole,
)

TEXTS = [
    "",
    "short",
    "word " * 20_000,
    "x" * 100_000,
    "\n" * 5000,
    ("y" * 3000 + "\n") * 3,
    " " * 5000,
    "ä" * 2001,
]


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_nothing_is_lost_or_added_and_no_line_is_long(text: str) -> None:
    held = broken(text)
    assert whole(held) == text
    assert max(map(len, held.split("\n"))) <= LONGEST + 1


@given(st.lists(st.text(max_size=30).map(lambda part: part * 200)).map("\n".join))
def test_any_text_comes_back(text: str) -> None:
    assert MARK in text or whole(broken(text)) == text


def test_a_text_with_the_mark_in_it_is_left_as_it_is() -> None:
    text = MARK + "x" * 10_000
    assert broken(text) == text


def test_words_are_not_cut_where_there_is_a_space() -> None:
    assert all(piece.endswith(" ") for piece in pieces("word " * 1000)[:-1])
    assert broken("word " * 1000).count(BREAK) == 3


class Editor:
    """The widget, and ``text``: what a person wrote. ``at``: where she is."""

    def __init__(self, screen: str) -> None:
        self.root = tkinter.Tk(screenName=screen)
        self.widget = tkinter.Text(self.root)
        self.widget.pack()
        self.lines = LongLines(self.widget)
        self.load("")

    def load(self, text: str) -> None:
        self.widget.delete("1.0", "end")
        self.lines.put(text)
        self.widget.edit_reset()
        self.widget.mark_set("insert", "1.0")
        self.text, self.at, self.loaded = text, 0, text
        self.seen = {text}
        self.check()

    def index(self, place: float) -> tuple[str, int]:
        """Anywhere, also in the midst of a break; and how many characters are before it."""
        held = self.widget.get("1.0", "end-1c")
        before = held[: round(place * len(held))]
        above, _, left = before.replace("\0", "0").rpartition("\n")
        line = above.count("\n") + ("\n" in before) + 1
        column = self.root.tk.call("string", "length", left)
        return f"{line}.{column}", len(whole(before)) if self.lines.on else len(before)

    def go(self, place: float) -> None:
        index, self.at = self.index(place)
        self.widget.mark_set("insert", index)
        self.widget.edit_separator()

    def choose(self, place: float, other: float) -> bool:
        """From one place to another; False if there is nothing between them."""
        first, left = self.index(min(place, other))
        last, right = self.index(max(place, other))
        self.widget.tag_add("sel", first, last)
        self.widget.mark_set("insert", last)
        self.chosen = left, right
        self.at = right
        return bool(self.widget.tag_ranges("sel"))

    def over(self, event: str, text: str = "") -> None:
        """What is chosen is deleted, cut or typed over."""
        left, right = self.chosen
        if text:
            self.root.tk.call("tk::TextInsert", self.widget, text)
        else:
            self.key(event)
        self.text, self.at = self.text[:left] + text + self.text[right:], left + len(text)
        self.widget.tag_remove("sel", "1.0", "end")
        self.check()

    def kill(self) -> None:
        self.key("<Control-k>")
        rest = self.text[self.at :]
        end = rest.find("\n") if "\n" in rest else len(rest)
        self.text = self.text[: self.at] + rest[end or 1 :]
        self.check()

    def key(self, key: str) -> None:
        self.widget.focus_force()
        self.root.update()
        self.widget.event_generate(key)

    def turn(self, event: str) -> None:
        """Undo or redo: a text that was there; and it is the widget that says which."""
        self.widget.event_generate(event)
        self.text = self.lines.get()
        before = self.widget.get("1.0", "insert")
        self.at = len(whole(before)) if self.lines.on else len(before)
        assert self.text in self.seen
        self.check()

    def type(self, text: str) -> None:
        self.root.tk.call("tk::TextInsert", self.widget, text)
        self._came(text)

    def paste(self, text: str) -> None:
        self.root.clipboard_clear()
        self.root.clipboard_append(text)
        self.widget.event_generate("<<Paste>>")
        self._came(text)

    def _came(self, text: str) -> None:
        self.text = self.text[: self.at] + text + self.text[self.at :]
        self.at += len(text)
        self.check()

    def press(self, key: str, back: int) -> None:
        """A key that deletes: the character before, or the one behind."""
        gone = self.at - back
        self.key(key)
        if 0 <= gone < len(self.text):
            self.text = self.text[:gone] + self.text[gone + 1 :]
            self.at = gone
        self.check()

    def check(self) -> None:
        self.lines.mend()
        assert self.lines.get() == self.text
        self.seen.add(self.text)

    def undo_all(self) -> None:
        """To what was loaded, by texts that were there; and back again."""
        latest, passed = self.lines.get(), [self.lines.get()]
        while True:
            self.widget.event_generate("<<Undo>>")
            if self.lines.get() == passed[-1]:
                break
            passed.append(self.lines.get())
            assert passed[-1] in self.seen
        assert passed[-1] == self.loaded
        for text in passed[-2::-1]:
            self.widget.event_generate("<<Redo>>")
            assert self.lines.get() == text
        assert self.lines.get() == latest


@pytest.fixture(scope="module")
def editor(tk_screen: str) -> Iterator[Editor]:
    made = Editor(tk_screen)
    yield made
    made.root.destroy()


def texts(characters: str) -> st.SearchStrategy[str]:
    part = st.text(st.sampled_from(characters), min_size=1, max_size=4)
    return st.one_of(part, part.map(lambda one: one * 700))


PLACES = st.floats(0, 1)
MANY = [
    "y" * 3000 + "\nshort\n" + "z" * 5000,
    "one\fline\u2028\n" + "word " * 1000 + "\n" + "x" * 3000,
]


@pytest.mark.parametrize("text", MANY, ids=range(len(MANY)))
def test_of_several_long_lines_that_come_at_once_each_is_broken_up_and_no_other(
    editor: Editor, text: str
) -> None:
    editor.load("")
    editor.type(text)
    assert editor.widget.get("1.0", "end-1c") == broken(text)


DOINGS = st.one_of(
    st.tuples(st.sampled_from(["type", "paste"]), PLACES, texts(f"a \n😀{MARK}ä")),
    st.tuples(st.sampled_from(["type", "paste"]), PLACES, texts("a 😀")),
    st.tuples(
        st.just("press"), PLACES, st.sampled_from(["<BackSpace>", "<Delete>", "<Control-d>"])
    ),
    st.tuples(st.just("turn"), PLACES, st.sampled_from(["<<Undo>>", "<<Redo>>"])),
    st.tuples(st.sampled_from(["kill", "transpose"]), PLACES, st.just("")),
    st.tuples(st.just("over"), PLACES, st.sampled_from(["<Delete>", "<BackSpace>", "<<Cut>>"])),
    st.tuples(st.just("type over"), PLACES, texts(f"a \n😀{MARK}")),
)


def do(editor: Editor, what: str, place: float, text: str) -> None:
    editor.go(place)
    if what == "press":
        editor.press(text, back=text == "<BackSpace>")
    elif what == "turn":
        editor.turn(text)
    elif what == "kill":
        editor.kill()
    elif what == "transpose":
        editor.key("<Control-t>")
        editor.check()
    elif what == "over":
        if editor.choose(place, place**2):
            editor.over(text)
    elif what == "type over":
        if editor.choose(place, place**2):
            editor.over("", text)
    else:
        getattr(editor, what)(text)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(texts(f"a \n😀{MARK}"), st.lists(DOINGS, max_size=6))
def test_a_text_comes_out_as_it_went_in(
    editor: Editor, loaded: str, doings: list[tuple[str, float, str]]
) -> None:
    """Loaded, typed and pasted in any pieces, deleted by keys and by choosing, and undone."""
    editor.load(loaded)
    for what, place, text in doings:
        do(editor, what, place, text)
    editor.undo_all()


@pytest.mark.parametrize("how", ["type", "paste"])
def test_the_mark_and_the_line_s_end_behind_it_are_kept(editor: Editor, how: str) -> None:
    editor.load("a note: " + "x" * 5000)
    editor.go(0)
    getattr(editor, how)(f"f{MARK}(x){MARK}\nsecond line")
    editor.undo_all()


def test_a_character_that_is_two_for_tk_is_not_cut_in_the_middle(editor: Editor) -> None:
    editor.load("")
    editor.paste("x" + "😀" * 3000)
    assert max(map(len, editor.widget.get("1.0", "end-1c").split("\n"))) <= LONGEST + 1


def test_what_is_behind_a_character_0_is_not_lost(editor: Editor) -> None:
    editor.load("a\0b" + "x" * 5000)
    editor.type("y")


def test_what_is_typed_at_the_end_of_a_piece_adds_no_line(editor: Editor) -> None:
    editor.load("x" * 5000)
    editor.widget.mark_set("insert", "1.end")
    editor.at = 1000
    editor.type("y")
    editor.widget.delete("1.5", "1.end")
    assert editor.lines.get() == "x" * 5 + "x" * 4000


def test_what_is_chosen_is_whole_for_the_middle_button(editor: Editor) -> None:
    editor.load("x" * 5000)
    editor.widget.tag_add("sel", "1.0", "end")
    editor.root.update()
    assert editor.root.selection_get(selection="PRIMARY") == "x" * 5000


LONG = "".join(f"w{number:04d} " for number in range(700))
AT_A_BREAK = range(995, 1005)
"""Of what the widget holds of ``LONG``: its first break is about here."""


@pytest.mark.parametrize("start", AT_A_BREAK)
@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("type", "x"), ("type", MARK), ("paste", "y" * 3000), ("press", "<BackSpace>"),
        ("press", "<Delete>"), ("kill", ""), ("transpose", ""), ("over", "<Delete>"),
        ("over", "<<Cut>>"), ("type over", "x"), ("type over", f"{MARK}\n"),
    ],
)  # fmt: skip
def test_at_each_offset_round_a_break_all_is_right_and_undone(
    editor: Editor, start: int, what: str, text: str
) -> None:
    for before in ("", "a line above\n"):
        editor.load(before + LONG)
        place = (len(before) + start) / len(broken(before + LONG))
        do(editor, what, place, text)
        editor.type("z")
        editor.undo_all()


def test_undo_brings_the_cursor_back_and_is_no_more_than_a_step(editor: Editor) -> None:
    editor.load("one 😀 " + LONG)
    editor.go(0.5)
    was = editor.at
    editor.type("abc")
    editor.go(0)
    editor.type("d")
    editor.turn("<<Undo>>")
    assert editor.at == 0
    editor.turn("<<Undo>>")
    assert (editor.text, editor.at) == ("one 😀 " + LONG, was)
    editor.type("e")
    editor.turn("<<Redo>>")
    assert editor.text[was] == "e"


def test_a_long_paragraph_typed_key_by_key_is_undone_and_redone(editor: Editor) -> None:
    editor.load("")
    for number in range(2600):
        editor.root.tk.call("tk::TextInsert", editor.widget, "a" if number % 6 else " ")
        editor.lines.mend()
    editor.text = editor.lines.get()
    editor.check()
    editor.undo_all()


def test_undo_of_a_long_line_is_quick_and_tells_of_the_change(editor: Editor) -> None:
    """All breaks would be undone before the text is, and Tk would lay out ever longer lines."""
    editor.load("")
    editor.paste("lorem ipsum " * 8000)
    editor.root.update()
    editor.widget.edit_modified(False)
    began = time.monotonic()
    editor.widget.event_generate("<<Undo>>")
    editor.root.update()
    assert time.monotonic() - began < 2
    assert editor.lines.get() == ""
    assert editor.widget.edit_modified()


def test_nothing_is_undone_where_nobody_can_write(editor: Editor) -> None:
    editor.load("a")
    editor.type("b")
    editor.widget.configure(state="disabled")
    editor.widget.event_generate("<<Undo>>")
    editor.widget.configure(state="normal")
    assert editor.lines.get() == "ba"
    editor.widget.event_generate("<<Undo>>")
    assert editor.lines.get() == "a"


def test_what_was_too_much_is_not_brought_back(editor: Editor) -> None:
    editor.load(LONG)
    editor.go(0.5)
    editor.type("abc")
    editor.widget.edit_separator()
    editor.lines.shorten(1)
    editor.widget.event_generate("<<Undo>>")
    assert editor.lines.get() == LONG


def test_the_mark_is_put_in_where_it_was_meant_to_be(editor: Editor) -> None:
    editor.load(LONG)
    at = sum(len(piece) for piece in pieces(LONG)[:2])
    editor.widget.insert("3.0", f"a{MARK}b")
    assert editor.lines.get().index(f"a{MARK}b") == at
