"""The recipe's five operations, in its words: each answers, none raises, trouble costs nothing
stored (SS-1 to SS-8).
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from refapp.trusted import errors
from refapp.trusted.errors import StorageError
from refapp.trusted.recorder import Recorder
from refapp.trusted.storage.secure_storage import SecureStorage, StorageResult
from steps.fakes.fake_keychain import FakeKeychain

ORIGIN = "https://auth.example.com"
TROUBLES = [
    errors.StorageUnavailable,
    errors.StorageInsecure,
    errors.StorageLocked,
    errors.StorageTimeout,
    errors.StorageFault,
]


class Desk:
    """One machine: a folder and a keychain; ``start`` starts the app's storage on it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.recorder = Recorder()
        self.keychain = FakeKeychain(self.recorder)

    def start(self, origin: str = ORIGIN, lock_deadline_s: float = 5.0) -> SecureStorage:
        return SecureStorage(
            self.folder,
            origin,
            "refapp",
            self.keychain,
            self.recorder,
            lambda: 1_700_000_000.0,
            lock_deadline_s,
        )

    def files(self) -> list[str]:
        return sorted(path.name for path in self.folder.glob("*") if path.suffix != ".lock")

    def token_file(self) -> Path:
        return self.start().vault.path

    def happened(self) -> list[str]:
        return [f"{entry.target}: {entry.what}" for entry in self.recorder.entries()]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "data")


def do(operation: Awaitable[StorageResult]) -> StorageResult:
    async def body() -> StorageResult:
        return await operation

    return asyncio.run(body())


def test_a_token_stored_before_a_restart_is_read_after_it(desk: Desk) -> None:
    assert do(desk.start().set("accessToken", "t-1")) == StorageResult(success=True)
    assert do(desk.start().get("accessToken")) == StorageResult(success=True, data="t-1")


def test_an_answer_has_data_only_with_success_and_an_error_only_without(desk: Desk) -> None:
    stored, read = do(desk.start().set("accessToken", "t-1")), do(desk.start().get("accessToken"))
    assert (stored.success, stored.data, stored.error) == (True, None, None)
    assert (read.success, read.data, read.error) == (True, "t-1", None)
    desk.keychain.items.clear()
    refused = do(desk.start().get("accessToken"))
    assert (refused.success, refused.data, refused.error is None) == (False, None, False)


def test_the_token_is_not_in_the_file_and_the_key_is_in_the_keychain_alone(desk: Desk) -> None:
    do(desk.start().set("accessToken", "t-1-plain-as-day"))
    (key,) = desk.keychain.items.values()
    for path in desk.folder.iterdir():
        assert b"plain-as-day" not in path.read_bytes()
        assert key not in path.read_bytes()
        assert path.stat().st_mode & 0o077 == 0


def test_a_key_that_was_never_stored_reads_as_nothing(desk: Desk) -> None:
    assert do(desk.start().get("refreshToken")) == StorageResult(success=True, data=None)
    do(desk.start().set("accessToken", "t-1"))
    assert do(desk.start().get("refreshToken")) == StorageResult(success=True, data=None)


def test_while_nothing_is_stored_no_key_is_asked_for(desk: Desk) -> None:
    storage = desk.start()
    do(storage.get("accessToken"))
    do(storage.handle("accessToken"))
    do(storage.delete("accessToken"))
    do(storage.clear())
    assert desk.happened() == []


def test_setting_one_value_keeps_the_others(desk: Desk) -> None:
    for name in ("accessToken", "refreshToken", "jwt"):
        do(desk.start().set(name, name.upper()))
    do(desk.start().set("accessToken", "newer"))
    assert do(desk.start().get("accessToken")).data == "newer"
    assert do(desk.start().get("refreshToken")).data == "REFRESHTOKEN"
    assert do(desk.start().get("jwt")).data == "JWT"


def test_the_keychain_is_asked_once_a_start_and_not_written_again(desk: Desk) -> None:
    do(desk.start().set("accessToken", "t-1"))
    before = len(desk.happened())

    async def a_run() -> None:
        storage = desk.start()
        for number in range(3):
            await storage.get("accessToken")
            await storage.set("accessToken", f"t-{number}")
            await storage.handle("accessToken")

    asyncio.run(a_run())
    keychain = [what for what in desk.happened()[before:] if what.startswith("keychain")]
    assert keychain == ["keychain: read key"]


def test_a_keychain_that_answers_is_available_and_asking_reads_no_key(desk: Desk) -> None:
    assert do(desk.start().is_available()) == StorageResult(success=True, data="true")
    assert desk.happened() == []


@pytest.mark.parametrize("trouble", TROUBLES)
def test_without_a_keychain_set_and_get_say_so_and_write_nothing(
    desk: Desk, trouble: type[StorageError]
) -> None:
    desk.keychain.trouble = trouble("Because of the test.")
    storage = desk.start()
    refused = StorageResult(success=False, error="Secure storage not available")
    assert do(storage.is_available()) == StorageResult(success=True, data="false")
    assert do(storage.set("accessToken", "t-1")) == refused
    assert do(storage.get("accessToken")) == refused
    assert do(storage.handle("accessToken")) == refused
    assert desk.files() == []


@pytest.mark.parametrize("trouble", TROUBLES)
def test_without_a_keychain_delete_and_clear_still_work(
    desk: Desk, trouble: type[StorageError]
) -> None:
    for name in ("accessToken", "refreshToken"):
        do(desk.start().set(name, name))
    desk.keychain.trouble = trouble("Because of the test.")
    assert do(desk.start().delete("accessToken")) == StorageResult(success=True)
    desk.keychain.trouble = None
    assert do(desk.start().get("accessToken")).data is None
    assert do(desk.start().get("refreshToken")).data == "refreshToken"
    desk.keychain.trouble = trouble("Because of the test.")
    assert do(desk.start().clear()) == StorageResult(success=True)
    assert not desk.token_file().exists()


@pytest.mark.parametrize("trouble", TROUBLES)
def test_once_the_keychain_answers_everything_is_readable_again_without_a_restart(
    desk: Desk, trouble: type[StorageError]
) -> None:
    do(desk.start().set("accessToken", "t-1"))
    storage = desk.start()
    desk.keychain.trouble = trouble("Because of the test.")
    assert not do(storage.get("accessToken")).success
    desk.keychain.trouble = None
    assert do(storage.get("accessToken")).data == "t-1"


def test_clear_removes_the_file_and_the_key(desk: Desk) -> None:
    do(desk.start().set("accessToken", "t-1"))
    assert do(desk.start().clear()) == StorageResult(success=True)
    assert desk.files() == []
    assert desk.keychain.items == {}
    assert desk.happened()[-2:] == ["disk: delete tokens", "keychain: delete key"]


def test_a_handle_changes_with_the_token_and_is_the_same_after_a_restart(desk: Desk) -> None:
    do(desk.start().set("accessToken", "t-1"))
    do(desk.start().set("refreshToken", "t-1"))
    first = do(desk.start().handle("accessToken")).data
    assert first == do(desk.start().handle("accessToken")).data
    assert first != do(desk.start().handle("refreshToken")).data
    do(desk.start().set("accessToken", "t-2"))
    second = do(desk.start().handle("accessToken")).data
    assert first is not None
    assert len(first) == 32
    assert int(first, 16)
    assert second not in (None, first)


def test_a_handle_of_nothing_is_nothing(desk: Desk) -> None:
    assert do(desk.start().handle("accessToken")) == StorageResult(success=True, data=None)
    do(desk.start().set("refreshToken", "t-1"))
    assert do(desk.start().handle("accessToken")) == StorageResult(success=True, data=None)


def test_handles_of_the_same_token_on_two_machines_have_nothing_in_common(tmp_path: Path) -> None:
    handles = set()
    for name in ("one", "two"):
        desk = Desk(tmp_path / name)
        do(desk.start().set("accessToken", "t-1"))
        handles.add(do(desk.start().handle("accessToken")).data)
    assert len(handles) == 2


BREAKAGES: dict[str, tuple[Callable[[Desk], object], str]] = {
    "key gone": (
        lambda desk: desk.keychain.items.clear(),
        "The keychain no longer has the key of your stored session.",
    ),
    "file cut off": (
        lambda desk: os.truncate(desk.token_file(), 100),
        "The file of your stored session is damaged.",
    ),
    "newer version": (
        lambda desk: desk.token_file().write_bytes(b'{"v": 2}'),
        "Your stored session was written by a newer version of this app.",
    ),
}


@pytest.mark.parametrize("breakage", BREAKAGES)
def test_what_cannot_be_decrypted_says_so_and_stays(desk: Desk, breakage: str) -> None:
    do(desk.start().set("accessToken", "t-1"))
    breaks, sentence = BREAKAGES[breakage]
    breaks(desk)
    before = desk.token_file().read_bytes()
    refused = StorageResult(success=False, error=f"Decryption failed: {sentence}")
    assert do(desk.start().get("accessToken")) == refused
    assert do(desk.start().handle("accessToken")) == refused
    assert desk.token_file().read_bytes() == before


@pytest.mark.parametrize(
    ("breakage", "why"), [("key gone", "key_missing"), ("file cut off", "damaged")]
)
def test_what_cannot_be_read_is_set_aside_before_something_new_is_stored(
    desk: Desk, breakage: str, why: str
) -> None:
    do(desk.start().set("accessToken", "t-1"))
    BREAKAGES[breakage][0](desk)
    before = desk.token_file().read_bytes()
    assert do(desk.start().set("accessToken", "t-2")) == StorageResult(success=True)
    (aside,) = [path for path in desk.folder.iterdir() if why in path.name]
    assert aside.name == f"{desk.token_file().stem}.{why}-1700000000.json"
    assert aside.read_bytes() == before
    assert do(desk.start().get("accessToken")).data == "t-2"
    assert "disk: set aside tokens" in desk.happened()


def test_a_key_that_comes_back_makes_the_file_readable_again(desk: Desk) -> None:
    do(desk.start().set("accessToken", "t-1"))
    backup = dict(desk.keychain.items)
    desk.keychain.items.clear()
    storage = desk.start()
    assert not do(storage.get("accessToken")).success
    desk.keychain.items.update(backup)
    assert do(storage.get("accessToken")).data == "t-1"


def test_a_newer_versions_file_is_never_written_over(desk: Desk) -> None:
    do(desk.start().set("accessToken", "t-1"))
    desk.token_file().write_bytes(b'{"v": 2}')
    assert do(desk.start().set("accessToken", "t-2")) == StorageResult(
        success=False,
        error="Encryption failed: Your stored session was written by a newer version of this app.",
    )
    assert do(desk.start().delete("accessToken")) == StorageResult(
        success=False,
        error="Delete failed: Your stored session was written by a newer version of this app.",
    )
    assert desk.token_file().read_bytes() == b'{"v": 2}'


def test_a_disk_that_refuses_is_an_answer_and_the_old_value_stays(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    do(desk.start().set("accessToken", "t-1"))
    with monkeypatch.context() as full:

        def no_space(_fd: int) -> None:
            raise OSError(28, "No space left on device")

        full.setattr(os, "fsync", no_space)
        answer = do(desk.start().set("accessToken", "t-2"))
    assert answer == StorageResult(
        success=False,
        error="Encryption failed: The file of your stored session could not be written.",
    )
    assert do(desk.start().get("accessToken")).data == "t-1"


def test_a_file_that_cannot_be_deleted_is_an_answer_and_the_value_stays(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    do(desk.start().set("accessToken", "t-1"))

    def refuse(_path: Path, missing_ok: bool = False) -> None:
        raise PermissionError

    with monkeypatch.context() as refusing:
        refusing.setattr(Path, "unlink", refuse)
        answer = do(desk.start().clear())
    assert answer == StorageResult(
        success=False, error="Clear failed: The file of your stored session could not be deleted."
    )
    assert do(desk.start().get("accessToken")).data == "t-1"


def test_while_another_copy_holds_the_file_a_change_fails_after_the_deadline_and_reading_goes_on(
    desk: Desk,
) -> None:
    do(desk.start().set("accessToken", "t-1"))

    async def body() -> list[StorageResult]:
        ours = desk.start(lock_deadline_s=0.0)
        async with desk.start().vault.lease.held(), asyncio.timeout(30):
            return [
                await ours.set("accessToken", "t-2"),
                await ours.delete("accessToken"),
                await ours.clear(),
                await ours.get("accessToken"),
            ]

    busy = f"Another copy of this app (process {os.getpid()}) is busy with the stored session."
    assert asyncio.run(body()) == [
        StorageResult(success=False, error=f"Encryption failed: {busy}"),
        StorageResult(success=False, error=f"Delete failed: {busy}"),
        StorageResult(success=False, error=f"Clear failed: {busy}"),
        StorageResult(success=True, data="t-1"),
    ]


def test_a_first_write_that_fails_leaves_no_key_behind(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_space(_fd: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_space)
    assert not do(desk.start().set("accessToken", "t-1")).success
    assert desk.keychain.items == {}


def test_two_servers_sessions_live_side_by_side(desk: Desk) -> None:
    do(desk.start().set("accessToken", "ours"))
    do(desk.start("https://other.example").set("accessToken", "theirs"))
    assert do(desk.start().get("accessToken")).data == "ours"
    do(desk.start("https://other.example").clear())
    assert do(desk.start().get("accessToken")).data == "ours"


def test_another_servers_file_under_our_name_does_not_pass_for_ours(desk: Desk) -> None:
    other = desk.start("https://other.example")
    do(other.set("accessToken", "theirs"))
    other.vault.path.rename(desk.token_file())
    assert do(desk.start().get("accessToken")) == StorageResult(
        success=False,
        error="Decryption failed: The file of your stored session belongs to another server.",
    )


@pytest.mark.parametrize("name", ["", "../x", "a b", "x" * 65, "1st", "naïve", "accessToken\n"])
def test_names_that_no_secret_can_have_are_refused(desk: Desk, name: str) -> None:
    for answer, failure in (
        (do(desk.start().set(name, "t")), "Encryption failed"),
        (do(desk.start().get(name)), "Decryption failed"),
        (do(desk.start().handle(name)), "Decryption failed"),
        (do(desk.start().delete(name)), "Delete failed"),
    ):
        refused = f"{failure}: The name is not one that a secret can have."
        assert answer == StorageResult(success=False, error=refused)
    assert desk.files() == []


@pytest.mark.parametrize("name", ["x", "Z" * 64, "jwt.v-2_b"])
def test_names_up_to_their_limit_are_kept(desk: Desk, name: str) -> None:
    assert do(desk.start().set(name, "t")) == StorageResult(success=True)
    assert do(desk.start().get(name)) == StorageResult(success=True, data="t")


def test_an_answer_shows_its_error_and_never_its_data() -> None:
    assert (
        repr(StorageResult(success=True, data="t-1")) == "StorageResult(success=True, error=None)"
    )
    assert (
        repr(StorageResult(success=False, error="Because."))
        == "StorageResult(success=False, error='Because.')"
    )


@given(value=st.text(st.characters(), min_size=1))
def test_any_text_is_stored_byte_for_byte(
    tmp_path_factory: pytest.TempPathFactory, value: str
) -> None:
    desk = Desk(tmp_path_factory.mktemp("desk"))
    assert do(desk.start().set("accessToken", value)) == StorageResult(success=True)
    assert do(desk.start().get("accessToken")).data == value


def test_calls_made_together_are_carried_out_in_their_order(desk: Desk) -> None:
    async def body() -> list[StorageResult]:
        storage = desk.start()
        operations = []
        for number in range(5):
            operations += [storage.set("accessToken", f"t-{number}"), storage.get("accessToken")]
        return await asyncio.gather(*operations)

    answers = asyncio.run(body())
    assert [answer.data for answer in answers[1::2]] == [f"t-{number}" for number in range(5)]
