"""The storage's arms, run in the environment of a private Secret Service:
``... storage_arm FOLDER ROUNDS``.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import time
from pathlib import Path

import keyring

from refapp.trusted.keys.keychain import OsKeychain
from refapp.trusted.recorder import Recorder
from refapp.trusted.storage.secret import StoredSession, TokenPair
from refapp.trusted.storage.secure_storage import SecureStorage
from refapp.trusted.storage.token_service import TokenService

SAVES, LOADS, KEYRING = 40, 200, 20


def service(folder: Path, recorder: Recorder) -> TokenService:
    keychain = OsKeychain("refapp-bench", 30.0, recorder)
    return TokenService(
        SecureStorage(
            folder, "https://auth.example.com", "refapp-bench", keychain, recorder, time.time, 30.0
        )
    )


def session(number: int) -> StoredSession:
    return StoredSession(TokenPair(f"access-{number:026}", f"refresh-{number:036}"), "user-1")


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


def keyring_save(pair: TokenPair) -> None:
    keyring.set_password("bench", "accessToken", pair.access)
    keyring.set_password("bench", "refreshToken", pair.refresh)


def keyring_load() -> None:
    keyring.get_password("bench", "accessToken")
    keyring.get_password("bench", "refreshToken")


async def measure(folder: Path, rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each arm, the mean of a round;
    ``asked``: key reads of a start that loads twice and saves.
    """
    found: dict[str, list[float]] = {
        name: [] for name in ("save", "disk", "keyring save", "load", "first load", "keyring load")
    }
    ours = service(folder, Recorder())
    await ours.save(session(0))
    data = written(folder)
    keyring_save(session(0).pair)
    for _ in range(rounds):
        sums = dict.fromkeys(found, 0.0)
        for number in range(SAVES):
            # Alternating, for the disk's own mood changes within seconds, and in turned order, for
            # one write may pay for another.
            for arm in ("save", "disk") if number % 2 else ("disk", "save"):
                began = time.perf_counter()
                if arm == "save":
                    await ours.save(session(number))
                else:
                    on_disk(folder / "limit", data)
                sums[arm] += time.perf_counter() - began
        for _ in range(LOADS):
            began = time.perf_counter()
            assert await ours.load() is not None
            sums["load"] += time.perf_counter() - began
        for number in range(KEYRING):
            began = time.perf_counter()
            keyring_save(session(number).pair)
            middle = time.perf_counter()
            keyring_load()
            sums["keyring save"] += middle - began
            sums["keyring load"] += time.perf_counter() - middle
            # As a start does: the key is not in memory yet.
            cold = service(folder, Recorder())
            began = time.perf_counter()
            assert await cold.load() is not None
            sums["first load"] += time.perf_counter() - began
        counts = {"save": SAVES, "disk": SAVES, "load": LOADS}
        for name, total in sums.items():
            found[name].append(total / counts.get(name, KEYRING) * 1000)
    recorder = Recorder()
    fresh = service(folder, recorder)
    await fresh.load()
    await fresh.load()
    await fresh.save(session(1))
    asked = sum(entry.target == "keychain" and "read" in entry.what for entry in recorder.entries())
    return {**found, "asked": [asked]}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measure(Path(sys.argv[1]), int(sys.argv[2])))))  # noqa: T201
