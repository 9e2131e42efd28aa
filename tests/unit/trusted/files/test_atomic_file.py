"""A small file is whole at all times, for its owner alone,
and its version can be told without reading it.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from refapp.trusted.errors import StorageFault, WriteFailed, WriteNotDurable
from refapp.trusted.files import atomic_file


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "data" / "tokens.json"
    signature = atomic_file.replace(path, b"one")
    assert atomic_file.read(path) == (b"one", signature)


def test_a_file_that_is_not_there_reads_as_none(tmp_path: Path) -> None:
    assert atomic_file.read(tmp_path / "tokens.json") is None


@pytest.mark.parametrize(
    ("path", "called"),
    [
        ("app/tokens-1a2b3c4d.json", "of your stored session"),
        ("notes/app/tokens-1a2b3c4d.json", "of your stored session"),
        ("app/refresh-1a2b3c4d.json", "of your session's renewal"),
        ("app/notes/0123456789abcdef/0123456789ab.json", "of your notes"),
        ("app/notes/0123456789abcdef.apart.json", "of your notes"),
        ("app/window.json", "window.json"),
    ],
)
def test_no_person_reads_the_hash_in_a_file_s_name(path: str, called: str) -> None:
    assert atomic_file.called(Path(path)) == called


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_only_the_owner_may_read_it_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    path = tmp_path / "data" / "tokens.json"
    before = os.umask(umask)
    try:
        atomic_file.replace(path, b"one")
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_others_may_enter_is_closed_to_them(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o755)
    atomic_file.replace(folder / "tokens.json", b"one")
    assert folder.stat().st_mode & 0o777 == 0o700


def test_each_version_has_its_own_signature(tmp_path: Path) -> None:
    path = tmp_path / "tokens.json"
    first = atomic_file.replace(path, b"one")
    second = atomic_file.replace(path, b"two")
    assert first != second
    assert atomic_file.signature(path) == second
    path.unlink()
    assert atomic_file.signature(path) is None


def test_a_full_disk_leaves_the_old_file_and_no_leavings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "tokens.json"
    atomic_file.replace(path, b"old")

    def full(_fd: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WriteFailed):
        atomic_file.replace(path, b"new")
    assert [file.name for file in tmp_path.iterdir()] == ["tokens.json"]
    assert path.read_bytes() == b"old"


def test_a_folder_that_is_not_confirmed_is_told_apart_from_a_failed_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "tokens.json"
    synced: list[str] = []
    real = os.fsync

    def fails_on_folders(fd: int) -> None:
        synced.append("folder" if Path(f"/proc/self/fd/{fd}").is_dir() else "file")
        if synced[-1] == "folder":
            raise OSError(errno.EIO, "Input/output error")
        real(fd)

    monkeypatch.setattr(os, "fsync", fails_on_folders)
    with pytest.raises(WriteNotDurable):
        atomic_file.replace(path, b"new")
    assert path.read_bytes() == b"new"
    assert synced == ["file", "folder"]


def test_a_file_that_is_no_file_is_a_fault_not_a_missing_file(tmp_path: Path) -> None:
    (tmp_path / "tokens.json").mkdir()
    with pytest.raises(StorageFault):
        atomic_file.read(tmp_path / "tokens.json")


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "tokens.json"
    with path.open("wb") as file:
        file.truncate(atomic_file.LIMIT + 1)
    with pytest.raises(StorageFault):
        atomic_file.read(path)


def test_what_would_not_be_read_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "tokens.json"
    for size in (atomic_file.LIMIT, 1):
        atomic_file.replace(path, b"x" * size)
        with pytest.raises(WriteFailed):
            atomic_file.replace(path, b"x" * (atomic_file.LIMIT + 1))
        found = atomic_file.read(path)
        assert found is not None
        assert len(found[0]) == size


def test_setting_aside_twice_in_one_second_keeps_both(tmp_path: Path) -> None:
    path = tmp_path / "tokens.json"
    for text in (b"first", b"second"):
        path.write_bytes(text)
        atomic_file.set_aside(path, "damaged", 1_700_000_000.9)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {
        "tokens.damaged-1700000000.json": b"first",
        "tokens.damaged-1700000000-1.json": b"second",
    }


def test_a_sweep_takes_the_leavings_of_this_file_alone(tmp_path: Path) -> None:
    for name in (".tokens.abc.tmp", ".other.abc.tmp", "tokens.json"):
        (tmp_path / name).write_bytes(b"")
    atomic_file.sweep(tmp_path / "tokens.json")
    assert sorted(file.name for file in tmp_path.iterdir()) == [".other.abc.tmp", "tokens.json"]


def test_deleting_what_is_not_there_is_fine(tmp_path: Path) -> None:
    assert atomic_file.remove(tmp_path / "tokens.json") is False
