"""Whatever a server answers, what is kept of it is there at the next start, and what the window is
sent of it the window understands: no answer has a wider type than the file or the message that it
goes into.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest
from hypothesis import given, strategies as st

from refapp import messages as m, wire
from refapp.snapshot import (
    Boundary,
    PendingSignIn,
    Phase,
    Service,
    StateParams,
    Storage,
    User,
    Way,
)  # fmt: skip
from refapp.trusted.files import places
from refapp.trusted.files.owner import Owner
from refapp.trusted.files.profile import Profile
from refapp.trusted.files.profile_cache import ProfileCache
from refapp.trusted.recorder import Recorder
from refapp.trusted.server import device_answers, second_factor
from refapp.trusted.server.verdict import Call, Confirmed, Reply, judge
from refapp.trusted.services.apart_notes import ApartNotes
from refapp.trusted.services.own_sessions import OwnSessionList
from refapp.trusted.services.sync import Sync
from refapp.trusted.services.workspace import Workspace
from refapp.trusted.shell.api_client import ApiClient
from refapp.trusted.storage import secret
from refapp.trusted.wording import note_words

ADA = Owner("https://auth.example.com", "ada", 1)
JSON = {"content-type": "application/json"}
NOW = 1_900_000_000.0
NUMBERS = st.sampled_from(
    [0, 1, -1, 7, 2**53, 2**53 + 1, -(2**53) - 1, 2**63, 2**64, 2**70, -(2**70), 0.5, 1e300,
     253_402_300_799.9999, 1_790_000_000_000_000_000]
)  # fmt: skip
WORDS = st.one_of(
    st.sampled_from(["", "ada", "\0", "2026-11-24T05:49:17Z", "x" * 5000, "0123456789ab"]),
    st.text(max_size=5),
)
ANYTHING = st.one_of(NUMBERS, WORDS, st.none(), st.booleans())


class Server:
    """Answers a call with ``answer``, and takes each note as its revision ``taken``."""

    def __init__(self, answer: Any, taken: object = None) -> None:
        self.answer, self.taken = answer, taken

    async def fetch(
        self, method: str, path: str, body: bytes | None = None, *, owner: Owner
    ) -> Reply:
        if body is None:
            return Reply(200, JSON, json.dumps(self.answer).encode())
        taken = {note["id"]: self.taken for note in json.loads(body)["notes"]}
        return Reply(200, JSON, json.dumps({**self.answer, "taken": taken}).encode())


class Computer:
    """One start of the app with Ada's notes in ``folder``."""

    def __init__(self, folder: Path, server: Server) -> None:
        self.notes = Workspace(folder, Recorder(), lambda: NOW)
        self.notes.belong_to(ADA)
        api = cast("ApiClient", server)
        self.sync = Sync(
            folder, api=api, workspace=self.notes, recorder=Recorder(), clock=lambda: NOW,
            changed=lambda: None,
        )  # fmt: skip
        self.sync.enable(ADA)

    @property
    def shown(self) -> tuple[object, ...]:
        listed = [(one.id, one.text, one.revision) for one in self.notes.all() if not one.deleted]
        return sorted(listed), self.notes.trouble, self.sync.service.done_at, self.sync.room


def check_again(folder: Path, answer: dict[str, object], taken: object) -> Computer:
    server = Server(answer, taken)
    here = Computer(folder, server)
    here.notes.save(None, "Dear diary")
    asyncio.run(here.sync.run())
    if here.sync.service.state == "failed":
        assert here.sync.service.sentence == note_words.ANSWER_NOT_UNDERSTOOD
    again = Computer(folder, server)
    assert again.shown[:2] == here.shown[:2]
    if here.sync.service.state == "ready":
        assert again.shown == here.shown
    sent(notes=again.notes.summaries(), sync=again.sync.service)
    return here


PLAIN: dict[str, object] = {"notes": [], "upTo": 1, "more": False, "room": 5}


@pytest.mark.parametrize("revision", [2**53 + 1, 2**70, -1, 1_790_000_000_000_000_000])
def test_a_revision_that_the_note_s_file_does_not_take_is_not_understood(
    tmp_path: Path, revision: int
) -> None:
    here = check_again(tmp_path, PLAIN, revision)
    assert here.sync.service.state == "failed"
    assert [note.revision for note in here.notes.all()] == [0]


@pytest.mark.parametrize(("field", "value"), [("upTo", 2**54), ("upTo", -1), ("room", 2**64)])
def test_a_number_that_is_kept_has_bounds(tmp_path: Path, field: str, value: int) -> None:
    assert check_again(tmp_path, PLAIN | {field: value}, 1).sync.service.state == "failed"


def test_a_server_with_more_notes_than_room_is_understood(tmp_path: Path) -> None:
    assert check_again(tmp_path, PLAIN | {"room": -3}, 1).sync.service.state == "ready"


THEIRS = st.fixed_dictionaries(
    {
        "id": st.sampled_from(["0123456789ab", "ffffffffffff"]),
        "text": WORDS,
        "changedAt": NUMBERS,
        "deleted": st.booleans(),
        "revision": NUMBERS,
    }
)


@given(
    taken=NUMBERS,
    answer=st.fixed_dictionaries({
        "notes": st.lists(THEIRS, max_size=2), "upTo": NUMBERS, "more": st.just(False),
        "room": NUMBERS,
    }),
)  # fmt: skip
def test_notes(
    tmp_path_factory: pytest.TempPathFactory, taken: object, answer: dict[str, object]
) -> None:
    check_again(tmp_path_factory.mktemp("home"), answer, taken)


def test_a_note_of_the_last_moment_can_go_back_to_where_it_was(tmp_path: Path) -> None:
    last = 253_402_300_799.9999
    nobodys = Workspace(tmp_path, Recorder(), lambda: last)
    nobodys.save(None, "Milk")
    apart = ApartNotes(tmp_path, Recorder())
    apart.follow(ADA, "ada@example.com")
    apart.join()
    apart.undo()
    hers = Computer(tmp_path, Server(PLAIN))
    assert hers.notes.trouble == ""
    assert [note.deleted for note in hers.notes.all()] == [True]


def sent(**state: Any) -> None:
    """The window gets this, and understands it."""
    params = StateParams(
        **{
            "revision": 1, "phase": Phase.SIGNED_IN, "server": ADA.base, "version": "1",
            "storage": Storage("ready", ""), "sync": Service("off"), "assistant": Service("off"),
            "boundary": Boundary(verified=True, checks=[], display=""),
            **state,
        }
    )  # fmt: skip
    line = wire.encode(m.Snapshot(params=params)).removesuffix(b"\n")
    assert wire.decode_down(line) == m.Snapshot(params=params)


def kept(value: Any) -> None:
    """It is written and read as it is."""
    assert msgspec.json.decode(msgspec.json.encode(value), type=type(value)) == value


def bodies(*names: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(dict.fromkeys(names, ANYTHING))


PEOPLE = bodies("id", "name", "email", "image")
SESSIONS = bodies("expiresAt", "token")


@given(user=PEOPLE, session=SESSIONS, token=WORDS)
def test_a_session_and_whose_it_is(
    tmp_path_factory: pytest.TempPathFactory, user: object, session: dict[str, object], token: str
) -> None:
    body = json.dumps({"user": user, "session": session, "token": token}).encode()
    for call in (Call.SIGN_IN, Call.SESSION):
        verdict = judge(call, Reply(200, JSON, body), NOW)
        if isinstance(verdict, Confirmed) and verdict.profile is not None:
            profile: Profile = verdict.profile
            kept(profile)
            kept(secret.opened(profile.id, token, None, NOW, verdict.expires_at))
            place = places.profile(tmp_path_factory.mktemp("home"), ADA.base)
            cache = ProfileCache(place, Recorder(), lambda: NOW)
            assert cache.save(profile)
            assert cache.load() == profile
            sent(user=User(profile.name, profile.email))


@given(
    bodies("device_code", "user_code", "expires_in", "interval"),
    st.sampled_from(["https://auth.example.com/device", "", "https://a.test/" + "x" * 5000]),
)
def test_a_device_sign_in(codes: dict[str, Any], link: str) -> None:
    body = json.dumps(codes | {"verification_uri": link}).encode()
    found = device_answers.judge_codes(Reply(200, JSON, body), NOW)
    if isinstance(found, secret.DeviceGrant):
        kept(found)
        pending = PendingSignIn(Way.DEVICE, found.link, found.user_code, found.expires_at)
        sent(pending=pending)


@given(WORDS, st.sampled_from(["", "; Max-Age=9", "; Max-Age=-1", f"; max-age={'9' * 5000}"]))
def test_a_computer_that_is_trusted(value: str, attributes: str) -> None:
    cookie = {"set-cookie": f"better-auth.trust_device={value}{attributes}"}
    found = second_factor.trust_in(Reply(200, JSON | cookie, b"{}"), "ada@example.com", NOW)
    if found is not None:
        kept(found)


@given(st.lists(bodies("createdAt", "updatedAt", "userAgent", "token"), max_size=3))
def test_where_a_person_is_signed_in(rows: list[dict[str, Any]]) -> None:
    listed = OwnSessionList(cast("ApiClient", Server(rows)), lambda: "ada", lambda: None)
    listed.follow(Phase.SIGNED_IN, ADA)
    asyncio.run(listed.look())
    sent(own_sessions=listed.shown)
