"""Not a test: the program that the crash sweep kills.
It forks a writer for each line of JSON on stdin: no start to wait for.

A line: ``{"way", "folder", "items"}``. The forked writer waits for SIGUSR1, then stores the new
pair in one of the ways below. The answers are two lines: the writer's process id, and ``wait``'s
status once it has ended.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import json
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

# Before the sweep: the app loads it when it first needs it, and a module that can't be read is not
# what is tried here.
from cryptography.hazmat.primitives.ciphers import aead as _aead  # noqa: F401

from refapp.trusted.errors import StorageError
from refapp.trusted.recorder import Recorder
from refapp.trusted.storage.secret import StoredSession, TokenPair
from refapp.trusted.storage.secure_storage import SecureStorage
from refapp.trusted.storage.token_service import ACCESS, REFRESH, TokenService
from steps.fakes.fake_keychain import FakeKeychain

ORIGIN = "https://auth.example.com"
OLD = TokenPair("access-old-" + "a" * 1000, "refresh-old-" + "b" * 250)
NEW = TokenPair("access-new-" + "c" * 1000, "refresh-new-" + "d" * 250)
CODES = {"write_failed": 10, "not_durable": 11, "lock_timeout": 12}
OTHER_STORAGE_ERROR = 13
ANYTHING_ELSE = 14


def storage(folder: Path, items: dict[str, bytes]) -> SecureStorage:
    keychain = FakeKeychain()
    keychain.items = items
    return SecureStorage(folder, ORIGIN, "refapp", keychain, Recorder(), lambda: 0.0, 2.0)


async def save(folder: Path, items: dict[str, bytes]) -> None:
    """This project's way."""
    await TokenService(storage(folder, items)).save(StoredSession(NEW, "user-1"))


async def renew(folder: Path, items: dict[str, bytes]) -> None:
    """The same in an app that has its key already."""
    tokens = TokenService(storage(folder, items))
    await tokens.load()
    await tokens.save(StoredSession(NEW, "user-1"))


async def clear(folder: Path, items: dict[str, bytes]) -> None:
    """A sign-out."""
    await TokenService(storage(folder, items)).forget()


async def two_sets(folder: Path, items: dict[str, bytes]) -> None:
    """The recipe's way: the two tokens one after the other, each write atomic."""
    ours = storage(folder, items)
    await ours.set(ACCESS, NEW.access)
    await ours.set(REFRESH, NEW.refresh)


async def naive(folder: Path, _items: dict[str, bytes]) -> None:
    """The shortest way: open for writing, dump, close."""
    with (folder / "naive.json").open("w") as file:
        json.dump([NEW.access, NEW.refresh], file)


WAYS: dict[str, Callable[[Path, dict[str, bytes]], Awaitable[None]]] = {
    "save": save,
    "renew": renew,
    "clear": clear,
    "two_sets": two_sets,
    "naive": naive,
}


class Inline(concurrent.futures.ThreadPoolExecutor):
    """Does the disk's work in the one thread there is:
    strace counts the calls of each thread by itself.
    """

    def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def,override]
        done: concurrent.futures.Future[object] = concurrent.futures.Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001  # handed over, as the pool does
            done.set_exception(error)
        return done


def write(order: dict[str, str]) -> int:
    items = {kid: bytes.fromhex(key) for kid, key in json.loads(order["items"]).items()}
    # A wait that is no file system call, so that the sweep counts none before the start.
    signal.sigwait({signal.SIGUSR1})

    outcome = ANYTHING_ELSE

    async def body() -> None:
        nonlocal outcome
        asyncio.get_running_loop().set_default_executor(Inline())
        try:
            await WAYS[order["way"]](Path(order["folder"]), items)
            outcome = 0
        except StorageError as error:
            outcome = CODES.get(error.code, OTHER_STORAGE_ERROR)

    # The loop's own descriptors may be what can't be closed.
    with contextlib.suppress(OSError):
        asyncio.run(body())
    return outcome


def main() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            os._exit(write(order))
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()
        sys.stdout.write(f"{os.waitpid(pid, 0)[1]}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
