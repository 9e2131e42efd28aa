"""The keychain port's contract, kept by the one in memory and by the desktop's own alike."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable, Iterator

import pytest

from refapp.tour.secret_service import PrivateSecretService, missing_programs
from refapp.trusted.errors import StorageLocked, StorageUnavailable
from refapp.trusted.keys.keychain import Keychain, OsKeychain
from refapp.trusted.recorder import Recorder
from steps.fakes.fake_keychain import FakeKeychain

KEY = bytes(range(32))


@dataclasses.dataclass
class Desk:
    """One keychain, and the ways in which it is put in trouble and out of it."""

    keychain: Keychain
    recorder: Recorder
    lock: Callable[[], object]
    vanish: Callable[[], object]
    recover: Callable[[], object]

    def accesses(self) -> list[str]:
        return [entry.what for entry in self.recorder.entries() if entry.target == "keychain"]


def in_memory() -> Desk:
    recorder = Recorder()
    fake = FakeKeychain(recorder)

    def trouble(kind: type[StorageLocked] | type[StorageUnavailable]) -> None:
        fake.trouble = fake.when_unlocked = kind("Because of the test.")

    def recover() -> None:
        fake.trouble = fake.when_unlocked = None

    return Desk(
        fake, recorder, lambda: trouble(StorageLocked), lambda: trouble(StorageUnavailable), recover
    )


def on_the_desktop(service: PrivateSecretService) -> Desk:
    recorder = Recorder()
    keychain = OsKeychain("refapp", 20.0, recorder)
    return Desk(keychain, recorder, service.lock, service.kill_daemon, service.restart_daemon)


@pytest.fixture(params=["in memory", "desktop"])
def desk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    if request.param == "in memory":
        yield in_memory()
        return
    if missing := missing_programs():
        pytest.skip(f"not installed: {', '.join(missing)}")
    with PrivateSecretService() as service:
        for name, value in service.env.items():
            monkeypatch.setenv(name, value)
        yield on_the_desktop(service)


class TestKeychain:
    def test_it_is_ready_and_says_what_it_is(self, desk: Desk) -> None:
        state = asyncio.run(desk.keychain.status())
        assert (state.ready, state.state, bool(state.backend), state.sentence) == (
            True,
            "ready",
            True,
            "",
        )

    def test_a_key_that_was_written_is_read(self, desk: Desk) -> None:
        asyncio.run(desk.keychain.write_key("k1", KEY))
        assert asyncio.run(desk.keychain.read_key("k1")) == KEY

    def test_a_key_that_was_never_written_reads_as_none(self, desk: Desk) -> None:
        assert asyncio.run(desk.keychain.read_key("k1")) is None

    def test_keys_are_kept_apart_by_their_ids(self, desk: Desk) -> None:
        asyncio.run(desk.keychain.write_key("k1", KEY))
        asyncio.run(desk.keychain.write_key("k2", bytes(32)))
        asyncio.run(desk.keychain.delete_key("k1"))
        assert asyncio.run(desk.keychain.read_key("k1")) is None
        assert asyncio.run(desk.keychain.read_key("k2")) == bytes(32)

    def test_deleting_what_is_not_there_is_fine(self, desk: Desk) -> None:
        asyncio.run(desk.keychain.delete_key("k1"))

    def test_every_access_to_an_item_is_recorded_and_asking_for_the_state_is_none(
        self, desk: Desk
    ) -> None:
        asyncio.run(desk.keychain.status())
        asyncio.run(desk.keychain.write_key("k1", KEY))
        asyncio.run(desk.keychain.read_key("k1"))
        asyncio.run(desk.keychain.delete_key("k1"))
        assert desk.accesses() == ["write key", "read key", "delete key"]

    def test_locked_it_refuses_everything_and_unlocked_it_has_all(self, desk: Desk) -> None:
        asyncio.run(desk.keychain.write_key("k1", KEY))
        desk.lock()
        assert asyncio.run(desk.keychain.status()).state == "locked"
        assert asyncio.run(desk.keychain.unlock()).state == "locked"
        for call in (
            desk.keychain.read_key("k1"),
            desk.keychain.write_key("k2", KEY),
            desk.keychain.delete_key("k1"),
        ):
            with pytest.raises(StorageLocked):
                asyncio.run(call)
        assert desk.accesses() == ["write key"]
        desk.recover()
        assert asyncio.run(desk.keychain.read_key("k1")) == KEY
        assert asyncio.run(desk.keychain.read_key("k2")) is None

    def test_gone_it_refuses_everything_and_back_it_has_all(self, desk: Desk) -> None:
        asyncio.run(desk.keychain.write_key("k1", KEY))
        desk.vanish()
        state = asyncio.run(desk.keychain.status())
        assert (state.state, state.backend) == ("unavailable", "")
        assert state.sentence
        assert state.cure
        for call in (
            desk.keychain.read_key("k1"),
            desk.keychain.write_key("k2", KEY),
            desk.keychain.delete_key("k1"),
        ):
            with pytest.raises(StorageUnavailable):
                asyncio.run(call)
        desk.recover()
        assert asyncio.run(desk.keychain.read_key("k1")) == KEY

    def test_unlocking_what_is_open_is_fine(self, desk: Desk) -> None:
        assert asyncio.run(desk.keychain.unlock()).ready
