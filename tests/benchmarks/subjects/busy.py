"""2,000 notes, and every processor busy with other work: does the app still start and take a text?
Beside it bare Tk with as many rows, in the same state.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from refapp.trusted.services.note_files import Note
from tests.benchmarks.desk import desk
from tests.benchmarks.rows import Row, interleaved
from tests.benchmarks.subjects.display import PLAIN_TEXT, app_types, plain_types
from tests.benchmarks.subjects.start import one_start

NOTES, KEYS = 2000, 50
LATE_MS = 50.0
"""A tenth of a second is where a person begins to see that a letter is late."""
PLAIN_NOTES = f"""
from tkinter import ttk
rows = ttk.Treeview(r, show='tree'); rows.place(x=0, y=0, width=280, height=640)
for number in range({NOTES}): rows.insert('', 'end', text=f'Note {{number}}')
r.mainloop()
"""


def measure(*, quick: bool, out: Path) -> list[Row]:
    """Rows of a busy machine."""
    del out
    with desk() as place:
        fill(place.home)

        def plain_start() -> float:
            began = time.time()
            with place.running(place.plain()):
                return (place.until(place.painted) - began) * 1000

        bare = PLAIN_TEXT.replace("r.mainloop()", "") + PLAIN_NOTES
        rounds = 2 if quick else 5
        with busy():
            starts = interleaved(
                rounds, {"ours": lambda: one_start(place)["shown"], "plain": plain_start}
            )
            typed = interleaved(
                rounds,
                {
                    "ours": lambda: max(app_types(place, KEYS)),
                    "plain": lambda: max(plain_types(place, KEYS, bare)),
                },
            )
    later = [mine - theirs for mine, theirs in zip(typed["ours"], typed["plain"], strict=True)]
    state = f"{NOTES:,} notes, processors busy"
    key = f"{state}: worst of {KEYS} keys"
    return [
        Row(f"{state}: the user shown", "ms", starts["ours"], "bare Tk, busy", starts["plain"]),
        Row(key, "ms", typed["ours"], "bare Tk, busy", typed["plain"]),
        Row(f"{key}, over bare Tk", "ms", later, goal=LATE_MS),
    ]


def fill(home: Path) -> None:
    """As many notes as the list takes, but for ten: each round writes a new one."""
    [there] = home.glob("notes/*/*.json")
    for number in range(11, NOTES):
        note = Note(f"{number:012x}", f"Note {number}", 1e9 + number, unsynced=False)
        (there.parent / f"{note.id}.json").write_bytes(msgspec.json.encode(note))


@contextlib.contextmanager
def busy() -> Iterator[None]:
    """A loop without an end on each processor."""
    with contextlib.ExitStack() as ends:
        for _ in os.sched_getaffinity(0):
            loop = subprocess.Popen([sys.executable, "-S", "-c", "while True: pass"])
            ends.callback(loop.wait)
            ends.callback(loop.kill)
        yield
