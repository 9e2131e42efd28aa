"""How long a new key waits for the keychain's own file."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from refapp.trusted.keys import secret_service_keychain as keychain
from refapp.trusted.keys.secret_service import Conversation


class Talk:
    """A conversation with ``program``. ``waits``: the most that was waited for it."""

    waits = 0.0

    def __init__(self, program: str) -> None:
        self.program = program

    async def get(self, path: str, interface: str, name: str) -> object:
        del path, interface, name
        return "kdewallet"

    async def waited(self, doing: str, work: Callable[[], bool], seconds: float) -> bool:
        del doing
        self.waits = seconds
        return work()


@pytest.mark.parametrize(
    ("program", "file", "seconds"),
    [("KWallet", "kdewallet.kwl", 20), ("KWallet", "", 7), ("KeePassXC", "kdewallet.kwl", 3)],
)
def test_a_file_that_is_not_seen_is_not_waited_for_as_one_that_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, file: str, seconds: float
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    (tmp_path / "kwalletd").mkdir()
    if file:
        (tmp_path / "kwalletd" / file).touch()
    talk = Talk(program)
    asyncio.run(keychain._on_the_disk(cast("Conversation", talk), "/a/keyring"))
    assert talk.waits == seconds
