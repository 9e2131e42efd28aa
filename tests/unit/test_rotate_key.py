"""``refapp rotate-key``: what it says, what it answers with, and what the next start finds (SS-17)."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

from refapp.trusted.config import Settings
from refapp.trusted.keychain import Keychain
from refapp.trusted.recorder import Recorder
from refapp.trusted.rotate_key import DONE, FAILED, rotate
from refapp.trusted.secret import StoredSession, TokenPair
from refapp.trusted.secure_storage import SecureStorage
from refapp.trusted.token_service import TokenService
from steps.fake_keychain import TROUBLES, FakeKeychain

ORIGIN = "http://127.0.0.1:7001"
SESSION = StoredSession(TokenPair("access-1", "refresh-1"), "user-1")


def tokens(folder: Path, keychain: Keychain) -> TokenService:
    return TokenService(SecureStorage(folder, ORIGIN, "refapp", keychain, Recorder(), lambda: 0.0, 5.0))


def rotated(folder: Path, keychain: Keychain) -> tuple[int, str]:
    out = io.StringIO()
    settings = Settings(origin=ORIGIN, data_dir=folder, app_id="refapp")
    return asyncio.run(rotate(settings, keychain, Recorder(), out)), out.getvalue()


def test_the_session_is_read_under_another_key_by_the_next_start_and_by_a_copy_that_runs(tmp_path: Path) -> None:
    keychain = FakeKeychain()
    running = tokens(tmp_path, keychain)
    asyncio.run(running.save(SESSION))
    (before,) = keychain.items
    code, said = rotated(tmp_path, keychain)
    (after,) = keychain.items
    assert (code, before != after) == (DONE, True)
    assert "sealed under a new key" in said
    assert asyncio.run(running.load()) == SESSION
    assert asyncio.run(tokens(tmp_path, keychain).load()) == SESSION


def test_nothing_is_stored(tmp_path: Path) -> None:
    keychain = FakeKeychain()
    code, said = rotated(tmp_path, keychain)
    assert (code, keychain.items) == (DONE, {})
    assert said == f"Nothing is stored for {ORIGIN}, so there is no key to replace.\n"


def test_a_locked_keychain_leaves_everything_as_it_was(tmp_path: Path) -> None:
    keychain = FakeKeychain()
    asyncio.run(tokens(tmp_path, keychain).save(SESSION))
    items = dict(keychain.items)
    keychain.trouble = TROUBLES["locked"]
    code, said = rotated(tmp_path, keychain)
    assert (code, keychain.items) == (FAILED, items)
    assert said.startswith("Your keychain is locked. The session is kept as it was. Unlock your keychain")
    keychain.trouble = None
    assert asyncio.run(tokens(tmp_path, keychain).load()) == SESSION
