"""What a hostile server and a damaged disk may say: never more than a sentence comes of it, and no
file outside its place.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import cast

import httpx
import msgspec
import pytest
import respx

from refapp.snapshot import NoteSummary
from refapp.trusted.files import places
from refapp.trusted.files.history import History
from refapp.trusted.files.owner import Owner
from refapp.trusted.files.profile import Profile
from refapp.trusted.files.profile_cache import ProfileCache
from refapp.trusted.network.no_answer import NoAnswer
from refapp.trusted.recorder import Recorder
from refapp.trusted.server.origin_client import OriginClient
from refapp.trusted.server.server_times import http_date
from refapp.trusted.server.verdict import DEFAULT_WAIT_S, Call, Confirmed, Reply, Throttled, judge
from refapp.trusted.server.web_link import is_web
from refapp.trusted.services import workspace
from refapp.trusted.services.assistant import Assistant
from refapp.trusted.services.note_files import title_of
from refapp.trusted.services.sync import Sync
from refapp.trusted.services.workspace import Workspace
from refapp.trusted.shell.api_client import ApiClient
from refapp.wire import LIMIT

ADA = Owner("https://auth.example.com", "ada", 1)
LONG = "x" * 100_001
NOTE = {
    "id": "0123456789ab",
    "text": "Milk",
    "changedAt": 1_900_000_000.0,
    "deleted": False,
    "revision": 1,
}
BROKEN = [
    b'{"notes": "\xff"}',
    b'{"summary": "\xff"}',
    b'{"notes": ' + b"[" * 100_000,
    b'{"x": ' + b"[" * 100_000,
]


class Server:
    """Answers every call with the same."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    async def fetch(
        self, method: str, path: str, body: bytes | None = None, *, owner: Owner
    ) -> Reply:
        return Reply(200, {"content-type": "application/json"}, self.body)


def answer(*notes: dict[str, object]) -> bytes:
    """The server's, with these notes."""
    return json.dumps({"notes": notes, "taken": {}, "upTo": 1, "more": False, "room": 9}).encode()


def synced(folder: Path, body: bytes) -> tuple[Sync, Workspace]:
    notes = Workspace(folder, Recorder(), lambda: 1.0)
    notes.belong_to(ADA)
    sync = Sync(
        folder,
        api=cast("ApiClient", Server(body)),
        workspace=notes,
        recorder=Recorder(),
        clock=lambda: 1.0,
        changed=lambda: None,
    )
    sync.enable(ADA)
    asyncio.run(sync.run())
    return sync, notes


def test_a_note_of_the_server_is_taken(tmp_path: Path) -> None:
    sync, notes = synced(tmp_path, answer(NOTE))
    assert sync.service.state == "ready"
    assert [note.title for note in notes.summaries()] == ["Milk"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "../../settings"},
        {"id": "../../../outside"},
        {"id": "a\0b"},
        {"id": ""},
        {"id": "0123456789AB"},
        {"text": LONG},
        {"changedAt": 1e300},
        {"changedAt": -1e300},
        {"revision": -1},
        {"revision": 2**70},
    ],
    ids=lambda wrong: ascii(wrong)[:40],
)
def test_a_note_that_is_none_is_not_written_anywhere(
    tmp_path: Path, wrong: dict[str, object]
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "settings.json").write_text("mine")
    sync, notes = synced(home, answer(NOTE | wrong))
    assert (sync.service.state, notes.all()) == ("failed", [])
    assert "understood" in sync.service.sentence
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["settings.json"]
    assert (home / "settings.json").read_text() == "mine"


@pytest.mark.parametrize("changed_at", [2_000_000_000.0, 253_402_300_799.9999])
def test_a_note_of_the_server_that_is_from_the_future_can_be_changed_and_is_there_at_the_next_start(
    tmp_path: Path, changed_at: float
) -> None:
    _, notes = synced(tmp_path, answer(NOTE | {"changedAt": changed_at}))
    notes.save(NOTE["id"], "Milk and tea")
    again = Workspace(tmp_path, Recorder(), lambda: 1.0)
    again.belong_to(ADA)
    assert [(note.text, note.changed_at > changed_at) for note in again.all()] == [
        ("Milk and tea", True)
    ]


def test_an_absolute_path_is_no_note_either(tmp_path: Path) -> None:
    home, outside = tmp_path / "home", tmp_path / "elsewhere"
    home.mkdir()
    sync, _ = synced(home, answer(NOTE | {"id": str(outside)}))
    assert sync.service.state == "failed"
    assert not outside.with_suffix(".json").exists()


@pytest.mark.parametrize("body", BROKEN, ids=range(len(BROKEN)))
def test_an_answer_that_is_no_json_is_a_sentence(tmp_path: Path, body: bytes) -> None:
    sync, _ = synced(tmp_path, body)
    assert sync.service.state == "failed"
    assistant = Assistant(cast("ApiClient", Server(body)))
    assistant.enable()
    with pytest.raises(Exception, match="not understood"):
        asyncio.run(assistant.summarise("Milk", ADA))


def test_more_notes_than_a_line_holds_are_kept_and_the_newest_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for character in ("\1", "😀", '"', "\\", "\x7f"):
        listed = NoteSummary("0123456789ab", title_of(character * 1000), 1_900_000_000.123)
        assert workspace.MOST_LISTED * len(msgspec.json.encode(listed)) < LIMIT * 0.6
    monkeypatch.setattr(workspace, "MOST_LISTED", 2)
    many = [NOTE | {"id": f"{n:012x}", "changedAt": n} for n in range(4)]
    sync, notes = synced(tmp_path, answer(*many))
    assert (sync.service.state, len(notes.all())) == ("ready", 4)
    assert [note.changed_at for note in notes.summaries()] == [3, 2]


def test_a_name_of_two_megabytes_fits_into_a_line_to_the_window() -> None:
    user = {"id": ADA.user_id, "name": "n" * 2**21, "email": "e" * 2**21}
    body = json.dumps({"user": user, "token": "t", "session": {}}).encode()
    for call in (Call.SIGN_IN, Call.SESSION):
        verdict = judge(call, Reply(200, {"content-type": "application/json"}, body), 0.0)
        assert isinstance(verdict, Confirmed)
        assert verdict.profile is not None
        assert len(verdict.profile.name) + len(verdict.profile.email) < 1000


def test_a_link_of_two_megabytes_is_none() -> None:
    assert is_web("https://auth.example.com/device")
    assert not is_web("https://auth.example.com/" + "x" * 2**21)


@pytest.mark.parametrize(
    "damage", [b'{"id": "\xff"}', b'[{"at": 1, "sentence": "\xff"}]', b"[" * 100_000, b""]
)
def test_a_damaged_file_of_settings_history_notes_or_sync_counts_as_none(
    tmp_path: Path, damage: bytes
) -> None:
    synced(tmp_path, answer(NOTE))
    ProfileCache(places.profile(tmp_path, ADA.base), Recorder(), lambda: 1.0).save(
        Profile("ada", "Ada", "ada@example.com")
    )
    History(places.history(tmp_path, ADA.base), Recorder(), lambda: 1.0).keep("Ended.", "ada")
    for path in tmp_path.rglob("*.json"):
        path.write_bytes(damage)
    assert ProfileCache(places.profile(tmp_path, ADA.base), Recorder(), lambda: 1.0).load() is None
    assert History(places.history(tmp_path, ADA.base), Recorder(), lambda: 1.0).reasons("ada") == []
    sync, notes = synced(tmp_path, b"{}")
    assert (sync.service.done_at, notes.all()) == (None, [])


@pytest.mark.parametrize(
    "date",
    [
        "Mon, 99999999999999999999 Jan 2026 00:00:00 GMT",
        "Mon, 01 Jan 99999999999999 00:00:00 GMT",
        "Mon, 01 Jan 2026 00:00:00 +99999999999999999999",
        "Mon, 01 Jan 2026 00:00:00 +9999",
        "yesterday",
        "",
    ],
)
def test_a_date_that_is_none_is_no_date(date: str) -> None:
    assert http_date(date) is None
    throttled = judge(Call.SESSION, Reply(429, {"retry-after": date}, b""), 0.0)
    assert throttled == Throttled(DEFAULT_WAIT_S)


def test_a_server_whose_date_is_none_is_answered_all_the_same() -> None:
    async def asked() -> Reply | NoAnswer:
        router = respx.Router()
        router.get("http://127.0.0.1:9/").respond(
            headers={"date": "Mon, 01 Jan 99999999999999 00:00:00 GMT"}
        )
        client = OriginClient(
            "http://127.0.0.1:9",
            recorder=Recorder(),
            clock=lambda: 1.0,
            connect_timeout_s=1,
            request_timeout_s=1,
            transport=httpx.MockTransport(router.async_handler),
        )
        try:
            return await client.send(Call.SESSION, "GET", "/")
        finally:
            await client.close()

    came = asyncio.run(asked())
    assert isinstance(came, Reply)
    assert came.status == 200
