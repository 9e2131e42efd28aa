"""One arm of the channel's benchmark:
a parent and its window on one processor, in a process of their own.

``python -m tests.benchmarks.arms.channel_arm app|unlocked|raw UP DOWN COUNT``: COUNT round trips of
UP bytes up and DOWN bytes down, measured by the window; prints the microseconds of each.

``app`` is the app's own path: ``Link`` in a locked Tk process; ``UiProcess``, ``Gate``,
``WindowHost`` and the record in the parent. Two things differ from the app: the handler answers
with as many bytes as asked, and the limits of messages a second and a minute are lifted.
``unlocked``: the same for a program that counts what the window does, which the lock would keep
from its work. ``raw`` is the floor: bytes there and back, from Tk's loop.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
import tkinter
from pathlib import Path

from refapp import messages as m
from refapp.lock import sandbox
from refapp.snapshot import Boundary, Phase, Service, StateParams, Storage
from refapp.trusted.recorder import Recorder
from refapp.trusted.start.spawn import ALLOCATOR, Child, spawn
from refapp.trusted.window import limits, ui_process
from refapp.trusted.window.gate import PERMITTED
from refapp.trusted.window.kept import Kept
from refapp.trusted.window.window_ends import Ending
from refapp.trusted.window.window_host import Look, WindowEnd, WindowHost
from refapp.untrusted.channel.link import Link
from tests.benchmarks.one_arm import last_cpu

WARM_UP, REPORT = 50, "f" * 12
UP_FRAME, DOWN_FRAME = 81, 70
CHUNK = 65536
NOTHING_SHOWN = StateParams(
    revision=0, phase=Phase.SIGNED_IN, server="", version="", storage=Storage("", ""),
    boundary=Boundary(verified=True, checks=[], display=""), sync=Service("off"),
    assistant=Service("off"),
)  # fmt: skip


def app_window(up: int, count: int, *, locked: bool) -> None:
    """The window: ask, wait, ask again; then tell the times, as the text of a note."""
    if locked:
        sandbox.begin([str(Path.cwd()), sys.prefix, os.environ["XAUTHORITY"]], os.getppid())
    channel = os.dup(1)
    os.dup2(2, 1)
    root = tkinter.Tk()
    root.update()
    times: list[int] = []
    text = "x" * max(0, up - UP_FRAME)

    def ask() -> None:
        began = time.perf_counter_ns()

        def answered(_: m.Summary) -> None:
            times.append((time.perf_counter_ns() - began) // 100)
            (ask if len(times) < count + WARM_UP else report)()

        link.ask(m.NoteSave, m.NoteSaveParams(None, text, 0), m.Summary, answered, refused)

    def report() -> None:
        said = json.dumps(times[WARM_UP:])
        link.ask(
            m.NoteSave, m.NoteSaveParams(REPORT, said, 0), m.Done, lambda _: os._exit(0), refused
        )

    def refused(error: m.ErrorDetail) -> None:
        leave(1, error.message)

    def leave(code: int, sentence: str) -> None:
        sys.stderr.write(sentence)
        sys.stderr.flush()
        os._exit(code)

    link = Link(root, incoming=0, outgoing=channel, show=lambda _: None, ended=leave)
    link.ask(m.Hello, m.HelloParams(m.PROTOCOL), m.Welcome, lambda _: confined(), refused)

    def confined() -> None:
        sandbox.strip_tcl(root.tk.call)
        if locked:
            sandbox.lock(on_violation="kill")
        link.ask(m.Confined, m.ConfinedParams([]), m.Done, lambda _: ask(), refused)

    root.mainloop()


async def app_parent(kind: str, up: int, down: int, count: int) -> object:
    """The parent; what was measured."""
    ui_process.LINES_PER_S = ui_process.BURST = 1e12
    limits.WITHIN_S = 0.0
    result: asyncio.Future[object] = asyncio.get_running_loop().create_future()
    left, recorder = asyncio.Event(), Recorder()
    answer = m.Summary("0" * 12, "x" * max(0, down - DOWN_FRAME))

    def save(request: m.NoteSave) -> m.Result:
        if request.params.note == REPORT:
            result.set_result([tenths / 10 for tenths in json.loads(request.params.text)])
            return m.Done()
        return answer

    def ended(ending: Ending) -> None:
        if not result.done():
            result.set_exception(RuntimeError(ending.sentence))
        left.set()

    async def open_window(on_line: object, on_end: object) -> WindowEnd:
        window = ui_process.UiProcess(start(kind, up, down, count), on_line=on_line, on_end=on_end)  # type: ignore[arg-type]
        await window.attach()
        return window

    host = WindowHost(
        Look(open_window=open_window, verify=lambda _: []),
        recorder=recorder, clock=time.time, kept=Kept(time.time), phase=lambda: Phase.SIGNED_IN,
        snapshot=lambda _revision, _boundary: NOTHING_SHOWN,
        renewed=lambda _: None,
        ended=ended,
    )  # fmt: skip
    host.handlers = dict.fromkeys(PERMITTED, save)
    await host.open()
    found = await result
    await left.wait()  # killed, it could not be counted
    await host.close()
    return found


def raw_window(up: int, down: int, count: int) -> None:
    """The floor for a Tk window: bytes there, bytes back, from Tk's loop."""
    times: list[float] = []
    request = b"x" * up
    got, began = 0, 0.0

    def ask() -> None:
        nonlocal began
        began = time.perf_counter()
        os.write(1, request)

    def read(_fd: int, _mask: int) -> None:
        nonlocal got
        got += len(os.read(0, CHUNK))
        if got >= down:
            got = 0
            times.append((time.perf_counter() - began) * 1e6)
            if len(times) == count + WARM_UP:
                os.write(2, json.dumps(times[WARM_UP:]).encode())
                os._exit(0)
            ask()

    root = tkinter.Tk()
    root.update()
    root.createfilehandler(0, tkinter.READABLE, read)
    root.after(0, ask)
    root.mainloop()


def raw_parent(up: int, down: int, count: int) -> object:
    """Read and write, nothing else."""
    child = start("raw", up, down, count)
    answer, got = b"x" * down, 0
    while data := os.read(child.stdout, CHUNK):
        got += len(data)
        if got >= up:
            got = 0
            left = memoryview(answer)
            while left:
                left = left[os.write(child.stdin, left) :]
    with os.fdopen(child.stderr, "rb") as said:
        return json.loads(said.read())


def start(kind: str, up: int, down: int, count: int) -> Child:
    words = [
        sys.executable,
        "-m",
        "tests.benchmarks.arms.channel_arm",
        f"{kind}-window",
        str(up),
        str(down),
        str(count),
    ]
    return spawn(words, {**os.environ, **({} if kind == "raw" else ALLOCATOR)})


def main(kind: str, up: int, down: int, count: int) -> None:
    os.sched_setaffinity(0, {last_cpu()})
    if kind == "unlocked":
        del os.pidfd_open  # valgrind 3.19 does not know it; the parent then does without
    match kind:
        case "raw-window":
            raw_window(up, down, count)
        case "app-window" | "unlocked-window":
            app_window(up, count, locked=kind == "app-window")
        case "raw":
            print(json.dumps(raw_parent(up, down, count)))  # noqa: T201
        case _:
            print(json.dumps(asyncio.run(app_parent(kind, up, down, count))))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
