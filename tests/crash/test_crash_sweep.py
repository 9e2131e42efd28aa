"""The stored pair is old or new, and whole, wherever a save is killed and whichever call of it the
disk refuses (SS-11).

``strace`` kills the writer at each of its file system calls in turn, and makes each fail with
ENOSPC and EIO. The same sweep over the recipe's two writes and over a plain ``json.dump`` must show
their losses: else the sweep would prove nothing.
"""

from __future__ import annotations

import asyncio
import collections
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import writer

from refapp.trusted.errors import StorageError
from refapp.trusted.storage.secret import StoredSession
from refapp.trusted.storage.token_service import TokenService

pytestmark = pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")

# What can change a file or come between two changes;
# the rest (futex, epoll_wait, mmap) leaves the disk as it is.
TOUCHES_FILES = re.compile(
    r"^\d+ "
    r"+(openat|read|write|pread64|pwrite64|close|fsync|fdatasync|ftruncate|rename\w*|unlink\w*|"
    r"mkdir\w*|f?chmod\w*|flock|fcntl|newfstatat|fstat|statx|lseek|getdents64|"
    r"ioctl|link\w*|sync)\(",
    re.MULTILINE,
)
WRITE_SIDE = ("openat", "write", "fsync", "rename", "unlink", "close", "flock")
KILLED = "killed"


class Sweep:
    """Runs writers under strace, each in a copy of a folder that holds the old pair."""

    def __init__(self, tmp_path: Path) -> None:
        self._tmp_path = tmp_path
        self._program = subprocess.Popen(
            [sys.executable, writer.__file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(Path.cwd())},
            text=True,
        )
        self._before = tmp_path / "before"
        self._items: dict[str, bytes] = {}
        asyncio.run(
            TokenService(self._storage(self._before)).save(StoredSession(writer.OLD, "user-1"))
        )
        (self._before / "naive.json").write_text(
            json.dumps([writer.OLD.access, writer.OLD.refresh])
        )
        self._runs = 0

    def close(self) -> None:
        self._program.kill()
        self._program.communicate()

    def _storage(self, folder: Path) -> writer.SecureStorage:
        return writer.storage(folder, self._items)

    def run(self, way: str, *tampering: str) -> tuple[str | int, Path, str]:
        """Let a writer write. Returns its exit code or KILLED, its folder and the trace."""
        self._runs += 1
        folder = self._tmp_path / f"run-{self._runs}"
        shutil.copytree(self._before, folder)
        items = json.dumps({kid: key.hex() for kid, key in self._items.items()})
        order = {"way": way, "folder": str(folder), "items": items}
        assert self._program.stdin is not None
        assert self._program.stdout is not None
        self._program.stdin.write(json.dumps(order) + "\n")
        self._program.stdin.flush()
        pid = int(self._program.stdout.readline())
        trace = self._tmp_path / "trace"
        with subprocess.Popen(
            ["strace", "-f", "-p", str(pid), "-o", str(trace), *tampering],
            stderr=subprocess.PIPE,
            text=True,
        ) as strace:
            assert strace.stderr is not None
            attached = strace.stderr.readline()
            os.kill(pid, signal.SIGUSR1)
            status = int(self._program.stdout.readline())
            strace.communicate()
        if "attached" not in attached:
            pytest.skip(f"strace may not trace here: {attached.strip()}")
        ended = (
            KILLED
            if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
            else os.waitstatus_to_exitcode(status)
        )
        return ended, folder, trace.read_text()

    def calls(self, way: str) -> list[tuple[str, int]]:
        """The file system calls of an undisturbed run, each with its ordinal among its like."""
        ended, folder, trace = self.run(way)
        assert ended == 0
        shutil.rmtree(folder)
        names = TOUCHES_FILES.findall(trace)
        counted: collections.Counter[str] = collections.Counter()
        found = []
        for name in names:
            counted[name] += 1
            found.append((name, counted[name]))
        return found

    def stored(self, folder: Path) -> str:
        """What a copy of the app finds at its next start, in a word."""
        try:
            session = asyncio.run(TokenService(self._storage(folder)).load())
        except StorageError as error:
            return f"lost: {error.code}"
        if session is None:
            return "nothing"
        return {writer.OLD: "old", writer.NEW: "new"}.get(session.pair, "mixed")

    def stored_naively(self, folder: Path) -> str:
        try:
            pair = writer.TokenPair(*json.loads((folder / "naive.json").read_text()))
        except ValueError:
            return "lost"
        return {writer.OLD: "old", writer.NEW: "new"}.get(pair, "mixed")

    def kill_everywhere(self, way: str) -> collections.Counter[str]:
        """How often each outcome was found, with the writer killed at each of its calls."""
        found: collections.Counter[str] = collections.Counter()
        for name, ordinal in self.calls(way):
            ended, folder, _ = self.run(
                way, "-e", f"trace={name}", "-e", f"inject={name}:signal=KILL:when={ordinal}"
            )
            assert ended == KILLED, f"{name} number {ordinal} was not reached"
            found[self.stored_naively(folder) if way == "naive" else self.stored(folder)] += 1
            if way in ("save", "renew"):
                self._check_usable(folder)
            shutil.rmtree(folder)
        return found

    def _check_usable(self, folder: Path) -> None:
        """The next save works and sweeps what the killed writer left."""
        asyncio.run(TokenService(self._storage(folder)).save(StoredSession(writer.NEW, "user-1")))
        assert self.stored(folder) == "new"
        assert list(folder.glob(".*")) == []


@pytest.fixture
def sweep(tmp_path: Path) -> Iterator[Sweep]:
    running = Sweep(tmp_path)
    yield running
    running.close()


@pytest.mark.parametrize("way", ["save", "renew"])
def test_killed_anywhere_a_save_leaves_the_old_pair_or_the_new_one(sweep: Sweep, way: str) -> None:
    found = sweep.kill_everywhere(way)
    assert set(found) == {"old", "new"}, found
    assert found.total() > 30, found


def test_killed_anywhere_a_sign_out_leaves_the_pair_or_nothing(sweep: Sweep) -> None:
    found = sweep.kill_everywhere("clear")
    assert set(found) == {"old", "nothing"}, found


def test_the_recipes_two_writes_mix_the_pair_in_the_same_sweep(sweep: Sweep) -> None:
    found = sweep.kill_everywhere("two_sets")
    assert found["mixed"] > 0, found


def test_a_plain_dump_loses_the_pair_in_the_same_sweep(sweep: Sweep) -> None:
    found = sweep.kill_everywhere("naive")
    assert found["lost"] > 0, found


@pytest.mark.parametrize(("error", "way"), [("ENOSPC", "save"), ("EIO", "renew")])
def test_whichever_call_fails_the_pair_is_whole_and_the_answer_true(
    sweep: Sweep, error: str, way: str
) -> None:
    codes = {code: word for word, code in writer.CODES.items()}
    answers: collections.Counter[str] = collections.Counter()
    for name, ordinal in sweep.calls(way):
        if name not in WRITE_SIDE:
            continue
        # From there on, or a buffer's second try would hide the first failure;
        # a close is not tried twice.
        when = f"{ordinal}" if name == "close" else f"{ordinal}+"
        ended, folder, _ = sweep.run(
            way, "-e", f"trace={name}", "-e", f"inject={name}:error={error}:when={when}"
        )
        answer = {0: "saved", writer.OTHER_STORAGE_ERROR: "refused"}.get(int(ended)) or codes.get(
            int(ended), "raised"
        )
        stored = sweep.stored(folder)
        expected = {
            "saved": "new",
            "not_durable": "new",
            "write_failed": "old",
            "lock_timeout": "old",
            "refused": "old",
        }
        assert (name, ordinal, answer, stored) == (name, ordinal, answer, expected.get(answer))
        answers[answer] += 1
        shutil.rmtree(folder)
    assert answers["write_failed"] > 0, answers
    assert answers["not_durable"] > 0, answers


@pytest.mark.parametrize("error", ["ENOSPC", "EIO"])
def test_a_plain_dump_on_a_refusing_disk_loses_the_pair(sweep: Sweep, error: str) -> None:
    _, folder, _ = sweep.run(
        "naive", "-e", "trace=write", "-e", f"inject=write:error={error}:when=1+"
    )
    assert sweep.stored_naively(folder) == "lost"
