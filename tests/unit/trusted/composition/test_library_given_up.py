"""The session as a library, left half-way: a sign-in that is given up, a callback of the program
that raises, an early close.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path

import pytest

from refapp.trusted import Phase, Session, SignInFailed, Way
from refapp.trusted.config import Settings
from steps.fakes.fake_browser import FakeBrowser
from steps.fakes.fake_keychain import TROUBLES, FakeKeychain
from steps.servers.auth_servers import AuthServer, embedded_server

PASSWORD_PATH = "/api/auth/sign-in/email"
WITHIN_S = 20.0


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AuthServer]:
    with embedded_server(
        tmp_path_factory.mktemp("server"), "--mode", "rotating", "--device-interval", "1"
    ) as running:
        yield running


class Program:
    """A program with one folder and one keychain, which can be run again."""

    def __init__(self, server: AuthServer, folder: Path) -> None:
        self.server = server
        self.folder = folder
        self.keychain = FakeKeychain()
        self.mistakes: list[object] = []

    def run(
        self,
        story: Callable[[Session], Coroutine[None, None, None]],
        *,
        changed: Callable[[], None] = lambda: None,
        reset: Callable[[], None] = lambda: None,
    ) -> None:
        async def whole() -> None:
            asyncio.get_running_loop().set_exception_handler(self._hear)
            settings = Settings(origin=self.server.url, data_dir=self.folder)
            session = Session(
                settings, self.keychain, browser=FakeBrowser(), changed=changed, reset=reset
            )
            try:
                async with asyncio.timeout(WITHIN_S):
                    await session.restore()
                    await story(session)
            finally:
                await session.close()

        asyncio.run(whole())

    def _hear(self, _: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        self.mistakes.append(context["exception"])

    def sessions(self) -> int:
        return self.server.control("live_sessions", email=self.server.email)

    async def until_open(self, sessions: int) -> None:
        while self.sessions() != sessions:  # noqa: ASYNC110 - the server tells nobody
            await asyncio.sleep(0.02)

    def files(self) -> list[str]:
        return sorted(path.name for path in self.folder.glob("tokens*.json"))

    async def sign_in(self, session: Session) -> None:
        await session.sign_in(self.server.email, self.server.password)


@pytest.fixture
def program(server: AuthServer, tmp_path: Path) -> Program:
    server.control("clear_faults")
    server.control("revoke_all", email=server.email)
    return Program(server, tmp_path / "app")


async def begun(session: Session, way: Way) -> asyncio.Task[object]:
    """A sign-in by ``way`` that waits for its person."""
    shown = asyncio.Event()
    trying: asyncio.Task[object] = asyncio.create_task(
        session.sign_in_elsewhere(way, lambda _: shown.set())
    )
    await shown.wait()
    return trying


async def leaves_a_code(session: Session) -> None:
    """The program ends while a code waits for its person."""
    trying = await begun(session, Way.DEVICE)
    await session.close()
    with pytest.raises(SignInFailed, match="given up"):
        await trying


async def _signs_out(session: Session, program: Program) -> None:
    await session.sign_out()
    assert session.phase is Phase.SIGNED_OUT


async def _by_password(session: Session, program: Program) -> None:
    await program.sign_in(session)
    assert session.phase is Phase.SIGNED_IN


async def _by_browser(session: Session, program: Program) -> None:
    trying = await begun(session, Way.BROWSER)
    trying.cancel()


@pytest.mark.parametrize("leaves", [_signs_out, _by_password, _by_browser])
def test_a_code_that_the_last_run_left_can_be_left(
    program: Program, leaves: Callable[[Session, Program], Coroutine[None, None, None]]
) -> None:
    async def next_run(session: Session) -> None:
        assert session.phase is Phase.SIGNING_IN
        await leaves(session, program)

    async def after_it(session: Session) -> None:
        assert session.phase is (Phase.SIGNED_IN if leaves is _by_password else Phase.SIGNED_OUT)

    program.run(leaves_a_code)
    assert program.files()
    program.run(next_run)
    program.run(after_it)


def test_a_sign_out_forgets_the_tokens_too_that_could_not_be_read_when_the_sign_in_began(
    program: Program,
) -> None:
    async def locked(session: Session) -> None:
        assert session.phase is Phase.UNAVAILABLE
        program.keychain.trouble = None
        trying = await begun(session, Way.DEVICE)
        await session.sign_out()
        assert session.phase is Phase.SIGNED_OUT
        with pytest.raises(SignInFailed, match="given up"):
            await trying

    program.run(program.sign_in)
    program.keychain.trouble = TROUBLES["locked"]
    program.run(locked)
    assert program.files() == []
    assert program.sessions() == 0


def test_a_sign_in_that_follows_another_past_unread_tokens_finds_their_session(
    program: Program,
) -> None:
    async def locked(session: Session) -> None:
        program.keychain.trouble = None
        trying = await begun(session, Way.DEVICE)
        with pytest.raises(SignInFailed, match="already"):
            await program.sign_in(session)
        assert session.phase is Phase.SIGNED_IN
        with pytest.raises(SignInFailed, match="given up"):
            await trying

    program.run(program.sign_in)
    program.keychain.trouble = TROUBLES["locked"]
    program.run(locked)


def test_a_sign_out_ends_the_sign_in_that_is_under_way(program: Program) -> None:
    async def story(session: Session) -> None:
        trying = await begun(session, Way.DEVICE)
        await session.sign_out()
        assert session.phase is Phase.SIGNED_OUT
        with pytest.raises(SignInFailed, match="given up"):
            await trying

    program.run(story)
    assert program.files() == []


@pytest.mark.parametrize("answer_comes", [True, False])
def test_a_password_sign_in_that_is_cancelled_leaves_no_session(
    program: Program, *, answer_comes: bool
) -> None:
    async def story(session: Session) -> None:
        program.server.control("hold_next", path=PASSWORD_PATH)
        trying = asyncio.create_task(program.sign_in(session))
        await (program.until_open(1) if answer_comes else asyncio.sleep(0))
        trying.cancel()
        with pytest.raises(asyncio.CancelledError):
            await trying
        assert session.phase is Phase.SIGNED_OUT
        program.server.control("release")
        await program.until_open(0)

    program.run(story)
    assert program.files() == []


def mistake(*_: object) -> None:
    raise ZeroDivisionError


def test_a_reset_that_raises_does_not_keep_the_person_signed_in(program: Program) -> None:
    async def story(session: Session) -> None:
        await program.sign_in(session)
        await session.sign_out()
        assert session.phase is Phase.SIGNED_OUT

    program.run(story, reset=mistake)
    assert [type(error) for error in program.mistakes] == [ZeroDivisionError]
    assert program.files() == []
    assert program.sessions() == 0


def test_what_belongs_to_the_person_is_dropped_before_the_sign_out_is_done(
    program: Program,
) -> None:
    running: list[Session] = []
    dropped: list[Phase] = []

    async def story(session: Session) -> None:
        await program.sign_in(session)
        running.append(session)
        await session.sign_out()
        assert dropped == [Phase.SIGNING_OUT]

    program.run(story, reset=lambda: dropped.append(running[0].phase))


def test_a_callback_that_always_raises_stops_nothing_that_the_session_does(
    program: Program,
) -> None:
    async def story(session: Session) -> None:
        trying = await begun(session, Way.DEVICE)
        program.server.control("decide_device", email=program.server.email)
        await trying
        assert (await session.fetch("GET", "/app/me")).status == 200
        await session.sign_out()

    program.run(story, changed=mistake)
    assert {type(error) for error in program.mistakes} == {ZeroDivisionError}
    assert program.sessions() == 0


@pytest.mark.parametrize("way", [Way.BROWSER, Way.DEVICE])
def test_a_link_that_the_program_fails_to_show_is_not_waited_for(
    program: Program, way: Way
) -> None:
    async def story(session: Session) -> None:
        with pytest.raises(ZeroDivisionError):
            await session.sign_in_elsewhere(way, mistake)
        assert session.phase is Phase.SIGNED_OUT
        await program.sign_in(session)

    program.run(story)


def test_why_it_can_t_begin_is_said_as_it_is(program: Program) -> None:
    async def story(session: Session) -> None:
        await program.sign_in(session)
        leaving = asyncio.create_task(session.sign_out())
        await asyncio.sleep(0)
        with pytest.raises(SignInFailed, match="A sign-out is under way"):
            await program.sign_in(session)
        await leaving

        fresh = Session(
            Settings(origin=program.server.url, data_dir=program.folder), program.keychain
        )
        with pytest.raises(SignInFailed, match="not been restored yet"):
            await program.sign_in(fresh)
        await fresh.close()

    program.run(story)
