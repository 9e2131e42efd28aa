"""The widgets by stable names:
what the keyboard reaches with Alt, and what a test can read off the real window.

Owns the names. ``read`` asks the widgets what they show, never the state they were given: a label
that was not updated is seen. The length of a password, or of a code that is pasted, is read, never
its text.
"""

from __future__ import annotations

import tkinter
from tkinter import ttk

from refapp.params import LONGEST_SHOWN
from refapp.untrusted.widgets.cut_off import Box, cut_off, seen_part
from refapp.untrusted.widgets.letters import letter_of

_SECRETS = ("password", "pasted", "one_time_code")
_KINDS = {
    "Info.TLabel": "info", "Warning.TLabel": "warning", "Error.TLabel": "error",
    "Card.Wrong.TLabel": "wrong",
}  # fmt: skip
"""A label's style -> what its colours say."""


class Roster:
    """``add`` every widget that a person reads or uses."""

    def __init__(self, root: tkinter.Tk) -> None:
        self._root = root
        self._widgets: dict[str, tkinter.Misc] = {}
        self._targets: dict[str, tkinter.Misc] = {}
        self._labels: dict[str, ttk.Label] = {}
        root.bind("<Alt-KeyPress>", self._on_alt)

    def add(
        self,
        name: str,
        widget: tkinter.Misc,
        *,
        target: tkinter.Misc | None = None,
        label: ttk.Label | None = None,
    ) -> None:
        """Know ``widget`` as ``name``.
        ``target``: Alt and the widget's underlined letter give the focus to this one.
        ``label``: what stands beside it, to say what it is.
        """
        self._widgets[name] = widget
        if label is not None:
            self._labels[name] = label
        if target is not None:
            self._targets[name] = target

    def _on_alt(self, event: tkinter.Event[tkinter.Misc]) -> str | None:
        key = letter_of(event)
        for name, widget in self._widgets.items():
            if (
                _underlined(widget) != key
                or not widget.winfo_viewable()
                or _state(widget) == "disabled"
            ):
                continue
            if name in self._targets:
                self._targets[name].focus_set()
            elif isinstance(widget, ttk.Button | ttk.Radiobutton | ttk.Checkbutton):
                widget.focus_set()
                widget.invoke()
            return "break"
        return None

    def read(self) -> dict[str, str]:
        """What each visible widget shows, by name, and ``title``.

        ``focus`` is the name of the widget with the keyboard; ``at:NAME`` is "x,y" of the middle of
        a widget that can be used now, in pixels of the screen, ``at:NAME.1`` of the first row of a
        list, if that is in sight; ``state:NAME`` is "disabled" or "selected", of a row too;
        ``cut:NAME`` is a text of it that has too little room; ``box:NAME`` is "x,y,width,height" of
        the part that is to be seen, ``cursor:NAME`` that of the cursor of a text, ``marked:NAME``
        of the first letter that is chosen in it; ``more:NAME`` is there while a text or a list has
        more than is in sight by itself; ``letter:NAME`` is what Alt presses it with,
        ``kind:NAME`` what its colours say, ``label:NAME`` what stands beside it, ``entries:NAME``
        what stands in a menu, ``heads:NAME`` above a list, ``pointer:NAME`` the pointer over it, if
        it has one of its own; that over the whole window is the title's.
        """
        found = {"title": str(self._root.title())}
        if pointer := str(self._root.cget("cursor")):
            found["pointer:title"] = pointer
        focused = str(self._root.tk.call("focus"))
        known: dict[tkinter.Misc, Box] = {}
        for name, widget in self._widgets.items():
            if str(widget) == focused:
                found["focus"] = name
            if not widget.winfo_viewable():
                continue
            found[name] = shown_by(name, widget)[:LONGEST_SHOWN]
            if label := self._labels.get(name):
                found[f"label:{name}"] = str(label.cget("text"))
            if cut := cut_off(widget):
                found[f"cut:{name}"] = cut[:LONGEST_SHOWN]
            box = seen_part(widget, known)
            if box[2] and box[3]:
                found[f"box:{name}"] = ",".join(map(str, box))
            if isinstance(widget, tkinter.Text | ttk.Treeview) and widget.yview() != (0, 1):
                found[f"more:{name}"] = "yes"
            if isinstance(widget, tkinter.Text):
                for what, index in (("cursor", "insert"), ("marked", "sel.first")):
                    if place := _place(widget, index, box):
                        found[f"{what}:{name}"] = place
            if letter := _underlined(widget):
                found[f"letter:{name}"] = letter.upper()
            if kind := _kind(widget):
                found[f"kind:{name}"] = kind
            if isinstance(widget, ttk.Menubutton):
                found[f"entries:{name}"] = _entries(widget)
            if isinstance(widget, ttk.Treeview) and "headings" in str(widget.cget("show")):
                found[f"heads:{name}"] = _heads(widget)
            if isinstance(widget, ttk.Label | ttk.Frame):
                if pointer := str(widget.cget("cursor")):
                    found[f"pointer:{name}"] = pointer
                continue
            state = _state(widget)
            if state:
                found[f"state:{name}"] = state
            if state != "disabled":
                found[f"at:{name}"] = _middle(widget)
                found.update(_rows(name, widget))
        return found


def shown_by(name: str, widget: tkinter.Misc) -> str:
    """What ``widget`` shows: its text, its rows, or how long the password in it is."""
    if isinstance(widget, ttk.Entry):
        text = str(widget.get())
        secret = name.rpartition(".")[2]
        return f"{secret}: {len(text)} characters" if secret in _SECRETS else text
    if isinstance(widget, tkinter.Text):
        return str(widget.get("1.0", "end-1c"))
    if isinstance(widget, ttk.Treeview):
        rows = [widget.item(row) for row in widget.get_children()]
        return "\n".join(
            " | ".join(str(cell) for cell in (row["text"], *row["values"]) if cell != "")
            for row in rows
        )
    return str(widget.cget("text"))


def _underlined(widget: tkinter.Misc) -> str:
    if not isinstance(widget, ttk.Label | ttk.Button | ttk.Radiobutton | ttk.Checkbutton):
        return ""
    index = int(widget.cget("underline"))
    text = str(widget.cget("text"))
    return text[index].lower() if 0 <= index < len(text) else ""


def _kind(widget: tkinter.Misc) -> str:
    if isinstance(widget, ttk.Label):
        return _KINDS.get(str(widget.cget("style")), "")
    return "wrong" if isinstance(widget, ttk.Entry) and widget.instate(["invalid"]) else ""


def _state(widget: tkinter.Misc) -> str:
    if isinstance(widget, tkinter.Text):
        return "disabled" if str(widget.cget("state")) == "disabled" else ""
    if isinstance(widget, ttk.Widget):
        return (
            "disabled"
            if widget.instate(["disabled"])
            else "selected"
            if widget.instate(["selected"])
            else ""
        )
    return ""


def _rows(name: str, widget: tkinter.Misc) -> dict[str, str]:
    """Of a list: which rows are chosen, and where those are that are in sight."""
    if not isinstance(widget, ttk.Treeview):
        return {}
    rows = widget.get_children()
    found = {f"state:{name}.{rows.index(row) + 1}": "selected" for row in widget.selection()}
    first, last = (round(part * len(rows)) for part in widget.yview())
    for number, row in enumerate(rows[first:last], first + 1):
        if box := widget.bbox(row, "#0"):
            x, y, _, height = box
            found[f"at:{name}.{number}"] = (
                f"{widget.winfo_rootx() + x + 10},{widget.winfo_rooty() + y + height // 2}"
            )
    return found


def _place(widget: tkinter.Text, index: str, seen: Box) -> str:
    """Where ``index`` of a text is, as far as it is in sight."""
    there = index == "insert" or widget.tag_ranges("sel")
    if not there or not (box := widget.bbox(index)):
        return ""
    left, top = widget.winfo_rootx() + box[0], widget.winfo_rooty() + box[1]
    # It stands before a character, which may have no width.
    right = min(left + max(1, box[2]), seen[0] + seen[2])
    bottom = min(top + box[3], seen[1] + seen[3])
    left, top = max(left, seen[0]), max(top, seen[1])
    return f"{left},{top},{right - left},{bottom - top}" if left < right and top < bottom else ""


def _entries(button: ttk.Menubutton) -> str:
    """What stands in a menu: a line for each entry, with what stands beside it."""
    menu = button.nametowidget(button.cget("menu"))
    numbers = range(int(menu.index("end")) + 1)
    commands = [number for number in numbers if menu.type(number) == "command"]
    texts = ((menu.entrycget(one, "label"), menu.entrycget(one, "accelerator")) for one in commands)
    return "\n".join(" | ".join(filter(None, map(str, words))) for words in texts)


def _heads(table: ttk.Treeview) -> str:
    return " | ".join(table.heading(one, "text") for one in ("#0", *table["columns"]))


def _middle(widget: tkinter.Misc) -> str:
    return (
        f"{widget.winfo_rootx() + widget.winfo_width() // 2},"
        f"{widget.winfo_rooty() + widget.winfo_height() // 2}"
    )
