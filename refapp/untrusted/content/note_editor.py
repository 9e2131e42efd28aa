"""The editor's widgets: the text, the line about it with its buttons, and what the assistant said.
Copies ``view.Editor``.

Undo reaches back to the moment the note was put in, never into another note.
The card shows who has the keyboard.
"""

from __future__ import annotations

import tkinter
from collections.abc import Callable
from tkinter import ttk
from typing import Literal

from refapp.untrusted.content.long_lines import LongLines
from refapp.untrusted.presentation.view import Editor
from refapp.untrusted.widgets.palette import Palette
from refapp.untrusted.widgets.roster import Roster
from refapp.untrusted.widgets.scrolled import Scrollbar
from refapp.untrusted.widgets.style import Style
from refapp.untrusted.widgets.wrapped import wrap


class NoteEditor(ttk.Frame):
    """``typed(text)`` is called when a person has changed the text, ``too_much(characters)`` when
    it was not taken since it would have become so long. ``longest`` is what is taken.
    """

    def __init__(
        self,
        parent: tkinter.Misc,
        style: Style,
        roster: Roster,
        *,
        longest: int,
        typed: Callable[[str], None],
        too_much: Callable[[int], None],
        delete: Callable[[], None],
        undo: Callable[[], None],
        hide_summary: Callable[[], None],
    ) -> None:
        px = style.px
        super().__init__(parent, style="Card.TFrame", padding=(px(12), px(12), 0, px(10)))
        self._typed, self._too_much, self._longest = typed, too_much, longest
        self.columnconfigure(0, weight=1)
        self.columnconfigure(1, minsize=px(12))
        self.rowconfigure(0, weight=1)
        self._text = tkinter.Text(
            self, wrap="word", insertofftime=0, borderwidth=0, relief="flat",
            font="TkTextFont", highlightthickness=0, padx=px(6), pady=px(4), width=30, height=5,
            # Lines need room to be read; Tk's default sets them solid.
            spacing1=px(1), spacing3=px(2),
        )  # fmt: skip
        self._lines = LongLines(self._text)
        self._text.grid(row=0, column=0, sticky="nsew")
        Scrollbar(self, self._text).grid(row=0, column=1, sticky="ns")
        self._hint = ttk.Label(
            self._text, style="Card.Muted.TLabel", cursor="xterm", justify="left"
        )
        self._text.bind(
            "<Configure>", lambda event: self._hint.configure(wraplength=event.width - px(12))
        )
        self._hint.bind("<Button-1>", lambda _: self._text.focus_set())
        self._hint_at = px(2), 0
        self._shown: Editor | None = None
        self._summary = self._build_summary(style, roster, hide_summary)
        self._summary.grid(row=1, column=0, sticky="ew", pady=(px(8), 0))
        self._build_line(style, roster, delete, undo).grid(
            row=2, column=0, sticky="ew", pady=(px(8), 0)
        )
        self._text.bind("<<Modified>>", self._on_modified)
        self._text.bind("<FocusIn>", lambda _: self.state(["focus"]))
        self._text.bind("<FocusOut>", lambda _: self.state(["!focus"]))
        self._text.bind("<<Paste>>", lambda _: self._on_paste("CLIPBOARD"))
        self._text.bind("<<PasteSelection>>", lambda _: self._on_paste("PRIMARY"))
        self._text.bind("<Tab>", lambda _: self._tab("tk_focusNext"))
        for back in ("<Shift-Tab>", "<ISO_Left_Tab>"):
            self._text.bind(back, lambda _: self._tab("tk_focusPrev"))
        roster.add("notes.editor", self._text)
        roster.add("notes.hint", self._hint)

    def _build_line(
        self, style: Style, roster: Roster, delete: Callable[[], None], undo: Callable[[], None]
    ) -> ttk.Frame:
        line = ttk.Frame(self, style="Plain.TFrame", height=style.px(30))
        line.columnconfigure(0, weight=1)
        self._status = ttk.Label(line, style="Card.Small.TLabel", justify="left")
        self._undo = ttk.Button(line, text="Undo delete", underline=0, command=undo)
        self._delete = ttk.Button(
            line, text="Delete", underline=0, style="Link.TButton", command=delete
        )
        # Why a note is not saved can be longer than the line.
        self._status.grid(row=0, column=0, sticky="ew", padx=(style.px(6), 0))
        wrap(self._status)
        self._undo.grid(row=0, column=1)
        self._delete.grid(row=0, column=2)
        for name, widget in (
            ("saved", self._status),
            ("undo_delete", self._undo),
            ("delete", self._delete),
        ):
            roster.add(f"notes.{name}", widget)
        return line

    def _build_summary(self, style: Style, roster: Roster, hide: Callable[[], None]) -> ttk.Frame:
        px = style.px
        panel = ttk.Frame(self, style="Panel.TFrame", padding=(px(12), px(8)))
        panel.columnconfigure(0, weight=1)
        who = ttk.Label(panel, text="Assistant", style="Panel.Small.TLabel")
        who.grid(row=0, column=0, sticky="w")
        self._said = ttk.Label(panel, style="Panel.TLabel", justify="left")
        self._said.grid(row=1, column=0, sticky="ew")
        wrap(self._said)
        close = ttk.Button(panel, text="Hide", underline=3, style="Panel.TButton", command=hide)
        close.grid(row=0, column=1, rowspan=2, sticky="ne", padx=(px(12), 0))
        roster.add("notes.assistant", who)
        roster.add("notes.summary", self._said)
        roster.add("notes.hide_summary", close)
        panel.grid_remove()
        return panel

    def recolour(self, c: type[Palette]) -> None:
        """Follow the theme: a Text is no ttk widget."""
        self._text.configure(
            background=c.card,
            foreground=c.text,
            insertbackground=c.text,
            selectbackground=c.chosen,
            selectforeground=c.text,
            inactiveselectbackground=c.hover,
        )

    @property
    def text(self) -> str:
        """What the editor holds."""
        return self._lines.get()

    @property
    def has_keyboard(self) -> bool:
        """Keys go into the text."""
        return str(self._text.tk.call("focus")) == str(self._text)

    @property
    def changed(self) -> bool:
        """Tk knows of a change that it has not told yet."""
        return bool(self._text.edit_modified())

    def put(self, text: str, *, can_undo: bool = False) -> None:
        """Hold ``text`` from now on. ``can_undo``: as if a person had typed it."""
        state = str(self._text.cget("state"))
        self._text.configure(state="normal")
        self._text.delete("1.0", "end")
        if not can_undo:
            self._lines.put(text)
        self._text.edit_reset()
        self._text.edit_modified(False)
        if can_undo:
            self._lines.put(text)
        self._text.configure(state=state)  # type: ignore[call-overload]
        self._text.mark_set("insert", "1.0")

    def show(self, editor: Editor) -> None:
        """Copy the line below the text, and whether it can be written to."""
        if editor == self._shown:
            return  # as at most keys: what is copied is drawn, also where it says what it said
        self._shown = editor
        self._status.configure(text=editor.status)
        self._text.configure(state="normal" if editor.editable else "disabled")
        self._hint.configure(text=editor.hint)
        if editor.hint:
            self._hint.place(x=self._hint_at[0], y=self._hint_at[1])
        else:
            self._hint.place_forget()
        self._said.configure(text=editor.summary)
        for widget, visible in (
            (self._delete, editor.can_delete), (self._undo, editor.can_undo_delete),
            (self._summary, bool(editor.summary)),
        ):  # fmt: skip
            if visible:
                widget.grid()
            else:
                widget.grid_remove()

    def focus_text(self) -> None:
        """Give the keyboard to the text."""
        self._text.focus_set()

    def _tab(self, where: str) -> str:
        self._text.tk.call("focus", self._text.tk.call(where, str(self._text)))
        return "break"

    def _on_modified(self, _event: tkinter.Event[tkinter.Misc]) -> None:
        if self._text.edit_modified():
            self._text.edit_modified(False)
            text = self.text
            if (over := len(text) - self._longest) > 0:
                self._lines.shorten(over)
                self._text.edit_modified(False)
                self._too_much(len(text))
                text = self.text
            self._lines.mend()
            self._text.edit_modified(False)
            self._text.see("insert")  # a paste leaves it where it was, which may be out of sight
            self._typed(text)

    def _on_paste(self, selection: Literal["CLIPBOARD", "PRIMARY"]) -> str | None:
        """Take all of what is pasted, or nothing: a part would be taken for all of it."""
        try:
            whole = len(self.text) + len(
                str(self._text.tk.call("selection", "get", "-selection", selection))
            )
        except tkinter.TclError:
            return None  # nothing was copied anywhere
        if whole <= self._longest:
            return None
        self._too_much(whole)
        return "break"
