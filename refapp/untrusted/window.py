"""The window: one root, its frame, three pages. Puts ``screens`` into the widgets and what people do into ``actions``.

Owns which page is open, when a busy phase is long enough to be shown, and where the keyboard is. ``Window`` alone is what paints
first: it imports no codec, so that the first paint does not wait for one; ``furnish`` adds the rest.
"""

from __future__ import annotations

import sys
import tkinter
from collections.abc import Callable
from tkinter import ttk

from refapp.untrusted.header import Line, Top
from refapp.untrusted.palette import PALETTES
from refapp.untrusted.roster import Roster
from refapp.untrusted.style import Style

TYPE_CHECKING = False
if TYPE_CHECKING:
    from refapp.untrusted.view import Page

WIDTH, HEIGHT = 900, 640


class Window:
    """The frame that is painted first. ``go`` and ``closed`` are set by who furnishes it."""

    def __init__(self, theme: str) -> None:
        """Raises ``tkinter.TclError`` without a display."""
        self.root = root = tkinter.Tk(className="refapp")
        root.report_callback_exception = report
        root.createcommand("refapp_background_error", lambda *words: sys.stderr.write(f"{words[0]}\n"))
        # Tk's own answer to an error in a script is a dialog that it would have to load.
        root.tk.call("interp", "bgerror", "", "refapp_background_error")
        root.title("refapp - Starting…")
        for key in ("<Return>", "<KP_Enter>"):
            # ttk presses a button with the space bar alone; people expect Enter to do it too.
            root.bind_class("TButton", key, lambda event: event.widget.invoke())
        self.go: Callable[[Page], None] = lambda _page: None
        self.style = Style(root)
        self.roster = Roster(root)
        self.style.use(PALETTES[theme])
        self._place()
        root.columnconfigure(0, weight=1)
        root.rowconfigure(4, weight=1)
        self.top = Top(root, self.style, self.roster, lambda page: self.go(page))
        self.warning = Line(root, self.style, self.roster, "unsandboxed", "none")
        self.banner = Line(root, self.style, self.roster, "banner", "action")
        self.notice = Line(root, self.style, self.roster, "notice", "dismiss")
        for row, part in enumerate((self.top, self.warning, self.banner, self.notice)):
            part.grid(row=row, column=0, sticky="ew", pady=(0, 1 if row else 0))
        for absent in (self.warning, self.banner, self.notice):
            absent.grid_remove()
        self.body = ttk.Frame(root, padding=self.style.px(16))
        self.body.grid(row=4, column=0, sticky="nsew")
        self.body.columnconfigure(0, weight=1)
        self.body.rowconfigure(0, weight=1)
        self.starting = ttk.Label(self.body, text="Starting…", style="Muted.TLabel", anchor="center")
        self.starting.grid(row=0, column=0, sticky="nsew")

    def _place(self) -> None:
        root, px = self.root, self.style.px
        across, down = root.winfo_screenwidth(), root.winfo_screenheight()
        width, height = min(px(WIDTH), across), min(px(HEIGHT), down)
        root.geometry(f"{width}x{height}+{(across - width) // 2}+{(down - height) // 3}")
        root.minsize(min(px(620), width), min(px(460), height))

    def paint(self) -> None:
        """Draw it for the first time and take the keyboard: there may be no window manager that would give it."""
        self.root.update()
        self.root.focus_force()


def report(kind: type[BaseException], error: BaseException, trace: object) -> None:
    """An error in a callback: to the error pipe, and the window goes on. ``SystemExit`` never gets here."""
    del trace
    import traceback  # loaded by the warm-up; the first paint does not wait for it

    text = "".join(traceback.format_exception(kind, error, error.__traceback__))
    sys.stderr.write(text)
    sys.stderr.flush()
