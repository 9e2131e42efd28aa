"""Wherever the app is killed, the next write leaves one key in the keychain:
that of the file (SS-17, NM-8).

The app is a forked process that ends itself, as a kill would, before the nth time that it opens,
renames or deletes a file. The keychain is a folder, so that its changes are such points too, and
outlive the process.
"""

from __future__ import annotations

import asyncio
import functools
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from refapp.trusted.recorder import Recorder
from refapp.trusted.storage.secure_storage import SecureStorage
from refapp.trusted.storage.token_service import TokenService
from steps.in_process.copy_process import FolderKeychain
from tests.crash.kill_points import FIRST, SESSION, WAYS, killed

ORIGIN = "https://auth.example.com"
EFFECTS = {"open", "os.rename", "os.remove", "os.mkdir"}


def tokens(folder: Path) -> TokenService:
    keychain = FolderKeychain(folder / "keychain")
    return TokenService(
        SecureStorage(folder / "app", ORIGIN, "refapp", keychain, Recorder(), lambda: 0.0, 2.0)
    )


def watch(effect: Callable[[], None]) -> None:
    sys.addaudithook(lambda event, _: effect() if event in EFFECTS else None)


@pytest.mark.parametrize("way", WAYS)
def test_killed_before_any_effect_the_next_write_leaves_one_key(tmp_path: Path, way: str) -> None:
    at, orphans = 0, []
    while True:
        at += 1
        folder = tmp_path / str(at)
        if way != FIRST:
            asyncio.run(tokens(folder).save(SESSION))
        if not killed(functools.partial(tokens, folder), WAYS[way], watch, at):
            break
        asyncio.run(tokens(folder).save(SESSION))
        keys = [path.name for path in (folder / "keychain").iterdir()]
        left = [path.name for path in (folder / "app").glob("keys-*")]
        if len(keys) != 1 or left:
            orphans.append((at, keys, left))
        assert asyncio.run(tokens(folder).load()) == SESSION
    assert at > 5
    assert orphans == []
