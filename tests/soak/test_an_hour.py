"""An hour of the app in virtual time: a person writes and syncs each minute, the token is renewed
each minute too, the network goes and comes back; and nothing that the app holds grows.

``make soak`` is the same of the real app, in ten minutes of real time. What the stand-ins keep for
scenarios to look at is forgotten each minute: it would grow, and is none of the app's.
"""

from __future__ import annotations

import asyncio
import gc
import os
from pathlib import Path

from steps.in_process.inproc import InProcess
from steps.scenario.people import ADA

MINUTES, SETTLED = 60, 20
FEW = 100
"""Objects: what is under way at one moment and not at another."""


def minute(computer: InProcess, number: int) -> None:
    """What happens in it."""
    computer.type(".")
    computer.press("where am I signed in" if number % 5 == 0 else "sync")
    computer.local.outage = "unreachable" if number % 10 == 9 else None
    computer.pass_time(60)
    computer.call("GET", "/app/me")


def held(computer: InProcess) -> dict[str, int]:
    """How much there is of everything, but objects."""
    return {
        "sessions": computer.local.model.live_sessions(ADA.email),
        "descriptors": len(os.listdir("/proc/self/fd")),  # noqa: PTH208
        "files": sum(path.is_file() for path in computer.folder.rglob("*")),
        "keys": len(computer.keys()),
        "tasks": len(asyncio.all_tasks(computer.time.loop)),
    }


def forget_what_was_seen(computer: InProcess) -> None:
    window, local = computer.window, computer.local
    for kept in (
        computer._entries, computer.witness.happened, window.heard, window.replies,
        local.seen, local._sent_as, local._holders, local.model.requests,
    ):  # fmt: skip
        kept.clear()
    del window.snapshots[:-1]
    local._routes._router.reset()


def objects() -> int:
    gc.collect()
    return len(gc.get_objects())


def test_an_hour_leaves_no_more_behind_than_twenty_minutes(tmp_path: Path) -> None:
    computer = InProcess(tmp_path)
    computer.choose_server("rotating", expires_in_s=60)
    computer.open()
    computer.type_credentials(ADA.email, ADA.password)
    before, many = {"sessions": 0}, 0
    for number in range(1, MINUTES + 1):
        minute(computer, number)
        forget_what_was_seen(computer)
        if number == SETTLED:
            before, many = held(computer), objects()
    assert before["sessions"] == 1
    assert held(computer) == before
    assert objects() - many < FEW
    assert "Signed in" in computer.sees()["title"]
    computer.close()
    computer.finish()
