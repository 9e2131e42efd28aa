"""What one version leaves on a disk, read by another: by this one what 0.1.0 left and what a newer
one will, by 0.1.0 what this one leaves (files-of-0.1.0: written by that version's own code, signed
in at its embedded server as Ada, with a note of hers, one from before, and a reason of an earlier
end).
"""

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

from refapp import Change, Phase, open_session
from refapp.testing import MemoryKeychain
from refapp.trusted.files.owner import NOBODY, Owner
from refapp.trusted.recorder import Recorder
from refapp.trusted.services.workspace import Workspace
from refapp.trusted.storage.token_file import SealedFor, open_value, parse

SERVER = "http://127.0.0.1:47111"
ADA = {
    "id": "C5q5trc4eZcXpybWcu3t5eiEfFmczyJP",
    "name": "Ada Lovelace",
    "email": "ada@example.com",
    "image": None,
}
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


def start(folder: Path, keychain: MemoryKeychain) -> tuple[Change, list[httpx.Request]]:
    """What the app shows at a start at which the server answers, and what it sent."""

    async def shown() -> Change:
        async with open_session(SERVER, keychain, data_dir=folder) as session:
            return session.state

    with (
        freeze_time(AN_HOUR_LATER, real_asyncio=True),
        respx.mock(assert_all_called=False) as server,
    ):
        server.post(f"{SERVER}/api/auth/refresh").respond(
            json={"accessToken": "a-new-one", "refreshToken": "another-new-one"}
        )
        server.get(f"{SERVER}/api/auth/get-session").respond(
            json={"user": ADA, "session": {"id": "1", "token": "a-new-one", "userId": ADA["id"]}}
        )
        return asyncio.run(shown()), [call.request for call in server.calls]


def tokens_in(folder: Path) -> Path:
    return next(folder.glob("tokens-*.json"))


def test_the_session_goes_on(folder: Path, keychain: MemoryKeychain) -> None:
    state, (renewed, check) = start(folder, keychain)
    assert state.profile
    assert (state.phase, state.profile.name) == (Phase.SIGNED_IN, "Ada Lovelace")
    assert json.loads(renewed.content) == {"refreshToken": REFRESH}
    assert check.headers["authorization"] == "Bearer a-new-one"
    notes = Workspace(folder, Recorder(), time.time)
    notes.belong_to(Owner(SERVER, ADA["id"] or "", 0))
    assert [note.title for note in notes.summaries()] == ["Milk"]
    notes.belong_to(NOBODY)
    assert [note.title for note in notes.summaries()] == ["Before the sign-in"]


def test_version_0_1_0_reads_what_this_one_leaves(folder: Path, keychain: MemoryKeychain) -> None:
    """It takes a file of its own fields, and no other, under the key that it made;
    within ``session`` it passes over the rest.
    """
    was = json.loads(tokens_in(folder).read_text())
    start(folder, keychain)
    now = json.loads(tokens_in(folder).read_text())
    same = was.keys() - {"write", "sealed"}
    assert now.keys() == was.keys()
    assert {name: now[name] for name in same} == {name: was[name] for name in same}
    assert now["sealed"].keys() == was["sealed"].keys()
    for_it = SealedFor("refapp", SERVER)
    life, its_own = (
        json.loads(
            open_value(parse(json.dumps(file).encode(), for_it), "session", keychain.items[KEY[0]])
            or ""
        )
        for file in (now, was)
    )
    assert life.items() >= {name: its_own[name] for name in ("user_id", "mode")}.items()
    assert life.keys() >= its_own.keys()


def test_a_newer_version_s_session_costs_nothing_and_is_said(
    folder: Path, keychain: MemoryKeychain
) -> None:
    start(folder, keychain)
    file = tokens_in(folder)
    own = file.read_bytes()
    newer = own.replace(b'"v": 1', b'"v": 2')
    file.write_bytes(newer)
    state, sent = start(folder, keychain)
    assert (state.phase, sent) == (Phase.UNAVAILABLE, [])
    assert "newer version" in state.sentence
    assert file.read_bytes() == newer
    assert list(folder.glob("tokens-*.json*")) == [file]
    file.write_bytes(own)  # as the newer version finds it again
    assert start(folder, keychain)[0].phase is Phase.SIGNED_IN


def test_what_a_newer_version_keeps_besides_is_passed_over(
    folder: Path, keychain: MemoryKeychain
) -> None:
    start(folder, keychain)
    for path in (*folder.glob("profile-*.json"), *folder.glob("notes/*/*.json")):
        path.write_text(json.dumps({**json.loads(path.read_text()), "of a newer version": 1}))
    for path in folder.glob("history-*.json"):
        path.write_text(
            json.dumps([{**one, "of a newer version": 1} for one in json.loads(path.read_text())])
        )
    state, _ = start(folder, keychain)
    assert state.profile
    assert (state.phase, state.profile.name) == (Phase.SIGNED_IN, "Ada Lovelace")
    notes = Workspace(folder, Recorder(), time.time)
    notes.belong_to(Owner(SERVER, ADA["id"] or "", 0))
    assert [note.title for note in notes.summaries()] == ["Milk"]


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
