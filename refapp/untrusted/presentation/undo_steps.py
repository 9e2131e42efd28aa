"""What undo and redo of a note lead to: whole texts, as a person wrote them, and where she was.

Owns how many are remembered. Knows nothing of the widget.
"""

from __future__ import annotations

STEPS = 200
KEPT = 5_000_000
"""Characters in all steps together."""
State = tuple[str, int]
"""A whole text, and how many of its characters are before the cursor."""


class UndoSteps:
    """What undo and redo lead to."""

    def __init__(self) -> None:
        self._undo: list[State] = []
        self._redo: list[State] = []

    def add(self, state: State) -> None:
        """``state`` is about to be changed. The oldest are forgotten."""
        self._redo.clear()
        self._undo.append(state)
        while len(self._undo) > STEPS or sum(len(text) for text, _ in self._undo) > KEPT:
            del self._undo[0]

    def undo(self, now: State) -> State | None:
        """The last text that was another than ``now``."""
        return self._move(now, self._undo, self._redo)

    def redo(self, now: State) -> State | None:
        """What ``undo`` has left."""
        return self._move(now, self._redo, self._undo)

    @staticmethod
    def _move(now: State, source: list[State], target: list[State]) -> State | None:
        while source:
            state = source.pop()
            if state[0] != now[0]:
                target.append(now)
                return state
        return None
