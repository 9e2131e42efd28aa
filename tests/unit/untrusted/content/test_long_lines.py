"""A line of 100,000 characters is in pieces for Tk alone: whoever reads it gets what was written,
to the character, however it came into the widget.
"""

from __future__ import annotations

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
        self.widget = tkinter.Text(self.root, undo=True, maxundo=200)
        self.widget.pack()
        self.lines = LongLines(self.widget)
        self.load("")

    def load(self, text: str) -> None:
        self.widget.delete("1.0", "end")
        self.lines.put(text)
        self.widget.edit_reset()
        self.widget.mark_set("insert", "1.0")
        self.text, self.at = text, 0
        self.seen = {text}
        self.check()

    def go(self, place: float) -> None:
        """Anywhere, also into the midst of a break."""
        held = self.widget.get("1.0", "end-1c")
        before = held[: round(place * len(held))]
        above, _, left = before.replace("\0", "0").rpartition("\n")
        line = above.count("\n") + ("\n" in before) + 1
        self.widget.mark_set("insert", f"{line}.{self.root.tk.call('string', 'length', left)}")
        self.at = len(whole(before)) if self.lines.on else len(before)

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
        self.widget.focus_force()
        self.root.update()
        self.widget.event_generate(key)
        if 0 <= gone < len(self.text):
            self.text = self.text[:gone] + self.text[gone + 1 :]
            self.at = gone
        self.check()

    def check(self) -> None:
        self.lines.mend()
        assert self.lines.get() == self.text
        self.seen.add(self.text)

    def undo_all(self) -> None:
        while True:
            try:
                self.widget.edit_undo()
            except tkinter.TclError:
                return
            assert self.lines.get() in self.seen


@pytest.fixture(scope="module")
def editor(tk_screen: str) -> Iterator[Editor]:
    made = Editor(tk_screen)
    yield made
    made.root.destroy()


def texts(characters: str) -> st.SearchStrategy[str]:
    part = st.text(st.sampled_from(characters), min_size=1, max_size=4)
    return st.one_of(part, part.map(lambda one: one * 700))


PLACES = st.floats(0, 1)
DOINGS = st.one_of(
    st.tuples(st.sampled_from(["type", "paste"]), PLACES, texts(f"a \n😀{MARK}ä")),
    st.tuples(st.sampled_from(["type", "paste"]), PLACES, texts("a 😀")),
    st.tuples(
        st.just("press"), PLACES, st.sampled_from(["<BackSpace>", "<Delete>", "<Control-d>"])
    ),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(texts(f"a \n😀{MARK}"), st.lists(DOINGS, max_size=6))
def test_a_text_comes_out_as_it_went_in(
    editor: Editor, loaded: str, doings: list[tuple[str, float, str]]
) -> None:
    """Loaded, typed and pasted in any pieces, with characters deleted by keys, and undone."""
    editor.load(loaded)
    for what, place, text in doings:
        editor.go(place)
        if what == "press":
            editor.press(text, back=text == "<BackSpace>")
        else:
            getattr(editor, what)(text)
    editor.undo_all()


@pytest.mark.parametrize("how", ["type", "paste"])
def test_the_mark_and_the_line_s_end_behind_it_are_kept(editor: Editor, how: str) -> None:
    editor.load("a note: " + "x" * 5000)
    editor.go(0)
    getattr(editor, how)(f"f{MARK}(x){MARK}\nsecond line")
    editor.undo_all()
    assert editor.lines.get() == "a note: " + "x" * 5000


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
