"""One arm of the storage's benchmark, run in the environment of a private Secret Service:
``... storage_arm WHICH FOLDER COUNT``; prints the milliseconds of each of COUNT as JSON.

``save`` a pair, ``cold``: load it, the key not in memory yet, as a start does; ``warm``: load it
with the key in memory; ``disk``: write the same bytes, as durable. ``keyring-save`` and
``keyring-load``: an item of the keyring for each token. ``asked``: key reads of COUNT starts that
load twice and save.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from refapp.trusted.keys.keychain import OsKeychain
from refapp.trusted.recorder import Recorder
from refapp.trusted.storage.secret import StoredSession, TokenPair
from refapp.trusted.storage.secure_storage import SecureStorage
from refapp.trusted.storage.token_service import TokenService

Act = Callable[[int], Awaitable[object]]


def service(folder: Path, recorder: Recorder) -> TokenService:
    keychain = OsKeychain("refapp-bench", 30.0, recorder)
    return TokenService(
        SecureStorage(
            folder, "https://auth.example.com", "refapp-bench", keychain, recorder, time.time, 30.0
        )
    )


def session(number: int) -> StoredSession:
    return StoredSession(TokenPair(f"access-{number:026}", f"refresh-{number:036}"), "user-1")


async def ours(which: str, folder: Path) -> Act:
    kept = service(folder, Recorder())
    await kept.save(session(0))

    async def save(number: int) -> None:
        await kept.save(session(number))

    async def warm(_: int) -> None:
        assert await kept.load() is not None

    async def cold(_: int) -> None:
        assert await service(folder, Recorder()).load() is not None

    data = written(folder)

    async def disk(_: int) -> None:
        on_disk(folder / "limit", data)

    return {"save": save, "warm": warm, "cold": cold, "disk": disk}[which]


def written(folder: Path) -> bytes:
    return next(folder.glob("tokens-*.json")).read_bytes()


def on_disk(path: Path, data: bytes) -> None:
    """The limit: as durable as a file can be, and nothing else."""
    fd, temporary = tempfile.mkstemp(dir=path.parent)
    os.write(fd, data)
    os.fsync(fd)
    os.close(fd)
    Path(temporary).replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    os.fsync(folder)
    os.close(folder)


def by_hand(which: str) -> Act:
    import keyring

    async def save(number: int) -> None:
        pair = session(number).pair
        keyring.set_password("bench", "accessToken", pair.access)
        keyring.set_password("bench", "refreshToken", pair.refresh)

    async def load(_: int) -> None:
        assert keyring.get_password("bench", "accessToken")
        assert keyring.get_password("bench", "refreshToken")

    return {"keyring-save": save, "keyring-load": load}[which]


async def main(which: str, folder: Path, count: int) -> list[float]:
    if which == "asked":
        return [float(await asked(folder)) for _ in range(count)]
    act = by_hand(which) if which.startswith("keyring") else await ours(which, folder)
    if which == "keyring-load":
        await by_hand("keyring-save")(0)
    await act(0)
    times = []
    for number in range(1, count + 1):
        began = time.perf_counter()
        await act(number)
        times.append((time.perf_counter() - began) * 1000)
    return times


async def asked(folder: Path) -> int:
    recorder = Recorder()
    fresh = service(folder, recorder)
    await fresh.save(session(0))
    recorder = Recorder()
    fresh = service(folder, recorder)
    await fresh.load()
    await fresh.load()
    await fresh.save(session(1))
    return sum(entry.target == "keychain" and "read" in entry.what for entry in recorder.entries())


if __name__ == "__main__":
    which, folder, count = sys.argv[1:]
    print(json.dumps(asyncio.run(main(which, Path(folder), int(count)))))  # noqa: T201
