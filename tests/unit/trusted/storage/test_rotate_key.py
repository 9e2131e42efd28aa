"""``refapp rotate-key``:
what it says, what it answers with, and what the next start finds (SS-17).
"""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

import pytest

from refapp.cli import main
from refapp.trusted.config import Settings
from refapp.trusted.errors import StorageTimeout, WriteNotDurable
from refapp.trusted.files import atomic_file
from refapp.trusted.keys.keychain import Keychain
from refapp.trusted.recorder import Recorder
from refapp.trusted.storage.rotate_key import DONE, FAILED, rotate
from refapp.trusted.storage.secret import DeviceGrant, StoredSession, TokenPair
from refapp.trusted.storage.secure_storage import SecureStorage
from refapp.trusted.storage.token_service import TokenService
from steps.fakes.fake_keychain import TROUBLES, FakeKeychain

ORIGIN = "http://127.0.0.1:7001"
SESSION = StoredSession(TokenPair("access-1", "refresh-1"), "user-1")


def tokens(folder: Path, keychain: Keychain) -> TokenService:
    return TokenService(
        SecureStorage(folder, ORIGIN, "refapp", keychain, Recorder(), lambda: 0.0, 5.0)
    )


def rotated(folder: Path, keychain: Keychain) -> tuple[int, str]:
    out = io.StringIO()
    settings = Settings(origin=ORIGIN, data_dir=folder, app_id="refapp")
    return asyncio.run(rotate(settings, keychain, Recorder(), out)), out.getvalue()


def test_the_session_is_read_under_another_key_by_the_next_start_and_by_a_copy_that_runs(
    tmp_path: Path,
) -> None:
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


class Reluctant(FakeKeychain):
    """Adds keys, and does not delete them."""

    async def delete_key(self, kid: str) -> None:
        raise StorageTimeout("The keychain did not answer in time.")


def test_an_old_key_that_stays_is_named_and_not_said_to_be_deleted(tmp_path: Path) -> None:
    keychain = Reluctant()
    asyncio.run(tokens(tmp_path, keychain).save(SESSION))
    (before,) = keychain.items
    code, said = rotated(tmp_path, keychain)
    assert (code, len(keychain.items)) == (FAILED, 2)
    assert said == (
        f"What is stored for {ORIGIN} is sealed under a new key now, but the keychain did not "
        "delete the old one, which opens "
        f'earlier copies of the file. Delete the item "master-key:{before}" of "refapp" '
        "in the keychain.\n"
    )
    assert asyncio.run(tokens(tmp_path, keychain).load()) == SESSION


def test_a_disk_that_is_not_sure_of_the_new_file_leaves_both_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keychain = FakeKeychain()
    asyncio.run(tokens(tmp_path, keychain).save(SESSION))

    def unsure(path: Path) -> None:
        raise WriteNotDurable(
            f"The disk did not confirm the change of the file {atomic_file.called(path)}."
        )

    monkeypatch.setattr(atomic_file, "_sync_folder", unsure)
    code, said = rotated(tmp_path, keychain)
    assert (code, len(keychain.items)) == (FAILED, 2)
    assert (
        "is sealed under a new key now; the old one is kept, for after a power cut the old "
        "file may be back" in said
    )
    assert "kept as it was" not in said


def test_a_device_sign_in_that_waits_is_something_stored(tmp_path: Path) -> None:
    keychain = FakeKeychain()
    grant = DeviceGrant("code", "ABCD", "https://auth.example.com/device", 5.0, 900.0)
    asyncio.run(tokens(tmp_path, keychain).keep_pending(grant))
    (before,) = keychain.items
    code, said = rotated(tmp_path, keychain)
    (after,) = keychain.items
    assert (code, before != after) == (DONE, True)
    assert (
        said
        == f"What is stored for {ORIGIN} is sealed under a new key now; the old key is deleted.\n"
    )
    assert asyncio.run(tokens(tmp_path, keychain).load_pending()) == grant


def test_nothing_is_stored(tmp_path: Path) -> None:
    keychain = FakeKeychain()
    code, said = rotated(tmp_path, keychain)
    assert (code, keychain.items) == (DONE, {})
    assert said == f"Nothing is stored for {ORIGIN}, so there is no key to replace.\n"
    assert list(tmp_path.iterdir()) == []


def test_the_embedded_server_is_called_that_and_gets_no_port(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rotate-key", "--home", str(tmp_path)]) == DONE
    assert (
        capsys.readouterr().out
        == "Nothing is stored for the embedded server, so there is no key to replace.\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_locked_keychain_leaves_everything_as_it_was(tmp_path: Path) -> None:
    keychain = FakeKeychain()
    asyncio.run(tokens(tmp_path, keychain).save(SESSION))
    items = dict(keychain.items)
    keychain.trouble = TROUBLES["locked"]
    code, said = rotated(tmp_path, keychain)
    assert (code, keychain.items) == (FAILED, items)
    assert said.startswith(
        "Your keychain is locked. The session is kept as it was. Unlock your keychain"
    )
    keychain.trouble = None
    assert asyncio.run(tokens(tmp_path, keychain).load()) == SESSION


def test_what_the_keychain_asks_meanwhile_is_said(tmp_path: Path) -> None:
    keychain = FakeKeychain()
    asyncio.run(tokens(tmp_path, keychain).save(SESSION))
    keychain.asks = True
    heard = asyncio.Event()

    class Terminal(io.StringIO):
        def flush(self) -> None:
            heard.set()

    out = Terminal()

    async def body() -> int:
        settings = Settings(origin=ORIGIN, data_dir=tmp_path, app_id="refapp")
        rotating = asyncio.create_task(rotate(settings, keychain, Recorder(), out))
        await heard.wait()
        keychain.answer(yes=True)
        return await rotating

    assert asyncio.run(asyncio.wait_for(body(), 30)) == DONE
    assert out.getvalue().startswith("Test Keychain asks you whether it may.\n")
