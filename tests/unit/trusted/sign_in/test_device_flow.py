"""The code of a sign-in that was given up is on the disk no more, however late it came there."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from refapp.trusted.storage.secret import DeviceGrant
from steps.in_process.inproc import InProcess


def test_a_code_that_the_keychain_let_be_put_away_after_that_is_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    computer = InProcess(tmp_path)
    computer.open()
    tokens, unlocked = computer.copy.app.tokens, asyncio.Event()
    keep = tokens.keep_pending

    async def once_unlocked(grant: DeviceGrant) -> None:
        await unlocked.wait()
        await keep(grant)

    monkeypatch.setattr(tokens, "keep_pending", once_unlocked)
    computer.press("sign in with a code")
    computer.press("cancel")
    computer.time.loop.call_soon(unlocked.set)
    computer.rest()
    assert list(computer.folder.glob("tokens-*.json")) == []
    assert computer.keys() == []
    computer.finish()
