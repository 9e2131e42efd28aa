"""From the command to the first paint, and to the person's own data in a locked and verified
window; and a picture of it.

Both arms are timed by the same pixel. When the app's window shows who is signed in is when its
parent hears so, which is what ``--trace`` records; the trace costs the window a look at its
widgets, so this figure is a little too high.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from refapp.tour.trace import Trace
from refapp.trusted.recorder import Entry
from tests.benchmarks.desk import Desk, desk, tree
from tests.benchmarks.rows import Row, interleaved
from tests.benchmarks.timeline import Bar, svg

Marks = Mapping[str, float]


def measure(*, quick: bool, out: Path) -> list[Row]:
    """Rows of the start; ``out``/start.svg is the median one of the measured starts."""
    starts: list[Marks] = []
    with desk() as place:

        def plain() -> float:
            began = time.time()
            with place.running(place.plain()):
                return (place.until(place.painted) - began) * 1000

        def ours() -> float:
            starts.append(one_start(place))
            return starts[-1]["paint"]

        plain(), ours()
        starts.clear()
        found = interleaved(4 if quick else 11, {"ours": ours, "plain": plain})
    starts.sort(key=lambda marks: marks["shown"])
    (out / "start.svg").write_text(
        svg(bars(starts[len(starts) // 2]), title="A start of the app, in milliseconds")
    )
    return [
        Row("first paint", "ms", found["ours"], "bare Tk", found["plain"], 1.5),
        *(
            Row(name, "ms", [marks[mark] for marks in starts], "bare Tk", found["plain"], goal)
            for name, mark, goal in (
                ("the window is locked", "confined", None),
                ("locked, verified, the cached user shown", "shown", 2.5),
            )
        ),
    ]


def one_start(place: Desk) -> Marks:
    """Milliseconds after the command at which things happened."""
    place.trace.unlink(missing_ok=True)
    trace = Trace(place.trace)
    began = time.time()
    with place.running(place.app(traced=True)) as process:
        window_there = place.until(lambda: len(tree(process.pid)) > 2)
        painted = place.until(place.painted)
        trace.wait("The cached user", lambda entries: first(entries, shows_who))
        entries = trace.entries()
        shown = first(entries, shows_who)
        at = {
            what: next(entry.at for entry in entries if entry.what == what)
            for what in ("hello", "confined", "initialize", "state")
        }
    assert shown is not None
    moments = {"window": window_there, "paint": painted, **at, "shown": shown.at}
    return {name: (moment - began) * 1000 for name, moment in moments.items()}


def shows_who(entry: Entry) -> bool:
    """The window shows who is signed in."""
    widgets = entry.detail.get("widgets")
    return (
        entry.what == "shown"
        and isinstance(widgets, Mapping)
        and "Ada" in widgets.get("account.button", "")
    )


def first(entries: Sequence[Entry], wanted: object) -> Entry | None:
    return next((entry for entry in entries if wanted(entry)), None)  # type: ignore[operator]


def bars(marks: Marks) -> list[Bar]:
    """What either process did between two marks.
    The parent's imports and the window's building overlap: two processors.
    """
    return [
        Bar("parent", 0, marks["window"], "Python, settings, hardening"),
        Bar("parent", marks["window"], marks["paint"], "waits for the paint", idle=True),
        Bar("parent", marks["paint"], marks["hello"], "imports asyncio and the app's own"),
        Bar("parent", marks["hello"], marks["confined"], "waits for the lock", idle=True),
        Bar("parent", marks["confined"], marks["initialize"], "verifies in /proc"),
        Bar("parent", marks["initialize"], marks["state"], "reads the cache"),
        Bar("window", marks["window"], marks["paint"], "Python, sandbox, Tk, frame"),
        Bar("window", marks["paint"], marks["hello"], "frame, codec, pages, warm-up, lock"),
        Bar("window", marks["hello"], marks["confined"], "is welcomed"),
        Bar("window", marks["confined"], marks["state"], "waits", idle=True),
        Bar("window", marks["state"], marks["shown"], "draws who is signed in"),
    ]
