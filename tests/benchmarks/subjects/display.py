"""What the app costs the display: a start over a slow link, and how late a typed letter is drawn.

Owns the link: a relay on loopback that holds back every byte for half of a round trip, on either
way. What a start asks is counted (``counts``), and a test holds it to its goal
(tests/boundary/test_display_of_app).
"""

from __future__ import annotations

import contextlib
import heapq
import select
import socket
import statistics
import struct
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from refapp.tour.trace import Trace
from refapp.trusted.start import x11
from tests.benchmarks.desk import Desk, desk
from tests.benchmarks.rows import Row, interleaved
from tests.benchmarks.subjects.start import first, shows_who

ROUND_TRIP_S = 0.020
LETTERS = 40
KEY = 38  # the letter a
# Where the first line of a text is in either window, and nothing else changes: x, y, width, height.
LINE = (480, 120, 420, 40)
PLAIN_LABEL = """
import tkinter
r = tkinter.Tk(); r.geometry('900x640+190+53'); tkinter.Label(r, text='Hello').pack(); r.mainloop()
"""
PLAIN_TEXT = """
import tkinter
r = tkinter.Tk(); r.geometry('900x640+190+53')
t = tkinter.Text(r, font='TkTextFont', insertofftime=0, borderwidth=0)
t.place(x=300, y=80, width=560, height=500)
t.focus_force(); r.mainloop()
"""


def measure(*, quick: bool, out: Path) -> list[Row]:
    """Rows of the display."""
    del out
    with desk() as place:
        linked = interleaved(
            2 if quick else 5,
            {"ours": lambda: over_link(place), "plain": lambda: over_link_plain(place)},
        )
        typed = interleaved(
            2 if quick else 5,
            {
                "ours": lambda: statistics.median(app_types(place)),
                "plain": lambda: statistics.median(plain_types(place)),
            },
        )
    later = [mine - theirs for mine, theirs in zip(typed["ours"], typed["plain"], strict=True)]
    return [
        Row(
            "start over a link of 20 ms, user shown",
            "ms",
            linked["ours"],
            "bare Tk label",
            linked["plain"],
            3.0,
        ),
        Row("key to drawn letter", "ms", typed["ours"], "bare Tk", typed["plain"]),
        Row("key to drawn letter, over bare Tk", "ms", later, goal=2.0),
    ]


def over_link(place: Desk) -> float:
    """Milliseconds from the command until the cached user is shown."""
    place.trace.unlink(missing_ok=True)
    trace = Trace(place.trace)
    with link(place.desktop.env["DISPLAY"]) as display:
        began = time.time()
        with place.running(place.app(traced=True), display):
            trace.wait("The cached user", lambda entries: first(entries, shows_who), limit_s=60)
            shown = first(trace.entries(), shows_who)
    assert shown is not None
    return (shown.at - began) * 1000


def over_link_plain(place: Desk) -> float:
    with link(place.desktop.env["DISPLAY"]) as display:
        began = time.time()
        with place.running([*place.plain()[:-1], PLAIN_LABEL], display):
            return (place.until(place.painted) - began) * 1000


@contextlib.contextmanager
def link(display: str) -> Iterator[str]:
    """A name for ``display`` under which every byte comes later."""
    for number in range(900, 1000):
        with contextlib.suppress(OSError):
            door = socket.create_server(("127.0.0.1", 6000 + number))
            break
    stopped = threading.Event()
    thread = threading.Thread(
        target=_relay, args=(door, f"/tmp/.X11-unix/X{display.lstrip(':')}", stopped), daemon=True
    )
    thread.start()
    yield f"127.0.0.1:{number}"
    stopped.set()
    thread.join()
    door.close()


def _relay(door: socket.socket, server: str, stopped: threading.Event) -> None:
    other: dict[socket.socket, socket.socket] = {}
    late: list[tuple[float, int, socket.socket, bytes]] = []
    count = 0
    while not stopped.is_set():
        wait = min(0.05, max(0.0, late[0][0] - time.monotonic())) if late else 0.05
        for end in select.select([door, *other], [], [], wait)[0]:
            if end is door:
                near, far = door.accept()[0], socket.socket(socket.AF_UNIX)
                near.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                far.connect(server)
                other[near], other[far] = far, near
                continue
            with contextlib.suppress(ConnectionResetError):
                if data := end.recv(1 << 16):
                    count += 1
                    heapq.heappush(
                        late, (time.monotonic() + ROUND_TRIP_S / 2, count, other[end], data)
                    )
                    continue
            for closed in (end, other[end]):
                other.pop(closed, None)
                closed.close()
        while late and late[0][0] <= time.monotonic():
            _, _, to, data = heapq.heappop(late)
            with contextlib.suppress(OSError):
                to.sendall(data)
    for end in other:
        end.close()


class Keys:
    """Presses keys through XTEST, on a connection of its own."""

    def __init__(self, env: dict[str, str]) -> None:
        self._connection, greeting = x11.reached(env["DISPLAY"], env["XAUTHORITY"])
        self._connection.settimeout(10)
        self._connection.sendall(greeting)
        self._take(int.from_bytes(self._take(8)[6:8], "little") * 4)
        self._connection.sendall(struct.pack("<BxHHxx5s3x", 98, 4, 5, b"XTEST"))
        self._major = self._take(32)[9]

    def _take(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            data += self._connection.recv(size - len(data))
        return data

    def press(self, key: int) -> None:
        self._connection.sendall(self._fake(2, key))

    def release(self, key: int) -> None:
        self._connection.sendall(self._fake(3, key))

    def _fake(self, kind: int, key: int) -> bytes:
        return struct.pack("<BBHBB2xII8xhh8x", self._major, 2, 9, kind, key, 0, 0, 0, 0)

    def close(self) -> None:
        self._connection.close()


def app_types(place: Desk, letters: int = LETTERS) -> list[float]:
    """Milliseconds of each, in a new note."""
    with place.running(place.app()):
        place.desktop.wait_for_window("refapp - Signed in")
        still(place)
        place.desktop.key("ctrl+n")
        still(place)
        return latencies(place, letters)


def plain_types(place: Desk, letters: int = LETTERS, program: str = PLAIN_TEXT) -> list[float]:
    """The same in bare Tk."""
    with place.running([*place.plain()[:-1], program]):
        place.until(place.painted)
        still(place)
        return latencies(place, letters)


def still(place: Desk) -> None:
    """Nothing in the window changes any more."""
    before = b""
    while (now := place.area(190, 53, 900, 640)) != before:
        before = now
        time.sleep(2.0)


def latencies(place: Desk, letters: int) -> list[float]:
    """Milliseconds from each key to a change of the line."""
    keys, found = Keys(place.desktop.env), []
    for _ in range(letters):
        before = place.area(*LINE)
        began = time.perf_counter()
        keys.press(KEY)
        while place.area(*LINE) == before:
            if time.perf_counter() - began > 5:
                raise TimeoutError
        found.append((time.perf_counter() - began) * 1000)
        keys.release(KEY)
        time.sleep(0.03)
    keys.close()
    return found
