"""Disks that are real, where this machine can have them: the rows of ``test_disks.py`` without a
spoilt system call.

Each is a folder that behaves as it does by itself.
What can't be had here is skipped by name, with the reason.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from refapp.trusted.errors import WriteFailed
from refapp.trusted.files.disk_limits import limits
from refapp.trusted.recorder import Recorder
from refapp.trusted.storage.secret import StoredSession, TokenPair
from refapp.trusted.storage.secure_storage import SecureStorage
from refapp.trusted.storage.token_service import TokenService
from refapp.trusted.wording import file_words
from steps.fakes.fake_keychain import FakeKeychain

ORIGIN = "https://auth.example.com"
OLD = StoredSession(TokenPair("access-old", "refresh-old"), "user-1")
NEW = StoredSession(TokenPair("access-new", "refresh-new"), "user-1")
# bindfs comes with FUSE 2 or with FUSE 3.
FUSE_UMOUNT = "fusermount3" if shutil.which("fusermount3") else "fusermount"
NOT_WRITTEN = "Free some disk space or mend the folder's permissions, then try again."


def tokens(folder: Path, items: dict[str, bytes]) -> TokenService:
    """A new start of the app."""
    keychain = FakeKeychain()
    keychain.items = items
    return TokenService(
        SecureStorage(folder / "app", ORIGIN, "refapp", keychain, Recorder(), lambda: 0.0, 2.0)
    )


@contextlib.contextmanager
def mounted(folder: Path, command: Sequence[str], undo: Sequence[str]) -> Iterator[None]:
    """``folder`` as the command mounts or marks it; skips where that is not allowed."""
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    answer = subprocess.run([*command, str(folder)], capture_output=True, text=True, check=False)
    if answer.returncode:
        pytest.skip(f"{command[0]} can't do that here: {answer.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run([*undo, str(folder)], check=True)


@pytest.fixture
def inner() -> Iterator[Path]:
    """On a disk: what tests are given may be memory, where no file can be marked."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        yield Path(folder)


@pytest.fixture
def outer() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        yield Path(folder)


def nfs() -> Iterator[Path]:
    """The folders of this machine that lie on NFS."""
    for line in Path("/proc/mounts").read_text().splitlines():
        _, where, kind, *_ = line.split(" ")
        folder = Path(where.encode().decode("unicode_escape"))
        if kind in ("nfs", "nfs4") and os.access(folder, os.W_OK):
            yield folder


def stored_replaced_and_erased(folder: Path) -> None:
    """What every start does that meets no trouble; another copy of the app waits for its turn."""
    items: dict[str, bytes] = {}
    ours = tokens(folder, items)
    asyncio.run(ours.save(OLD))
    asyncio.run(tokens(folder, items).save(NEW))
    assert asyncio.run(tokens(folder, items).load()) == NEW
    assert limits(folder / "app") == ""
    asyncio.run(ours.forget())
    assert (list((folder / "app").glob("tokens-*.json")), items) == ([], {})


def kept_though_not_replaced(folder: Path, items: dict[str, bytes]) -> None:
    """The person reads what to do, the old tokens are there, and no new key is."""
    keys = dict(items)
    with pytest.raises(WriteFailed) as raised:
        asyncio.run(tokens(folder, items).save(NEW))
    assert raised.value.cure == NOT_WRITTEN or raised.value.sentence.endswith(NOT_WRITTEN)
    assert asyncio.run(tokens(folder, items).load()) == OLD
    assert items == keys


def test_fuse_works_as_any_disk(inner: Path, outer: Path) -> None:
    with mounted(outer, ["bindfs", str(inner)], [FUSE_UMOUNT, "-u"]):
        stored_replaced_and_erased(outer)


def test_fuse_that_is_read_only_keeps_the_old_tokens(inner: Path, outer: Path) -> None:
    items: dict[str, bytes] = {}
    asyncio.run(tokens(inner, items).save(OLD))
    with mounted(outer, ["bindfs", "-o", "ro", str(inner)], [FUSE_UMOUNT, "-u"]):
        kept_though_not_replaced(outer, items)


def test_a_full_disk_keeps_the_old_tokens(outer: Path) -> None:
    with mounted(outer, ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs"], ["umount"]):
        items: dict[str, bytes] = {}
        asyncio.run(tokens(outer, items).save(OLD))
        with contextlib.suppress(OSError), (outer / "film").open("wb", buffering=0) as film:
            while True:
                film.write(bytes(4096))
        assert limits(outer) == file_words.NO_SPACE
        kept_though_not_replaced(outer, items)


def test_a_file_that_may_not_be_changed_keeps_the_old_tokens(outer: Path) -> None:
    items: dict[str, bytes] = {}
    asyncio.run(tokens(outer, items).save(OLD))
    (file,) = (outer / "app").glob("tokens-????????.json")
    with mounted(file, ["chattr", "+i"], ["chattr", "-i"]):
        kept_though_not_replaced(outer, items)


def test_nfs_works_as_any_disk() -> None:
    kinds = Path("/proc/filesystems").read_text().split()
    if "nfs" not in kinds and "nfs4" not in kinds:
        pytest.skip("this kernel has no NFS client")
    folder = next(nfs(), None)
    if folder is None:
        pytest.skip("no NFS folder that can be written to is mounted here")
    with tempfile.TemporaryDirectory(dir=folder) as ours:
        stored_replaced_and_erased(Path(ours))
