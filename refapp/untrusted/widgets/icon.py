"""The window's icon, for the task bar and the switcher: a sheet with three lines on the accent
colour, computed.
"""

from __future__ import annotations

import tkinter

from refapp.untrusted.widgets.palette import Light

SIDE = 48
LINES = ((15, 12, 36), (23, 12, 36), (31, 12, 28))
"""Top, left and right of each, three pixels high."""


def icon_of(root: tkinter.Tk) -> tkinter.PhotoImage:
    """Give ``root`` its icon. The caller keeps the picture for as long as the window."""
    picture = tkinter.PhotoImage(master=root, width=SIDE, height=SIDE)
    picture.put(Light.accent, (4, 2, SIDE - 4, SIDE - 2))
    for top, left, right in LINES:
        picture.put(Light.accent_on, (left, top, right, top + 3))
    root.iconphoto(True, picture)
    return picture
