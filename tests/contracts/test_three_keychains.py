"""GNOME Keyring, KWallet and KeePassXC, real ones: what the app may expect of each, and each of the
app, is the same.

Where they differ the difference is a field of ``steps.on_desktop.real_keychains``, and stands in
one test of its own. What only repeats a situation with longer waits runs with --matrix.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Coroutine
from typing import Any, cast

import pytest
from jeepney import DBusErrorResponse
from secretstorage.exceptions import SecretStorageException

from refapp.trusted.errors import StorageError, StorageLocked
from refapp.trusted.keys.keychain import OsKeychain, text_of
from refapp.trusted.keys.prompts import NOT_ALLOWED, Prompts
from refapp.trusted.keys.secret_service import conversation
from refapp.trusted.keys.secret_service_keychain import NO_GROUP
from refapp.trusted.keys.secret_session import SERVICE_PATH, SecretSession
from refapp.trusted.keys.storage_state import StorageState
from refapp.trusted.recorder import Recorder
from steps.on_desktop.real_keychains import KEYCHAINS, KeePassXC, KWallet, RealKeychain
from tests.contracts.conftest import LaterLoop, Run

KEY = bytes(range(32))
TEXT = text_of(KEY)


each = pytest.mark.parametrize(
    "real", KEYCHAINS, ids=[kind.title for kind in KEYCHAINS], indirect=True
)
# The other two take seconds to start, or to write.
gnome_and_in_time_each = pytest.mark.parametrize(
    "real",
    [
        pytest.param(kind, marks=[] if kind is RealKeychain else [pytest.mark.matrix])
        for kind in KEYCHAINS
    ],
    ids=[kind.title for kind in KEYCHAINS],
    indirect=True,
)


def keychain(deadline_s: float = 20.0) -> OsKeychain:
    return OsKeychain("refapp", deadline_s, Recorder())


def status() -> StorageState:
    return asyncio.run(keychain().status())


def while_it_runs(
    call: Coroutine[None, None, Any],
    person: Callable[[], None],
    loop: asyncio.AbstractEventLoop | None = None,
) -> Any:
    """What the call gives; meanwhile the person does something."""

    async def body() -> Any:
        task = asyncio.create_task(call)
        try:
            acting = asyncio.ensure_future(asyncio.to_thread(person))
            await asyncio.wait([task, acting], return_when=asyncio.FIRST_COMPLETED)
            found = await asyncio.wait_for(task, 120)
            await acting
            return found
        finally:
            task.cancel()
            await asyncio.wait([task])

    with asyncio.Runner(loop_factory=None if loop is None else lambda: loop) as runner:
        return runner.run(body())


def read(real: RealKeychain) -> bytes | None:
    """The key, by a run of the app that the keychain has not seen yet."""
    return cast("bytes | None", while_it_runs(keychain().read_key("k1"), real.allow))


class TestKeys:
    @each
    def test_a_key_is_on_the_disk_when_it_counts_as_written_and_is_read_by_the_next_run(
        self, real: RealKeychain
    ) -> None:
        state = status()
        assert (state.ready, state.backend, state.keeper.split(",")[0]) == (
            True,
            "Secret Service",
            real.title,
        )
        asyncio.run(keychain().write_key("k1", KEY))
        real.kill_daemon()
        real.start_daemon()
        assert read(real) == KEY
        asyncio.run(keychain().delete_key("k1"))
        assert (real.names(), asyncio.run(keychain().read_key("k1"))) == ([], None)

    @gnome_and_in_time_each
    def test_a_key_that_somebody_deleted_is_missing(self, real: RealKeychain) -> None:
        real.put("master-key:k1", TEXT)
        real.take_away("master-key:k1")
        assert asyncio.run(keychain().read_key("k1")) is None

    @each
    @pytest.mark.parametrize("text", ["", pytest.param(TEXT[:20], marks=pytest.mark.matrix)])
    def test_an_item_that_is_empty_or_short_is_a_missing_key(
        self, real: RealKeychain, text: str
    ) -> None:
        real.put("master-key:k1", text)
        assert read(real) is None

    @gnome_and_in_time_each
    def test_a_key_in_a_keyring_that_is_not_the_default_any_more_is_found(
        self, real: RealKeychain
    ) -> None:
        asyncio.run(keychain().write_key("k1", KEY))
        real.make_another_the_default()
        assert read(real) == KEY
        asyncio.run(keychain().delete_key("k1"))
        assert real.names() == []


@pytest.mark.parametrize("kind", [RealKeychain, KWallet])
def test_a_secret_is_read_although_its_session_has_ended(
    run: Run, kind: type[RealKeychain]
) -> None:
    """KWallet says then that an object is unknown, as of an item that is gone."""
    run(kind).put("master-key:k1", TEXT)
    named, paths = {"username": "master-key:k1"}, list[str]()

    async def told() -> list[bytes]:
        async with conversation(20.0, Prompts()) as talk:

            async def call(
                path: str, interface: str, method: str, signature: str = "", *body: object
            ) -> tuple[object, ...]:
                came = await talk.call(path, interface, method, signature, *body)
                if method == "OpenSession":
                    paths.append(str(came[1]))
                return came

            ((item, *_), _) = await talk.call(
                SERVICE_PATH, "Service", "SearchItems", "a{ss}", named
            )
            secrets = SecretSession(call)
            before = await secrets.opened(item)
            await talk.call(paths[0], "Session", "Close")
            return [before, await secrets.opened(item)]

    assert asyncio.run(told()) == [TEXT.encode()] * 2
    assert len(paths) == 2


@pytest.mark.matrix
@pytest.mark.timeout(600)
def test_programs_that_come_and_go_cost_no_key(run: Run) -> None:
    """KWallet ends sessions of those that stay, or mixes them up, when another leaves."""
    real, over = run(KWallet), threading.Event()

    def come_and_go() -> None:
        while not over.is_set():
            with contextlib.suppress(SecretStorageException, DBusErrorResponse):
                real.put("another program's", TEXT)

    async def told() -> list[bytes | None]:
        return [await keychain().read_key("k1") for _ in range(1000)]

    asyncio.run(keychain().write_key("k1", KEY))
    others = [threading.Thread(target=come_and_go) for _ in range(2)]
    try:
        for other in others:
            other.start()
        assert set(asyncio.run(told())) == {KEY}
    finally:
        over.set()
        for other in others:
            other.join()


@each
class TestTheLock:
    def test_locked_it_gives_nothing_and_asks_nobody_until_it_is_asked_to_unlock(
        self, real: RealKeychain
    ) -> None:
        real.put("master-key:k1", TEXT)
        real.lock()
        assert (status().state, f"{real.title}, keyring " in status().keeper) == ("locked", True)
        ours = keychain()
        for call in (ours.read_key("k1"), ours.write_key("k2", KEY), ours.delete_key("k1")):
            with pytest.raises(StorageLocked):
                asyncio.run(call)
        assert real.seen(*real.prompt) == b""
        assert while_it_runs(keychain().unlock(), real.say_no).state == "locked"
        assert while_it_runs(keychain().unlock(), real.say_yes).ready
        assert read(real) == KEY
        assert real.names() == ["master-key:k1"]

    @pytest.mark.matrix
    @pytest.mark.parametrize("seconds", [0.2, 5, 60])
    def test_a_person_may_take_any_time_while_the_programs_deadline_is_short(
        self, real: RealKeychain, seconds: float
    ) -> None:
        real.lock()

        def person() -> None:
            real.wait_for_prompt()
            threading.Event().wait(seconds)
            real.say_yes()

        assert while_it_runs(keychain(deadline_s=3.0).unlock(), person).ready

    def test_a_minute_passes_for_the_app_while_the_prompt_stands_and_the_answer_counts(
        self, real: RealKeychain
    ) -> None:
        """Its deadlines are the loop's, so the loop's clock is put on:
        nobody waits for that minute.
        """
        real.lock()
        loop = LaterLoop()

        def person() -> None:
            real.wait_for_prompt()
            for seconds in (0.2, 5, 60):
                threading.Event().wait(0.2)
                loop.later += seconds
                asyncio.run_coroutine_threadsafe(asyncio.sleep(0), loop).result(10)
            real.say_yes()

        assert while_it_runs(keychain().unlock(), person, loop).ready

    def test_given_up_in_the_app_the_call_ends_at_once_and_nothing_was_unlocked(
        self, real: RealKeychain
    ) -> None:
        real.lock()
        ours = keychain()

        async def body() -> StorageState:
            task = asyncio.create_task(ours.unlock())
            await asyncio.to_thread(real.wait_for_prompt)
            ours.prompts.cancel()
            return await asyncio.wait_for(task, 20)

        assert asyncio.run(body()).sentence == "You cancelled the keychain's question."
        assert status().state == "locked"


class TestTheProgramEnds:
    @gnome_and_in_time_each
    @pytest.mark.parametrize("operation", ["status", "read", "write", "delete", "unlock"])
    def test_killed_in_an_operation_it_is_unavailable_and_started_again_it_works(
        self, real: RealKeychain, operation: str
    ) -> None:
        real.put("master-key:k1", TEXT)
        ours = keychain()
        calls: dict[str, Callable[[], Coroutine[None, None, Any]]] = {
            "status": ours.status,
            "read": lambda: ours.read_key("k1"),
            "write": lambda: ours.write_key("k2", KEY),
            "delete": lambda: ours.delete_key("k1"),
            "unlock": ours.unlock,
        }

        async def body() -> str:
            real.stop_daemon()
            task = asyncio.create_task(calls[operation]())
            await asyncio.wait([task], timeout=0.3)
            real.kill_daemon()
            try:
                return cast("StorageState", await asyncio.wait_for(task, 20)).state
            except StorageError as error:
                return error.code

        assert asyncio.run(body()) == "unavailable"
        real.start_daemon()
        assert status().ready

    @each
    def test_killed_while_its_prompt_stands_it_is_unavailable(self, real: RealKeychain) -> None:
        real.lock()

        def person() -> None:
            real.wait_for_prompt()
            real.kill_daemon()

        found = while_it_runs(keychain().unlock(), person)
        assert (found.state, found.cure) == ("unavailable", "Start it again, then try again.")


@pytest.mark.parametrize(
    "real", [KWallet, pytest.param(KeePassXC, marks=pytest.mark.matrix)], indirect=True
)
def test_replaced_by_gnome_keyring_while_the_app_runs_its_keys_are_missing_until_it_is_back(
    real: RealKeychain,
) -> None:
    ours = keychain()
    asyncio.run(ours.write_key("k1", KEY))
    real.kill_daemon()
    RealKeychain.start_daemon(real)
    assert asyncio.run(ours.status()).ready
    assert asyncio.run(ours.read_key("k1")) is None
    real.kill_daemon()
    real.start_daemon()
    assert while_it_runs(ours.read_key("k1"), real.allow) == KEY


@pytest.mark.parametrize("real", [KWallet], indirect=True)
def test_gnome_keyring_replaced_by_kwallet_while_the_app_runs_its_keys_are_missing_until_it_is_back(
    real: RealKeychain,
) -> None:
    ours = keychain()
    real.kill_daemon()
    RealKeychain.start_daemon(real)
    asyncio.run(ours.write_key("k1", KEY))
    real.kill_daemon()
    real.start_daemon()
    assert asyncio.run(ours.status()).keeper.startswith("KWallet")
    assert asyncio.run(ours.read_key("k1")) is None
    real.kill_daemon()
    RealKeychain.start_daemon(real)
    assert asyncio.run(ours.read_key("k1")) == KEY


@pytest.mark.parametrize(
    ("kind", "missing"),
    [
        (RealKeychain, "no keyring yet"),
        (KWallet, "no keyring yet"),
        # Its assistant computes for a while.
        pytest.param(KeePassXC, NO_GROUP[0], marks=pytest.mark.matrix),
    ],
    ids=[kind.title for kind in KEYCHAINS],
)
def test_a_new_users_first_keyring_is_made_in_the_keychains_own_windows_when_it_is_unlocked(
    run: Run, kind: type[RealKeychain], missing: str
) -> None:
    """KeePassXC has been told to offer its service: till then it is named, with that setting."""
    running = run(kind, start=False)
    running.start_for_a_new_user()
    ours, said = keychain(), list[str]()
    found = asyncio.run(ours.status())
    assert (found.state, missing in found.sentence, found.keeper) == ("locked", True, kind.title)
    assert running.seen(*running.assistant) == b""
    ours.prompts.changed = lambda: said.append(ours.prompts.waiting)
    assert while_it_runs(ours.unlock(), running.leave_the_assistant).sentence == NOT_ALLOWED[0]
    assert status().state == "locked"
    assert while_it_runs(ours.unlock(), running.walk_through_the_assistant).ready
    assert said == [f"{kind.title} asks you to make a keyring. Answer there, or cancel.", ""] * 2
    asyncio.run(ours.write_key("k1", KEY))
    running.kill_daemon()
    running.start_for_the_first_keyring()
    if not status().ready:
        assert while_it_runs(keychain().unlock(), running.say_yes).ready
    assert read(running) == KEY


@gnome_and_in_time_each
def test_a_key_in_a_keyring_that_was_renamed_is_found(real: RealKeychain) -> None:
    asyncio.run(keychain().write_key("k1", KEY))
    real.rename("My passwords")
    assert status().keeper == f'{real.title}, keyring "My passwords"'
    assert read(real) == KEY


@pytest.mark.parametrize("real", [KeePassXC], indirect=True)
class TestKeePassXC:
    def test_it_asks_about_a_key_and_waits_past_the_deadline(self, real: KeePassXC) -> None:
        real.put("master-key:k1", TEXT)
        loop = LaterLoop()

        def person() -> None:
            real.wait_for_prompt(real.asks_window)
            loop.later += 60
            asyncio.run_coroutine_threadsafe(asyncio.sleep(0.2), loop).result(10)
            real.allow()

        assert while_it_runs(keychain().read_key("k1"), person, loop) == KEY

    def test_denied_the_key_stays_and_the_app_can_ask_again(self, real: KeePassXC) -> None:
        real.put("master-key:k1", TEXT)
        with pytest.raises(StorageLocked):
            while_it_runs(keychain().read_key("k1"), real.deny)
        assert read(real) == KEY

    def test_a_first_sign_in_asks_nothing_and_leaves_one_key(self, real: KeePassXC) -> None:
        asyncio.run(keychain().write_key("k1", KEY))
        assert (real.seen(*real.asks_window), real.names()) == (b"", ["master-key:k1"])


def test_keepassxc_without_an_exposed_group_names_the_setting(run: Run) -> None:
    run(KeePassXC, exposed=False)
    state = status()
    assert (state.state, state.sentence, state.cure, state.keeper) == (
        "locked",
        *NO_GROUP,
        "KeePassXC",
    )
    with pytest.raises(StorageLocked):
        asyncio.run(keychain().write_key("k1", KEY))


@pytest.mark.parametrize(
    ("kind", "setting"),
    [(KeePassXC, "Secret Service Integration"), (KWallet, "Secret Service interface")],
)
def test_one_that_runs_and_does_not_offer_the_service_names_the_setting(
    run: Run, kind: type[KeePassXC | KWallet], setting: str
) -> None:
    run(kind, offered=False)
    state = status()
    assert (state.state, state.sentence) == (
        "unavailable",
        f"{kind.title} runs, but does not offer its keys to other programs.",
    )
    assert setting in state.cure
