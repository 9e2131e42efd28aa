"""What a window that was taken over may try on the channel: the real gate, handlers and app, with a
window that says anything.

An attempt is stopped if nothing changed by it: no file, no key, no request to the server, no phase.
Whether the window is answered or ended is the gate's docstring; a fresh one comes up with the same
state, a bounded number of times.
"""

from __future__ import annotations

import asyncio
import dataclasses
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from refapp import messages as m
from refapp.snapshot import Phase
from refapp.trusted.window import gate
from refapp.trusted.window.window_ends import DELAYS_S, FAILED
from refapp.wire import LIMIT
from steps.fakes.windows.fake_window import FakeWindow
from steps.in_process.inproc import InProcess
from steps.scenario.people import ADA

pytestmark = pytest.mark.usefixtures("clock_kept_frozen")

NOTE = "0123456789ab"
PARAMS: dict[type[m.Request], dict[str, Any]] = {
    m.Initialize: {},
    m.SignIn: {"email": "mallory@example.com", "password": "guess"},
    m.SignInElsewhere: {"way": "device"},
    m.SignInOpenLink: {},
    m.SignInSecondFactor: {"factor": "authenticator", "code": "123456", "trust": False},
    m.SignInSendCode: {},
    m.SignInSendVerification: {},
    m.SignInPaste: {"pasted": "0123456789abcdef0123456789abcdef"},
    m.SignInAccept: {},
    m.SignInCancel: {},
    m.SignOut: {},
    m.TryAgain: {},
    m.Restart: {},
    m.UnlockStorage: {},
    m.CancelPrompt: {},
    m.KeepInMemory: {},
    m.ListSessions: {},
    m.RevokeSession: {"session": NOTE},
    m.RevokeOtherSessions: {},
    m.SignOutEverywhere: {},
    m.Dismiss: {"notice": 7},
    m.RememberWindow: {"x": 0, "y": 0, "width": 800, "height": 600, "text": 28, "colours": "dark"},
    m.NoteOpen: {"note": NOTE},
    m.NoteSave: {"note": None, "text": "Mallory was here", "owner": 0},
    m.NoteDelete: {"note": NOTE},
    m.AnswerNotesApart: {"answer": "join"},
    m.SyncNow: {},
    m.Summarise: {"note": NOTE},
    m.StorageIsAvailable: {},
    m.StorageSet: {"key": "refreshToken", "value": "planted"},
    m.StorageGet: {"key": "accessToken"},
    m.StorageDelete: {"key": "refreshToken"},
    m.StorageClear: {},
}


@dataclasses.dataclass(frozen=True)
class World:
    """All that an attempt could change."""

    files: dict[str, bytes]
    keys: dict[str, bytes]
    requests: int
    phase: Phase
    user: object


def world(computer: InProcess) -> World:
    state = computer.copy.app.store.state
    folder = computer.folder
    files = {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
    return World(
        files, dict(computer.keychain.items), len(computer.local.seen), state.phase, state.profile
    )


@pytest.fixture
def computer(tmp_path: Path) -> Iterator[InProcess]:
    made = InProcess(tmp_path)
    yield made
    made.finish()


def signed_in(computer: InProcess) -> InProcess:
    computer.open()
    computer.type_credentials(ADA.email, ADA.password)
    computer.pass_time(1)
    assert computer.copy.app.store.state.phase is Phase.SIGNED_IN
    return computer


def closed(computer: InProcess) -> None:
    signed_in(computer).close()


def signing_in(computer: InProcess) -> None:
    computer.open()
    computer.local.do("hold_next", path="/api/auth/sign-in")
    computer.type_credentials(ADA.email, ADA.password)


def restoring(computer: InProcess) -> None:
    closed(computer)
    computer.local.do("hold_next", path="/api/auth/get-session")
    computer.local.do("hold_next", path="/api/auth/refresh")
    computer.open()


def offline(computer: InProcess) -> None:
    closed(computer)
    computer.cut_off("unreachable")
    computer.open()


def expired(computer: InProcess) -> None:
    closed(computer)
    computer.local.do("revoke_all", email=ADA.email)
    computer.open()


def unavailable(computer: InProcess) -> None:
    computer.trouble_keychain("missing")
    computer.open()


def signing_out(computer: InProcess) -> None:
    async def slow(kid: str) -> None:
        await asyncio.sleep(5)
        computer.keychain.items.pop(kid, None)

    signed_in(computer)
    computer.keychain.delete_key = slow
    computer.press("sign out")


def awaiting_restart(computer: InProcess) -> None:
    signed_in(computer)
    computer.local.do("hold_next", path="/app/notes")
    computer.press_at_once("sync", "sign out")


WAYS: dict[Phase, Callable[[InProcess], object]] = {
    Phase.UNAVAILABLE: unavailable,
    Phase.SIGNED_OUT: InProcess.open,
    Phase.SIGNING_IN: signing_in,
    Phase.RESTORING: restoring,
    Phase.SIGNED_IN: signed_in,
    Phase.OFFLINE: offline,
    Phase.EXPIRED: expired,
    Phase.SIGNING_OUT: signing_out,
    Phase.AWAITING_RESTART: awaiting_restart,
}


def line(method: str, params: object = None, number: int | None = 900) -> bytes:
    said = {"jsonrpc": "2.0", "method": method, "params": {} if params is None else params}
    return json.dumps(said if number is None else {**said, "id": number}).encode()


def tag(kind: type[m.Request]) -> str:
    return str(kind.__struct_config__.tag)


def refused_with(window: FakeWindow) -> tuple[int, str] | None:
    error = window.replies[-1].error
    return None if isinstance(error, msgspec.UnsetType) else (error.code, error.reason)


@pytest.mark.parametrize("phase", Phase)
def test_what_a_phase_does_not_permit_is_refused_and_changes_nothing(
    computer: InProcess, phase: Phase
) -> None:
    WAYS[phase](computer)
    assert computer.copy.app.store.state.phase is phase
    before, window = world(computer), computer.window
    forbidden = [kind for kind, phases in gate.PERMITTED.items() if phase not in phases]
    for kind in forbidden:
        window.write(line(tag(kind), PARAMS[kind]))
        computer.rest()
        assert refused_with(window) == (gate.NOT_NOW, "not_now"), kind
        assert world(computer) == before, kind
    assert window is computer.window, "a refusal is no reason to end a window"


@pytest.mark.parametrize(
    ("kind", "phase"), [(kind, phase) for kind, found in gate.PERMITTED.items() for phase in found]
)
def test_what_a_phase_permits_is_answered(
    computer: InProcess, kind: type[m.Request], phase: Phase
) -> None:
    """The control of the refusals: the same lines, where they are allowed."""
    WAYS[phase](computer)
    window = computer.window
    window.write(line(tag(kind), PARAMS[kind], 901))
    computer.pass_time(10)
    answers = [reply for reply in window.replies if reply.id == 901]
    if kind is m.Restart:
        assert computer.window is not window
        return
    [reply] = answers
    assert isinstance(reply.error, msgspec.UnsetType) or reply.error.code == gate.FAILED, (
        reply.error
    )


GREETINGS = {
    "hello": {"protocol": 1},
    "confined": {"checks": []},
    "shown": {"revision": 1, "widgets": {}},
    "pong": {"n": 1},
}


class Mute(FakeWindow):
    """A window that says nothing by itself, so that the first word is the attacker's."""

    def _greet(self) -> None:
        return


def unconfined(computer: InProcess, *first: bytes) -> FakeWindow:
    """A fresh window in place of the one that is up, which has said ``first`` and nothing else."""
    made: list[FakeWindow] = []

    async def opened(
        on_line: Callable[[bytes], None], on_end: Callable[[int, str], None]
    ) -> FakeWindow:
        made.append(Mute(on_line, on_end))
        return made[-1]

    look = computer.copy.app.window._look
    computer.copy.app.window._look = msgspec.structs.replace(look, open_window=opened)
    computer.window.die()
    computer.pass_time(DELAYS_S[0])
    computer.copy.app.window._look = look
    for word in first:
        made[0].write(word)
    computer.rest()
    return made[0]


HELLO = line("hello", GREETINGS["hello"], 1)


@pytest.mark.parametrize("first", [(), (HELLO,)], ids=["before hello", "before confined"])
@pytest.mark.parametrize("method", [*map(tag, PARAMS), "shown", "pong", "confined", "hello"])
def test_a_word_before_its_stage_ends_the_window(
    computer: InProcess, method: str, first: tuple[bytes, ...]
) -> None:
    if (method, first) in (("hello", ()), ("confined", (HELLO,))):
        pytest.skip("that is the right order")
    signed_in(computer)
    window = unconfined(computer, *first)
    before = world(computer)
    heard = len(window.heard)
    params = GREETINGS.get(method) or next(
        (PARAMS[kind] for kind in PARAMS if tag(kind) == method), {}
    )
    window.write(line(method, params, None if method in ("shown", "pong") else 5))
    computer.pass_time(DELAYS_S[1])
    assert world(computer) == before
    assert window.ended
    assert len(window.heard) <= heard + 1, "it was told more than that it is refused"
    assert b"Ada" not in b"".join(window.heard)
    assert computer.window is not window
    assert computer.window.snapshots[-1].user is not None


MALFORMED: dict[str, bytes] = {
    "nothing": b"",
    "spaces": b"   ",
    "no JSON": b"sign_out",
    "a list (a batch)": b"[" + line("sign_out") + b"]",
    "a number": b"7",
    "null": b"null",
    "no method": b'{"jsonrpc":"2.0","id":1,"params":{}}',
    "no params": b'{"jsonrpc":"2.0","id":1,"method":"sign_out"}',
    "no version": b'{"id":1,"method":"sign_out","params":{}}',
    "an old version": b'{"jsonrpc":"1.0","id":1,"method":"sign_out","params":{}}',
    "a carriage return": line("sign_out") + b"\r",
    "a carriage return within a method": line("sign_out\r\nsign_out"),
    "a request line": b"POST /api/auth/sign-out HTTP/1.1",
    "headers": b"Authorization: Bearer x",
    "two objects": line("sign_out") + line("sign_out"),
    "a comment": line("sign_out") + b"//",
    "NUL": line("sign_out") + b"\0",
    "a byte order mark": b"\xef\xbb\xbf" + line("sign_out"),
    "UTF-16": line("sign_out").decode().encode("utf-16"),
    "not UTF-8": line("note_save", {"note": None, "text": "x", "owner": 0}).replace(b"x", b"\xff"),
    "an overlong slash": line("note_save", {"note": None, "text": "x", "owner": 0}).replace(
        b"x", b"\xc0\xaf"
    ),
    "a lone surrogate": line("note_save", {"note": None, "text": "x", "owner": 0}).replace(
        b'"x"', rb'"\ud800"'
    ),
    "huge": line("note_save", {"note": None, "text": "x" * LIMIT, "owner": 0}),
    "a huge number": line("dismiss", {"notice": 0}).replace(b"0}", b"9" * 5000 + b"}"),
    "deep": b"[" * 100_000,
    "deep in params": line("note_open").replace(
        b"{}", b'{"note":' + b"[" * 50_000 + b"]" * 50_000 + b"}"
    ),
    "the method twice": line("storage_is_available").replace(b'"id"', b'"method":"sign_out","id"'),
    "the id twice": line("sign_out").replace(b'"id"', b'"id":1,"id"'),
    "a parameter twice": line("storage_get", {"key": "accessToken"}).replace(
        b'"key"', b'"key":"refreshToken","key"'
    ),
    "an escaped name twice": line("sign_out").replace(b'"id"', rb'"\u0069d":1,"id"'),
    "infinity": line("dismiss", {"notice": 0}).replace(b"0}", b"Infinity}"),
    "a method that is not there": line("get_token"),
    "a method of the parent": line("state"),
    "a method's other spelling": line("Sign_Out"),
    "a method with a dot": line("storage.get", {"key": "accessToken"}),
    "a method of Python": line("__class__"),
    "a list of params": line("storage_get", ["accessToken"]),
    "an answer": b'{"jsonrpc":"2.0","id":1,"result":{}}',
    "an error": b'{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"","reason":""}}',
    "an id that is text": line("sign_out").replace(b"900", b'"900"'),
    "an id below zero": line("sign_out").replace(b"900", b"-1"),
    "an id that is a fraction": line("sign_out").replace(b"900", b"1.5"),
    "an id that is null": line("sign_out").replace(b"900", b"null"),
    "a request without an id": line("sign_out", None, None),
    "a notification with an id": line("pong", {"n": 1}),
    "another's parameters": line("sign_out", {"key": "accessToken"}),
    "a field more": line("sign_out").replace(b'"id"', b'"origin":"http://evil.example","id"'),
    "an origin": line("sync_now", {"origin": "http://evil.example"}),
    "an absolute URL": line("sync_now", {"url": "http://evil.example/app/notes"}),
    "a path": line("sync_now", {"path": "/api/auth/../../admin"}),
    "a header": line("sync_now", {"headers": {"x": "y\r\nAuthorization: Bearer z"}}),
    "a note that is a path": line("note_open", {"note": "../../tokens.json"}),
    "a note that is a URL": line("summarise", {"note": "http://evil.example/"}),
    "a note with a newline": line("note_open", {"note": NOTE + "\n"}),
    "a note in capitals": line("note_open", {"note": NOTE.upper()}),
    "a note with a NUL": line("note_open", {"note": NOTE[:-1] + "\0"}),
    "a storage key that is a path": line("storage_get", {"key": "../accessToken"}),
    "a storage key of another app": line("storage_get", {"key": "masterKey"}),
    "a value that is too long": line("storage_set", {"key": "accessToken", "value": "x" * 20_000}),
    "hello again": line("hello", GREETINGS["hello"]),
    "confined again": line("confined", GREETINGS["confined"]),
}


@pytest.mark.parametrize("what", MALFORMED)
def test_a_line_that_is_no_message_ends_the_window_and_changes_nothing(
    computer: InProcess, what: str
) -> None:
    window = signed_in(computer).window
    before = world(computer)
    window.write(MALFORMED[what])
    computer.pass_time(DELAYS_S[0])
    assert world(computer) == before
    assert window.ended
    assert refused_with(window) is not None
    assert computer.window is not window
    shown = computer.window.snapshots[-1]
    assert shown.phase is Phase.SIGNED_IN
    assert shown.notice is not None
    assert "started again" in shown.notice.text


def test_what_follows_a_bad_line_is_not_read(computer: InProcess) -> None:
    window = signed_in(computer).window
    before = world(computer)
    window.write(b"{")
    window.write(line("sign_out"))
    computer.pass_time(DELAYS_S[0])
    assert world(computer) == before
    assert len(window.replies) == len({reply.id for reply in window.replies})


def test_no_message_says_where_or_how_to_send_a_request() -> None:
    """Foreign origins, paths and headers can't be said: no parameter has a place for them."""
    names = {
        field.name
        for kind in m.Up.__args__
        for field in msgspec.structs.fields(
            next(f.type for f in msgspec.structs.fields(kind) if f.name == "params")
        )
    }
    look = {"x", "y", "width", "height", "text", "colours"}
    free_text = {"email", "password", "pasted", "text", "value", "checks", "widgets"}
    assert (
        names
        == free_text
        | {
            "protocol",
            "leaves",
            "answer",
            "notice",
            "note",
            "owner",
            "session",
            "key",
            "revision",
            "n",
            "way",
        }
        | {"factor", "code", "trust"}
        | look
    )


@pytest.mark.parametrize(
    "text",
    [
        "http://evil.example/",
        "x\r\nAuthorization: Bearer stolen",
        "../../../etc/passwd",
        "\u202e\0",
    ],
)
def test_free_text_goes_into_a_body_and_nowhere_else(computer: InProcess, text: str) -> None:
    signed_in(computer)
    owner = computer.window.snapshots[-1].owner
    computer.window.write(line("note_save", {"note": None, "text": text, "owner": owner}))
    computer.window.write(line("sync_now", None, 901))
    computer.pass_time(1)
    computer.press("sign out")
    computer.pass_time(1)
    computer.type_credentials(text, text)
    computer.pass_time(1)
    for request in computer.local.seen:
        assert (request.url.scheme, request.url.netloc) == ("http", b"127.0.0.1:7001")
        assert request.url.path in ("/api/auth/sign-in/email", "/api/auth/sign-in",
                                    "/api/auth/get-session", "/app/notes",
                                    "/api/auth/sign-out", "/api/auth/sign-in-tokens",
                                    "/app/me")  # fmt: skip
        assert not request.url.query
        assert text not in "".join(map(str, request.headers.multi_items()))


def test_an_id_that_was_used_before_is_just_another_request(computer: InProcess) -> None:
    """Ids are the window's own business:
    they choose no handler and open no answer of another request.
    """
    signed_in(computer)
    for method in ("storage_is_available", "storage_is_available", "note_open"):
        computer.window.write(line(method, {"note": NOTE} if method == "note_open" else None, 7))
        computer.rest()
    replies = [reply for reply in computer.window.replies if reply.id == 7]
    assert len(replies) == 3
    assert not computer.window.ended


def test_a_replayed_sign_in_is_refused(computer: InProcess) -> None:
    computer.open()
    word = line("sign_in", {"email": ADA.email, "password": ADA.password}, 7)
    computer.window.write(word)
    computer.pass_time(1)
    before = world(computer)
    computer.window.write(word)
    computer.pass_time(1)
    assert refused_with(computer.window) == (gate.NOT_NOW, "not_now")
    assert world(computer) == before


def test_too_many_requests_at_once_end_the_window(computer: InProcess) -> None:
    signed_in(computer)
    window = computer.window
    for number in range(10 * gate.PENDING_LIMIT):
        window.write(line("storage_is_available", None, 1000 + number))
    computer.pass_time(DELAYS_S[0])
    assert window.ended
    assert computer.window is not window


def test_a_window_that_attacks_again_and_again_is_given_up(computer: InProcess) -> None:
    signed_in(computer)
    for delay in DELAYS_S:
        computer.window.write(b"{")
        computer.pass_time(delay)
    assert computer.windows() == 1 + len(DELAYS_S)
    before = world(computer)
    computer.window.write(b"{")
    computer.pass_time(60)
    assert computer.windows() == 1 + len(DELAYS_S)
    assert computer.copy.running.done()
    assert computer.copy.running.result().code == FAILED
    assert "Nothing that was stored is lost" in computer.copy.running.result().sentence
    assert world(computer) == before


def test_crashes_that_are_long_ago_do_not_count(computer: InProcess) -> None:
    signed_in(computer)
    for _ in range(2 * len(DELAYS_S)):
        computer.window.write(b"{")
        computer.pass_time(61)
    assert not computer.window.ended
    assert computer.copy.app.store.state.phase is Phase.SIGNED_IN
