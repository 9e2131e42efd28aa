"""A key that no file needs is deleted at the next write,
whatever cut its making or its deletion short (NM-8).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from refapp.trusted.errors import StorageLocked, StorageTimeout
from refapp.trusted.recorder import Recorder
from refapp.trusted.storage.token_file import SealedFor
from refapp.trusted.storage.vault import Vault
from steps.fakes.fake_keychain import FakeKeychain

Work = Callable[[Vault], Awaitable[object]]


class SlowKeychain(FakeKeychain):
    """Does what it is asked, and answers only when ``go_on`` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.slow: str | None = None
        self.asked = asyncio.Event()
        self.go_on = asyncio.Event()

    async def write_key(self, kid: str, key: bytes) -> None:
        await super().write_key(kid, key)
        await self._wait("write")

    async def delete_key(self, kid: str) -> None:
        if self.slow == "delete":
            await self._wait("delete")
        await super().delete_key(kid)

    async def _wait(self, what: str) -> None:
        if self.slow == what:
            self.asked.set()
            await self.go_on.wait()


def vault(folder: Path, keychain: FakeKeychain) -> Vault:
    return Vault(
        folder, SealedFor("refapp", "https://a.example"), keychain, Recorder(), lambda: 1.0, 5.0
    )


def key_of_file(folder: Path, keychain: FakeKeychain) -> str:
    found = asyncio.run(vault(folder, keychain)._disk.load())
    assert found is not None
    return found.kid


WORK: dict[str, tuple[str, Work]] = {
    "the first write, at its key": ("write", lambda v: v.write({"a": "2"})),
    "a rotation, at its new key": ("write", lambda v: v.rotate()),
    "a rotation, at the old key": ("delete", lambda v: v.rotate()),
    "an erasure, at the key": ("delete", lambda v: v.forget()),
}


@pytest.mark.parametrize("name", WORK)
def test_a_key_whose_making_or_deletion_was_cancelled_is_gone_after_the_next_write(
    tmp_path: Path, name: str
) -> None:
    slow, work = WORK[name]

    async def story() -> FakeKeychain:
        keychain = SlowKeychain()
        if "first" not in name:
            await vault(tmp_path, keychain).write({"a": "1"})
        keychain.slow = slow
        cancelled = asyncio.create_task(work(vault(tmp_path, keychain)))  # type: ignore[arg-type]
        await keychain.asked.wait()
        cancelled.cancel()
        with pytest.raises(asyncio.CancelledError):
            await cancelled
        keychain.slow = None
        return keychain

    keychain = asyncio.run(story())
    assert len(keychain.items) == (1 if "first" in name or "erasure" in name else 2)
    asyncio.run(vault(tmp_path, keychain).write({"a": "3"}))
    assert list(keychain.items) == [key_of_file(tmp_path, keychain)]
    assert not list(tmp_path.glob("keys-*"))


def test_a_key_that_was_made_though_the_keychain_did_not_say_so_is_deleted_too(
    tmp_path: Path,
) -> None:
    class Mute(FakeKeychain):
        async def write_key(self, kid: str, key: bytes) -> None:
            await super().write_key(kid, key)
            raise StorageTimeout("The keychain did not answer in time.")

    mute = Mute()
    with pytest.raises(StorageTimeout):
        asyncio.run(vault(tmp_path, mute).write({"a": "1"}))
    keychain = FakeKeychain()
    keychain.items = mute.items
    asyncio.run(vault(tmp_path, keychain).write({"a": "1"}))
    assert list(keychain.items) == [key_of_file(tmp_path, keychain)]


def test_what_the_keychain_does_not_delete_at_the_next_write_either_is_kept_in_mind(
    tmp_path: Path,
) -> None:
    keychain = FakeKeychain()
    asyncio.run(vault(tmp_path, keychain).write({"a": "1"}))
    keychain.trouble = StorageLocked("Your keychain is locked.")
    asyncio.run(vault(tmp_path, keychain).forget())
    keychain.trouble = None
    delete_key = keychain.delete_key

    async def refuse(kid: str) -> None:
        raise StorageLocked("Your keychain is locked.")

    keychain.delete_key = refuse  # type: ignore[method-assign]
    asyncio.run(vault(tmp_path, keychain).write({"a": "2"}))
    assert len(keychain.items) == 2
    keychain.delete_key = delete_key  # type: ignore[method-assign]
    asyncio.run(vault(tmp_path, keychain).write({"a": "3"}))
    assert list(keychain.items) == [key_of_file(tmp_path, keychain)]


def test_a_note_that_names_the_key_in_use_costs_no_session(tmp_path: Path) -> None:
    keychain = FakeKeychain()
    asyncio.run(vault(tmp_path, keychain).write({"a": "1"}))
    kid = key_of_file(tmp_path, keychain)
    here = vault(tmp_path, keychain)
    here._stray.note_ahead(kid)
    here._stray.note_ahead("gone")
    asyncio.run(here.write({"b": "2"}))
    assert asyncio.run(vault(tmp_path, keychain).read()) == {"a": "1", "b": "2"}
    assert not list(tmp_path.glob("keys-*"))


@pytest.mark.parametrize("meanwhile", ["rotated", "erased"])
def test_a_key_that_goes_between_the_file_and_the_key_is_no_missing_key(
    tmp_path: Path, meanwhile: str
) -> None:
    """SS-17: `refapp rotate-key`, or another copy's sign-out, while this one reads.
    It holds no lease.
    """
    keychain = FakeKeychain()
    asyncio.run(vault(tmp_path, keychain).write({"a": "1"}))
    read_key = keychain.read_key

    async def after_that(kid: str) -> bytes | None:
        keychain.read_key = read_key  # type: ignore[method-assign]
        other = vault(tmp_path, keychain)
        await (other.rotate() if meanwhile == "rotated" else other.forget())
        return await read_key(kid)

    for read, found in (
        (lambda v: v.read("a"), {"a": "1"} if meanwhile == "rotated" else {}),
        (lambda v: v.fingerprint("a", "1"), ...),
    ):
        keychain.read_key = after_that  # type: ignore[method-assign]
        came = asyncio.run(read(vault(tmp_path, keychain)))
        assert came == found if found is not ... else (came is None) is (meanwhile == "erased")
