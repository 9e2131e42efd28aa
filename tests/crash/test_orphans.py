"""Wherever the app is killed, the next write leaves one key in the keychain: that of the file (SS-17, NM-8).

The app is a forked process that ends itself, as a kill would, before the nth time that it opens, renames or deletes a file. The
keychain is a folder, so that its changes are such points too, and outlive the process.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
import writer

from refapp.trusted.recorder import Recorder
from refapp.trusted.storage.secret import StoredSession
from refapp.trusted.storage.secure_storage import SecureStorage
from refapp.trusted.storage.token_service import TokenService
from steps.in_process.copy_process import FolderKeychain

EFFECTS = {"open", "os.rename", "os.remove", "os.mkdir"}
DIED, WHOLE = 9, 0
SESSION = StoredSession(writer.NEW, "user-1")


def tokens(folder: Path) -> TokenService:
    keychain = FolderKeychain(folder / "keychain")
    return TokenService(SecureStorage(folder / "app", writer.ORIGIN, "refapp", keychain, Recorder(), lambda: 0.0, 2.0))


async def refresh(ours: TokenService) -> None:
    await ours.mark_refresh_sent(writer.NEW)
    await ours.save(SESSION)
    await ours.forget_refresh_sent()


WAYS: dict[str, tuple[bool, Callable[[TokenService], Awaitable[object]]]] = {
    "the first save": (False, lambda ours: ours.save(SESSION)),
    "a rotation": (True, lambda ours: ours.rotate_key()),
    "a sign-out": (True, lambda ours: ours.clear()),
    "a refresh with its journal": (True, refresh),
}


def killed(folder: Path, work: Callable[[TokenService], Awaitable[object]], at: int) -> bool:
    """Whether the app got as far as its effect number ``at``, and was killed before it."""
    pid = os.fork()
    if pid == 0:
        count = 0

        def hook(event: str, _: tuple[object, ...]) -> None:
            nonlocal count
            count += event in EFFECTS
            if count == at:
                os._exit(DIED)

        ended = DIED + 1
        try:
            ours = tokens(folder)
            sys.addaudithook(hook)
            asyncio.run(work(ours))  # type: ignore[arg-type]
            ended = WHOLE
        finally:
            os._exit(ended)
    ended = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    assert ended in (DIED, WHOLE)
    return ended == DIED


@pytest.mark.parametrize("way", WAYS)
def test_killed_before_any_effect_the_next_write_leaves_one_key(tmp_path: Path, way: str) -> None:
    before, work = WAYS[way]
    at, orphans = 0, []
    while True:
        at += 1
        folder = tmp_path / str(at)
        if before:
            asyncio.run(tokens(folder).save(SESSION))
        if not killed(folder, work, at):
            break
        asyncio.run(tokens(folder).save(SESSION))
        keys = [path.name for path in (folder / "keychain").iterdir()]
        left = [path.name for path in (folder / "app").glob("keys-*")]
        if len(keys) != 1 or left:
            orphans.append((at, keys, left))
        assert asyncio.run(tokens(folder).load()) == SESSION
    assert at > 5
    assert orphans == []
