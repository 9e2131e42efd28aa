"""One arm of the scale benchmark, in a process of its own:
a real window, or a parent with one that misbehaves.

``python -m tests.benchmarks.arms.scale_arm flood|steady|stopped|quiet|endless``; prints JSON.

flood: 100,000 snapshots as fast as the pipe takes them. steady: 10,000 a second for 3 s. Every one
reaches the window (the app itself would leave out those that a window has no time for). stopped:
the window gets SIGSTOP while the app sends. quiet: the same loop for as long, with no window and
nothing to send, which shows the neighbours on the processor. endless: the window sends without ever
ending a line.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
import time
from pathlib import Path

from refapp import messages as m, wire
from refapp.snapshot import Boundary, NoteSummary, Phase, Service, StateParams, Storage, User
from refapp.trusted.start.spawn import Child, spawn
from refapp.trusted.window import ui_process
from refapp.untrusted.channel.link import Link
from refapp.untrusted.content.pages import Pages
from refapp.untrusted.frame.window import Window

FLOOD, PER_S, SECONDS = 100_000, 10_000, 3
TICK_MS = 10
PAGE = os.sysconf("SC_PAGESIZE")


def snapshot(revision: int) -> bytes:
    """A line with something new to draw in each."""
    params = StateParams(
        revision=revision, phase=Phase.SIGNED_IN, server="https://auth.example.com",
        version="0.1.0", user=User("Ada Lovelace", "ada@example.com"),
        storage=Storage("available", "Secret Service"),
        boundary=Boundary(verified=True, checks=[], display=""),
        notes=[NoteSummary(f"{n:012x}", f"Note {n} of snapshot {revision}",
                           float(revision)) for n in range(5)],
        sync=Service("ready", f"Synced {revision}"), assistant=Service("ready"),
    )  # fmt: skip
    return wire.encode(m.Snapshot(params=params))


def resident() -> float:
    """MiB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE / 2**20


def window() -> None:
    """The app's own window, and a watch on its loop;
    reports on its error pipe when the parent closes the channel.
    """
    channel = os.dup(1)
    os.dup2(2, 1)
    frame = Window("light")
    frame.paint()
    frame.furnish()
    root = frame.root
    late, waited, drawn, grown_from = [0.0], [0.0], 0, 0.0

    def show(state: StateParams) -> None:
        nonlocal drawn, grown_from
        pages.show(state)
        drawn += 1
        if drawn == 3:
            root.update_idletasks()
            grown_from = resident()
            tick(time.perf_counter() + TICK_MS / 1000)
            os.write(2, b"ready\n")

    def tick(due: float) -> None:
        now = time.perf_counter()
        late.append((now - due) * 1000)
        root.after_idle(lambda: waited.append((time.perf_counter() - now) * 1000))
        root.after(TICK_MS, tick, now + TICK_MS / 1000)

    def ended(_code: int, _sentence: str) -> None:
        found = {
            "late_ms": max(late),
            "redraw_ms": max(waited),
            "grown_mib": resident() - grown_from,
            "drawn": drawn,
        }
        os.write(2, json.dumps(found).encode())
        os._exit(0)

    link = Link(root, incoming=0, outgoing=channel, show=show, ended=ended)
    pages = Pages(frame, link, lambda: None)
    os.write(channel, b"up\n")
    root.mainloop()


def flood(count: int, per_s: int) -> dict[str, float]:
    """Send ``count`` snapshots to a window, ``per_s`` a second (0: at once);
    what it observed, and how long it took.
    """
    lines = [snapshot(revision) for revision in range(1, 1001)]
    child = start("window")
    os.set_blocking(child.stdout, False)
    time.sleep(1)
    for line in lines[:3]:
        os.write(child.stdin, line)
        time.sleep(0.3)
    with os.fdopen(child.stderr, "rb") as said:
        assert said.readline() == b"ready\n"
        began = time.perf_counter()
        for number in range(count):
            if per_s and (ahead := number / per_s - (time.perf_counter() - began)) > 0.002:
                time.sleep(ahead)
            left = memoryview(lines[number % len(lines)])
            while left:
                left = left[os.write(child.stdin, left) :]
            if number % 100 == 0:
                drain(child.stdout)
        took = time.perf_counter() - began
        os.close(child.stdin)
        return {**json.loads(said.read()), "took_s": took}


def drain(fd: int) -> None:
    with contextlib.suppress(BlockingIOError):
        os.read(fd, 1 << 20)


async def misbehaving(kind: str) -> dict[str, float]:
    """The parent's side of a window that stops reading or never ends a line."""
    loop = asyncio.get_running_loop()
    gone: asyncio.Future[str] = loop.create_future()
    heard = asyncio.Event()
    process = ui_process.UiProcess(
        start("window" if kind == "stopped" else "babbler"),
        on_line=lambda _: heard.set(),
        on_end=lambda _, why: gone.set_result(why),
    )
    await process.attach()
    before, most, stall, sent = resident(), resident(), 0.0, 0
    lines = [snapshot(revision) for revision in range(1, 101)]
    if kind == "stopped":
        await heard.wait()
        before = resident()
        os.kill(process.pid, signal.SIGSTOP)
    began = last = time.perf_counter()
    while not gone.done():
        if kind == "stopped":
            for line in lines[:20]:
                process.send_newest(line)
            sent += 20
        await asyncio.sleep(0.001)
        now = time.perf_counter()
        stall, last = max(stall, (now - last) * 1000 - 1), now
        most = max(most, resident())
    took = time.perf_counter() - began
    return {
        "stall_ms": stall,
        "grown_mib": most - before,
        "noticed": took / ui_process.STUCK_AFTER_S,
        "sent": sent,
    }


async def quiet() -> dict[str, float]:
    """The loop of ``misbehaving`` without a window."""
    stall, began = 0.0, time.perf_counter()
    last = began
    while last - began < ui_process.STUCK_AFTER_S:
        await asyncio.sleep(0.001)
        now = time.perf_counter()
        stall, last = max(stall, (now - last) * 1000 - 1), now
        resident()
    return {"stall_ms": stall}


def babble() -> None:
    """200 MiB without a newline, as fast as they are taken."""
    chunk = b"x" * 65536
    for _ in range(200 * 16):
        os.write(1, chunk)
    time.sleep(60)


def start(kind: str) -> Child:
    return spawn([sys.executable, "-m", "tests.benchmarks.arms.scale_arm", kind], os.environ)


def main(kind: str) -> None:
    match kind:
        case "window":
            window()
        case "babbler":
            babble()
        case "flood":
            print(json.dumps(flood(FLOOD, 0)))  # noqa: T201
        case "steady":
            print(json.dumps(flood(PER_S * SECONDS, PER_S)))  # noqa: T201
        case "quiet":
            print(json.dumps(asyncio.run(quiet())))  # noqa: T201
        case _:
            print(json.dumps(asyncio.run(misbehaving(kind))))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1])
