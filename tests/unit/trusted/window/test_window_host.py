"""A window that never gets ready is given up on (SB-7);
one that does is not, and what it says of itself is its word.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from refapp import messages as m
from refapp.snapshot import Phase
from refapp.trusted.recorder import Recorder
from refapp.trusted.window.gate import PERMITTED
from refapp.trusted.window.kept import Kept
from refapp.trusted.window.window_ends import FAILED, Ending
from refapp.trusted.window.window_host import START_LIMIT_S, Look, WindowEnd, WindowHost
from steps.fakes.virtual_time import VirtualTime
from steps.in_process.app_copy import HELD
from steps.in_process.inproc import InProcess


async def _never(request: m.Request) -> m.Result:
    raise AssertionError(f"{request} is not asked for here")


class Mute:
    """A window process that says nothing."""

    pid = 1

    def __init__(self, on_end: Callable[[int, str], None], *, reaped_late: bool) -> None:
        self._on_end = on_end
        self._reaped_late = reaped_late

    def send(self, line: bytes) -> None:
        """It reads nothing either."""

    send_newest = send

    def end(self, why: str, counts_as: int | None = None) -> None:
        """Killed."""
        if self._reaped_late:
            asyncio.get_running_loop().call_soon(self._on_end, -9, why)
        else:
            self._on_end(-9, why)


class Host:
    """A host whose windows never say a word by themselves."""

    def __init__(self, *, reaped_late: bool = False) -> None:
        self.time = VirtualTime()
        self.endings: list[Ending] = []
        self.opened = 0
        self._reaped_late = reaped_late
        self.host = self.time.run(self._make())
        self.host.handlers = dict.fromkeys(PERMITTED, _never)
        self.time.run(self.host.open())

    async def _make(self) -> WindowHost:
        def no_snapshot(*_: object) -> object:
            raise AssertionError("nothing is shown here")

        return WindowHost(
            Look(open_window=self._open, verify=lambda _: []),
            recorder=Recorder(clock=self.time.now),
            clock=self.time.now,
            kept=Kept(self.time.now),
            phase=lambda: Phase.SIGNED_OUT,
            snapshot=no_snapshot,  # type: ignore[arg-type]
            renewed=lambda _: None,
            ended=self.endings.append,
        )

    async def _open(
        self, on_line: Callable[[bytes], None], on_end: Callable[[int, str], None]
    ) -> WindowEnd:
        self.opened += 1
        return Mute(on_end, reaped_late=self._reaped_late)


def test_a_window_that_never_gets_ready_ends_the_app_with_a_sentence() -> None:
    here = Host()
    here.time.advance(START_LIMIT_S - 1)
    assert here.endings == []
    here.time.advance(2)
    assert [ending.code for ending in here.endings] == [FAILED]
    assert "did not get ready" in here.endings[0].sentence
    here.time.close()


def test_what_the_app_saw_is_told_from_what_the_window_says_and_listed_once(tmp_path: Path) -> None:
    computer = InProcess(tmp_path)
    computer.open()
    boundary = computer.window.snapshots[-1].boundary
    computer.finish()
    assert tuple(boundary.checks) == HELD
    assert [(check.name, check.held) for check in boundary.claims] == [
        ("No files", True),
        ("No display", False),
    ]


def test_a_window_that_is_shown_something_stays() -> None:
    here = Host()

    async def show() -> None:
        here.host.show()

    here.time.run(show())
    here.time.advance(2 * START_LIMIT_S)
    assert here.endings == []
    here.time.close()


@pytest.mark.parametrize("late", [False, True])
def test_a_window_that_was_closed_for_good_has_no_successor(*, late: bool) -> None:
    here = Host(reaped_late=late)
    here.time.run(here.host.close())
    here.time.advance(60)
    assert (here.opened, here.endings) == (1, [])
    here.time.close()
