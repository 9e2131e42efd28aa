"""Every method of the session ends, raises a sentence or can be cancelled: whatever its keychain
does, closed, elsewhere.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from refapp.trusted import Phase, RefappError, Session, Way
from refapp.trusted.config import Settings
from refapp.trusted.errors import SessionClosed, WrongLoop
from refapp.trusted.keys.prompts import Prompts
from steps.fakes.fake_browser import FakeBrowser
from steps.fakes.fake_keychain import FakeKeychain
from steps.servers.auth_servers import AuthServer, embedded_server

Method = Callable[[Session, AuthServer], Coroutine[Any, Any, object]]


async def changes(session: Session, _: AuthServer) -> None:
    async for _change in session.changes():
        return


def ignore(_: object) -> None:
    pass


METHODS: Mapping[str, Method] = {
    "changes": changes,
    "close": lambda session, _: session.close(),
    "end_other_sessions": lambda session, _: session.end_other_sessions(),
    "end_session": lambda session, _: session.end_session("0123456789ab"),
    "fetch": lambda session, _: session.fetch("GET", "/app/me"),
    "restore": lambda session, _: session.restore(),
    "sessions": lambda session, _: session.sessions(),
    "sign_in": lambda session, server: session.sign_in(server.email, server.password),
    "sign_in_elsewhere": lambda session, _: session.sign_in_elsewhere(Way.BROWSER, ignore),
    "sign_out": lambda session, _: session.sign_out(),
    "try_again": lambda session, _: session.try_again(),
}
WAITS_FOR_A_PERSON = {"sign_in_elsewhere"}
ENDS_AFTER_CLOSE = {"changes", "close"}


def awaited(kind: type[object]) -> set[str]:
    every = inspect.getmembers(
        kind, lambda one: inspect.iscoroutinefunction(one) or inspect.isasyncgenfunction(one)
    )
    return {name for name, _ in every if not name.startswith("_")}


def test_none_of_them_is_forgotten_here() -> None:
    assert set(METHODS) == awaited(Session)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AuthServer]:
    with embedded_server(
        tmp_path_factory.mktemp("server"), "--mode", "rotating", "--device-interval", "1"
    ) as running:
        yield running


class Stranger:
    """A keychain that somebody wrote who did not read the port's promises;
    ``does`` is what each access comes to.
    """

    prompts = Prompts()

    def __init__(self, does: Callable[[], Coroutine[None, None, Any]]) -> None:
        self._does = does

    async def status(self) -> Any:
        return await self._does()

    async def unlock(self) -> Any:
        return await self._does()

    async def read_key(self, kid: str) -> Any:
        return await self._does()

    async def write_key(self, kid: str, key: bytes) -> None:
        await self._does()

    async def delete_key(self, kid: str) -> None:
        await self._does()


class NoKeychain:
    """Not even an attempt at one."""


async def raises() -> None:
    raise ZeroDivisionError("a secret")


async def hangs() -> None:
    await asyncio.Event().wait()


async def nonsense() -> str:
    return "v1.nonsense"


KEYCHAINS: Mapping[str, Callable[[], Any]] = {
    "raises": lambda: Stranger(raises),
    "hangs": lambda: Stranger(hangs),
    "answers nonsense": lambda: Stranger(nonsense),
    "is none": NoKeychain,
}


@asynccontextmanager
async def made(
    server: AuthServer, folder: Path, keychain: Any, deadline_s: float = 0.05
) -> AsyncIterator[Session]:
    mistakes: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, said: mistakes.append(said))
    settings = Settings(origin=server.url, data_dir=folder, keychain_deadline_s=deadline_s)
    session = Session(settings, keychain, browser=FakeBrowser())
    try:
        yield session
    finally:
        async with asyncio.timeout(20):
            await session.close()
    assert mistakes == []


async def ends(
    asked: Coroutine[Any, Any, object], *, cancelled: bool = False
) -> RefappError | None:
    """The sentence that it raised; ``cancelled``: it is given up by its caller, and ends then."""
    asking = asyncio.ensure_future(asked)
    if cancelled:
        for _ in range(20):
            await asyncio.sleep(0)
        asking.cancel()
    await asyncio.wait([asking], timeout=20)
    assert asking.done(), "it waits for ever"
    if asking.cancelled():
        return None
    error = asking.exception()
    assert error is None or isinstance(error, RefappError), repr(error)
    return error


@pytest.mark.parametrize("stored", [False, True], ids=["nothing stored", "a session stored"])
@pytest.mark.parametrize("keychain", KEYCHAINS)
@pytest.mark.parametrize("name", METHODS)
def test_whatever_the_keychain_does(
    name: str, keychain: str, stored: bool, server: AuthServer, tmp_path: Path
) -> None:
    async def store() -> None:
        async with made(server, tmp_path, FakeKeychain()) as session:
            await session.restore()
            await session.sign_in(server.email, server.password)

    async def story() -> None:
        async with made(server, tmp_path, KEYCHAINS[keychain]()) as session:
            if name != "restore":
                await ends(session.restore())
            error = await ends(METHODS[name](session, server), cancelled=name in WAITS_FOR_A_PERSON)
            assert error is None or (error.sentence and "secret" not in error.sentence)
            if name == "sign_in":
                assert error is not None
            if name == "restore":
                assert session.state.sentence
            assert session.phase is not Phase.SIGNED_IN

    if stored:
        asyncio.run(store())
    asyncio.run(story())
    if name == "sign_out":
        assert list(tmp_path.glob("tokens*.json")) == []


@pytest.mark.parametrize("name", METHODS)
def test_while_the_keychain_is_waited_for_it_can_be_cancelled(
    name: str, server: AuthServer, tmp_path: Path
) -> None:
    async def story() -> None:
        async with made(server, tmp_path, Stranger(hangs), deadline_s=600) as session:
            if name != "restore":
                await ends(session.restore(), cancelled=True)
            await ends(METHODS[name](session, server), cancelled=True)

    asyncio.run(story())


def test_a_keychain_that_asks_the_person_has_no_deadline(
    server: AuthServer, tmp_path: Path
) -> None:
    async def story() -> None:
        keychain = FakeKeychain()
        async with made(server, tmp_path, keychain) as session:
            await session.restore()
            await session.sign_in(server.email, server.password)
        keychain.asks = True
        async with made(server, tmp_path, keychain) as session:
            restoring = asyncio.ensure_future(session.restore())
            async with asyncio.timeout(20):
                while not keychain.prompts.waiting:  # noqa: ASYNC110 - the session hears of it
                    await asyncio.sleep(0.01)
            await asyncio.wait([restoring], timeout=0.2)
            keychain.answer(yes=True)
            assert await restoring is Phase.SIGNED_IN

    asyncio.run(story())


@pytest.mark.parametrize("name", METHODS)
def test_after_close(name: str, server: AuthServer, tmp_path: Path) -> None:
    async def story() -> None:
        async with made(server, tmp_path, FakeKeychain()) as session:
            await session.restore()
            await session.close()
            error = await ends(METHODS[name](session, server))
            assert error is None if name in ENDS_AFTER_CLOSE else isinstance(error, SessionClosed)

    asyncio.run(story())


@pytest.mark.parametrize("name", METHODS)
def test_in_another_loop(name: str, server: AuthServer, tmp_path: Path) -> None:
    async def story() -> None:
        async with made(server, tmp_path, FakeKeychain()) as session:
            await session.restore()
            error = await asyncio.to_thread(
                lambda: asyncio.run(ends(METHODS[name](session, server)))
            )
            assert isinstance(error, WrongLoop)
            assert (await session.sign_in(server.email, server.password)).email == server.email

    asyncio.run(story())


@pytest.mark.parametrize("use", [Session.open_link, lambda session: session.paste("code")])
def test_what_is_done_at_once_says_so_too(
    use: Callable[[Session], None], server: AuthServer, tmp_path: Path
) -> None:
    async def story() -> None:
        async with made(server, tmp_path, FakeKeychain()) as session:
            await session.restore()
            with pytest.raises(WrongLoop):
                await asyncio.to_thread(use, session)
            await session.close()
            with pytest.raises(SessionClosed):
                use(session)

    asyncio.run(story())


def test_a_browser_that_raises_ends_nothing_but_its_own_link(
    server: AuthServer, tmp_path: Path
) -> None:
    class Broken:
        async def open(self, link: str) -> bool:
            raise ZeroDivisionError

    async def story() -> None:
        heard: list[object] = []
        asyncio.get_running_loop().set_exception_handler(
            lambda _, said: heard.append(said["exception"])
        )
        session = Session(
            Settings(origin=server.url, data_dir=tmp_path), FakeKeychain(), browser=Broken()
        )
        await session.restore()
        told: list[str] = []
        trying = asyncio.ensure_future(
            session.sign_in_elsewhere(Way.BROWSER, lambda pending: told.append(pending.sentence))
        )
        async for change in session.changes():
            if change.pending is not None and change.pending.sentence:
                break
        await session.close()
        await asyncio.wait([trying])
        assert [type(error) for error in heard] == [ZeroDivisionError]

    asyncio.run(asyncio.wait_for(story(), 20))
