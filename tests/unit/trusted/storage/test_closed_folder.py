"""A data folder that this user may not look into: a sentence and what is left of the app, and
nothing is taken for lost.
"""

from __future__ import annotations

import asyncio
import concurrent.futures.thread  # noqa: F401 - somebody else may not be able to load it later
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from refapp.cli import USAGE, main
from refapp.doctor import probes
from refapp.trusted import Phase
from refapp.trusted.composition.library import Session
from refapp.trusted.config import Settings
from refapp.trusted.errors import StorageError
from refapp.trusted.files import places
from refapp.trusted.files.profile_cache import ProfileCache
from refapp.trusted.recorder import Recorder
from refapp.trusted.services.workspace import Workspace
from refapp.trusted.storage.secure_storage import SecureStorage
from refapp.trusted.storage.token_service import TokenService
from steps.fakes.fake_keychain import FakeKeychain

NOBODY = 65534


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[Path]:
    """A folder with an entry that nobody gets at."""
    outer = tmp_path / "closed"
    (outer / "home").mkdir(parents=True)
    outer.chmod(0)
    yield outer / "home"
    outer.chmod(0o700)


def as_somebody(work: Callable[[], None]) -> None:
    """Do it in a process for which permissions count: root passes them by."""
    pid = os.fork()
    if not pid:
        signal.alarm(20)
        try:
            if os.geteuid() == 0:
                os.setresuid(NOBODY, NOBODY, NOBODY)
            work()
            os._exit(0)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def test_doctor_says_that_it_can_not_be_read(closed: Path) -> None:
    def work() -> None:
        assert probes.files(closed) == []
        assert probes.history(closed) == []

    as_somebody(work)


def test_a_folder_in_it_that_can_not_be_read_is_said_too(tmp_path: Path) -> None:
    (tmp_path / "home" / "notes").mkdir(parents=True)
    (tmp_path / "home" / "notes").chmod(0)

    def work() -> None:
        assert probes.files(tmp_path / "home") == []

    for folder in (tmp_path.parent.parent, tmp_path.parent, tmp_path):
        folder.chmod(0o755)
    as_somebody(work)


def test_the_parts_of_the_app_that_read_it(closed: Path) -> None:
    def work() -> None:
        tokens = TokenService(
            SecureStorage(
                closed, "http://127.0.0.1:1", "refapp", FakeKeychain(), Recorder(), float, 1.0
            )
        )
        assert not tokens.on_file()
        with pytest.raises(StorageError):
            asyncio.run(tokens.load())
        assert Workspace(closed, Recorder(), float).all() == []
        profiles = ProfileCache(places.profile(closed, "http://127.0.0.1:1"), Recorder(), float)
        assert profiles.load() is None
        assert not profiles.clear("")

    as_somebody(work)


def test_a_session_of_the_library_is_unavailable(closed: Path) -> None:
    async def restored() -> None:
        session = Session(Settings(origin="http://127.0.0.1:1", data_dir=closed), FakeKeychain())
        assert await session.restore() is Phase.UNAVAILABLE
        await session.close()

    as_somebody(lambda: asyncio.run(restored()))


def test_rotate_key_is_refused(closed: Path) -> None:
    def work() -> None:
        assert (
            main(["rotate-key", "--home", str(closed), "--server", "https://auth.example.com"])
            == USAGE
        )

    as_somebody(work)
