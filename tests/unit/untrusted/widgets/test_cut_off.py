"""A text that has too little room is told of, and so is what can be seen of a widget."""

from __future__ import annotations

import tkinter
from collections.abc import Iterator
from tkinter import ttk

import pytest

from refapp.untrusted.widgets.cut_off import ROUNDING, cut_off, seen_part

WIDTH, HEIGHT = 300, 60
TEXT = "The engine weaves algebraical patterns."


@pytest.fixture(scope="module")
def frame(tk_screen: str) -> Iterator[tkinter.Frame]:
    root = tkinter.Tk(screenName=tk_screen)
    made = tkinter.Frame(root, width=WIDTH, height=HEIGHT)
    made.pack()
    yield made
    root.destroy()


@pytest.mark.parametrize(("less", "told"), [(0, ""), (ROUNDING, ""), (ROUNDING + 1, TEXT)])
def test_a_label_that_is_narrower_than_its_text(frame: tkinter.Frame, less: int, told: str) -> None:
    label = ttk.Label(frame, text=TEXT)
    label.place(x=0, y=0, width=label.winfo_reqwidth() - less)
    frame.update()
    assert cut_off(label) == told
    label.destroy()


@pytest.mark.parametrize(
    ("x", "seen"), [(0, (0, 100)), (-40, (0, 60)), (WIDTH - 30, (WIDTH - 30, 30)), (WIDTH, None)]
)
def test_what_no_edge_hides(frame: tkinter.Frame, x: int, seen: tuple[int, int] | None) -> None:
    label = ttk.Label(frame)
    label.place(x=x, y=0, width=100, height=20)
    frame.update()
    left, _, width, height = seen_part(label, {})
    assert (left - frame.winfo_rootx(), width) == seen if seen else not width
    assert height == 20
    label.destroy()
