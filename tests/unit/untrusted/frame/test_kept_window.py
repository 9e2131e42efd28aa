"""How the person leaves the window is told once it rests, however long she drags it."""

from __future__ import annotations

import tkinter
from collections.abc import Callable
from types import SimpleNamespace
from typing import cast

from refapp.messages import WindowParams
from refapp.untrusted.frame.kept_window import QUIET_MS, KeptWindow


class Root:
    """What of Tk the window's place needs; its time passes in ``wait`` alone."""

    def __init__(self) -> None:
        self._now = self._timers = 0
        self._due: dict[str, tuple[int, Callable[[], None]]] = {}
        self._place = "700x500+0+0"

    def bind(self, _event: str, act: Callable[[object], None], *, add: bool) -> None:
        assert add
        self._moved = act

    def after(self, milliseconds: int, act: Callable[[], None]) -> str:
        self._timers += 1
        self._due[str(self._timers)] = self._now + milliseconds, act
        return str(self._timers)

    def after_cancel(self, timer: str) -> None:
        self._due.pop(timer, None)

    def geometry(self) -> str:
        return self._place

    def attributes(self, _name: str) -> int:
        return 0

    def state(self) -> str:
        return "normal"

    def move(self, place: str) -> None:
        self._place = place
        self._moved(SimpleNamespace(widget=self))

    def wait(self, milliseconds: int) -> None:
        self._now += milliseconds
        for timer in [one for one, (at, _) in self._due.items() if at <= self._now]:
            self._due.pop(timer)[1]()


def test_a_drag_is_told_once_when_it_has_ended() -> None:
    root, told = Root(), list[WindowParams]()
    kept = KeptWindow(cast("tkinter.Tk", root), (0, 0, 700, 500), lambda: 10, told.append)
    kept.begin()
    for x in range(1, 6):
        root.move(f"700x500+{x}+0")
        root.wait(QUIET_MS - 1)
    assert told == []
    root.wait(1)
    assert told == [WindowParams(5, 0, 700, 500, 10, "system")]
    root.move("700x500+6+0")
    root.wait(QUIET_MS)
    assert [one.x for one in told] == [5, 6]
