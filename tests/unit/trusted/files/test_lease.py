"""One process at a time holds the lease on a token file; within a process it is shared."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import fcntl
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from refapp.trusted.errors import LockTimeout, WriteFailed
from refapp.trusted.files.lease import Lease, briefly, locked
from refapp.trusted.wording import file_words

SOON = 30.0


def hold(path: Path, pipe: Connection) -> None:
    async def body() -> None:
        async with Lease(path, SOON).held():
            pipe.send("held")
            pipe.recv()

    asyncio.run(body())


@contextlib.contextmanager
def another_process_holding(path: Path) -> Iterator[tuple[Connection, int]]:
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=hold, args=(path, there))
    process.start()
    try:
        assert here.poll(SOON)
        assert here.recv() == "held"
        assert process.pid is not None
        yield here, process.pid
    finally:
        process.kill()
        process.join()


def test_a_second_process_waits_until_the_first_lets_go(tmp_path: Path) -> None:
    path = tmp_path / "tokens.lock"

    async def body() -> list[str]:
        seen: list[str] = []

        async def wait() -> None:
            async with Lease(path, SOON).held():
                seen.append("ours")

        waiter = asyncio.create_task(wait())
        await asyncio.wait([waiter], timeout=0.2)
        seen.append("theirs ends")
        pipe.send("let go")
        await waiter
        return seen

    with another_process_holding(path) as (pipe, _):
        assert asyncio.run(body()) == ["theirs ends", "ours"]


def test_a_killed_holder_lets_go_at_once(tmp_path: Path) -> None:
    path = tmp_path / "tokens.lock"

    async def body() -> bool:
        async with Lease(path, SOON).held():
            return True

    with another_process_holding(path) as (_, pid):
        os.kill(pid, signal.SIGKILL)
        assert asyncio.run(body())


def test_a_stopped_holder_costs_the_deadline_and_no_more(tmp_path: Path) -> None:
    path = tmp_path / "tokens.lock"

    async def body() -> None:
        async with Lease(path, 0.1).held():
            pass

    with another_process_holding(path) as (_, pid):
        os.kill(pid, signal.SIGSTOP)
        with pytest.raises(LockTimeout):
            asyncio.run(body())


def test_a_wait_can_be_cancelled_and_leaves_nothing_held(tmp_path: Path) -> None:
    path = tmp_path / "tokens.lock"

    async def body() -> None:
        lease = Lease(path, SOON)
        waiter = asyncio.create_task(lease.held().__aenter__())
        await asyncio.wait([waiter], timeout=0.1)
        waiter.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await waiter
        pipe.send("let go")
        async with lease.held(), lease.held():
            pass

    with another_process_holding(path) as (pipe, _):
        asyncio.run(body())


def test_within_a_process_it_is_shared_and_held_to_the_last(tmp_path: Path) -> None:
    path = tmp_path / "tokens.lock"

    async def body() -> None:
        ours, others = Lease(path, SOON), Lease(path, 0.05)
        refresh = ours.held()
        await refresh.__aenter__()
        async with ours.held():
            await refresh.__aexit__(None, None, None)
            with pytest.raises(LockTimeout):
                await others.held().__aenter__()
        async with others.held():
            pass

    asyncio.run(body())


def test_an_error_inside_lets_go(tmp_path: Path) -> None:
    path = tmp_path / "tokens.lock"

    async def body() -> None:
        with pytest.raises(KeyError):
            async with Lease(path, SOON).held():
                raise KeyError
        async with Lease(path, 0.05).held():
            pass

    asyncio.run(body())


def test_a_folder_that_cannot_be_made_is_a_failed_write(tmp_path: Path) -> None:
    (tmp_path / "data").write_bytes(b"a file")

    async def body() -> None:
        async with Lease(tmp_path / "data" / "tokens.lock", SOON).held():
            pass

    with pytest.raises(WriteFailed):
        asyncio.run(body())


def elsewhere(path: Path) -> None:
    path.symlink_to(path.with_name("elsewhere"))


@pytest.mark.parametrize("put", [os.mkfifo, os.mkdir, elsewhere], ids=["pipe", "folder", "link"])
def test_what_is_no_file_in_its_place_is_named_and_not_waited_for(
    tmp_path: Path, put: Callable[[Path], None]
) -> None:
    path = tmp_path / "tokens.lock"
    put(path)

    async def body() -> None:
        async with Lease(path, SOON).held():
            pass

    with pytest.raises(WriteFailed) as failed:
        asyncio.run(body())
    assert failed.value.sentence == file_words.not_a_lock("tokens.lock")
    assert failed.value.cure == file_words.CURE_NOT_A_FILE
    with pytest.raises(WriteFailed), briefly(path):
        pass
    assert not (tmp_path / "elsewhere").exists()


def test_a_file_system_without_locks_keeps_nobody_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_locks(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", no_locks)
    lock = tmp_path / "data" / "tokens.lock"

    async def body() -> None:
        async with Lease(lock, SOON).held():
            pass

    asyncio.run(body())
    assert lock not in {fd.resolve() for fd in Path("/proc/self/fd").iterdir()}, "it is still open"


def test_the_lock_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "tokens.lock"

    async def body() -> int:
        async with Lease(path, SOON).held():
            return path.stat().st_mode & 0o777

    assert asyncio.run(body()) == 0o600


def test_who_holds_it_is_named_while_it_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "tokens.lock"
    said: list[str] = []

    async def body() -> None:
        lease = Lease(path, SOON)
        shown = asyncio.Event()
        lease.changed = lambda: (said.append(lease.waiting), shown.set())  # type: ignore[func-returns-value,assignment]
        waiter = asyncio.create_task(lease.held().__aenter__())
        await shown.wait()
        lease.give_up()
        with pytest.raises(LockTimeout) as given_up:
            await waiter
        said.append(given_up.value.sentence)

    with another_process_holding(path) as (_, pid):
        asyncio.run(body())
    named = f"Another copy of this app (process {pid}) is busy with the stored session."
    assert said == [named, "", named]


def test_a_lock_file_that_was_deleted_under_its_holder_keeps_others_out(tmp_path: Path) -> None:
    path = tmp_path / "tokens.lock"
    path.with_suffix(".json").touch()

    async def body() -> None:
        async with Lease(path, SOON).held():
            path.unlink()
            with pytest.raises(LockTimeout):
                await Lease(path, 0.1).held().__aenter__()
            assert not path.exists(), "a second lock file, which would keep nobody out"
        async with Lease(path, 0.1).held():
            assert path.exists()

    asyncio.run(body())


def test_an_account_for_which_nothing_was_stored_yet_does_not_wait_for_another(
    tmp_path: Path,
) -> None:
    first = tmp_path / "tokens-bob.lock"

    async def body() -> None:
        async with Lease(tmp_path / "tokens-ada.lock", SOON).held(), Lease(first, 0.1).held():
            with pytest.raises(LockTimeout):
                await Lease(first, 0.1).held().__aenter__()

    asyncio.run(body())


@pytest.mark.parametrize("stored", [False, True])
def test_two_that_find_no_lock_file_make_one(tmp_path: Path, stored: bool) -> None:
    path = tmp_path / "tokens.lock"
    if stored:
        path.with_suffix(".json").touch()
    holders = 0

    async def one() -> None:
        nonlocal holders
        async with Lease(path, SOON).held():
            holders += 1
            assert holders == 1
            await asyncio.sleep(0)
            holders -= 1

    async def body() -> None:
        await asyncio.gather(*[one() for _ in range(20)])

    asyncio.run(body())


def test_other_files_that_are_locked_for_a_moment_are_not_held_up_by_it(tmp_path: Path) -> None:
    async def body() -> None:
        async with Lease(tmp_path / "tokens.lock", SOON).held():
            with briefly(tmp_path / "history.lock"):
                pass

    asyncio.run(body())


def test_a_lock_file_that_is_deleted_while_it_is_being_locked_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, deleted = tmp_path / "tokens.lock", []

    def locked_too_late(fd: int) -> bool:
        if not deleted:
            deleted.append(path.unlink())
        return locked(fd)

    async def body() -> None:
        async with Lease(path, SOON).held():
            assert path.exists()

    monkeypatch.setattr("refapp.trusted.files.lease.locked", locked_too_late)
    asyncio.run(body())
