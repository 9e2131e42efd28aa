"""The menu: what can be done from everywhere, with the keys that do it too. F10 opens it, or its button.

Owns the menu's entries and the shortcuts that stand in it: one table for both, so that neither is without the other.
"""

from __future__ import annotations

import tkinter
from collections.abc import Callable
from tkinter import ttk

from refapp.untrusted.widgets.palette import Palette
from refapp.untrusted.widgets.roster import Roster

TYPE_CHECKING = False
if TYPE_CHECKING:
    from refapp.messages import Colours

COLOURS: tuple[tuple[Colours, str, int], ...] = (
    ("system", "Colours of the desktop", 2),
    ("light", "Light colours", 1),
    ("dark", "Dark colours", 0),
)


class Menu:
    """``new``, ``resize(points more)`` and ``close`` do what they say; ``colours(choice)`` is called when a person chooses."""

    def __init__(
        self,
        bar: tkinter.Misc,
        roster: Roster,
        *,
        new: Callable[[], None],
        resize: Callable[[int | None], None],
        colours: Callable[[Colours], None],
        close: Callable[[], None],
    ) -> None:
        self._button = ttk.Menubutton(bar, text="Menu", style="Menu.TMenubutton", direction="below")
        self._menu = tkinter.Menu(self._button, tearoff=False, font="TkDefaultFont", borderwidth=1, activeborderwidth=0)
        self._button.configure(menu=self._menu)
        self._colours = tkinter.StringVar(bar, "system")
        root = bar.winfo_toplevel()
        commands: tuple[tuple[str, str, tuple[str, ...], Callable[[], None]], ...] = (
            ("New note", "Ctrl+N", ("n",), new),
            ("Larger text", "Ctrl++", ("plus", "equal", "KP_Add"), lambda: resize(1)),
            ("Smaller text", "Ctrl+-", ("minus", "KP_Subtract"), lambda: resize(-1)),
            ("Usual text", "Ctrl+0", ("0", "KP_0"), lambda: resize(None)),
            ("Close", "Ctrl+Q", ("q",), close),
        )
        for text, shown, keys, command in commands:
            self._menu.add_command(label=text, underline=0, accelerator=shown, command=command)
            for key in keys:
                root.bind(f"<Control-{key}>", lambda _, command=command: command())  # type: ignore[misc]
        self._menu.insert_separator(1)
        self._menu.insert_separator(5)
        self._menu.add_separator()
        for choice, text, underline in COLOURS:
            self._menu.add_radiobutton(
                label=text, underline=underline, value=choice, variable=self._colours,
                command=lambda choice=choice: colours(choice),  # type: ignore[misc]
            )  # fmt: skip
        root.bind("<F10>", lambda _: self._button.tk.call("ttk::menubutton::Popdown", str(self._button)))
        # The last one for the Tab key, and the rightmost.
        self._button.pack(side="right", before=bar.pack_slaves()[0])
        roster.add("menu", self._button)

    def choose(self, colours: Colours) -> None:
        """Mark the choice that counts."""
        self._colours.set(colours)

    def recolour(self, c: type[Palette]) -> None:
        """Follow the theme: a Menu is no ttk widget."""
        self._menu.configure(
            background=c.card, foreground=c.text, activebackground=c.chosen, activeforeground=c.text, selectcolor=c.text,
            disabledforeground=c.muted, relief="solid",
        )  # fmt: skip
