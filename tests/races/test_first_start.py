"""Copies of the app that start together end up with one master key and one whole file (SS-15),
against a real keychain.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
from collections.abc import Iterator
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from refapp.tour.secret_service import PrivateSecretService, missing_programs
from refapp.trusted.keys.keychain import OsKeychain
from refapp.trusted.recorder import Recorder
from refapp.trusted.storage.secret import StoredSession, TokenPair
from refapp.trusted.storage.secure_storage import SecureStorage
from refapp.trusted.storage.token_service import TokenService

COPIES = 8
PROGRAMS = missing_programs()
pytestmark = pytest.mark.skipif(bool(PROGRAMS), reason=f"not installed: {', '.join(PROGRAMS)}")


def start(folder: Path) -> TokenService:
    recorder = Recorder()
    keychain = OsKeychain("refapp", 60.0, recorder)
    return TokenService(
        SecureStorage(
            folder, "https://auth.example.com", "refapp", keychain, recorder, lambda: 0.0, 60.0
        )
    )


def pair(number: int) -> TokenPair:
    return TokenPair(f"access-{number}", f"refresh-{number}")


def a_copy(folder: Path, env: dict[str, str], number: int, together: Barrier) -> None:
    os.environ.clear()
    os.environ.update(env)
    service = start(folder)
    together.wait(60)
    asyncio.run(service.save(StoredSession(pair(number), f"user-{number}")))


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[PrivateSecretService]:
    with PrivateSecretService() as running:
        for name, value in running.env.items():
            monkeypatch.setenv(name, value)
        yield running


def test_copies_that_sign_in_together_for_the_first_time_make_one_key(
    service: PrivateSecretService, tmp_path: Path
) -> None:
    spawn = multiprocessing.get_context("spawn")
    together = spawn.Barrier(COPIES)
    env = service.environment(os.environ)
    copies = [
        spawn.Process(target=a_copy, args=(tmp_path / "data", env, n, together))
        for n in range(COPIES)
    ]
    for copy in copies:
        copy.start()
    for copy in copies:
        copy.join(100)
    assert [copy.exitcode for copy in copies] == [0] * COPIES
    assert len(service.items()) == 1
    stored = asyncio.run(start(tmp_path / "data").load())
    assert stored is not None
    number = int(stored.user_id.removeprefix("user-"))
    assert stored == StoredSession(pair(number), f"user-{number}")


def test_a_session_is_read_after_a_restart_with_one_question_to_the_keychain(
    service: PrivateSecretService, tmp_path: Path
) -> None:
    stored = StoredSession(pair(1), "user-1")
    asyncio.run(start(tmp_path / "data").save(stored))

    async def a_run() -> list[str]:
        recorder = Recorder()
        keychain = OsKeychain("refapp", 60.0, recorder)
        storage = SecureStorage(
            tmp_path / "data",
            "https://auth.example.com",
            "refapp",
            keychain,
            recorder,
            lambda: 0.0,
            60.0,
        )
        assert await TokenService(storage).load() == stored
        for number in range(3):
            await TokenService(storage).save(StoredSession(pair(number), "user-1"))
        return [entry.what for entry in recorder.entries() if entry.target == "keychain"]

    assert asyncio.run(a_run()) == ["read key"]


def test_a_sign_out_leaves_neither_file_nor_key(
    service: PrivateSecretService, tmp_path: Path
) -> None:
    asyncio.run(start(tmp_path / "data").save(StoredSession(pair(1), "user-1")))
    assert len(service.items()) == 1
    asyncio.run(start(tmp_path / "data").forget())
    assert service.items() == {}
    assert [path.suffix for path in (tmp_path / "data").iterdir()] == [".lock"]


def test_with_the_keychain_locked_nothing_is_lost_and_unlocking_brings_it_back(
    service: PrivateSecretService, tmp_path: Path
) -> None:
    from refapp.trusted.errors import StorageLocked

    stored = StoredSession(pair(1), "user-1")
    asyncio.run(start(tmp_path / "data").save(stored))
    service.lock()
    copy = start(tmp_path / "data")
    with pytest.raises(StorageLocked):
        asyncio.run(copy.load())
    service.unlock()
    assert asyncio.run(copy.load()) == stored


def test_a_lost_keyring_is_told_and_signing_in_again_works(
    service: PrivateSecretService, tmp_path: Path
) -> None:
    from refapp.trusted.errors import KeyMissing

    asyncio.run(start(tmp_path / "data").save(StoredSession(pair(1), "user-1")))
    service.kill_daemon()
    os.truncate(service.keyrings / "login.keyring", 13)
    service.start_daemon()
    with pytest.raises(KeyMissing):
        asyncio.run(start(tmp_path / "data").load())
    again = StoredSession(pair(2), "user-1")
    asyncio.run(start(tmp_path / "data").save(again))
    assert asyncio.run(start(tmp_path / "data").load()) == again
    assert len(list((tmp_path / "data").glob("*.key_missing-*.json"))) == 1
