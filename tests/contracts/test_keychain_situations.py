"""What a real Secret Service does to an app, and what the app makes of it: every situation that was
met, one test each.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest

from refapp.tour.secret_service import PrivateSecretService, missing_programs
from refapp.trusted.errors import StorageError, StorageTimeout, StorageUnavailable
from refapp.trusted.keys.keychain import OsKeychain
from refapp.trusted.keys.secret_service_keychain import MEMORY_ONLY
from refapp.trusted.keys.storage_state import StorageState
from refapp.trusted.recorder import Recorder
from tests.contracts.conftest import LaterLoop, see_only

KEY = bytes(range(32))
PROGRAMS = missing_programs()
pytestmark = pytest.mark.skipif(bool(PROGRAMS), reason=f"not installed: {', '.join(PROGRAMS)}")


def keychain(deadline_s: float = 20.0) -> OsKeychain:
    return OsKeychain("refapp", deadline_s, Recorder())


def status() -> StorageState:
    return asyncio.run(keychain().status())


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[PrivateSecretService]:
    with PrivateSecretService() as running:
        see_only(running, monkeypatch)
        yield running


async def interrupted(service: PrivateSecretService, end: Callable[[], None]) -> None:
    """A call that waits for a stopped service, when ``end`` happens, finds it unavailable."""
    service.stop_daemon()
    call = asyncio.create_task(keychain().read_key("k1"))
    await asyncio.wait([call], timeout=0.2)
    end()
    with pytest.raises(StorageUnavailable):
        await call


class TestTheServiceComesAndGoes:
    def test_stopped_it_costs_the_deadline_and_going_on_it_answers(
        self, service: PrivateSecretService
    ) -> None:
        loop = LaterLoop()

        async def past_the_deadline(call: Coroutine[None, None, Any]) -> Any:
            asking = asyncio.create_task(call)
            await asyncio.wait([asking], timeout=0.2)
            loop.later += 60
            return await asking

        async def body() -> None:
            ours = keychain()
            await ours.write_key("k1", KEY)
            service.stop_daemon()
            assert (await past_the_deadline(ours.status())).state == "timeout"
            with pytest.raises(StorageTimeout):
                await past_the_deadline(ours.read_key("k1"))
            service.continue_daemon()
            assert await ours.read_key("k1") == KEY

        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(body())

    def test_killed_in_the_middle_of_a_call_it_is_unavailable_at_once(
        self, service: PrivateSecretService
    ) -> None:
        asyncio.run(interrupted(service, service.kill_daemon))

    def test_restarted_and_unlocked_it_works_for_the_same_process(
        self, service: PrivateSecretService
    ) -> None:
        async def body() -> bytes | None:
            ours = keychain()
            await ours.write_key("k1", KEY)
            service.kill_daemon()
            assert (await ours.status()).state == "unavailable"
            service.start_daemon()
            return await ours.read_key("k1")

        assert asyncio.run(body()) == KEY

    def test_started_with_a_wrong_password_it_is_locked(
        self, service: PrivateSecretService
    ) -> None:
        asyncio.run(keychain().write_key("k1", KEY))
        service.kill_daemon()
        service.start_daemon("wrong")
        assert status().state == "locked"

    def test_a_service_that_the_bus_starts_again_comes_back_locked(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with PrivateSecretService(activatable=True) as service:
            see_only(service, monkeypatch)
            asyncio.run(keychain().write_key("k1", KEY))
            service.kill_daemon()
            assert status().state == "locked"

    def test_one_that_is_slow_to_start_is_not_overtaken_by_one_that_the_bus_starts(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        real = shutil.which("gnome-keyring-daemon")
        slow = tmp_path / "gnome-keyring-daemon"
        slow.write_text(f'#!/bin/sh\nsleep 1\nexec {real} "$@"\n')
        slow.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
        with PrivateSecretService(activatable=True) as service:
            see_only(service, monkeypatch)
            assert status().ready

    def test_a_new_users_service_without_a_keyring_is_told_and_nothing_is_made_unasked(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with PrivateSecretService(activatable=True, start=False) as service:
            see_only(service, monkeypatch)
            state = status()
            assert (state.state, "no keyring yet" in state.sentence) == ("locked", True)
            assert list(service.keyrings.glob("*.keyring")) == []

    def test_a_deleted_default_keyring_is_told(self, service: PrivateSecretService) -> None:
        service.delete_keyring()
        assert "no keyring yet" in status().sentence
        assert asyncio.run(keychain().unlock()).state == "locked"


class TestTheBusComesAndGoes:
    def test_a_bus_that_is_gone_is_unavailable(self, service: PrivateSecretService) -> None:
        service.stop_bus()
        assert status().state == "unavailable"

    def test_a_bus_that_goes_in_the_middle_of_a_call_is_unavailable(
        self, service: PrivateSecretService
    ) -> None:
        asyncio.run(interrupted(service, service.stop_bus))

    @pytest.mark.parametrize(
        "address", ["autolaunch:", "unix:path=/nowhere/bus", "unix:nonsense", "nonsense", ";;"]
    )
    def test_an_address_that_leads_nowhere_is_unavailable(
        self, service: PrivateSecretService, monkeypatch: pytest.MonkeyPatch, address: str
    ) -> None:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        assert status().state == "unavailable"

    @pytest.mark.parametrize(
        "before", ["unix:path=/nowhere/bus;", "autolaunch:;", "tcp:host=localhost,port=1;"]
    )
    def test_the_next_address_of_a_list_is_tried(
        self, service: PrivateSecretService, monkeypatch: pytest.MonkeyPatch, before: str
    ) -> None:
        monkeypatch.setenv(
            "DBUS_SESSION_BUS_ADDRESS", before + service.env["DBUS_SESSION_BUS_ADDRESS"]
        )
        assert status().ready

    @pytest.mark.parametrize("unset", [True, False])
    def test_without_an_address_the_login_sessions_bus_is_found(
        self, service: PrivateSecretService, monkeypatch: pytest.MonkeyPatch, unset: bool
    ) -> None:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "")
        if unset:
            monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS")
        assert status().ready

    @pytest.mark.parametrize("folder", [None, "", "/nowhere"])
    def test_without_an_address_and_without_that_bus_it_is_unavailable(
        self, service: PrivateSecretService, monkeypatch: pytest.MonkeyPatch, folder: str | None
    ) -> None:
        monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS")
        if folder is None:
            monkeypatch.delenv("XDG_RUNTIME_DIR")
        else:
            monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        assert status().state == "unavailable"


@contextlib.asynccontextmanager
async def stand_in(address: str, *answer: object) -> AsyncIterator[None]:
    """A program that bears the service's name and answers every call alike: with a signature and
    values, or an error's name.
    """
    from jeepney import MessageType, message_bus, new_error, new_method_return
    from jeepney.io.asyncio import open_dbus_connection

    connection = await open_dbus_connection(address)
    await connection.send(message_bus.RequestName("org.freedesktop.secrets"))
    await connection.receive()

    async def serve() -> None:
        while True:
            message = await connection.receive()
            if message.header.message_type is not MessageType.method_call:
                continue
            if len(answer) == 1:
                await connection.send(new_error(message, str(answer[0])))
            else:
                await connection.send(new_method_return(message, answer[0], answer[1:]))

    serving = asyncio.create_task(serve())
    try:
        yield
    finally:
        serving.cancel()
        await asyncio.wait([serving])
        connection.writer.close()


class TestAServiceThatIsNone:
    @pytest.mark.parametrize(
        "answer",
        [
            ("s", "nonsense"), ("ao", ["/one", "/two"]), ("ss", "one", "two"), ("i", 7),
            ("v", ("b", True)), ("", ), ("o", "/org/freedesktop/secrets/collection/login"),
            ("org.example.Error.Oh",),
        ],
    )  # fmt: skip
    def test_whatever_it_answers_is_a_trouble_of_the_keychain(
        self, monkeypatch: pytest.MonkeyPatch, answer: tuple[object, ...]
    ) -> None:
        async def body(address: str) -> set[str]:
            async with stand_in(address, *answer):
                ours = keychain(deadline_s=5.0)
                found = {(await ours.status()).state, (await ours.unlock()).state}
                for call in (ours.read_key("k1"), ours.write_key("k1", KEY), ours.delete_key("k1")):
                    with pytest.raises(StorageError) as raised:
                        await call
                    found.add(raised.value.code)
                return found

        with PrivateSecretService(start=False) as service:
            see_only(service, monkeypatch)
            found = asyncio.run(body(service.env["DBUS_SESSION_BUS_ADDRESS"]))
        assert found <= {"fault", "unavailable", "timeout", "locked"}

    def test_a_sandbox_that_keeps_the_program_from_it_is_named(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def body(address: str) -> StorageState:
            async with stand_in(address, "org.freedesktop.DBus.Error.AccessDenied"):
                return await keychain().status()

        with PrivateSecretService(start=False) as service:
            see_only(service, monkeypatch)
            state = asyncio.run(body(service.env["DBUS_SESSION_BUS_ADDRESS"]))
        assert (state.state, "Flatpak" in state.cure) == ("unavailable", True)


class TestTheKeyringItself:
    def test_a_lost_keyring_file_reads_as_no_key(self, service: PrivateSecretService) -> None:
        asyncio.run(keychain().write_key("k1", KEY))
        service.kill_daemon()
        os.truncate(service.keyrings / "login.keyring", 13)
        service.start_daemon()
        assert asyncio.run(keychain().read_key("k1")) is None

    def test_a_blank_password_is_refused_before_a_key_goes_in(
        self, service: PrivateSecretService
    ) -> None:
        service.use_blank_keyring()
        state = status()
        assert (state.state, "unencrypted" in state.sentence) == ("insecure", True)
        assert asyncio.run(_refused_write()) == "insecure"
        (blank,) = [
            path
            for path in service.keyrings.glob("*.keyring")
            if path.read_bytes().startswith(b"[keyring]")
        ]
        assert b"v1." not in blank.read_bytes()

    def test_a_keyring_that_lives_in_memory_is_refused(self, service: PrivateSecretService) -> None:
        service.use_keyring(MEMORY_ONLY)
        state = status()
        assert (state.state, "forgets everything" in state.sentence) == ("insecure", True)

    def test_a_key_is_47_characters_under_the_apps_own_name(
        self, service: PrivateSecretService
    ) -> None:
        asyncio.run(keychain().write_key("k1", KEY))
        assert service.items() == {
            "master-key:k1": "v1.AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
        }

    def test_a_key_that_a_newer_version_wrote_is_a_fault_and_not_a_missing_key(
        self, service: PrivateSecretService
    ) -> None:
        from keyring.backends.SecretService import Keyring

        from refapp.trusted.errors import StorageFault

        Keyring().set_password("refapp", "master-key:k1", "v2.AAAA")
        with pytest.raises(StorageFault):
            asyncio.run(keychain().read_key("k1"))

    @pytest.mark.parametrize("text", ["", "v1.", "v1.****", "v1.AAAA"])
    def test_an_item_that_is_empty_or_too_short_is_a_missing_key(
        self, service: PrivateSecretService, text: str
    ) -> None:
        from keyring.backends.SecretService import Keyring

        Keyring().set_password("refapp", "master-key:k1", text)
        assert asyncio.run(keychain().read_key("k1")) is None


async def _refused_write() -> str:
    from refapp.trusted.errors import StorageError

    try:
        await keychain().write_key("k1", KEY)
    except StorageError as error:
        return error.code
    return "written"


PROBE = """
import asyncio, json, msgspec, sys
{prelude}
from refapp.trusted.keys.keychain import OsKeychain
from refapp.trusted.recorder import Recorder

async def main():
    ours = OsKeychain("refapp", 20.0, Recorder())
    while sys.stdin.readline():
        print(json.dumps(msgspec.structs.asdict(await ours.status())), flush=True)

asyncio.run(main())
"""
PLAIN = """
import keyring.backend
class PlainText(keyring.backend.KeyringBackend):
    priority = {priority}
    def get_password(self, service, username): return None
    def set_password(self, service, username, password): open("plain", "a").write(password)
    def delete_password(self, service, username): pass
"""


class Probe:
    """A fresh process, since keyring chooses once a process; ``status`` asks it what it sees."""

    def __init__(self, env: dict[str, str], prelude: str = "") -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", PROBE.format(prelude=prelude)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**env, "PYTHONPATH": str(Path.cwd())},
        )

    def status(self) -> dict[str, str]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(b"\n")
        self._process.stdin.flush()
        found: dict[str, str] = json.loads(self._process.stdout.readline())
        return found

    def __enter__(self) -> Probe:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()


class TestWhichKeychainIsTaken:
    def test_one_that_appears_after_the_start_is_found_without_a_restart(self) -> None:
        with (
            PrivateSecretService(start=False) as service,
            Probe(service.environment(os.environ)) as probe,
        ):
            assert probe.status()["state"] == "unavailable"
            service.start_daemon()
            state = probe.status()
            assert (state["state"], state["backend"]) == ("ready", "Secret Service")

    @pytest.mark.parametrize("priority", ["0.5", "9"])
    def test_a_plug_in_that_keeps_plain_text_is_passed_over_while_the_service_is_there(
        self, service: PrivateSecretService, priority: str
    ) -> None:
        with Probe(dict(os.environ), PLAIN.format(priority=priority)) as probe:
            assert probe.status()["backend"] == "Secret Service"

    def test_a_plug_in_that_keeps_plain_text_is_no_fall_back(self) -> None:
        with (
            PrivateSecretService(start=False) as service,
            Probe(service.environment(os.environ), PLAIN.format(priority="0.5")) as probe,
        ):
            state = probe.status()
            assert (state["state"], "PlainText" in state["sentence"]) == ("insecure", True)
            service.start_daemon()
            assert probe.status()["state"] == "ready"

    @pytest.mark.parametrize(
        ("backend", "state"),
        [
            ("keyring.backends.null.Keyring", "insecure"),
            ("keyring.backends.fail.Keyring", "unavailable"),
            ("no.such.Keyring", "unavailable"),
            ("keyring.backends.SecretService.Keyring", "ready"),
            ("keyring.backends.chainer.ChainerBackend", "ready"),
        ],
    )
    def test_a_choice_by_environment_is_judged_not_replaced(
        self, service: PrivateSecretService, backend: str, state: str
    ) -> None:
        with Probe({**os.environ, "PYTHON_KEYRING_BACKEND": backend}) as probe:
            assert probe.status()["state"] == state

    def test_a_choice_by_file_of_somebodys_own_class_is_refused_with_its_name(
        self, service: PrivateSecretService, tmp_path: Path
    ) -> None:
        (tmp_path / "theirs.py").write_text(PLAIN.format(priority="9"))
        settings = Path(service.env["XDG_CONFIG_HOME"]) / "python_keyring"
        settings.mkdir(parents=True)
        (settings / "keyringrc.cfg").write_text(
            f"[backend]\ndefault-keyring=theirs.PlainText\nkeyring-path={tmp_path}\n"
        )
        with Probe(dict(os.environ)) as probe:
            state = probe.status()
            assert (state["state"], "theirs.PlainText" in state["sentence"]) == ("insecure", True)

    def test_a_property_from_the_environment_moves_no_key_into_memory(
        self, service: PrivateSecretService
    ) -> None:
        with Probe({**os.environ, "KEYRING_PROPERTY_PREFERRED_COLLECTION": MEMORY_ONLY}) as probe:
            assert probe.status()["state"] == "ready"

    @pytest.mark.parametrize(
        ("chosen", "state"), [({}, "ready"), ({"PYTHON_KEYRING_BACKEND": "any"}, "insecure")]
    )
    def test_a_keychain_whose_properties_the_program_set_is_passed_over_and_no_choice(
        self, service: PrivateSecretService, chosen: dict[str, str], state: str
    ) -> None:
        prelude = (
            "import keyring.core\n"
            "from keyring.backends.SecretService import Keyring\n"
            "changed = Keyring(); changed.preferred_collection = '/elsewhere'; "
            "keyring.core.set_keyring(changed)"
        )
        with Probe({**os.environ, **chosen}, prelude) as probe:
            assert probe.status()["state"] == state

    def test_no_plug_in_is_loaded_while_the_service_is_there(
        self, service: PrivateSecretService, tmp_path: Path
    ) -> None:
        (tmp_path / "plugin-1.dist-info").mkdir()
        (tmp_path / "plugin-1.dist-info/METADATA").write_text("Name: plugin\nVersion: 1\n")
        (tmp_path / "plugin-1.dist-info/entry_points.txt").write_text(
            "[keyring.backends]\nplugin = plugin\n"
        )
        (tmp_path / "plugin.py").write_text(f"open({str(tmp_path / 'loaded')!r}, 'w').close()\n")
        with Probe(dict(os.environ), f"sys.path.append({str(tmp_path)!r})") as probe:
            assert probe.status()["state"] == "ready"
        assert not (tmp_path / "loaded").exists()

    def test_a_class_that_only_bears_the_name_is_refused(
        self, service: PrivateSecretService
    ) -> None:
        prelude = PLAIN.format(priority="9") + (
            "PlainText.__module__, PlainText.__name__ = "
            "'keyring.backends.SecretService', 'Keyring'\n"
            "import keyring.core; keyring.core.set_keyring(PlainText())"
        )
        with Probe({**os.environ, "PYTHON_KEYRING_BACKEND": "as.configured"}, prelude) as probe:
            assert probe.status()["state"] == "insecure"


@pytest.mark.skipif(
    not (shutil.which("Xvfb") and shutil.which("xdotool")), reason="needs Xvfb and xdotool"
)
class TestAPromptOnTheScreen:
    @pytest.fixture
    def locked(
        self, display: str, monkeypatch: pytest.MonkeyPatch
    ) -> Iterator[PrivateSecretService]:
        with PrivateSecretService(display=display) as running:
            see_only(running, monkeypatch)
            asyncio.run(keychain().write_key("k1", KEY))
            running.lock()
            yield running

    @staticmethod
    async def press(display: str, *keys: str) -> None:
        """Wait for the prompt, then press keys on it."""
        env = {**os.environ, "DISPLAY": display}
        for command in (
            ["xdotool", "search", "--sync", "--onlyvisible", "--class", "gcr-prompter"],
            ["xdotool", "key", "--delay", "40", *keys],
        ):
            tool = await asyncio.create_subprocess_exec(
                *command, env=env, stdout=subprocess.DEVNULL
            )
            await asyncio.wait_for(tool.wait(), 30)

    def test_the_right_password_opens_it(self, locked: PrivateSecretService, display: str) -> None:
        async def body() -> tuple[str, bytes | None]:
            ours = keychain()
            unlocking = asyncio.create_task(ours.unlock())
            await self.press(display, "ctrl+a", *locked.password, "Return")
            return (await unlocking).state, await ours.read_key("k1")

        assert asyncio.run(body()) == ("ready", KEY)

    def test_dismissed_it_stays_locked_and_can_be_asked_for_again(
        self, locked: PrivateSecretService, display: str
    ) -> None:
        async def body() -> str:
            unlocking = asyncio.create_task(keychain().unlock())
            await self.press(display, "Escape")
            return (await unlocking).state

        assert [asyncio.run(body()), asyncio.run(body())] == ["locked", "locked"]

    def test_only_unlocking_brings_it_up(self, locked: PrivateSecretService, display: str) -> None:
        async def body() -> list[str]:
            ours = keychain()
            return [(await ours.status()).state, await _refused_write()]

        assert asyncio.run(body()) == ["locked", "locked"]
        search = ["xdotool", "search", "--onlyvisible", "--class", "gcr-prompter"]
        assert (
            subprocess.run(
                search, env={**os.environ, "DISPLAY": display}, capture_output=True
            ).stdout
            == b""
        )

    def test_it_may_take_longer_than_any_deadline_and_the_state_can_be_asked_for_meanwhile(
        self, locked: PrivateSecretService, display: str
    ) -> None:
        loop = LaterLoop()

        async def body() -> list[str]:
            ours = keychain()
            said = asyncio.Event()
            ours.prompts.changed = said.set
            unlocking = asyncio.create_task(ours.unlock())
            await said.wait()
            waits = ours.prompts.waiting
            loop.later += 60
            await asyncio.wait([unlocking], timeout=0.2)
            states = [(await ours.status()).state, waits]
            await self.press(display, "ctrl+a", *locked.password, "Return")
            return [*states, (await unlocking).state, ours.prompts.waiting]

        says = "GNOME Keyring asks you for your keyring's password. Answer there, or cancel."
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            assert runner.run(body()) == ["locked", says, "ready", ""]

    def test_a_caller_that_is_cancelled_leaves_the_service_as_it_was(
        self, locked: PrivateSecretService, display: str
    ) -> None:
        async def body() -> str:
            ours = keychain()
            unlocking = asyncio.create_task(ours.unlock())
            await self.press(display)
            unlocking.cancel()
            await asyncio.wait([unlocking])
            return (await ours.status()).state

        assert asyncio.run(body()) == "locked"

    def test_the_service_killed_while_it_is_up_is_unavailable_at_once(
        self, locked: PrivateSecretService, display: str
    ) -> None:
        async def body() -> str:
            unlocking = asyncio.create_task(keychain().unlock())
            await self.press(display)
            locked.kill_daemon()
            return (await unlocking).state

        assert asyncio.run(body()) == "unavailable"
