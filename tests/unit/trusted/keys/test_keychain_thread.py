"""A call that hangs costs its caller the deadline and nobody anything else (SS-13)."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading

import pytest

from refapp.trusted.errors import StorageLocked, StorageTimeout
from refapp.trusted.keys.keychain_thread import KeychainThread

SOON = 30.0


def test_a_result_and_an_error_reach_the_caller() -> None:
    def locked() -> None:
        raise StorageLocked("locked")

    async def body() -> None:
        thread = KeychainThread()
        assert await thread.call(lambda: 7, SOON) == 7
        with pytest.raises(StorageLocked):
            await thread.call(locked, SOON)
        assert await thread.call(lambda: 8, SOON) == 8

    asyncio.run(body())


def test_while_a_call_hangs_no_second_one_is_started() -> None:
    begun, release = threading.Event(), threading.Event()
    started: list[str] = []

    def hang() -> None:
        started.append("first")
        begun.set()
        assert release.wait(SOON)

    async def body() -> None:
        thread = KeychainThread()
        with pytest.raises(StorageTimeout):
            await thread.call(hang, 0.05)
        assert begun.wait(SOON), "its thread may get a processor after the deadline only"
        with pytest.raises(StorageTimeout):
            await thread.call(lambda: started.append("second"), 0.05)
        assert started == ["first"]
        release.set()
        await thread.call(lambda: started.append("third"), SOON)
        assert started == ["first", "third"]

    asyncio.run(body())


def test_calls_made_together_run_one_after_the_other() -> None:
    inside = threading.Semaphore(1)

    def work() -> bool:
        alone = inside.acquire(blocking=False)
        threading.Event().wait(0.01)
        inside.release()
        return alone

    async def body() -> list[bool]:
        thread = KeychainThread()
        return await asyncio.gather(*(thread.call(work, SOON) for _ in range(5)))

    assert asyncio.run(body()) == [True] * 5


def test_the_loop_goes_on_while_a_call_hangs() -> None:
    release = threading.Event()

    async def body() -> int:
        thread = KeychainThread()
        call = asyncio.create_task(thread.call(lambda: release.wait(SOON), SOON))
        turns = 0
        while turns < 100:
            await asyncio.sleep(0)
            turns += 1
        release.set()
        assert await call
        return turns

    assert asyncio.run(body()) == 100


HANGING_PROGRAM = """
import asyncio, threading
from refapp.trusted.errors import StorageTimeout
from refapp.trusted.keys.keychain_thread import KeychainThread

async def main():
    try:
        await KeychainThread().call(threading.Event().wait, 0.05)
    except StorageTimeout:
        print("timed out", flush=True)

asyncio.run(main())
"""


def test_a_hanging_call_does_not_keep_the_program_from_ending() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", HANGING_PROGRAM], capture_output=True, text=True, timeout=SOON
    )
    assert (ended.stdout, ended.stderr, ended.returncode) == ("timed out\n", "", 0)
