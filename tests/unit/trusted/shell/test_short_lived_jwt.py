"""The JWT: its end is read and nothing else of it, any answer is taken, and no order of events
hands one person's to another.
"""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable

import msgspec
import pytest
from hypothesis import given, strategies as st
from msgspec.structs import replace

from refapp.trusted.errors import CallError, CannotTell, NoAccessToken
from refapp.trusted.files.owner import Owner
from refapp.trusted.server.verdict import Reply
from refapp.trusted.shell.short_lived_jwt import LONGEST, ShortLivedJwt, end_of
from refapp.trusted.wording import session_words

ADA = Owner("https://auth.example.com", "ada", 1)
BOB = Owner("https://auth.example.com", "bob", 2)


def jwt_of(claims: object, signature: str = "c2ln") -> str:
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return f"eyJhbGciOiJub25lIn0.{payload}.{signature}"


def answer(jwt: object, status: int = 200) -> Reply:
    return Reply(status, {}, msgspec.json.encode({"token": jwt}))


class World:
    """``asked`` counts the requests; ``ask`` may be replaced."""

    def __init__(self, *answers: Reply | CallError) -> None:
        self.now, self.asked, self.answers = 1000.0, 0, list(answers)
        self.before: Callable[[], Awaitable[None]] | None = None
        self.jwt = ShortLivedJwt(self._ask, lambda: self.now)
        self.jwt.follow(ADA, good=True)

    async def _ask(self, path: str, owner: Owner) -> Reply:
        self.asked += 1
        found = self.answers.pop(0)
        if self.before is not None:
            await self.before()
        if isinstance(found, CallError):
            raise found
        return found

    def get(self) -> str:
        return asyncio.run(self.jwt.get(ADA)).token


@pytest.mark.parametrize(
    ("claims", "end"),
    [
        ({"exp": 1900}, 1900.0),
        ({"exp": 1900.5, "sub": 7}, 1900.5),
        ({}, None),
        ({"exp": None}, None),
        ({"exp": "soon"}, None),
        ({"exp": True}, None),
        ({"exp": [1]}, None),
        ([], None),
        ("exp", None),
        (None, None),
    ],
)
def test_the_end_is_read_if_there_is_one(claims: object, end: float | None) -> None:
    assert end_of(jwt_of(claims)) == end


@given(st.text(max_size=300))
def test_any_text_has_an_end_or_none(text: str) -> None:
    assert end_of(text) is None
    end_of(f"a.{text}.b")


def test_an_end_beyond_all_numbers_is_none() -> None:
    payload = base64.urlsafe_b64encode(b'{"exp":1e999}').decode()
    assert end_of(f"a.{payload}.b") is None


@pytest.mark.parametrize(
    "came",
    [
        answer(None), answer(7), answer(""), answer("no jwt"), answer("a.b"),
        answer("a.b.c\r\nx: y"), answer("a.b.\u00e9"), answer("a." + "b" * LONGEST + ".c"),
        answer("a.b.c", 403), Reply(200, {}, b""), Reply(200, {}, b"\xff"),
        Reply(200, {}, b"[" * 100_000), Reply(200, {}, b"<html>"),
    ],
)  # fmt: skip
def test_what_is_no_jwt_is_not_used(came: Reply) -> None:
    world = World(came)
    with pytest.raises(CannotTell, match="not understood"):
        world.get()
    assert not world.jwt.held
    assert session_words.JWT_NOT_UNDERSTOOD.startswith("The server's")


def test_a_server_without_them() -> None:
    with pytest.raises(CallError, match="hands out no") as raised:
        World(Reply(404, {}, b"")).get()
    assert raised.value.sentence == session_words.NO_JWTS


@pytest.mark.parametrize("claims", [{}, {"exp": 10}])
def test_one_without_an_end_or_that_has_ended_is_good_for_one_call(claims: object) -> None:
    first, second = jwt_of(claims), jwt_of(claims, "b3RoZXI")
    world = World(answer(first), answer(second))
    assert world.get() == first
    assert world.get() == second


def test_the_last_quarter_or_minute_is_for_the_renewal() -> None:
    for life, late in ((900, 839), (40, 29)):
        world = World(answer(jwt_of({"exp": 1000 + life})), answer(jwt_of({"exp": 9000})))
        world.get()
        world.now += late
        world.get()
        assert world.asked == 1
        world.now += 2
        world.get()
        assert world.asked == 2


def test_nothing_that_is_printed_shows_it() -> None:
    jwt = jwt_of({"exp": 1900})
    world = World(answer(jwt))
    world.get()
    assert jwt not in repr(world.jwt)
    assert jwt not in repr(world.jwt._held)


def test_one_that_comes_after_a_sign_out_is_given_to_nobody() -> None:
    async def signed_out() -> None:
        world.jwt.follow(Owner(ADA.base, "", 2), good=True)

    world = World(answer(jwt_of({"exp": 1900})))
    world.before = signed_out
    with pytest.raises(NoAccessToken):
        world.get()
    assert not world.jwt.held


def test_one_that_comes_after_the_session_s_end_is_given_to_nobody() -> None:
    async def ended() -> None:
        world.jwt.follow(ADA, good=False)

    world = World(answer(jwt_of({"exp": 1900})))
    world.before = ended
    with pytest.raises(NoAccessToken):
        world.get()
    assert not world.jwt.held


@pytest.mark.parametrize(
    "then",
    [replace(ADA, user_id="bob"), replace(ADA, generation=2), replace(ADA, base="https://b")],
)
def test_it_is_dropped_with_its_owner(then: Owner) -> None:
    world = World(answer(jwt_of({"exp": 1900})))
    world.get()
    world.jwt.follow(then, good=True)
    assert not world.jwt.held


def test_it_says_whose_it_is() -> None:
    world = World(answer(jwt_of({"exp": 1900})))
    assert asyncio.run(world.jwt.get(ADA)).owner == ADA


def test_bob_does_not_join_the_request_that_was_made_for_ada() -> None:
    hers, his = jwt_of({"exp": 1900, "sub": "ada"}), jwt_of({"exp": 1900, "sub": "bob"})

    async def story() -> None:
        world = World(answer(hers), answer(his))
        released = asyncio.Event()

        async def wait() -> None:
            if world.asked == 1:
                await released.wait()

        world.before = wait
        ada = asyncio.ensure_future(world.jwt.get(ADA))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        world.jwt.follow(BOB, good=True)
        assert (await world.jwt.get(BOB)).token == his
        released.set()
        with pytest.raises(NoAccessToken):
            await ada
        assert (await world.jwt.get(BOB)).token == his

    asyncio.run(story())


def test_an_older_one_that_is_refused_late_does_not_drop_the_newer() -> None:
    old, new = jwt_of({"exp": 1900}), jwt_of({"exp": 2900})
    world = World(answer(old), answer(new))
    world.get()
    world.jwt.drop(old)
    assert world.get() == new
    world.jwt.drop(old)
    assert world.get() == new
    assert world.asked == 2


def test_a_waiter_that_gives_up_takes_nothing_from_the_others() -> None:
    async def story() -> None:
        world = World(answer(jwt_of({"exp": 1900})))
        released = asyncio.Event()
        world.before = released.wait  # type: ignore[assignment]
        first, second = (asyncio.ensure_future(world.jwt.get(ADA)) for _ in range(2))
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.sleep(0)
        released.set()
        assert await second
        assert world.asked == 1

    asyncio.run(story())
