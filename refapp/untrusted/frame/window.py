"""The window: one root and its frame, which pages fill.
Painted empty, in its colours; all else comes when the loop runs.

Owns the root, its place on the screen, and the parts that are always there. ``paint`` comes first
of all, and what it needs is all that this module imports: fonts, faces and widgets are
``furnish``'s, and the codec is imported later still.
"""

from __future__ import annotations

import sys
import tkinter

from refapp.untrusted.widgets.palette import PALETTES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from refapp.untrusted.presentation.view import Page

WIDTH, HEIGHT = 900, 640
LEAST = 620, 460
"""What everything needs with text of the usual size; in less room it scrolls (``small_screen``)."""
GROWTH = 0.4, 0.45
"""How much of that grows with the text."""
SMALLEST = 200
_WITHOUT_WAITING = 2


class Window:
    """``go`` is set by who fills it.
    ``style``, ``roster``, ``top``, ``body`` and the lines are there once it is furnished.
    ``error``: what failed last while it went on, for whoever observes it.
    """

    def __init__(
        self, theme: str, place: tuple[int, ...] = (), text: int = 0, dots: int = 0
    ) -> None:
        """``place``: x, y, width and height as the person left them, or nothing; ``text``: its size
        in points, 0 for the usual one; ``dots`` an inch, 0 for what the screen says. Raises
        ``tkinter.TclError`` without a display.
        """
        self.root = root = tkinter.Tk(className="refapp")
        self.error = ""
        root.report_callback_exception = self._on_error
        root.createcommand("refapp_background_error", self._on_background_error)
        # Tk's own answer to an error in a script is a dialog that it would have to load.
        root.tk.call("interp", "bgerror", "", "refapp_background_error")
        root.title("refapp - Starting…")
        self.go: Callable[[Page], None] = lambda _page: None
        self.theme = theme
        # A context for each window from its first event on would be half of what is asked of the
        # display (``input_method``).
        root.tk.call("tk", "useinputmethods", False)
        # For each picture Tk asks for white and black by name, unless a widget has them.
        root.configure(
            background=PALETTES[theme].page, highlightbackground="white", highlightcolor="black"
        )
        self._text = text
        if dots:
            # What is given in points or inches follows, text first of all.
            root.tk.call("tk", "scaling", dots / 72)
        self._scale = max(1.0, root.winfo_fpixels("1i") / 96)
        self.place = self._put(place)

    def _on_error(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        self.error = f"{kind.__name__}: {error}"
        report(kind, error, trace)

    def _on_background_error(self, *words: str) -> None:
        self.error = words[0]
        sys.stderr.write(f"{words[0]}\n")

    def _put(self, place: tuple[int, ...]) -> tuple[int, int, int, int]:
        """Ask for ``place``, as far as it is on the screen; what was asked for."""
        root, scale = self.root, self._scale
        across, down = root.winfo_screenwidth(), root.winfo_screenheight()
        width, height = min(round(WIDTH * scale), across), min(round(HEIGHT * scale), down)
        x, y, width, height = within(
            place or ((across - width) // 2, (down - height) // 3, width, height), across, down
        )
        root.geometry(f"{width}x{height}+{x}+{y}")
        root.minsize(min(SMALLEST, width), min(SMALLEST, height))
        return x, y, width, height

    def stay_on(self, across: int, down: int) -> None:
        """The screen has another size now: what would lie beside it comes back, its frame too.
        No window grows for that.
        """
        root = self.root
        if root.state() != "normal" or root.attributes("-zoomed") or root.attributes("-fullscreen"):
            return
        x, y, width, height = (
            root.winfo_x(),
            root.winfo_y(),
            root.winfo_width(),
            root.winfo_height(),
        )
        side, title = root.winfo_rootx() - x, root.winfo_rooty() - y
        now = within((x, y, width + 2 * side, height + title + side), across, down)
        at_most = now[2] - 2 * side, now[3] - title - side
        if (*now[:2], *at_most) != (x, y, width, height):
            root.minsize(min(SMALLEST, at_most[0]), min(SMALLEST, at_most[1]))
            root.geometry(f"{at_most[0]}x{at_most[1]}+{now[0]}+{now[1]}")

    def paint(self) -> None:
        """Show it for the first time and take the keyboard:
        there may be no window manager that would give it.
        """
        settle(self.root)
        self.root.focus_force()

    def furnish(self) -> None:
        """Everything that a frame has.
        Drawn once the loop runs: now, it would only be drawn twice.
        """
        from tkinter import ttk

        from refapp.untrusted.frame.header import Line, TopBar
        from refapp.untrusted.frame.input_method import InputMethod
        from refapp.untrusted.frame.small_screen import SmallScreen
        from refapp.untrusted.widgets.focus import Focus
        from refapp.untrusted.widgets.roster import Roster
        from refapp.untrusted.widgets.style import Style

        root = self.root
        self.input_method = InputMethod(root)
        for key in ("<Return>", "<KP_Enter>"):
            # ttk presses a button with the space bar alone; people expect Enter to do it too.
            root.bind_class("TButton", key, lambda event: event.widget.invoke())
        for kind in ("TEntry", "Treeview"):
            # The keypad's is another key for Tk, and does nothing in a field or a list.
            root.bind_class(
                kind, "<KP_Enter>", lambda event: event.widget.event_generate("<Return>")
            )
        # As on today's desktops. Tk has Emacs' meaning of these two: start of the line, and paste.
        for emacs, today, keys in (
            ("<<LineStart>>", "<<SelectAll>>", "<Control-a>"),
            ("<<LineStart>>", "<<SelectAll>>", "<Control-Lock-A>"),
            ("<<Paste>>", "<<Redo>>", "<Control-y>"),
            ("<<Paste>>", "<<Redo>>", "<Control-Lock-Y>"),
        ):
            root.event_delete(emacs, keys)
            root.event_add(today, keys)
        self.style = Style(root, self._scale, self._text)
        self.roster = Roster(root)
        self.style.use(PALETTES[self.theme])
        Focus(root)
        self.small_screen = SmallScreen(root, self._least)
        whole = self.small_screen.whole
        whole.columnconfigure(0, weight=1)
        whole.rowconfigure(4, weight=1)
        self.top = TopBar(whole, self.style, self.roster, lambda page: self.go(page))
        self.warning = Line(whole, self.style, self.roster, "unsandboxed", "none")
        self.banner = Line(whole, self.style, self.roster, "banner", "action")
        self.notice = Line(whole, self.style, self.roster, "notice", "dismiss")
        for row, part in enumerate((self.top, self.warning, self.banner, self.notice)):
            part.grid(row=row, column=0, sticky="ew", pady=(0, 1 if row else 0))
        for absent in (self.warning, self.banner, self.notice):
            absent.grid_remove()
        self.body = ttk.Frame(whole, padding=self.style.px(16))
        self.body.grid(row=4, column=0, sticky="nsew")
        self.body.columnconfigure(0, weight=1)
        self.body.rowconfigure(0, weight=1)
        self.starting = ttk.Label(
            self.body, text="Starting…", style="Muted.TLabel", anchor="center"
        )
        self.starting.grid(row=0, column=0, sticky="nsew")
        self.small_screen.fit()

    def _least(self) -> tuple[int, int]:
        larger = self.style.size / self.style.usual - 1
        across, down = (
            round(pixels * self._scale * (1 + share * larger))
            for pixels, share in zip(LEAST, GROWTH, strict=True)
        )
        return across, down


def settle(root: tkinter.Tk) -> None:
    """Do what has come and what waits to be laid out and drawn.
    As ``update``, which asks the display each time whether there is more.
    """
    while root.tk.dooneevent(_WITHOUT_WAITING):
        continue


def within(place: tuple[int, ...], across: int, down: int) -> tuple[int, int, int, int]:
    """``place`` (x, y, width, height) moved and cut such that all of it lies on a screen of
    ``across`` by ``down`` pixels.
    """
    x, y, width, height = place
    width, height = min(width, across), min(height, down)
    return min(max(x, 0), across - width), min(max(y, 0), down - height), width, height


def report(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """An error in a callback: to the error pipe, and the window goes on.
    ``SystemExit`` never gets here.

    Without the module ``traceback``, which takes half a MiB with all that it loads, and looks for
    sources that can't be read.
    """
    lines = ["Traceback (most recent call last):"]
    while trace is not None:
        code = trace.tb_frame.f_code
        lines.append(f"  {code.co_filename}, line {trace.tb_lineno}, in {code.co_name}")
        trace = trace.tb_next
    lines.append(f"{kind.__name__}: {error}")
    sys.stderr.write("\n".join(lines) + "\n")
    sys.stderr.flush()
