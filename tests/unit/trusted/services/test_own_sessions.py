"""The list of the person's sessions: what reaches the window, what stays here, and what a late or
hostile answer does.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, cast

import msgspec
import pytest

from refapp.snapshot import OwnSessions, Phase
from refapp.trusted.errors import CallError, CannotTell
from refapp.trusted.files.owner import Owner
from refapp.trusted.server.verdict import Reply
from refapp.trusted.services import own_sessions
from refapp.trusted.services.own_sessions import LIST, MOST_SHOWN, OwnSessionList
from refapp.trusted.shell.api_client import ApiClient
from refapp.trusted.wording import own_session_words

ADA, BOB = (Owner("https://auth.example.com", name, 1) for name in ("ada", "bob"))
MINE, OTHER, THIRD = "m" * 32, "o" * 32, "t" * 32
DAY = "2026-11-24T05:49:17.019Z"
LATER = "2026-11-24T06:49:17.019Z"


def row(token: str, agent: str | None = "curl/8", seen: str = DAY) -> dict[str, Any]:
    return {
        "token": token,
        "createdAt": DAY,
        "updatedAt": seen,
        "userAgent": agent,
        "id": "x",
        "ipAddress": "",
    }


class Api:
    """Answers in turn; ``asked`` is every request.
    An answer may be awaited, so that something happens before it comes.
    """

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, str, bytes | None]] = []

    async def fetch(
        self, method: str, path: str, body: bytes | None = None, *, owner: Owner
    ) -> Reply:
        assert owner == ADA
        self.asked.append((method, path, body))
        answer = self.answers.pop(0)
        if callable(answer):
            answer = await cast("Callable[[], Awaitable[Any]]", answer)()
        if isinstance(answer, Exception):
            raise answer
        status, content = answer if isinstance(answer, tuple) else (200, answer)
        return Reply(
            status, {}, content if isinstance(content, bytes) else json.dumps(content).encode()
        )


def listing(api: Api, held: str | None = f"{MINE}.c2lnbmVk") -> OwnSessionList:
    made = OwnSessionList(cast("ApiClient", api), lambda: held, lambda: None)
    made.follow(Phase.SIGNED_IN, ADA)
    return made


def looked(*answers: Any) -> OwnSessions:
    made = listing(Api(*answers))
    asyncio.run(made.look())
    return made.shown


def test_this_one_comes_first_then_the_newest_and_no_token_is_in_it() -> None:
    shown = looked([row(OTHER), row(THIRD, "wget/1", LATER), row(MINE, None)])
    assert [(one.device, one.here) for one in shown.sessions] == [
        ("An unknown program", True), ("wget 1", False), ("curl 8", False),
    ]  # fmt: skip
    sent = msgspec.json.encode(shown)
    assert not any(token.encode() in sent for token in (MINE, OTHER, THIRD))


def test_an_id_stays_while_its_session_is_listed_and_says_nothing() -> None:
    made, again = listing(Api([row(OTHER)], [row(OTHER), row(THIRD)])), listing(Api([row(OTHER)]))
    asyncio.run(made.look())
    [first] = made.shown.sessions
    asyncio.run(made.look())
    assert next(one.session for one in made.shown.sessions) == first.session
    asyncio.run(again.look())
    assert again.shown.sessions[0].session != first.session


def test_nothing_that_is_printed_shows_a_token() -> None:
    made = listing(Api([row(OTHER)]))
    asyncio.run(made.look())
    assert OTHER not in repr(made)
    assert OTHER not in repr(made.shown)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"{}",
        b"[1]",
        b"<html>",
        b'[{"token":1}]',
        b"\xff",
        b"[" * 100_000,
        b'[{"token":"x","userAgent":[]}]',
    ],
)
def test_an_answer_that_is_no_list_is_said_to_be_none(body: bytes) -> None:
    shown = looked((200, body))
    assert (shown.state, shown.sentence, shown.sessions) == (
        "failed",
        own_session_words.NOT_UNDERSTOOD,
        [],
    )


@pytest.mark.parametrize(
    ("answer", "state", "words"),
    [
        ((404, b""), "failed", own_session_words.NOT_OFFERED),
        ((403, {"code": "SESSION_NOT_FRESH"}), "not_fresh", "sign in again"),
        ((418, b""), "failed", "error 418"),
        (CannotTell("The server can't be reached."), "failed", "can't be reached"),
    ],
)
def test_every_other_answer_has_a_sentence(answer: object, state: str, words: str) -> None:
    shown = looked(answer)
    assert shown.state == state
    assert words in shown.sentence


@pytest.mark.parametrize(
    "when", ["", "yesterday", "2026-11-24T05:49:17", "0001-01-01T00:00:00Z", "9" * 5000]
)
def test_a_time_that_is_none_is_left_out_or_taken(when: str) -> None:
    shown = looked([{"token": OTHER, "createdAt": when, "updatedAt": when}])
    assert shown.state == "known"
    assert len(msgspec.json.encode(shown)) < 1000


def test_ten_thousand_sessions_are_cut_and_said() -> None:
    shown = looked([row(f"{number:032}") for number in range(10_000)])
    assert len(shown.sessions) == MOST_SHOWN
    assert shown.sentence == "9900 more are not shown."


def test_only_what_is_listed_and_is_not_this_app_s_can_be_ended() -> None:
    api = Api([row(MINE), row(OTHER)])
    made = listing(api)
    asyncio.run(made.look())
    here = next(one for one in made.shown.sessions if one.here)
    for session in (here.session, "f" * 12):
        with pytest.raises(CallError, match=own_session_words.NOT_LISTED):
            asyncio.run(made.revoke(session))
    assert [path for _, path, _ in api.asked] == [LIST]


def test_an_answer_that_comes_when_somebody_else_is_signed_in_counts_for_nothing() -> None:
    made: OwnSessionList

    async def bob_comes() -> list[Any]:
        made.follow(Phase.EXPIRED, ADA)
        made.follow(Phase.SIGNED_IN, BOB)
        return [row(OTHER)]

    made = listing(Api(bob_comes))
    asyncio.run(made.look())
    assert made.shown == OwnSessions("unknown")


def test_a_failure_that_comes_then_is_not_his_either() -> None:
    made: OwnSessionList

    async def bob_comes() -> Exception:
        made.follow(Phase.SIGNED_IN, BOB)
        return CannotTell("Ada's trouble.")

    made = listing(Api(bob_comes))
    asyncio.run(made.look())
    assert made.shown == OwnSessions("unknown")


def test_who_signs_out_everywhere_is_not_signed_out_as_somebody_else() -> None:
    made: OwnSessionList

    async def bob_comes() -> dict[str, bool]:
        made.follow(Phase.SIGNED_IN, BOB)
        return {"status": True}

    made = listing(Api(bob_comes))
    assert not asyncio.run(made.revoke_others_before_sign_out())


def test_two_questions_are_not_asked_at_once_and_a_question_that_is_dropped_blocks_nothing() -> (
    None
):
    async def story() -> None:
        never = asyncio.Event()

        async def held() -> list[Any]:
            await never.wait()
            return []

        made = listing(Api(held, [row(MINE)]))
        first = asyncio.ensure_future(made.look())
        await asyncio.sleep(0)
        with pytest.raises(CallError, match=own_session_words.BUSY):
            await made.look()
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        assert made.shown == OwnSessions("unknown")
        await made.look()
        assert made.shown.state == "known"

    asyncio.run(story())


def test_of_a_list_of_thousands_only_what_is_shown_is_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked_at: list[str] = []
    monkeypatch.setattr(
        own_sessions, "device_of", lambda agent: looked_at.append(agent) or "A program"
    )
    shown = looked(
        [row(f"{n:032}", f"agent-{n}") for n in range(5000)]
        + [row(MINE, "mine", "2020-01-01T00:00:00Z")]
    )
    assert (len(looked_at), looked_at[0], shown.sessions[0].here) == (MOST_SHOWN, "mine", True)
    assert shown.sentence == f"{5001 - MOST_SHOWN} more are not shown."
