"""The keychains of macOS and Windows, and KWallet's own interface, as far as that can be had
without them: stand-ins under their names. What is tried is our side: which is asked, how long a
person may take, and the words for what they raise.
"""

from __future__ import annotations

import asyncio
import importlib
import sys
import threading
import types

import pytest
from keyring.errors import KeyringError, KeyringLocked, PasswordDeleteError
from keyring.util.platform_ import config_root

from refapp.trusted.errors import StorageError
from refapp.trusted.keys import keychain as keychain_port, keychain_backend
from refapp.trusted.keys.keychain import OsKeychain
from refapp.trusted.recorder import Recorder

KEY = bytes(range(32))
PLACES = {
    "macOS Keychain": ("darwin", "keyring.backends.macOS", "Keyring"),
    "Windows Credential Locker": ("win32", "keyring.backends.Windows", "WinVaultKeyring"),
}


class StandIn:
    """Keeps items in memory; ``trouble`` is raised, ``person`` waited for.
    As a KeyringBackend it would stay listed for good.
    """

    viable = True
    priority = 5
    items: dict[tuple[str, str], str]
    trouble: Exception | None = None
    person: threading.Event | None = None

    def get_password(self, service: str, username: str) -> str | None:
        self._asked()
        return self.items.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._asked()
        self.items[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._asked()
        if self.items.pop((service, username), None) is None:
            raise PasswordDeleteError

    @classmethod
    def _asked(cls) -> None:
        if cls.person is not None:
            assert cls.person.wait(30)
        if cls.trouble is not None:
            raise cls.trouble


@pytest.fixture(params=PLACES)
def stand_in(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> type[StandIn]:
    platform, module, name = PLACES[request.param]
    made = type(name, (StandIn,), {"items": {}, "__module__": module, "title": request.param})
    placed = types.ModuleType(module)
    setattr(placed, name, made)
    monkeypatch.setitem(sys.modules, module, placed)
    for ours in (keychain_backend, keychain_port):
        monkeypatch.setattr(ours, "sys", types.SimpleNamespace(platform=platform))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "")
    monkeypatch.setattr(keychain_backend, "_is_configured", lambda: False)
    return made


def keychain(deadline_s: float = 20.0) -> OsKeychain:
    return OsKeychain("refapp", deadline_s, Recorder())


def test_it_is_the_one_that_is_asked_and_a_key_goes_in_and_out(stand_in: type[StandIn]) -> None:
    ours = keychain()
    assert asyncio.run(ours.status()).backend == stand_in.title  # type: ignore[attr-defined]
    asyncio.run(ours.write_key("k1", KEY))
    assert list(stand_in.items) == [("refapp", "master-key:k1")]
    assert asyncio.run(ours.read_key("k1")) == KEY
    asyncio.run(ours.delete_key("k1"))
    asyncio.run(ours.delete_key("k1"))
    assert asyncio.run(ours.read_key("k1")) is None


@pytest.mark.parametrize(
    ("trouble", "code"), [(KeyringLocked("no"), "locked"), (KeyringError("no"), "fault")]
)
def test_what_it_raises_has_a_cure_that_names_where_to_look(
    stand_in: type[StandIn], trouble: Exception, code: str
) -> None:
    stand_in.trouble = trouble
    with pytest.raises(StorageError) as raised:
        asyncio.run(keychain().read_key("k1"))
    looks = {"macOS Keychain": "Keychain Access", "Windows Credential Locker": "Credential Manager"}
    assert (raised.value.code, looks[stand_in.title] in raised.value.cure) == (code, True)  # type: ignore[attr-defined]


def test_a_person_may_take_longer_than_the_programs_deadline_where_the_system_asks(
    stand_in: type[StandIn],
) -> None:
    stand_in.person = threading.Event()
    stand_in.items["refapp", "master-key:k1"] = "v1.AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"

    asks = stand_in.title in keychain_backend.ASKS  # type: ignore[attr-defined]

    async def body() -> tuple[bool, bytes | str | None]:
        # One that asks has to do so first, which a busy machine takes its time for.
        ours = keychain(deadline_s=20.0 if asks else 0.3)
        said = asyncio.Event()
        ours.prompts.changed = said.set
        reading = asyncio.create_task(ours.read_key("k1"))
        waits = [asyncio.create_task(said.wait()), reading]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        sentence = ours.prompts.waiting
        loop = asyncio.get_running_loop()
        now = loop.time
        loop.time = lambda: now() + 60  # type: ignore[method-assign]
        await asyncio.wait([reading], timeout=0.2)
        assert stand_in.person is not None
        stand_in.person.set()
        try:
            return "may ask you" in sentence, await reading
        except StorageError as error:
            return "may ask you" in sentence, error.code

    assert asyncio.run(body()) == ((True, KEY) if asks else (False, "timeout"))


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is one alone")
def test_each_back_end_has_a_name_of_its_own() -> None:
    for (module, name), title in keychain_backend.ALLOWED["linux"].items():
        kind = getattr(importlib.import_module(module), name)
        assert keychain_backend.name_of(object.__new__(kind)) == title


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere keyring itself is asked")
@pytest.mark.parametrize("named", ["", "/somewhere/else"])
def test_what_a_person_configured_is_looked_for_where_keyring_looks(
    monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", named)
    assert keychain_backend._config_root() == config_root()
