"""The stored session: the pair in one write, compare-and-delete, the refresh journal, and a key
that can be exchanged.
"""

from __future__ import annotations

import asyncio
import os
import threading
from pathlib import Path

import msgspec
import pytest

from refapp.trusted import errors
from refapp.trusted.errors import (
    BlobDamaged,
    KeyMissing,
    StorageLocked,
    WriteFailed,
    WriteNotDurable,
)
from refapp.trusted.files import atomic_file
from refapp.trusted.recorder import Recorder
from refapp.trusted.storage.secret import DeviceGrant, SessionMode, StoredSession, TokenPair
from refapp.trusted.storage.secure_storage import SecureStorage
from refapp.trusted.storage.token_service import TokenService
from steps.fakes.fake_keychain import FakeKeychain

OLD = StoredSession(
    TokenPair("access-1", "refresh-1"), "user-1", SessionMode.ROTATING, 1000.0, 1900.5, "family-1"
)
NEW = StoredSession(
    TokenPair("access-2", "refresh-2"), "user-1", SessionMode.ROTATING, 1900.0, None
)


class Desk:
    """One machine; ``start`` starts a copy of the app on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.recorder = Recorder()
        self.keychain = FakeKeychain(self.recorder)
        self.now = 5000.0

    def storage(self) -> SecureStorage:
        return SecureStorage(
            self.folder,
            "https://a.example",
            "refapp",
            self.keychain,
            self.recorder,
            lambda: self.now,
            5.0,
        )

    def start(self) -> TokenService:
        return TokenService(self.storage())

    def stored(self) -> StoredSession | None:
        return asyncio.run(self.start().load())

    def path(self) -> Path:
        return self.storage().vault.path


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "data")


@pytest.mark.parametrize("session", [OLD, NEW])
def test_a_saved_session_is_loaded_after_a_restart(desk: Desk, session: StoredSession) -> None:
    asyncio.run(desk.start().save(session))
    assert desk.stored() == session


def test_what_a_version_in_use_has_stored_is_read_by_every_later_one(desk: Desk) -> None:
    """The names and the form on the disk:
    who changes them signs everybody out, or has to read both.
    """
    asyncio.run(desk.storage().set("accessToken", "access-1"))
    asyncio.run(desk.storage().set("refreshToken", "refresh-1"))
    life = (
        '{"user_id":"user-1","mode":"rotating","obtained_at":1000.0,"expires_at":1900.5,'
        '"of_a_later_version":1}'
    )
    asyncio.run(desk.storage().set("session", life))
    first = StoredSession(
        TokenPair("access-1", "refresh-1"), "user-1", SessionMode.ROTATING, 1000.0, 1900.5
    )
    assert desk.stored() == first  # what was added since has its default


@pytest.mark.parametrize("name", ["accessToken", "refreshToken"])
def test_a_token_that_a_window_stored_is_nobody_s_though_hers_were_there(
    desk: Desk, name: str
) -> None:
    """A window of another copy, signed out a moment longer than this one: its token must not pass
    for Ada's (OW-1).
    """
    asyncio.run(desk.start().save(OLD))
    assert asyncio.run(desk.storage().set(name, "mallory's")).success
    found = desk.stored()
    assert found is not None
    assert found.user_id == ""
    assert "mallory's" in (found.pair.access, found.pair.refresh)


def test_every_part_of_a_session_is_stored(desk: Desk) -> None:
    """Whatever a session is given beside its pair comes back: ``OLD`` has no part that would be the
    same by default.
    """
    assert [
        field.name
        for field in msgspec.structs.fields(StoredSession)
        if getattr(OLD, field.name) == field.default
    ] == []
    asyncio.run(desk.start().save(OLD))
    assert desk.stored() == OLD


def test_nothing_stored_loads_as_nothing_and_asks_for_no_key(desk: Desk) -> None:
    assert desk.stored() is None
    assert desk.recorder.entries() == []


def test_a_save_is_one_write_that_takes_both_tokens(desk: Desk) -> None:
    asyncio.run(desk.start().save(OLD))
    before = len(desk.recorder.entries())
    asyncio.run(desk.start().save(NEW))
    what = [entry.what for entry in desk.recorder.entries()[before:]]
    assert what == ["read key", "write tokens"]
    assert desk.stored() == NEW


def test_a_save_keeps_the_parents_further_secrets_and_a_clear_does_not(desk: Desk) -> None:
    asyncio.run(desk.storage().set("syncPassword", "s"))
    asyncio.run(desk.start().save(OLD))
    assert asyncio.run(desk.storage().get("syncPassword")).data == "s"
    asyncio.run(desk.start().forget())
    assert asyncio.run(desk.storage().get("syncPassword")).data is None


def test_tokens_of_the_five_operations_are_a_session_of_nobody_yet(desk: Desk) -> None:
    asyncio.run(desk.storage().set("accessToken", "a"))
    assert desk.stored() == StoredSession(TokenPair("a", ""), "")


def test_a_session_whose_refresh_token_was_deleted_has_none(desk: Desk) -> None:
    asyncio.run(desk.start().save(OLD))
    asyncio.run(desk.storage().delete("refreshToken"))
    stored = desk.stored()
    assert stored is not None
    assert stored.pair == TokenPair("access-1", "")


def test_a_session_whose_access_token_was_deleted_has_none_and_can_still_be_refreshed(
    desk: Desk,
) -> None:
    asyncio.run(desk.start().save(OLD))
    asyncio.run(desk.storage().delete("accessToken"))
    stored = desk.stored()
    assert stored is not None
    assert stored.pair == TokenPair("", "refresh-1")


def test_a_locked_keychain_is_an_error_not_an_absent_session_and_passes(desk: Desk) -> None:
    asyncio.run(desk.start().save(OLD))
    service = desk.start()
    desk.keychain.trouble = StorageLocked("Your keychain is locked.")
    with pytest.raises(StorageLocked):
        asyncio.run(service.load())
    assert asyncio.run(service.unlock()).ready
    assert asyncio.run(service.load()) == OLD


def test_a_run_that_has_its_key_goes_on_saving_while_the_keychain_is_locked(desk: Desk) -> None:
    async def body() -> None:
        service = desk.start()
        await service.save(OLD)
        desk.keychain.trouble = StorageLocked("Your keychain is locked.")
        await service.save(NEW)
        desk.keychain.trouble = None

    asyncio.run(body())
    assert desk.stored() == NEW


def test_a_clear_needs_no_keychain_and_takes_the_journal_along(desk: Desk) -> None:
    asyncio.run(desk.start().save(OLD))
    asyncio.run(desk.start().mark_refresh_sent(OLD.pair))
    desk.keychain.trouble = StorageLocked("Your keychain is locked.")
    asyncio.run(desk.start().forget())
    assert sorted(path.name.partition("-")[0] + path.suffix for path in desk.folder.iterdir()) == [
        # a locked keychain keeps the key, which opens nothing any more, until the next write
        "keys.json",
        "tokens.lock",
    ]


def test_a_pair_that_was_replaced_meanwhile_is_not_cleared(desk: Desk) -> None:
    asyncio.run(desk.start().save(OLD))
    asyncio.run(desk.start().save(NEW))
    assert asyncio.run(desk.start().forget_if(OLD.pair)) is False
    assert desk.stored() == NEW
    assert asyncio.run(desk.start().forget_if(NEW.pair)) is True
    assert desk.stored() is None
    assert asyncio.run(desk.start().forget_if(NEW.pair)) is False


def test_a_pair_without_refresh_token_is_compared_whole(desk: Desk) -> None:
    asyncio.run(desk.start().save(OLD))
    assert asyncio.run(desk.start().forget_if(TokenPair(OLD.pair.access, ""))) is False
    assert desk.stored() == OLD


def test_another_copys_writes_and_its_sign_out_are_noticed_and_our_own_are_not(desk: Desk) -> None:
    async def body() -> list[bool]:
        ours, other = desk.start(), desk.start()
        version = ours.version
        seen = [version.changed()]
        version.use(version.now())
        seen.append(version.changed())
        await ours.save(OLD)
        seen.append(version.changed())
        await other.save(NEW)
        seen.append(version.changed())
        version.use(version.now())
        seen.append(version.changed())
        await other.forget()
        seen.append(version.changed())
        return seen

    assert asyncio.run(body()) == [True, False, False, True, False, True]


def test_neither_a_read_nor_a_write_hides_what_another_copy_wrote_before(desk: Desk) -> None:
    async def body() -> list[bool]:
        ours, other = desk.start(), desk.start()
        await ours.save(OLD)
        ours.version.use(ours.version.now())
        await other.forget()
        seen = []
        for work in (ours.load, lambda: ours.save(NEW), ours.rotate_key, ours.forget):
            await work()
            seen.append(ours.version.changed())
        return seen

    assert asyncio.run(body()) == [True, True, True, True]


def test_a_sign_out_clears_while_this_copys_own_refresh_holds_the_lease(desk: Desk) -> None:
    async def body() -> None:
        service = desk.start()
        await service.save(OLD)
        async with service.lease():
            await asyncio.create_task(service.forget())

    asyncio.run(body())
    assert desk.stored() is None


def test_a_sent_refresh_is_remembered_over_a_crash_for_that_token_alone(desk: Desk) -> None:
    asyncio.run(desk.start().save(OLD))
    asyncio.run(desk.start().mark_refresh_sent(OLD.pair))
    desk.now += 100
    assert asyncio.run(desk.start().refresh_sent_at(OLD.pair)) == 5000.0
    assert asyncio.run(desk.start().refresh_sent_at(NEW.pair)) is None
    asyncio.run(desk.start().forget_refresh_sent())
    assert asyncio.run(desk.start().refresh_sent_at(OLD.pair)) is None


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"\xff", b'{"fingerprint": 1, "at": 2}'])
def test_a_broken_journal_counts_as_none(desk: Desk, content: bytes) -> None:
    asyncio.run(desk.start().save(OLD))
    desk.storage().vault.journal_path.write_bytes(content)
    assert asyncio.run(desk.start().refresh_sent_at(OLD.pair)) is None
    asyncio.run(desk.start().mark_refresh_sent(OLD.pair))
    assert asyncio.run(desk.start().refresh_sent_at(OLD.pair)) == 5000.0


def test_the_journal_holds_no_token_and_nothing_that_a_guess_could_be_checked_against(
    desk: Desk,
) -> None:
    import hashlib

    asyncio.run(desk.start().save(OLD))
    asyncio.run(desk.start().mark_refresh_sent(OLD.pair))
    text = desk.storage().vault.journal_path.read_text()
    assert "refresh-1" not in text
    assert hashlib.sha256(b"refresh-1").hexdigest()[:16] not in text


def test_a_pair_that_is_not_on_file_is_not_journalled(desk: Desk) -> None:
    asyncio.run(desk.start().mark_refresh_sent(OLD.pair))
    assert not desk.storage().vault.journal_path.exists()


def test_a_new_key_takes_the_place_of_the_old_one(desk: Desk) -> None:
    asyncio.run(desk.start().save(OLD))
    (before,) = desk.keychain.items
    asyncio.run(desk.start().rotate_key())
    (after,) = desk.keychain.items
    assert before != after
    assert desk.stored() == OLD


def test_rotating_the_key_of_nothing_does_nothing(desk: Desk) -> None:
    asyncio.run(desk.start().rotate_key())
    assert desk.keychain.items == {}


@pytest.mark.parametrize("step", ["write_key", "replace", "delete_key"])
def test_a_crash_at_any_step_of_a_rotation_leaves_the_session_readable(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    class Crash(BaseException):
        pass

    def crash(*_arguments: object, **_more: object) -> None:
        raise Crash

    asyncio.run(desk.start().save(OLD))
    with monkeypatch.context() as patched:
        patched.setattr(atomic_file if step == "replace" else desk.keychain, step, crash)
        with pytest.raises(Crash):
            asyncio.run(desk.start().rotate_key())
    assert desk.stored() == OLD
    asyncio.run(desk.start().save(NEW))
    assert desk.stored() == NEW


def test_a_session_takes_the_place_of_the_one_that_is_on_file(desk: Desk) -> None:
    async def body() -> list[bool]:
        service = desk.start()
        await service.save(OLD)
        return [await service.replace(OLD.pair, NEW), await service.replace(OLD.pair, OLD)]

    assert asyncio.run(body()) == [True, False]
    assert desk.stored() == NEW


def test_a_session_does_not_come_back_after_a_sign_out(desk: Desk) -> None:
    async def body() -> list[bool]:
        service = desk.start()
        await service.save(OLD)
        cleared, replaced = await asyncio.gather(service.forget(), service.replace(OLD.pair, NEW))
        return [cleared is None, replaced]

    assert asyncio.run(body()) == [True, False]
    assert desk.stored() is None
    assert desk.keychain.items == {}


def test_a_session_is_stored_beside_a_file_that_can_t_be_read_any_more(desk: Desk) -> None:
    """It was read a moment ago: the disk has damaged it, and nobody has signed out."""
    asyncio.run(desk.start().save(OLD))
    desk.path().write_text("{")
    assert asyncio.run(desk.start().replace(OLD.pair, NEW))
    assert desk.stored() == NEW
    assert len(list(desk.folder.glob("*damaged*"))) == 1


def fail_on(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    real = os.fsync

    def fsync(fd: int) -> None:
        if Path(f"/proc/self/fd/{fd}").is_dir() == (kind == "folder"):
            raise OSError(5, "Input/output error")
        real(fd)

    monkeypatch.setattr(os, "fsync", fsync)


def test_a_write_that_failed_leaves_the_old_session(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asyncio.run(desk.start().save(OLD))
    with monkeypatch.context() as patched:
        fail_on(patched, "file")
        with pytest.raises(WriteFailed):
            asyncio.run(desk.start().save(NEW))
    assert desk.stored() == OLD


def test_a_write_that_is_not_confirmed_is_in_place_and_not_taken_for_another_copys(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def body() -> bool:
        service = desk.start()
        await service.save(OLD)
        service.version.use(service.version.now())
        with monkeypatch.context() as patched:
            fail_on(patched, "folder")
            with pytest.raises(WriteNotDurable):
                await service.save(NEW)
        return service.version.changed()

    assert asyncio.run(body()) is False
    assert desk.stored() == NEW


def test_an_unconfirmed_rotation_keeps_the_old_key_for_the_file_that_may_come_back(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asyncio.run(desk.start().save(OLD))
    before = desk.path().read_bytes()
    with monkeypatch.context() as patched:
        fail_on(patched, "folder")
        with pytest.raises(WriteNotDurable):
            asyncio.run(desk.start().rotate_key())
    assert desk.stored() == OLD
    desk.path().write_bytes(before)
    assert desk.stored() == OLD


def test_a_sign_out_that_is_not_confirmed_still_destroys_the_key(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asyncio.run(desk.start().save(OLD))
    fail_on(monkeypatch, "folder")
    with pytest.raises(WriteNotDurable):
        asyncio.run(desk.start().forget())
    assert desk.keychain.items == {}
    assert not desk.path().exists()


def test_a_file_that_cannot_be_deleted_is_said_and_its_key_is_kept(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asyncio.run(desk.start().save(OLD))

    def refuse(_path: Path, missing_ok: bool = False) -> None:
        raise PermissionError

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", refuse)
        with pytest.raises(WriteFailed):
            asyncio.run(desk.start().forget())
    assert desk.stored() == OLD


class SlowWrite:
    """A write that has begun, and waits until it may go on."""

    def __init__(self) -> None:
        self.begun, self.may_go_on = threading.Event(), threading.Event()
        self._real = atomic_file.replace

    def replace(self, path: Path, data: bytes, *, durable: bool = True) -> atomic_file.Signature:
        self.begun.set()
        assert self.may_go_on.wait(30)
        return self._real(path, data, durable=durable)


def test_a_save_that_is_cancelled_is_carried_to_its_end_under_the_lease(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = SlowWrite()

    async def body() -> bool:
        service = desk.start()
        await service.save(OLD)
        monkeypatch.setattr(atomic_file, "replace", slow.replace)
        save = asyncio.create_task(service.save(NEW))
        await asyncio.to_thread(slow.begun.wait, 30)
        save.cancel()
        await asyncio.sleep(0)
        ended_early = save.done()
        slow.may_go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await save
        return ended_early

    assert asyncio.run(body()) is False
    assert desk.stored() == NEW


@pytest.mark.parametrize("ends", [True, False])
def test_a_renewed_pair_whose_write_was_cancelled_and_came_through_is_the_one_on_file(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, ends: bool
) -> None:
    slow = SlowWrite()

    third = msgspec.structs.replace(NEW, pair=TokenPair("access-3", "refresh-3"))

    async def body() -> None:
        service = desk.start()
        await service.save(OLD)
        monkeypatch.setattr(atomic_file, "replace", slow.replace)
        renewed = asyncio.create_task(service.replace(OLD.pair, NEW))
        await asyncio.to_thread(slow.begun.wait, 30)
        renewed.cancel()
        slow.may_go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await renewed
        assert await desk.start().load() == NEW
        if ends:
            assert await service.forget_if(NEW.pair)
        else:
            assert await service.replace(NEW.pair, third)

    asyncio.run(body())
    assert desk.stored() == (None if ends else third)


def test_a_damaged_session_record_is_damage(desk: Desk) -> None:
    asyncio.run(desk.start().save(OLD))
    asyncio.run(desk.storage().set("session", "{}{}"))
    with pytest.raises(BlobDamaged) as caught:
        desk.stored()
    assert caught.value.sentence == "The file of your stored session is damaged."


def test_a_lost_key_is_told_from_a_session_that_never_was(desk: Desk) -> None:
    asyncio.run(desk.start().save(OLD))
    desk.keychain.items.clear()
    with pytest.raises(KeyMissing):
        desk.stored()
    asyncio.run(desk.start().save(NEW))
    assert desk.stored() == NEW


SENTENCES = [
    value
    for value in vars(errors).values()
    if isinstance(value, type) and issubclass(value, errors.StorageError)
]


@pytest.mark.parametrize("error", [kind for kind in SENTENCES if kind is not errors.StorageError])
def test_every_trouble_has_a_word_of_its_own_and_a_cure(error: type[errors.StorageError]) -> None:
    assert error.cure.endswith(".")
    assert [kind.code for kind in SENTENCES if kind is not errors.StorageError].count(
        error.code
    ) == 1


GRANT = DeviceGrant(
    "d" * 40, "WDJBMJHT", "https://a.example/device?user_code=WDJBMJHT", 5.0, 6800.0
)


def test_a_pending_sign_in_is_sealed_and_read_back_after_a_restart(desk: Desk) -> None:
    asyncio.run(desk.start().keep_pending(GRANT))
    assert asyncio.run(desk.start().load_pending()) == GRANT
    assert desk.stored() is None
    for secret in (GRANT.device_code, GRANT.user_code):
        assert secret.encode() not in desk.path().read_bytes()


def test_a_session_takes_the_place_of_the_pending_sign_in_in_the_same_write(desk: Desk) -> None:
    asyncio.run(desk.start().keep_pending(GRANT))
    before = len(desk.recorder.entries())
    asyncio.run(desk.start().save(OLD))
    assert [entry.what for entry in desk.recorder.entries()[before:]] == [
        "read key",
        "write tokens",
    ]
    assert asyncio.run(desk.start().load_pending()) is None
    assert desk.stored() == OLD


def test_a_pending_sign_in_that_is_forgotten_leaves_neither_file_nor_key(desk: Desk) -> None:
    asyncio.run(desk.start().keep_pending(GRANT))
    asyncio.run(desk.start().forget_pending())
    assert not desk.path().exists()
    assert desk.keychain.items == {}
    asyncio.run(desk.start().forget_pending())


def test_it_is_forgotten_with_a_locked_keychain_too(desk: Desk) -> None:
    asyncio.run(desk.start().keep_pending(GRANT))
    desk.keychain.trouble = StorageLocked("Locked.")
    asyncio.run(desk.start().forget_pending())
    assert not desk.path().exists()


def test_forgetting_it_takes_nothing_else(desk: Desk) -> None:
    asyncio.run(desk.storage().set("syncPassword", "s"))
    asyncio.run(desk.start().keep_pending(GRANT))
    asyncio.run(desk.start().forget_pending())
    assert asyncio.run(desk.storage().get("syncPassword")).data == "s"
    assert asyncio.run(desk.start().load_pending()) is None


def test_a_pending_sign_in_of_another_form_is_damaged_and_not_guessed_at(desk: Desk) -> None:
    asyncio.run(desk.storage().set("deviceGrant", '{"device_code": 7}'))
    with pytest.raises(BlobDamaged) as caught:
        asyncio.run(desk.start().load_pending())
    assert caught.value.sentence == "The file of your stored session is damaged."
