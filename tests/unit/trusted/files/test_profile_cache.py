"""The cached profile: plain, apart from the tokens, and never in anybody's way (SS-10, SI-6)."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from msgspec.structs import replace

from refapp.trusted.errors import WriteFailed
from refapp.trusted.files import atomic_file, places
from refapp.trusted.files.profile import Profile
from refapp.trusted.files.profile_cache import ProfileCache
from refapp.trusted.recorder import Recorder

BASE = "https://auth.example.com"
ADA = Profile("user-1", "Ada Lovelace", "ada@example.com", None)


def cache(folder: Path, recorder: Recorder | None = None) -> ProfileCache:
    return ProfileCache(
        places.profile(folder, BASE), recorder or Recorder(), lambda: 1_700_000_000.0
    )


def test_a_saved_profile_is_there_at_the_next_start(tmp_path: Path) -> None:
    assert cache(tmp_path).save(ADA)
    assert cache(tmp_path).load() == ADA


def test_the_file_is_plain_and_holds_the_profile_and_nothing_else(tmp_path: Path) -> None:
    cache(tmp_path).save(ADA)
    path = places.profile(tmp_path, BASE)
    assert json.loads(path.read_text()) == {
        "id": "user-1",
        "name": "Ada Lovelace",
        "email": "ada@example.com",
        "image": None,
    }
    assert path.stat().st_mode & 0o777 == 0o600


def test_nothing_saved_loads_as_nothing(tmp_path: Path) -> None:
    assert cache(tmp_path).load() is None


def test_a_cleared_profile_is_gone(tmp_path: Path) -> None:
    cache(tmp_path).save(ADA)
    assert cache(tmp_path).clear(ADA.id)
    assert cache(tmp_path).load() is None
    assert cache(tmp_path).clear(ADA.id)


def test_another_persons_is_not_cleared_with_hers(tmp_path: Path) -> None:
    cache(tmp_path).save(ADA)
    assert cache(tmp_path).clear("bob")
    assert cache(tmp_path).load() == ADA
    assert cache(tmp_path).clear("")
    assert cache(tmp_path).load() is None


def test_each_server_has_one(tmp_path: Path) -> None:
    cache(tmp_path).save(ADA)
    assert (
        ProfileCache(
            places.profile(tmp_path, "https://other.example.com"), Recorder(), float
        ).load()
        is None
    )


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"id": 1}', b'{"id": "x", "name": "y"}', b"\xff"]
)
def test_a_damaged_file_counts_as_none_and_is_set_aside(tmp_path: Path, content: bytes) -> None:
    (places.profile(tmp_path, BASE)).write_bytes(content)
    assert cache(tmp_path).load() is None
    assert next(tmp_path.glob("profile-*.damaged-1700000000.json")).read_bytes() == content
    assert not (places.profile(tmp_path, BASE)).exists()


def test_a_disk_that_refuses_raises_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache(tmp_path).save(ADA)

    def refuse(*_arguments: object, **_more: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(os, "replace", refuse)
    monkeypatch.setattr(Path, "unlink", refuse)
    monkeypatch.setattr(os, "fsync", refuse)
    assert cache(tmp_path).save(Profile("2", "B", "b@example.com")) is False
    assert cache(tmp_path).clear(ADA.id) is False
    assert cache(tmp_path).load() == ADA


@pytest.mark.parametrize("saved", [replace(ADA, id="user-2"), replace(ADA, name="Ada King")])
def test_a_full_disk_leaves_no_other_person_s_name_for_the_next_start(
    saved: Profile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Her own, as it was before, may stay (OW-5)."""
    cache(tmp_path).save(ADA)

    def full(path: Path, data: bytes, *, durable: bool = True) -> None:
        raise WriteFailed("The disk is full.")

    monkeypatch.setattr(atomic_file, "replace", full)
    assert not cache(tmp_path).save(saved)
    assert cache(tmp_path).load() == (ADA if saved.id == ADA.id else None)


def test_every_write_is_recorded_without_the_profile(tmp_path: Path) -> None:
    recorder = Recorder()
    profiles = cache(tmp_path, recorder)
    profiles.save(ADA)
    profiles.load()
    profiles.clear(ADA.id)
    assert [(entry.target, entry.what) for entry in recorder.entries()] == [
        ("disk", "write profile"),
        ("disk", "delete profile"),
    ]
    assert "Ada" not in repr(recorder.entries())
