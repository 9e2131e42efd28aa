"""``refapp.testing``, as the tests of another program use it:
in a folder of its own, with pytest alone.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import freezegun
import pytest

from refapp.testing.model_server import Loopback

CONFTEST = 'pytest_plugins = ["refapp.testing"]\n'
TESTS = """
import asyncio

import httpx
import pytest

import refapp
from refapp import CannotTell, Phase, SessionExpired, SignInFailed, Way, blocking
from refapp.testing import MemoryKeychain, ModelServer
from refapp.trusted.errors import StorageLocked


def test_sign_in_and_call(refapp_settings, refapp_server: ModelServer):
    with blocking.open_session(app="acme-notes", version="2.1", **refapp_settings) as session:
        session.sign_in(refapp_server.email, refapp_server.password)
        with httpx.Client(auth=session.auth()) as api:
            assert api.get(f"{refapp_server.url}/app/me").json()["email"] == refapp_server.email


def test_everything_is_fresh(refapp_settings, refapp_server):
    assert refapp_server.sessions == 0
    assert refapp_server.requests == []
    with blocking.open_session(**refapp_settings) as session:
        assert session.phase is Phase.SIGNED_OUT


@pytest.mark.parametrize("way", [Way.BROWSER, Way.DEVICE])
def test_without_a_password(refapp_settings, refapp_server, way):
    with blocking.open_session(app="acme", **refapp_settings) as session:
        show = (lambda _: refapp_server.allow_code()) if way is Way.DEVICE else (lambda _: None)
        assert session.sign_in_elsewhere(way, show).email == refapp_server.email


def test_she_says_no(refapp_settings, refapp_browser):
    refapp_browser.allow = False
    with blocking.open_session(**refapp_settings) as session, pytest.raises(SignInFailed):
        session.sign_in_elsewhere(Way.BROWSER, lambda _: None)


def test_the_token_expires(refapp_settings, refapp_server):
    with blocking.open_session(**refapp_settings) as session:
        session.sign_in(refapp_server.email, refapp_server.password)
        refapp_server.expire_token()
        with httpx.Client(auth=session.auth()) as api:
            assert api.get(f"{refapp_server.url}/app/me").status_code == 200
        assert refapp_server.requests.count("GET /app/me") == 2


def test_the_session_ends(refapp_settings, refapp_server):
    with blocking.open_session(**refapp_settings) as session:
        session.sign_in(refapp_server.email, refapp_server.password)
        refapp_server.end_session()
        with httpx.Client(auth=session.auth()) as api, pytest.raises(SessionExpired):
            api.get(f"{refapp_server.url}/app/me")
        assert session.phase is Phase.EXPIRED


def test_the_network_goes_and_comes(refapp_settings, refapp_server):
    with blocking.open_session(**refapp_settings) as session:
        session.sign_in(refapp_server.email, refapp_server.password)
    refapp_server.go_offline()
    with blocking.open_session(**refapp_settings) as session:
        assert session.phase is Phase.OFFLINE
        refapp_server.expire_token()
        with pytest.raises(CannotTell):
            session.fetch("GET", "/app/me")
        refapp_server.come_back()
        assert session.try_again() is Phase.SIGNED_IN


def test_the_keychain_is_locked(refapp_settings, refapp_keychain: MemoryKeychain):
    refapp_keychain.trouble = StorageLocked("Your keychain is locked.")
    with blocking.open_session(**refapp_settings) as session:
        assert session.phase is Phase.UNAVAILABLE
        refapp_keychain.trouble = None
        assert session.try_again() is Phase.SIGNED_OUT


def test_with_asyncio(refapp_settings, refapp_server):
    async def program():
        async with refapp.open_session(**refapp_settings) as session:
            await session.sign_in(refapp_server.email, refapp_server.password)
            return await session.fetch("GET", "/app/me")

    assert asyncio.run(program()).status == 200
    assert refapp_server.sessions == 1
"""
LOADED = """
import sys


def test_nothing_is_loaded():
    assert not {"refapp.trusted.errors", "uvicorn", "starlette", "httpx"} & set(sys.modules)
"""


def ran(folder: Path, *arguments: str) -> str:
    command = [
        sys.executable,
        "-W",
        "error",
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        str(folder),
    ]
    done = subprocess.run(
        [*command, "-c", "/dev/null", *arguments, str(folder)],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=100,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("asked", ["in conftest.py", "with -p"])
def test_a_program_s_own_tests_use_it(asked: str, tmp_path: Path) -> None:
    (tmp_path / "test_program.py").write_text(TESTS)
    if asked == "in conftest.py":
        (tmp_path / "conftest.py").write_text(CONFTEST)
    assert "10 passed" in ran(tmp_path, *(["-p", "refapp.testing"] if asked == "with -p" else []))


def test_it_costs_nothing_until_it_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "test_program.py").write_text(LOADED)
    ran(tmp_path, "-p", "refapp.testing")


def test_its_server_ends_though_a_test_has_frozen_the_clock() -> None:
    """The server looks about by the clock;
    what it planned while that stood still would never come.
    """
    server = Loopback()
    with freezegun.freeze_time("2030-01-01"):
        for _ in range(10):
            server.do(lambda: None)
    ending = threading.Thread(target=server.close, daemon=True)
    ending.start()
    ending.join(10)
    assert not ending.is_alive()
