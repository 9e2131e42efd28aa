"""``refapp.blocking``: the session for programs without asyncio.
It waits, it can be interrupted, and it ends.
"""

from __future__ import annotations

import inspect
import signal
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

import refapp
from refapp import Change, ConfigError, PendingSignIn, Phase, SignInFailed, Way, blocking
from refapp.trusted.errors import NoAccessToken, SessionClosed, SessionExpired
from steps.fakes.fake_browser import FakeBrowser
from steps.fakes.fake_keychain import FakeKeychain
from steps.scenario.browser_page import decide
from steps.scenario.people import ADA, BOB
from steps.servers.auth_servers import AuthServer, embedded_server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AuthServer]:
    with embedded_server(
        tmp_path_factory.mktemp("server"), "--mode", "rotating", "--device-interval", "1"
    ) as running:
        yield running


@pytest.fixture
def opened(server: AuthServer, tmp_path: Path) -> Callable[[], blocking.Session]:
    keychain = FakeKeychain()
    return lambda: blocking.open_session(
        server.url, keychain, data_dir=tmp_path, client_id="refapp", browser=FakeBrowser()
    )


Opened = Callable[[], blocking.Session]


def test_it_has_what_the_session_has_and_opens_with_the_same_settings() -> None:
    def public(kind: type[object]) -> set[str]:
        return {name for name in vars(kind) if not name.startswith("_")}

    # Made when it is opened;
    # and what a program is told by callbacks it hears from ``changes`` here.
    assert public(refapp.Session) - public(blocking.Session) == {"restore", "reset"}
    for name in public(blocking.Session) - {"phase", "profile", "state"}:
        here, there = getattr(blocking.Session, name), getattr(refapp.Session, name)
        assert list(inspect.signature(here).parameters) == list(
            inspect.signature(there).parameters
        ), name
    here, there = (
        inspect.signature(one).parameters for one in (blocking.open_session, refapp.open_session)
    )
    assert here == there


def test_a_script_signs_in_calls_and_finds_its_session_again(
    opened: Opened, server: AuthServer
) -> None:
    with opened() as session:
        assert session.phase is Phase.SIGNED_OUT
        assert session.sign_in(server.email, server.password).email == server.email
        with httpx.Client(base_url=server.url, auth=session.auth()) as api:
            assert api.get("/app/me").json()["email"] == server.email
        assert session.fetch("GET", "/app/me").status == 200
    with opened() as session:
        assert session.profile is not None
        session.sign_out()
        assert session.phase is Phase.SIGNED_OUT
        with pytest.raises(NoAccessToken):
            session.fetch("GET", "/app/me")


def test_the_link_is_shown_in_the_thread_that_waits(opened: Opened, server: AuthServer) -> None:
    shown_in: list[threading.Thread] = []

    def show(pending: PendingSignIn) -> None:
        if not shown_in:
            decide(server.client, pending.link, ADA, "allows")
        shown_in.append(threading.current_thread())

    with opened() as session:
        assert session.sign_in_elsewhere(Way.DEVICE, show).email == ADA.email
    assert set(shown_in) == {threading.current_thread()}


def expire(session: blocking.Session, server: AuthServer) -> None:
    """The server ends the session, and the program hears of it."""
    session.sign_in(server.email, server.password)
    server.control("revoke_all", email=server.email)
    with pytest.raises(SessionExpired):
        session.fetch("GET", "/app/me")


def bob_signs_up(server: AuthServer) -> None:
    """Unless another test had him do so."""
    account = {"email": BOB.email, "name": BOB.name, "password": BOB.password}
    server.client.post("/api/auth/sign-up/email", json=account)


@pytest.mark.parametrize("goes_on", [True, False, KeyboardInterrupt])
def test_somebody_else_signs_in_only_where_the_thread_that_waits_says_so(
    goes_on: bool | type[KeyboardInterrupt], opened: Opened, server: AuthServer
) -> None:
    bob_signs_up(server)
    asked_in: list[threading.Thread] = []

    def another(pending: PendingSignIn) -> bool:
        assert pending.other is not None
        asked_in.append(threading.current_thread())
        if not isinstance(goes_on, bool):
            raise goes_on
        return goes_on

    def bob_does(pending: PendingSignIn) -> None:
        decide(server.client, pending.link, BOB, "allows")

    with opened() as session:
        expire(session, server)
        if goes_on is True:
            assert (
                session.sign_in_elsewhere(Way.DEVICE, bob_does, another=another).email == BOB.email
            )
        else:
            with pytest.raises(SignInFailed if goes_on is False else KeyboardInterrupt):
                session.sign_in_elsewhere(Way.DEVICE, bob_does, another=another)
            assert session.phase is Phase.EXPIRED
    assert asked_in == [threading.current_thread()]


def here(use: Callable[[], object]) -> None:
    """Within the question."""
    use()


def elsewhere(use: Callable[[], object]) -> None:
    """In another thread, while the question is open."""
    one = threading.Thread(target=use, daemon=True)
    one.start()
    one.join(20)
    assert not one.is_alive(), "it waits for the answer"


@pytest.mark.parametrize("where", [here, elsewhere])
@pytest.mark.parametrize("ends", ["cancel_sign_in", "close", "nothing"])
def test_the_session_goes_on_while_somebody_is_asked(
    ends: str, where: Callable[[Callable[[], object]], None], opened: Opened, server: AuthServer
) -> None:
    bob_signs_up(server)

    def call() -> None:
        with pytest.raises(SessionExpired):
            session.fetch("GET", "/app/me")

    def another(_: PendingSignIn) -> bool:
        if ends == "nothing":
            where(call)
            return False
        where(getattr(session, ends))
        return True  # which counts no more

    def bob_does(pending: PendingSignIn) -> None:
        decide(server.client, pending.link, BOB, "allows")

    with opened() as session:
        expire(session, server)
        with pytest.raises(SessionClosed if ends == "close" else SignInFailed):
            session.sign_in_elsewhere(Way.DEVICE, bob_does, another=another)
        assert session.profile is not None
        assert session.profile.email == server.email


def test_a_keyboard_interrupt_has_cancelled_what_was_waited_for(opened: Opened) -> None:
    with opened() as session:
        with pytest.raises(KeyboardInterrupt):
            session.sign_in_elsewhere(Way.DEVICE, lambda _: signal.raise_signal(signal.SIGINT))
        assert session.phase is Phase.SIGNED_OUT
        timer = threading.Timer(0.3, signal.raise_signal, [signal.SIGINT])

        def wait_for_nothing(_: PendingSignIn) -> None:
            if not timer.is_alive():
                timer.start()

        with pytest.raises(KeyboardInterrupt):
            session.sign_in_elsewhere(Way.DEVICE, wait_for_nothing)
        assert session.phase is Phase.SIGNED_OUT


def test_changes_are_heard_in_a_thread_and_end_with_the_session(
    opened: Opened, server: AuthServer
) -> None:
    heard: list[Change] = []
    signed_in = threading.Event()

    def listen() -> None:
        for change in session.changes():
            heard.append(change)
            if change.phase is Phase.SIGNED_IN:
                signed_in.set()

    with opened() as session:
        listener = threading.Thread(target=listen)
        listener.start()
        session.sign_in(server.email, server.password)
        assert signed_in.wait(20)
    listener.join(20)
    assert not listener.is_alive()
    assert heard[-1].phase is Phase.SIGNED_IN
    assert list(session.changes()) == []


def test_a_loop_over_changes_can_be_left(opened: Opened) -> None:
    with opened() as session:
        for change in session.changes():
            assert change.phase is Phase.SIGNED_OUT
            break
        assert session.state.phase is Phase.SIGNED_OUT


def test_whoever_waits_while_it_is_closed_is_told(opened: Opened) -> None:
    session = opened()
    closing = threading.Thread(target=session.close)
    with pytest.raises(SessionClosed):
        session.sign_in_elsewhere(Way.DEVICE, lambda _: closing.start())
    closing.join()
    session.close()
    for use in (
        session.sign_out,
        session.try_again,
        session.open_link,
        lambda: session.fetch("GET", "/"),
    ):
        with pytest.raises(SessionClosed):
            use()


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "refapp session"]


def test_one_that_can_t_be_opened_leaves_no_thread() -> None:
    with pytest.raises(ConfigError):
        blocking.open_session("http://auth.example.com")
    assert threads() == []


@pytest.mark.parametrize(
    "ends", ["pass", "raise SystemExit", "import os; os.kill(os.getpid(), 2); input()"]
)
def test_a_program_that_leaves_it_open_ends_and_says_nothing_of_it(
    ends: str, server: AuthServer, tmp_path: Path
) -> None:
    program = f"""
        import pathlib
        from refapp.blocking import open_session
        from steps.fakes.fake_keychain import FakeKeychain

        folder = pathlib.Path({str(tmp_path)!r})
        session = open_session({server.url!r}, FakeKeychain(), data_dir=folder)
        session.sign_in({server.email!r}, {server.password!r})
        {ends}
    """
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(program)],
        capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert ran.stderr.count("Traceback") == (1 if "kill" in ends else 0), ran.stderr
    assert "refapp" not in ran.stderr
    assert ran.returncode == (-signal.SIGINT if "kill" in ends else 0)
