"""Load now what will be needed when nothing can be loaded any more (SB-3).

Owns the list of what the window uses late: Tcl scripts that Tk would load on first use, glyphs of
the scripts that notes are promised to show, encodings of the clipboard. Only what the app uses:
loading everything was measured to triple the start-up. A script that is not in ``SAMPLE`` shows
boxes in a note; nothing else happens.
"""

from __future__ import annotations

import tkinter

from refapp.untrusted.widgets.style import NAMED_FONTS, Style

SCRIPTS = (("tk_library", "focus.tcl"), ("tcl_library", "word.tcl"))
"""Folder and file: the way from one widget to the next, and where words begin and end (Ctrl+Left,
and a double click).
"""
SAMPLE = "Añß Ωλ Жщ •…–—“”‘’·×✓✗→←↑↓€©™"
ENCODINGS = ("utf-8", "iso8859-1", "iso2022", "iso2022-jp", "jis0208", "ksc5601", "gb2312")
CURSORS = ("xterm", "hand2", "arrow", "sb_h_double_arrow", "sb_v_double_arrow")


def warm_up(root: tkinter.Tk, style: Style, *, fonts_stay: bool) -> None:
    """Use everything once. Nothing of it stays visible.
    ``fonts_stay``: their files can be read after the lock too.
    """
    # By name, not by ``auto_load``: that reads the index of every script that there is.
    for folder, script in SCRIPTS:
        root.tk.call("source", f"{root.tk.call('set', folder)}/{script}")
    known = root.tk.splitlist(root.tk.call("encoding", "names"))
    for encoding in ENCODINGS:
        if encoding in known:
            root.tk.call("encoding", "convertto", encoding, "a")
    for cursor in CURSORS:
        root.configure(cursor=cursor)
    root.configure(cursor="")
    if not fonts_stay:
        _draw_fonts(root, style)


def _draw_fonts(root: tkinter.Tk, style: Style) -> None:
    for name in NAMED_FONTS:
        style.fonts[name].measure(SAMPLE)
    canvas = tkinter.Canvas(root, width=1, height=1)
    canvas.place(x=-10, y=-10)
    for name in NAMED_FONTS:
        canvas.create_text(0, 0, text=SAMPLE, font=name)
    canvas.update_idletasks()
    canvas.destroy()
