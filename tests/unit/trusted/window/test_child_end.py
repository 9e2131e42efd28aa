"""A child's end is noticed once, with its code,
with and without the system's descriptor for processes.
"""

from __future__ import annotations

import asyncio
import os
import sys

import pytest

from refapp.trusted.window.child_end import ChildEnd


@pytest.fixture(params=["descriptor", "thread"])
def _way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "thread":
        monkeypatch.delattr(os, "pidfd_open", raising=False)


async def end_of(script: str, *, kill: bool) -> tuple[int, ChildEnd]:
    command = [sys.executable, "-c", script]
    pid = os.posix_spawn(sys.executable, command, dict(os.environ))  # noqa: ASYNC221 - it does not wait
    ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    end = ChildEnd(pid, ended.set_result)
    end.watch()
    assert not end.reaped
    if kill:
        end.kill()
    async with asyncio.timeout(30):
        return await ended, end


@pytest.mark.usefixtures("_way")
def test_an_exit_code_is_heard() -> None:
    code, end = asyncio.run(end_of("raise SystemExit(7)", kill=False))
    assert code == 7
    assert end.reaped


@pytest.mark.usefixtures("_way")
def test_a_killed_child_is_heard_of_and_killing_it_again_does_nothing() -> None:
    code, end = asyncio.run(end_of("import time; time.sleep(600)", kill=True))
    assert code == -9
    end.kill()
