"""Which letter a key stands for in a shortcut, whatever the layout of the keyboard.

Owns the places of the letters. With a layout of another script a key says "Cyrillic_te"; then it
stands for the letter that a US keyboard has in its place, as in browsers and on other desktops.
"""

from __future__ import annotations

import tkinter

_ROWS = {24: "qwertyuiop", 38: "asdfghjkl", 52: "zxcvbnm"}
"""The code of the first key of each row, as X servers on Linux count."""
_PLACES = {
    first + place: letter for first, row in _ROWS.items() for place, letter in enumerate(row)
}
_SCRIPTS = (
    "Cyrillic_", "Ukrainian_", "Serbian_", "Macedonia_", "Byelorussian_", "Greek_", "hebrew_",
    "Arabic_", "Thai_", "Armenian_", "Georgian_", "kana_", "U0", "U1", "U2",
)  # fmt: skip
"""How Tk's names of letters of other scripts begin."""


def letter_of(event: tkinter.Event[tkinter.Misc]) -> str:
    """The small Latin letter of a key event; empty if it is another key."""
    name = event.keysym
    if len(name) == 1 and name.isascii():
        return name.lower()
    return _PLACES.get(event.keycode, "") if name.startswith(_SCRIPTS) else ""


def of_another_script(event: tkinter.Event[tkinter.Misc]) -> bool:
    """Whether Tk's own bindings, which name Latin letters, don't know this key."""
    return event.keysym.startswith(_SCRIPTS)
