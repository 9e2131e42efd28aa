"""When the window says what it shows: after a person's keys are in the draft, and never in the
midst of drawing.
"""

from __future__ import annotations

import time
import tkinter
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast

import pytest

from refapp.untrusted.content.sight import LOOK_AFTER_MS, Sight

LIMIT_S = 10.0
TIMERS, DO_NOT_WAIT = 1 << 4, 1 << 1
"""Of Tcl_DoOneEvent."""


class Told:
    """A window that observes; ``order`` is what happened in it."""

    def __init__(self, screen: str) -> None:
        self.root = tkinter.Tk(screenName=screen)
        self.order: list[str] = []
        roster = SimpleNamespace(read=dict)
        window = SimpleNamespace(root=self.root, roster=roster, error="")
        link = SimpleNamespace(tell=lambda _: self.order.append("told"))
        self.sight = Sight(cast("Any", window), cast("Any", link))
        self.sight.observe, self.sight.revision = True, 1
        self.root.bind("<<Late>>", lambda _: self.order.append("in the draft"))
        self.root.update()

    def look_is_due(self) -> None:
        """Keys have come, and the moment after them is over: its timer runs, and nothing else."""
        self.sight.look_later()
        time.sleep(2 * LOOK_AFTER_MS / 1000)
        self.root.tk.dooneevent(TIMERS | DO_NOT_WAIT)

    def until_told(self) -> None:
        give_up = time.monotonic() + LIMIT_S
        while "told" not in self.order:
            assert time.monotonic() < give_up
            self.root.update()


@pytest.fixture
def told(tk_screen: str) -> Iterator[Told]:
    made = Told(tk_screen)
    yield made
    made.root.destroy()


def test_what_tk_still_has_to_tell_of_is_in_the_draft_before(told: Told) -> None:
    told.look_is_due()
    told.root.event_generate("<<Late>>", when="tail")
    told.until_told()
    assert told.order == ["in the draft", "told"]


def test_nothing_is_told_in_the_midst_of_drawing(told: Told) -> None:
    told.look_is_due()
    told.root.update_idletasks()
    assert told.order == []
    told.until_told()
    assert told.order == ["told"]
