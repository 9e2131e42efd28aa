"""A line of 100,000 characters is in pieces for Tk alone: whoever reads it gets what was written,
to the character.
"""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from refapp.untrusted.content.long_lines import BREAK, LONGEST, MARK, broken, pieces, whole

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
