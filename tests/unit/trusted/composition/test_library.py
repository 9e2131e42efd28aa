"""The session as a library for another program,
against the embedded server on a real connection.
"""

from __future__ import annotations

import asyncio
import gc
import json
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import msgspec
import pytest

import refapp
from refapp import trusted
from refapp.examples import command_line
from refapp.trusted import (
    ConfigError,
    NoAccessToken,
    PendingSignIn,
    Phase,
    Session,
    SessionExpired,
    SignInFailed,
    Way,
    open_session,
)
from refapp.trusted.config import APP_ID, Settings
from refapp.trusted.errors import StorageLocked
from refapp.trusted.network.no_answer import Cause, NoAnswer
from refapp.trusted.network.no_answer_words import told
from refapp.trusted.recorder import Recorder
from refapp.trusted.storage.secret import StoredSession, TokenPair
from refapp.trusted.storage.secure_storage import SecureStorage
from refapp.trusted.storage.token_service import TokenService
from steps.fakes.fake_browser import FakeBrowser
from steps.fakes.fake_keychain import FakeKeychain
from steps.scenario.browser_page import decide
from steps.scenario.people import ADA, BOB, Person
from steps.servers.auth_servers import AuthServer, embedded_server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[AuthServer]:
    with embedded_server(
        tmp_path / "server", "--mode", "rotating", "--device-interval", "1"
    ) as running:
        yield running


@pytest.fixture
def settings(server: AuthServer, tmp_path: Path) -> Settings:
    return Settings(origin=server.url, data_dir=tmp_path / "app")


def opened(settings: Settings, keychain: FakeKeychain) -> AbstractAsyncContextManager[Session]:
    return open_session(
        settings.origin,
        keychain,
        app=settings.app_id,
        data_dir=settings.data_dir,
        auth_path=settings.auth_path,
    )


def tell(
    settings: Settings,
    keychain: FakeKeychain,
    story: Callable[[Session], Coroutine[None, None, None]],
) -> None:
    async def whole() -> None:
        async with opened(settings, keychain) as session:
            await story(session)

    asyncio.run(whole())


@pytest.mark.parametrize("changed", [{"auth_path": "/auth"}, {"origin": "/product"}])
def test_a_token_belongs_to_one_server_of_several_at_an_origin(
    settings: Settings, changed: dict[str, str]
) -> None:
    async def signed_in(session: Session) -> None:
        await session.sign_in(ADA.email, ADA.password)

    async def not_there(session: Session) -> None:
        assert session.phase is Phase.SIGNED_OUT

    keychain = FakeKeychain()
    tell(settings, keychain, signed_in)
    if "origin" in changed:
        changed = {"origin": settings.origin + changed["origin"]}
    tell(msgspec.structs.replace(settings, **changed), keychain, not_there)


def test_a_proxy_that_can_not_be_used_is_a_sentence_and_the_tokens_stay(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks://ada:secret@127.0.0.1:1")
    monkeypatch.delenv("HTTPS_PROXY", raising=False)
    monkeypatch.delenv("https_proxy", raising=False)
    elsewhere = Settings(origin="https://auth.invalid", data_dir=settings.data_dir)
    keychain = FakeKeychain()

    async def refused(session: Session) -> None:
        with pytest.raises(SignInFailed) as failed:
            await session.sign_in("ada@example.com", "password")
        why = NoAnswer(Cause.PROXY_MISSPELT, variable="ALL_PROXY")
        assert failed.value.sentence == f"{told(why)} Your password was not sent."

    async def restored(session: Session) -> None:
        assert session.phase is Phase.OFFLINE
        assert "ALL_PROXY" in session.store.state.sentence
        assert "secret" not in session.store.state.sentence

    tell(elsewhere, keychain, refused)
    storage = SecureStorage(
        elsewhere.data_dir, elsewhere.origin, APP_ID, keychain, Recorder(), lambda: 1.0, 5.0
    )
    stored = StoredSession(TokenPair("access", "refresh"), "user-1")
    asyncio.run(TokenService(storage).save(stored))
    tell(elsewhere, keychain, restored)
    assert asyncio.run(TokenService(storage).load()) == stored


def test_sign_in_call_restore_sign_out(server: AuthServer, settings: Settings) -> None:
    keychain = FakeKeychain()

    async def first(session: Session) -> None:
        assert session.phase is Phase.SIGNED_OUT
        assert (await session.sign_in(server.email, server.password)).email == server.email
        assert (await session.fetch("GET", "/app/me")).status == 200
        with pytest.raises(SignInFailed, match="already"):
            await session.sign_in(server.email, server.password)

    async def second(session: Session) -> None:
        assert session.phase is Phase.SIGNED_IN
        server.control("expire_access", email=server.email)
        assert (await session.fetch("GET", "/app/me")).status == 200
        await session.sign_out()
        with pytest.raises(NoAccessToken):
            await session.fetch("GET", "/app/me")

    tell(settings, keychain, first)
    tell(settings, keychain, second)
    assert server.control("live_sessions", email=server.email) == 0, (
        "the server was told before the program ended"
    )


def allow(server: AuthServer, pending: PendingSignIn, person: Person = ADA) -> None:
    """What a person does at the link: sign in for the app, and be sent back to it."""
    leads_to = decide(server.client, pending.link, person, "allows")
    if leads_to:
        threading.Thread(target=httpx.get, args=(leads_to,), kwargs={"trust_env": False}).start()


@pytest.mark.parametrize("way", [Way.BROWSER, Way.DEVICE])
def test_a_program_signs_in_without_a_password(
    server: AuthServer, settings: Settings, way: Way
) -> None:
    async def whole() -> None:
        session = Session(settings, FakeKeychain(), browser=FakeBrowser())
        await session.restore()
        told: list[PendingSignIn] = []

        def show(pending: PendingSignIn) -> None:
            if not told:
                allow(server, pending)
            told.append(pending)

        assert (await session.sign_in_elsewhere(way, show)).email == server.email
        assert {pending.way for pending in told} == {way}
        assert (await session.fetch("GET", "/app/me")).status == 200
        await session.close()

    asyncio.run(whole())


async def expired(server: AuthServer, settings: Settings) -> Session:
    """The server has ended the session, and the program has heard of it."""
    session = Session(settings, FakeKeychain(), browser=FakeBrowser())
    await session.restore()
    await session.sign_in(server.email, server.password)
    server.control("revoke_all", email=server.email)
    with pytest.raises(SessionExpired):
        await session.fetch("GET", "/app/me")
    return session


def bob_signs_up(server: AuthServer) -> None:
    account = {"email": BOB.email, "name": BOB.name, "password": BOB.password}
    server.client.post("/api/auth/sign-up/email", json=account).raise_for_status()


def test_a_program_goes_on_as_somebody_else_only_where_it_says_so(
    server: AuthServer, settings: Settings
) -> None:
    async def whole() -> None:
        session = await expired(server, settings)
        asked: list[PendingSignIn] = []

        def bob_does(pending: PendingSignIn) -> None:
            allow(server, pending, BOB)

        with pytest.raises(SignInFailed, match=r"You did not go on as bob@example\.com"):
            await session.sign_in_elsewhere(Way.BROWSER, bob_does)
        assert session.phase is Phase.EXPIRED
        assert not list(settings.data_dir.glob("tokens-*.json"))

        def goes_on(pending: PendingSignIn) -> bool:
            asked.append(pending)
            return True

        assert (
            await session.sign_in_elsewhere(Way.BROWSER, bob_does, another=goes_on)
        ).email == BOB.email
        assert [pending.other.email for pending in asked if pending.other is not None] == [
            BOB.email
        ]
        await session.close()

    bob_signs_up(server)
    before = server.control("live_sessions", email=BOB.email)
    asyncio.run(whole())
    assert server.control("live_sessions", email=BOB.email) == before + 1, (
        "what was refused is over at the server"
    )


@pytest.mark.parametrize("says", [True, False, ZeroDivisionError])
def test_the_session_goes_on_while_a_program_asks_somebody_else(
    says: bool | type[Exception], server: AuthServer, settings: Settings
) -> None:
    async def whole() -> None:
        session = await expired(server, settings)
        left = asyncio.Event()

        async def goes_on(_: PendingSignIn) -> bool:
            await asyncio.sleep(0)
            with pytest.raises(SessionExpired):
                await session.fetch("GET", "/app/me")
            if isinstance(says, bool):
                return says
            raise says

        async def nobody_answers(_: PendingSignIn) -> bool:
            session.cancel_sign_in()
            try:
                await asyncio.Event().wait()
            finally:
                left.set()
            return True

        def bob_does(pending: PendingSignIn) -> None:
            allow(server, pending, BOB)

        with pytest.raises(SignInFailed):
            await session.sign_in_elsewhere(Way.BROWSER, bob_does, another=nobody_answers)
        await left.wait()
        waited = session.sign_in_elsewhere(Way.BROWSER, bob_does, another=goes_on)
        if says is True:
            assert (await waited).email == BOB.email
        else:
            with pytest.raises(SignInFailed if says is False else ZeroDivisionError):
                await waited
            assert session.phase is Phase.EXPIRED
        await session.close()

    bob_signs_up(server)
    asyncio.run(whole())


@pytest.mark.parametrize("ends", ["answer", "cancel_sign_in", "close", "caller"])
def test_an_answer_that_is_cancelled_is_no_and_one_that_fails_too_late_is_nobodys(
    ends: str, server: AuthServer, settings: Settings
) -> None:
    async def whole() -> None:
        mistakes: list[dict[str, object]] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, said: mistakes.append(said))
        session = await expired(server, settings)
        asked = asyncio.Event()

        async def answer(_: PendingSignIn) -> bool:
            asked.set()
            if ends == "answer":
                raise asyncio.CancelledError
            try:
                await asyncio.Event().wait()
            finally:
                raise ZeroDivisionError

        waited = asyncio.create_task(
            session.sign_in_elsewhere(
                Way.BROWSER, lambda pending: allow(server, pending, BOB), another=answer
            )
        )
        await asked.wait()
        if ends == "cancel_sign_in":
            session.cancel_sign_in()
        elif ends == "close":
            await session.close()
        elif ends == "caller":
            waited.cancel()
        with pytest.raises((SignInFailed, asyncio.CancelledError)) as raised:
            await waited
        assert ("given up" in str(raised.value)) is (ends in ("cancel_sign_in", "close"))
        assert waited.cancelled() is (ends == "caller")
        await session.close()
        del waited
        gc.collect()
        assert not mistakes

    bob_signs_up(server)
    asyncio.run(whole())


def test_the_link_leads_to_the_page_that_the_settings_name(settings: Settings) -> None:
    async def whole() -> None:
        elsewhere = msgspec.structs.replace(settings, sign_in_page="/enter")
        session = Session(elsewhere, FakeKeychain(), browser=FakeBrowser())
        await session.restore()
        shown: asyncio.Future[PendingSignIn] = asyncio.get_running_loop().create_future()
        trying = asyncio.ensure_future(session.sign_in_elsewhere(Way.BROWSER, shown.set_result))
        assert urlsplit((await shown).link).path == "/enter"
        await session.close()
        with pytest.raises(SignInFailed):
            await trying

    asyncio.run(whole())


def test_a_program_that_gives_up_leaves_no_port_open_and_can_try_again(
    server: AuthServer, settings: Settings
) -> None:
    async def story(session: Session) -> None:
        shown: asyncio.Future[PendingSignIn] = asyncio.get_running_loop().create_future()
        trying = asyncio.ensure_future(session.sign_in_elsewhere(Way.DEVICE, shown.set_result))
        await shown
        trying.cancel()
        with pytest.raises(asyncio.CancelledError):
            await trying
        assert session.phase is Phase.SIGNED_OUT
        assert (await session.sign_in(server.email, server.password)).email == server.email

    tell(settings, FakeKeychain(), story)


def test_a_code_that_waits_is_taken_up_by_the_next_run(
    server: AuthServer, settings: Settings
) -> None:
    keychain, codes = FakeKeychain(), []

    async def ends_while_it_waits() -> None:
        session = Session(settings, keychain)
        await session.restore()
        shown: asyncio.Future[PendingSignIn] = asyncio.get_running_loop().create_future()
        trying = asyncio.ensure_future(session.sign_in_elsewhere(Way.DEVICE, shown.set_result))
        codes.append((await shown).user_code)
        await session.close()
        with pytest.raises(SignInFailed, match="given up"):
            await trying

    async def next_run(session: Session) -> None:
        assert session.phase is Phase.SIGNING_IN

        def show(pending: PendingSignIn) -> None:
            codes.append(pending.user_code)
            allow(server, pending)

        assert (await session.sign_in_elsewhere(Way.DEVICE, show)).email == server.email

    asyncio.run(ends_while_it_waits())
    tell(settings, keychain, next_run)
    assert len(codes) == 2
    assert codes[0] == codes[1]


@pytest.mark.parametrize("way", ["with a code", "with a password"])
def test_the_example_runs(way: str, server: AuthServer, tmp_path: Path) -> None:
    keychain = FakeKeychain()
    for password in (server.password, "not needed any more"):
        credentials = (server.email, password) if way == "with a password" else ()
        asked = command_line.who_am_i(
            server.url,
            tmp_path / "app",
            *credentials,
            keychain=keychain,
            show=lambda pending: allow(server, pending),
        )
        assert json.loads(asyncio.run(asked))["email"] == server.email


@pytest.mark.parametrize(
    "wrong",
    [
        {"server": "http://auth.example.com"},
        {"app": "../elsewhere"},
        {"app": "a b"},
        {"auth_path": "api"},
    ],
)
def test_a_setting_that_can_not_be_used_is_a_sentence_before_anything_is_opened(
    wrong: dict[str, str], tmp_path: Path
) -> None:
    async def opens() -> None:
        settings = {"server": "https://auth.example.com", **wrong}
        async with open_session(keychain=FakeKeychain(), data_dir=tmp_path / "app", **settings):  # type: ignore[arg-type]
            pass

    with pytest.raises(ConfigError):
        asyncio.run(opens())
    assert not (tmp_path / "app").exists()


def test_a_program_can_have_the_keychain_looked_at_again(
    server: AuthServer, settings: Settings
) -> None:
    keychain = FakeKeychain()

    async def signs_in(session: Session) -> None:
        await session.sign_in(server.email, server.password)

    async def story(session: Session) -> None:
        assert session.phase is Phase.UNAVAILABLE
        assert session.state.sentence
        assert session.state.cure
        keychain.trouble = None
        assert await session.try_again() is Phase.SIGNED_IN
        assert session.state.sentence == ""

    tell(settings, keychain, signs_in)
    keychain.trouble = StorageLocked("Your keychain is locked.", "Unlock it.")
    tell(settings, keychain, story)


def test_a_program_can_have_the_server_asked_again(server: AuthServer, settings: Settings) -> None:
    async def story(session: Session) -> None:
        await session.sign_in(server.email, server.password)
        await session.close()

    async def away(session: Session) -> None:
        assert session.phase is Phase.OFFLINE
        assert await session.try_again() is Phase.OFFLINE
        server.control("clear_faults")
        assert await session.try_again() is Phase.SIGNED_IN

    keychain = FakeKeychain()
    tell(settings, keychain, story)
    server.control("drop_next", times=None)
    tell(settings, keychain, away)


@pytest.mark.parametrize("name", trusted.__all__)
def test_every_name_is_there(name: str) -> None:
    assert getattr(trusted, name).__name__ == name


@pytest.mark.parametrize("name", refapp.__all__)
def test_what_a_program_needs_comes_from_the_package_itself(name: str) -> None:
    assert getattr(refapp, name) is getattr(trusted, name)


def test_a_star_import_brings_just_these() -> None:
    brought: dict[str, object] = {}
    exec("from refapp import *", brought)
    assert set(brought) - {"__builtins__"} == set(refapp.__all__)


def test_what_the_readme_shows_is_a_program(
    server: AuthServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is run as it stands, but for the addresses,
    the keychain, and the browser of somebody who allows it.
    """
    readme = (Path(__file__).parents[4] / "README.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"```python\n(.*?)```", readme, flags=re.DOTALL)
    code = shown.replace("https://api.acme.com/items", f"{server.url}/app/me").replace(
        "https://api.acme.com", server.url
    )
    code = code.replace("https://auth.acme.com", server.url).replace(
        "lambda it: print(it.link, it.sentence)", "allow"
    )
    keychain, browser, said = FakeKeychain(), FakeBrowser(), []
    opens = partial(open_session, keychain=keychain, browser=browser, data_dir=tmp_path / "app")
    monkeypatch.setattr(refapp, "open_session", opens, raising=False)

    def allow_in_browser(pending: PendingSignIn) -> None:
        with httpx.Client(base_url=server.url) as client:
            leads_to = decide(client, pending.link, ADA, "allows")
        assert leads_to is not None
        threading.Thread(target=httpx.get, args=(leads_to,)).start()

    for _ in range(2):
        exec(compile(code, "README.md", "exec"), {"allow": allow_in_browser, "print": said.append})
    assert [json.loads(text)["email"] for text in said] == [server.email] * 2
    assert len(browser.links) == 1


def loaded_by(statement: str) -> set[str]:
    code = f"{statement}; import sys; print(*sys.modules)"
    return set(
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        ).stdout.split()
    )


def test_starting_the_window_loads_nothing_of_it() -> None:
    loaded = loaded_by("import refapp.trusted.start.spawn")
    assert "refapp.trusted.start.spawn" in loaded
    assert not loaded & {
        "asyncio",
        "httpx",
        "msgspec",
        "refapp.trusted.composition.library",
        "refapp.trusted.shell.auth_store",
    }


def test_the_library_brings_no_tk() -> None:
    loaded = loaded_by("from refapp.trusted import open_session")
    assert "refapp.trusted.composition.library" in loaded
    assert not loaded & {"tkinter", "_tkinter"}
