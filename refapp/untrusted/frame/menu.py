"""The menu: what can be done from everywhere, with the keys that do it too.
F10 opens it, or its button.

Owns the menu's entries and the shortcuts that stand in it: one table for both, so that neither is
without the other. And how it closes: Tk would take keyboard and mouse from all programs while a
menu is up, which the display's gate ends a window for (DG-3).
"""

from __future__ import annotations

import functools
import tkinter
from collections.abc import Callable
from tkinter import ttk

from refapp.untrusted.widgets.letters import letter_of, of_another_script
from refapp.untrusted.widgets.palette import Palette
from refapp.untrusted.widgets.roster import Roster

TYPE_CHECKING = False
if TYPE_CHECKING:
    from refapp.messages import Colours

CHOSEN = "✓"
IN_TEXTS = {
    "a": "<<SelectAll>>", "c": "<<Copy>>", "v": "<<Paste>>", "x": "<<Cut>>", "y": "<<Redo>>",
    "z": "<<Undo>>",
}  # fmt: skip
FOCUS_SETTLES_MS = 100
COLOURS: tuple[tuple[Colours, str, int], ...] = (
    ("system", "Colours of the desktop", 2),
    ("light", "Light colours", 1),
    ("dark", "Dark colours", 0),
    ("contrast", "High contrast", 0),
)


class Menu:
    """``new``, ``apart`` (other notes), ``resize(points more)`` and ``close`` do what they say;
    ``colours(choice)`` is called when a person chooses.
    """

    def __init__(
        self,
        bar: tkinter.Misc,
        roster: Roster,
        *,
        new: Callable[[], None],
        apart: Callable[[], None],
        resize: Callable[[int | None], None],
        colours: Callable[[Colours], None],
        close: Callable[[], None],
    ) -> None:
        self._button = ttk.Menubutton(bar, text="Menu", style="Menu.TMenubutton", direction="below")
        self._menu = tkinter.Menu(
            self._button, tearoff=False, font="TkDefaultFont", borderwidth=1, activeborderwidth=0
        )
        self._button.configure(menu=self._menu)
        self._root = root = bar.winfo_toplevel()
        root.tk.eval("proc ::grab args {}")
        root.bind_all("<Button>", lambda event: self._close_unless(str(event.widget)), add=True)
        root.bind(
            "<FocusOut>", lambda _: root.after(FOCUS_SETTLES_MS, self._close_if_away), add=True
        )
        self._commands: dict[str, Callable[[], None]] = {}
        commands: tuple[tuple[str, str, tuple[str, ...], Callable[[], None]], ...] = (
            ("New note", "Ctrl+N", ("n",), new),
            ("Earlier notes", "Ctrl+E", ("e",), apart),
            ("Larger text", "Ctrl++", ("plus", "equal", "KP_Add"), lambda: resize(1)),
            ("Smaller text", "Ctrl+-", ("minus", "KP_Subtract"), lambda: resize(-1)),
            ("Usual text", "Ctrl+0", ("0", "KP_0"), lambda: resize(None)),
            ("Close", "Ctrl+Q", ("q",), close),
        )
        for text, shown, keys, command in commands:
            self._menu.add_command(label=text, underline=0, accelerator=shown, command=command)
            for key in keys:
                self._commands[key] = command
                with_lock = (
                    [f"<Control-Lock-{key.upper()}>"] if len(key) == 1 and key.isalpha() else []
                )
                for sequence in (f"<Control-{key}>", *with_lock):
                    root.bind(sequence, lambda _, command=command: command())  # type: ignore[misc]
        root.bind("<Control-KeyPress>", self._on_other_script)
        self._menu.insert_separator(2)
        self._menu.insert_separator(6)
        self._menu.add_separator()
        for choice, text, underline in COLOURS:
            # No radio button: Tk reads pixels back from the display to draw one.
            self._menu.add_command(
                label=text, underline=underline, command=functools.partial(colours, choice)
            )
        root.bind(
            "<F10>", lambda _: self._button.tk.call("ttk::menubutton::Popdown", str(self._button))
        )
        # The last one for the Tab key, and the rightmost.
        self._button.pack(side="right", before=bar.pack_slaves()[0])
        roster.add("menu", self._button)

    def _on_other_script(self, event: tkinter.Event[tkinter.Misc]) -> None:
        """A shortcut with a key that says no Latin letter: the menu's, or one of what texts and
        fields understand.
        """
        letter = letter_of(event) if of_another_script(event) else ""
        if letter in self._commands:
            self._commands[letter]()
        elif letter in IN_TEXTS:
            event.widget.event_generate(IN_TEXTS[letter])

    def choose(self, colours: Colours) -> None:
        """Mark the choice that counts."""
        first = int(self._menu.index("end") or 0) + 1 - len(COLOURS)
        for index, (choice, _, _) in enumerate(COLOURS, first):
            self._menu.entryconfigure(index, accelerator=CHOSEN if choice == colours else "")

    def _close_unless(self, clicked: str = "") -> None:
        """Close the menu, if it is up and ``clicked`` is not in it;
        a click on its button is no second one that opens it. What a click has given the keyboard
        keeps it.
        """
        posted = str(self._root.tk.call("set", "tk::Priv(popup)")) == str(self._menu)
        if posted and not clicked.startswith(str(self._menu)):
            focused = str(self._root.tk.call("focus"))
            self._root.tk.call("tk::MenuUnpost", "")
            if focused and not focused.startswith(str(self._menu)):
                self._root.tk.call("focus", focused)
            self._root.tk.call("set", "ttk::menubutton::State(pulldown)", 0)

    def _close_if_away(self) -> None:
        """Close the menu if another program has the keyboard by now, and not the menu itself."""
        if not str(self._root.tk.call("focus")):
            self._close_unless()

    def recolour(self, c: type[Palette]) -> None:
        """Follow the theme: a Menu is no ttk widget."""
        self._menu.configure(
            background=c.card,
            foreground=c.text,
            activebackground=c.chosen,
            activeforeground=c.text,
            disabledforeground=c.muted,
            relief="solid",
        )
