"""Undo remembers whole texts, and not without end."""

from __future__ import annotations

from refapp.untrusted.presentation.undo_steps import KEPT, STEPS, UndoSteps


def test_old_steps_are_forgotten() -> None:
    steps = UndoSteps()
    for number in range(STEPS + 50):
        steps.add((str(number), 0))
    back = [steps.undo((f"now {number}", 0)) for number in range(STEPS + 1)]
    assert back[-1] is None
    assert back[-2] == ("50", 0)
    for number in range(10):
        steps.add((str(number) * (KEPT // 4), 0))
    assert [bool(steps.undo((str(number), 0))) for number in range(5)] == [True] * 4 + [False]
