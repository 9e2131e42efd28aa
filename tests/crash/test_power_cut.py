"""What a save answered for is on the disk when the power goes,
not in the kernel's memory alone (SS-11).

The store lives on a file system in a file. Right after the save returned, that file is copied: it
holds what had reached the "disk". The copy is mounted, as after a power cut, and read. Needs root
and a loop device.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import writer

from refapp.trusted.files import atomic_file
from refapp.trusted.storage.secret import StoredSession
from refapp.trusted.storage.token_service import TokenService

IMAGE_BYTES = 24 << 20
TRIES = 5
"""Another program may have all disks written out just when none should be."""


class Disk:
    """An ext4 file system in a file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._image = folder / "disk.img"
        self._items: dict[str, bytes] = {}
        with self._image.open("wb") as image:
            image.truncate(IMAGE_BYTES)
        subprocess.run(["mkfs.ext4", "-q", "-F", self._image], check=True)

    @contextlib.contextmanager
    def mounted(self, image: Path | None = None) -> Iterator[Path]:
        point = self._folder / f"mounted-{'copy' if image else 'disk'}"
        point.mkdir()
        command = ["mount", "-o", "loop", image or self._image, point]
        answer = subprocess.run(command, capture_output=True, text=True)
        if answer.returncode:
            pytest.skip(f"can't mount a file here: {answer.stderr.strip()}")
        try:
            yield point
        finally:
            subprocess.run(["umount", point], check=True)
            point.rmdir()

    def save(self, point: Path, pair: writer.TokenPair) -> None:
        service = TokenService(writer.storage(point / "data", self._items))
        asyncio.run(service.save(StoredSession(pair, "user-1")))

    def found_after_a_power_cut(self) -> str:
        copy = self._folder / "copy.img"
        shutil.copyfile(self._image, copy)
        with self.mounted(copy) as point:
            session = asyncio.run(TokenService(writer.storage(point / "data", self._items)).load())
        if session is None:
            return "nothing"
        return {writer.OLD: "old", writer.NEW: "new"}.get(session.pair, "mixed")


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    if os.geteuid() != 0 or shutil.which("mkfs.ext4") is None:
        pytest.skip("needs root and mkfs.ext4")
    return Disk(tmp_path)


def test_a_first_pair_outlives_a_power_cut(disk: Disk) -> None:
    with disk.mounted() as point:
        disk.save(point, writer.OLD)
        assert disk.found_after_a_power_cut() == "old"


def test_a_refreshed_pair_outlives_a_power_cut(disk: Disk) -> None:
    with disk.mounted() as point:
        disk.save(point, writer.OLD)
        os.sync()
        disk.save(point, writer.NEW)
        assert disk.found_after_a_power_cut() == "new"


def test_without_the_folders_sync_the_refreshed_pair_would_be_lost(
    disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = set()
    with disk.mounted() as point:
        for _ in range(TRIES):
            disk.save(point, writer.OLD)
            os.sync()
            with monkeypatch.context() as without:
                without.setattr(atomic_file, "_sync_folder", lambda _path: None)
                disk.save(point, writer.NEW)
                found.add(disk.found_after_a_power_cut())
    assert "old" in found
