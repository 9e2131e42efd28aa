"""The bar above the notes: what is on this computer beside the person's own, and her choices.
Copies ``view.ApartLine``.
"""

from __future__ import annotations

import tkinter
from collections.abc import Callable
from tkinter import ttk

from refapp.untrusted.presentation.view import Answer, ApartLine
from refapp.untrusted.widgets.roster import Roster
from refapp.untrusted.widgets.style import Style

MOST_CHOICES = 2


class ApartBar(ttk.Frame):
    """Absent while there is nothing to say. ``answer`` is called with what she chose."""

    def __init__(
        self, parent: tkinter.Misc, style: Style, roster: Roster, answer: Callable[[Answer], None]
    ) -> None:
        px = style.px
        super().__init__(parent, style="Card.TFrame", padding=(px(14), px(8)))
        self._answer = answer
        self.columnconfigure(0, weight=1)
        self._text = ttk.Label(self, style="Card.TLabel", justify="left")
        self._text.grid(row=0, column=0, sticky="ew")
        self._text.bind("<Configure>", lambda event: event.widget.configure(wraplength=event.width))
        self._buttons = [ttk.Button(self) for _ in range(MOST_CHOICES)]
        for column, button in enumerate(self._buttons, 1):
            button.grid(row=0, column=column, sticky="e", padx=(px(8), 0))
            roster.add(f"apart.{column}", button)
        roster.add("apart", self._text)
        self._line: ApartLine | None = None

    def show(self, line: ApartLine | None) -> None:
        """Copy the line."""
        if line == self._line:
            return
        self._line = line
        if line is None:
            self.grid_remove()
            return
        self._text.configure(text=line.text)
        for button, choice in zip(self._buttons, line.choices, strict=True):
            button.configure(
                text=choice.text, underline=choice.underline, command=self._choosing(choice.answer)
            )
        self.grid()

    def _choosing(self, answer: Answer) -> Callable[[], None]:
        return lambda: self._answer(answer)
