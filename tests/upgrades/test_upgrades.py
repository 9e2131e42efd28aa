"""What version 0.1.0 left on a disk, read by this version (files-of-0.1.0: written by that version's own code, signed in at its
embedded server as Ada, with a note of hers, one from before, and a reason of an earlier end)."""

from __future__ import annotations

import asyncio
import base64
import json
import shutil
import time
from pathlib import Path

import httpx
import pytest
import respx
from freezegun import freeze_time

from refapp import Phase, open_session
from refapp.testing import MemoryKeychain
from refapp.trusted.files.owner import NOBODY, Owner
from refapp.trusted.recorder import Recorder
from refapp.trusted.services.workspace import Workspace

SERVER = "http://127.0.0.1:47111"
ADA = {"id": "C5q5trc4eZcXpybWcu3t5eiEfFmczyJP", "name": "Ada Lovelace", "email": "ada@example.com", "image": None}
REFRESH = "wPDpMbD0VZxz2a-q0KzCTD7JxKkWoRbBCEFZN1_aRd8"
KEY = "1292193db2908df2", "UJ4RnqUHp1hFcBjVz5KuNEcEtY2AT0/6OsTVatKqY/A="
AN_HOUR_LATER = "2026-11-27 02:40:41"
"""Than the session was opened."""


@pytest.fixture
def keychain() -> MemoryKeychain:
    kept = MemoryKeychain()
    kept.items[KEY[0]] = base64.b64decode(KEY[1])
    return kept


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shutil.copytree(Path(__file__).with_name("files-of-0.1.0"), tmp_path / "app")


def test_the_session_goes_on(folder: Path, keychain: MemoryKeychain) -> None:
    async def phase_and_name() -> tuple[Phase, str]:
        async with open_session(SERVER, keychain, data_dir=folder) as session:
            assert session.profile
            return session.phase, session.profile.name

    with freeze_time(AN_HOUR_LATER, real_asyncio=True), respx.mock() as server:
        renewed = server.post(f"{SERVER}/api/auth/refresh").respond(
            json={"accessToken": "a-new-one", "refreshToken": "another-new-one"}
        )
        check = server.get(f"{SERVER}/api/auth/get-session").respond(
            json={"user": ADA, "session": {"id": "1", "token": "a-new-one", "userId": ADA["id"]}}
        )
        assert asyncio.run(phase_and_name()) == (Phase.SIGNED_IN, "Ada Lovelace")
    assert json.loads(renewed.calls.last.request.content) == {"refreshToken": REFRESH}
    assert check.calls.last.request.headers["authorization"] == "Bearer a-new-one"
    notes = Workspace(folder, Recorder(), time.time)
    notes.belong_to(Owner(SERVER, ADA["id"] or "", 0))
    assert [note.title for note in notes.summaries()] == ["Milk"]
    notes.belong_to(NOBODY)
    assert [note.title for note in notes.summaries()] == ["Before the sign-in"]


def test_without_a_network_it_is_kept(folder: Path, keychain: MemoryKeychain) -> None:
    async def phase() -> Phase:
        async with open_session(SERVER, keychain, data_dir=folder) as session:
            return session.phase

    with respx.mock() as server:
        server.route().mock(side_effect=httpx.ConnectError("refused"))
        assert asyncio.run(phase()) is Phase.OFFLINE
    assert json.loads(next(folder.glob("tokens-*.json")).read_text())["sealed"].keys() >= {
        "accessToken",
        "refreshToken",
    }
