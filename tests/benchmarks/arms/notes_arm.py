"""The notes page with much in it, or bare Tk with the same:
milliseconds a key, a row, a snapshot. Prints JSON.

``ours|bare STATE``:
``many`` notes (2,000), a ``long`` note (200 KB), one ``line`` of 100,000 characters.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
import tkinter
from collections.abc import Callable
from tkinter import ttk

from refapp import messages as m, wire
from refapp.snapshot import Boundary, NoteSummary, Phase, Service, StateParams, Storage
from refapp.untrusted.content.notes_page import NotesPage
from refapp.untrusted.frame.window import Window
from refapp.untrusted.presentation.draft import Draft
from refapp.untrusted.presentation.notes_screen import notes

MANY = 2000
LETTERS = "ä" * 49 + "\n"
TEXTS = {"many": "Short.", "long": LETTERS * 1990, "line": "word " * 19_900}
KEYS, SCROLLS, SNAPSHOTS = 10, 10, 10
NAMES = [f"{number:012x}" for number in range(MANY)]


def state(newest: int, rows: int) -> bytes:
    """The line that the parent sends when this note was saved,
    and before it those of lower numbers.
    """
    listed = [
        NoteSummary(note, f"Note {number}", 1e9 + number + (number <= newest) * MANY)
        for number, note in enumerate(NAMES[:rows])
    ]
    ready = Service("ready")
    return wire.encode(
        m.Snapshot(
            params=StateParams(
                revision=1, phase=Phase.SIGNED_IN, server="https://auth.example.com", version="1",
                storage=Storage("ready", "a keychain"),
                boundary=Boundary(True, [], ""), notes=listed, sync=ready, assistant=ready,
            )
        )
    )  # fmt: skip


class Stub:
    """A parent that answers at once."""

    def open_note(
        self, note: str, then: Callable[[str], None], not_opened: Callable[[], None]
    ) -> None: ...

    def save_note(
        self, draft: Draft, kept: Callable[[str], None], refused: Callable[[str, bool], None]
    ) -> None:
        kept(draft.note or NAMES[0])

    def delete_note(
        self, note: str, then: Callable[[], None], refused: Callable[[str], None]
    ) -> None: ...

    def summarise(
        self, note: str, then: Callable[[str], None], refused: Callable[[str], None]
    ) -> None: ...


def ours(text: str, many: bool) -> dict[str, float]:
    window = Window("light")
    window.paint()
    window.furnish()
    window.starting.grid_remove()
    page = NotesPage(window.body, window.style, window.roster, Stub(), lambda: None)
    page.grid(row=0, column=0, sticky="nsew")

    def snapshot(newest: int) -> None:
        said = wire.decode_down(state(newest, MANY if many else 1).removesuffix(b"\n"))
        assert isinstance(said, m.Snapshot)
        page.show(notes(said.params))

    began = time.perf_counter()
    snapshot(0)
    page._put(Draft(note=NAMES[0], text=text, saved=text))
    window.root.update()
    opened = time.perf_counter() - began
    body = page._editor._text
    page.focus_first()
    found = measured(window.root, body, page._list._list)
    if many:
        found["snapshot_ms"] = median(SNAPSHOTS, lambda at: (snapshot(at), window.root.update()))
    return {"open_ms": opened * 1000, **found}


def bare(text: str, many: bool) -> dict[str, float]:
    root = tkinter.Tk()
    root.geometry("900x640")
    rows = ttk.Treeview(root, columns=("changed",), show="tree")
    rows.pack(side="left", fill="y")
    body = tkinter.Text(root, wrap="word", undo=True)
    body.pack(side="left", fill="both", expand=True)
    root.update()

    def fill(newest: int) -> None:
        rows.delete(*rows.get_children())
        for number in range(MANY):
            rows.insert("", "end", text=f"Note {number + newest}", values=("12:00",))

    began = time.perf_counter()
    if many:
        fill(0)
    body.insert("1.0", text)
    root.update()
    opened = time.perf_counter() - began
    body.focus_force()
    found = measured(root, body, rows)
    if many:
        found["snapshot_ms"] = median(SNAPSHOTS, lambda at: (fill(at), root.update()))
    return {"open_ms": opened * 1000, **found}


def measured(root: tkinter.Tk, body: tkinter.Text, rows: ttk.Treeview) -> dict[str, float]:
    def key(_: int) -> None:
        body.event_generate("<Key>", keysym="a")
        root.update()

    def scroll(at: int) -> None:
        body.yview_moveto(at % 2)
        rows.yview_moveto(at / SCROLLS)
        root.update()

    found = {}
    body.focus_force()
    root.update()
    before = len(body.get("1.0", "end"))
    for where in ("1.0", "end-1c"):
        body.mark_set("insert", where)
        body.see("insert")
        root.update()
        found["key_at_the_end_ms" if where != "1.0" else "key_at_the_start_ms"] = median(KEYS, key)
    if len(body.get("1.0", "end")) != before + 2 * KEYS:
        raise RuntimeError("the keys did not arrive")
    found["scroll_ms"] = median(SCROLLS, scroll)
    return found


def median(times: int, act: Callable[[int], object]) -> float:
    taken = []
    for at in range(times):
        began = time.perf_counter()
        act(at)
        taken.append(time.perf_counter() - began)
    return statistics.median(taken) * 1000


if __name__ == "__main__":
    which, kind = sys.argv[1:]
    sys.stdout.write(
        json.dumps((ours if which == "ours" else bare)(TEXTS[kind], kind == "many")) + "\n"
    )
