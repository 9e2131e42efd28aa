"""Wherever the app is killed, the next write leaves one key in the keychain, in each of the three
that Linux people have (SS-17).

``tests/crash/test_orphans.py`` is the same over every effect on the disk, with a folder as the
keychain. Here the keychain is real, and what changes it are the app's requests over D-Bus: the app
is killed before each, and once it is sent, unanswered. GNOME Keyring has the whole sweep, the
others each fourth point of the first save: each of their keys takes seconds. --matrix has the rest.
"""

from __future__ import annotations

import asyncio
import itertools
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from jeepney import Message
from jeepney.io.asyncio import DBusConnection
from jeepney.low_level import HeaderFields

from refapp.trusted.keys import secret_service_keychain  # noqa: F401  # here: the killed app's imports are no effects
from refapp.trusted.keys.keychain import OsKeychain
from refapp.trusted.recorder import Recorder
from refapp.trusted.storage.secure_storage import SecureStorage
from refapp.trusted.storage.token_service import TokenService
from steps.on_desktop.keepassxc import KeePassXC
from steps.on_desktop.real_keychain import RealKeychain
from steps.on_desktop.real_keychains import KEYCHAINS
from tests.crash.kill_points import FIRST, SESSION, WAYS, killed

FILES = {"os.rename", "os.remove", "os.mkdir"}
REQUESTS = {"CreateItem", "Delete", "Prompt"}
ORIGIN = "https://auth.example.com"


def tokens(folder: Path) -> TokenService:
    keychain = OsKeychain("refapp", 20.0, Recorder())
    return TokenService(
        SecureStorage(folder / "app", ORIGIN, "refapp", keychain, Recorder(), lambda: 0.0, 2.0)
    )


QUICK = RealKeychain
CASES = [
    pytest.param(
        kind, way, 1, id=f"{kind.title}-{way}", marks=[] if kind is QUICK else [pytest.mark.matrix]
    )
    for kind, way in itertools.product(KEYCHAINS, WAYS)
] + [
    pytest.param(kind, FIRST, 4, id=f"{kind.title}-a part of {FIRST}")
    for kind in KEYCHAINS
    if kind is not QUICK
]


def watch(effect: Callable[[], None]) -> None:
    send = DBusConnection.send

    async def counted(self: DBusConnection, message: Message, *, serial: int | None = None) -> None:
        changes = message.header.fields.get(HeaderFields.member) in REQUESTS
        if changes:
            effect()
        await send(self, message, serial=serial)
        if changes:
            effect()

    DBusConnection.send = counted
    sys.addaudithook(lambda event, _: effect() if event in FILES else None)


@pytest.fixture
def unasked(real: RealKeychain) -> RealKeychain:
    """Nobody sits here: KeePassXC is told by its own setting not to ask about each item."""
    if isinstance(real, KeePassXC):
        real.ask_no_more()
    return real


@pytest.mark.parametrize(("real", "way", "every"), CASES, indirect=["real"])
def test_killed_at_any_effect_the_next_write_leaves_one_key(
    unasked: RealKeychain, tmp_path: Path, way: str, every: int
) -> None:
    orphans = []
    for at in itertools.count(every // 2 + 1, every):
        asyncio.run(tokens(tmp_path).forget() if way == FIRST else tokens(tmp_path).save(SESSION))
        if not killed(lambda: tokens(tmp_path), WAYS[way], watch, at):
            break
        asyncio.run(tokens(tmp_path).save(SESSION))
        keys, left = unasked.names(), [path.name for path in (tmp_path / "app").glob("keys-*")]
        if len(keys) != 1 or left:
            orphans.append((at, keys, left))
        assert asyncio.run(tokens(tmp_path).load()) == SESSION
    assert at > (5 if way != "a refresh with its journal" else 2)
    assert orphans == []
