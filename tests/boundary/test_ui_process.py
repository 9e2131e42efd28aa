"""Window processes that hang, flood, die or stop reading,
and what they cost the parent: nothing.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
import tracemalloc
from collections.abc import Awaitable, Callable
from pathlib import Path
from unittest import mock

import pytest

from refapp import messages as m
from refapp.snapshot import Boundary, Phase, StateParams
from refapp.trusted.recorder import Recorder
from refapp.trusted.start.spawn import Child, spawn
from refapp.trusted.window import ui_process, window_host
from refapp.trusted.window.kept import Kept
from refapp.trusted.window.ui_process import UiProcess
from refapp.trusted.window.window_ends import (
    FAILED,
    NOT_CONFINED,
    TAKEN_OVER,
    Again,
    Ending,
    WindowEnds,
)
from refapp.trusted.window.window_host import Look, WindowEnd, WindowHost
from refapp.trusted.wording import window_words

PROGRAM = Path(__file__).with_name("programs") / "bad_window.py"
LIMIT_S = 60.0
MEMORY_LIMIT = 8 * 2**20

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the window process is Linux only")


class Watched:
    """One window process on the running loop, and what came of it."""

    def __init__(self, child: Child) -> None:
        self.lines: list[bytes] = []
        self.said: asyncio.Event = asyncio.Event()
        self.end: asyncio.Future[tuple[int, str]] = asyncio.get_running_loop().create_future()
        self.process = UiProcess(
            child, on_line=self._hear, on_end=lambda code, why: self.end.set_result((code, why))
        )
        self.child = child

    def _hear(self, line: bytes) -> None:
        if len(self.lines) < 2000:
            self.lines.append(line)
        self.said.set()


def watch(how: str, act: Callable[[Watched], Awaitable[None]] | None = None) -> tuple[int, str]:
    """Run the bad window on a loop that must stay free and small; its end."""

    async def run() -> tuple[int, str]:
        window = Watched(
            spawn([sys.executable, "-I", "-S", str(PROGRAM), how], {"PATH": "/usr/bin:/bin"})
        )
        await window.process.attach()
        turns = asyncio.get_running_loop().create_task(_turn())
        try:
            async with asyncio.timeout(LIMIT_S):
                if act is not None:
                    await act(window)
                found = await window.end
        finally:
            turns.cancel()
            window.process.end("The test is over.")
        assert not Path(f"/proc/{window.process.pid}").exists(), "it was not reaped"  # noqa: ASYNC240
        return found

    before = open_descriptors()
    slept: list[float] = []
    tracemalloc.start()
    try:
        with mock.patch.object(time, "sleep", slept.append):
            found = asyncio.run(run())
        assert tracemalloc.get_traced_memory()[1] < MEMORY_LIMIT
    finally:
        tracemalloc.stop()
    assert open_descriptors() <= before, "a descriptor was left open"
    assert slept == [], "the parent slept on its loop"
    return found


def open_descriptors() -> set[str]:
    return set(os.listdir("/proc/self/fd"))  # noqa: PTH208 - pathlib can't tell a number of its own from a leak


async def _turn() -> None:
    """A loop that something blocks never gets to its next turn;
    the limit of the test then strikes.
    """
    while True:  # noqa: ASYNC110
        await asyncio.sleep(0)


async def greeted(window: Watched) -> None:
    await window.said.wait()


def after_hello(act: Callable[[UiProcess], None]) -> Callable[[Watched], Awaitable[None]]:
    async def do(window: Watched) -> None:
        await window.said.wait()
        act(window.process)

    return do


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ("flood", "The window sent too many messages."),
        ("empty lines", "The window sent too many messages."),
        (
            "flood without a newline",
            "The window broke the protocol: The line is longer than 1 MiB.",
        ),
    ],
)
def test_a_window_that_floods_is_ended(how: str, why: str) -> None:
    assert watch(how) == (-signal.SIGKILL, why)


def test_no_more_lines_are_handled_than_the_burst_allows() -> None:
    heard: list[int] = []

    async def act(window: Watched) -> None:
        await window.end
        heard.append(len(window.lines))

    watch("flood", act)
    assert heard[0] <= ui_process.BURST + ui_process.LINES_PER_S


def test_a_flooded_error_pipe_is_read_and_forgotten() -> None:
    async def act(window: Watched) -> None:
        for _ in range(200):
            await asyncio.sleep(0.001)
        assert len(window.process.complaint) <= len("The window said: ") + 300
        window.process.end("Enough.")

    assert watch("flood the error pipe", act) == (-signal.SIGKILL, "Enough.")


def test_a_window_that_dies_tells_its_last_words_without_control_characters() -> None:
    assert watch("die") == (-signal.SIGKILL, "The window said: some[31mthing broke")


def test_what_fontconfig_says_wherever_it_may_not_write_is_not_taken_for_the_reason() -> None:
    assert watch("die where no fonts are known") == (-signal.SIGKILL, "")


@pytest.mark.parametrize("how", ["leave", "leave within a line"])
def test_a_window_that_ends_by_itself_is_reaped(how: str) -> None:
    assert watch(how) == (0, "")


@pytest.mark.parametrize("how", ["hang", "refuse to end"])
def test_a_window_that_does_not_end_is_ended(how: str) -> None:
    assert watch(how, after_hello(lambda process: process.end("Enough."))) == (
        -signal.SIGKILL,
        "Enough.",
    )


@pytest.mark.parametrize("how", ["close stdout", "close stdin"])
def test_a_window_that_closes_its_channel_and_stays_is_ended(
    how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ui_process, "LEAVE_WITHIN_S", 0.05)
    assert watch(how, greeted) == (-signal.SIGKILL, "The window closed its channel.")


def test_a_child_that_a_window_left_behind_holds_nothing_up() -> None:
    """It can't be there when the window is locked; an end is an end all the same."""
    children: list[int] = []

    async def act(window: Watched) -> None:
        await window.said.wait()
        children.append(json.loads(window.lines[0])["params"]["n"])

    try:
        assert watch("leave a child behind", act) == (0, "")
    finally:
        for pid in children:
            os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("how", ["break a rule of seccomp", "be caught"])
def test_an_end_by_the_kernel_is_told_apart(how: str) -> None:
    code, _ = watch(how)
    assert code == (-signal.SIGKILL if how == "break a rule of seccomp" else -signal.SIGSYS)


def test_of_snapshots_that_are_not_read_the_newest_is_kept() -> None:
    async def act(window: Watched) -> None:
        await window.said.wait()
        for number in range(20_000):
            window.process.send_newest(b"%d" % number * 200 + b"\n")
        assert window.process._newest == b"19999" * 200 + b"\n"
        window.process.end("Enough.")

    watch("hang", act)


def test_a_window_that_leaves_its_answers_unread_is_ended() -> None:
    async def act(window: Watched) -> None:
        await window.said.wait()
        for _ in range(100_000):
            if window.process._why:
                return
            window.process.send(b"x" * 1000 + b"\n")

    assert watch("hang", act) == (-signal.SIGKILL, "The window stopped reading its answers.")


def test_a_window_that_stops_reading_is_ended_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ui_process, "STUCK_AFTER_S", 0.05)

    async def act(window: Watched) -> None:
        await window.said.wait()
        for _ in range(200):
            window.process.send_newest(b"x" * 1000 + b"\n")

    assert watch("hang", act) == (-signal.SIGKILL, "The window stopped reading.")


def test_a_pipe_that_is_closed_is_not_read_again() -> None:
    """Its number may be another file's by then."""
    readable, writable = os.pipe()
    os.set_blocking(readable, False)
    os.write(writable, b"another's")

    async def act(window: Watched) -> None:
        await window.said.wait()
        number = window.child.stderr
        window.process.end("Enough.")
        while str(number) in open_descriptors():  # noqa: ASYNC110
            await asyncio.sleep(0)
        os.dup2(readable, number)
        await window.end
        os.close(number)

    try:
        watch("hang", act)
        assert os.read(readable, 100) == b"another's"
    finally:
        os.close(readable)
        os.close(writable)


def test_sending_to_a_window_that_is_gone_does_nothing() -> None:
    async def act(window: Watched) -> None:
        await window.end
        window.process.send(b"x\n")
        window.process.send_newest(b"x\n")
        window.process.end("Too late.")

    assert watch("leave", act) == (0, "")


def judged(code: int, *, was_open: bool = True) -> Ending | Again:
    return WindowEnds(lambda: 0.0, Kept(lambda: 0.0)).judge(code, "", was_open=was_open)


@pytest.mark.parametrize(
    ("how", "ending"),
    [("be caught", TAKEN_OVER), ("exit 70", NOT_CONFINED), ("leave", 0)],
)
def test_ends_after_which_the_app_ends_too(how: str, ending: int) -> None:
    code, _ = watch(how)
    found = judged(code)
    assert isinstance(found, Ending)
    assert found.code == ending


@pytest.mark.parametrize("how", ["die", "flood", "flood without a newline"])
def test_ends_after_which_a_fresh_window_comes_up(how: str) -> None:
    code, _ = watch(how)
    assert isinstance(judged(code), Again)
    assert judged(code, was_open=False) == Ending(
        FAILED,
        f"The window could not be started. It ended with code {code}. {window_words.NOTHING_LOST}",
    )


class Hosted:
    """A ``WindowHost`` on bad windows."""

    def __init__(self, how: str) -> None:
        self.how = how
        self.opened = 0
        self.ending: asyncio.Future[Ending] = asyncio.get_running_loop().create_future()

        async def open_window(
            on_line: Callable[[bytes], None], on_end: Callable[[int, str], None]
        ) -> WindowEnd:
            self.opened += 1
            window = UiProcess(
                spawn([sys.executable, "-I", "-S", str(PROGRAM), self.how], {}),
                on_line=on_line,
                on_end=on_end,
            )
            await window.attach()
            return window

        self.host = WindowHost(
            Look(open_window=open_window, verify=lambda _: []),
            recorder=Recorder(),
            clock=lambda: 0.0,
            kept=Kept(lambda: 0.0),
            phase=lambda: Phase.SIGNED_OUT,
            snapshot=self._snapshot,
            renewed=lambda _: None,
            ended=self.ending.set_result,
        )

    def _snapshot(self, revision: int, boundary: Boundary) -> StateParams:
        raise AssertionError("no window was opened")


def test_windows_that_flood_at_once_are_given_up() -> None:
    async def run() -> Ending:
        from refapp.trusted.window.gate import PERMITTED

        hosted = Hosted("flood")

        async def never(_: m.Request) -> m.Result:
            raise AssertionError("a flood reached a handler")

        hosted.host.handlers = dict.fromkeys(PERMITTED, never)
        await hosted.host.open()
        async with asyncio.timeout(LIMIT_S):
            ending = await hosted.ending
        await hosted.host.close()
        return ending

    assert asyncio.run(run()).code == FAILED


def test_a_window_that_hangs_is_noticed_by_the_question_it_leaves_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(window_host, "ASK_EVERY_S", 0.05)

    async def run() -> str:
        ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        from refapp.trusted.window.gate import PERMITTED

        async def never(_: m.Request) -> m.Result:
            raise AssertionError

        hosted = Hosted("hang")
        hosted.host.handlers = dict.fromkeys(PERMITTED, never)
        hosted.host._ends.judge = lambda code, why, was_open: _tell(ended, why)  # type: ignore[method-assign]
        await hosted.host.open()
        hosted.host.show()
        asking = asyncio.get_running_loop().create_task(hosted.host.keep_asking())
        async with asyncio.timeout(LIMIT_S):
            why = await ended
        asking.cancel()
        await hosted.host.close()
        return why

    assert asyncio.run(run()) == "The window stopped answering."


def _tell(ended: asyncio.Future[str], why: str) -> Ending:
    ended.set_result(why)
    return Ending(FAILED, why)
