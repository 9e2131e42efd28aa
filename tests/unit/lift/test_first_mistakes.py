"""What goes wrong in a program's first hour is a sentence of ours that names it, in the words of
who wrote the program.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

import refapp
from refapp import (
    ConfigError,
    NoAccessToken,
    Phase,
    SessionClosed,
    SignInFailed,
    Way,
    blocking,
    testing,
)
from refapp.blocking import open_session
from refapp.examples import command_line
from refapp.testing import MemoryKeychain, ModelServer, SessionSettings
from refapp.trusted.errors import StorageLocked, StorageUnavailable

pytest_plugins = ["refapp.testing"]
SERVER = "https://auth.example.com"
TROUBLES = [
    StorageUnavailable("No keychain service answers on this desktop."),
    StorageLocked("Your keychain is locked."),
]


@pytest.mark.parametrize("trouble", TROUBLES, ids=["missing", "locked"])
def test_without_a_keychain_each_error_names_it_and_its_cure(
    trouble: StorageUnavailable | StorageLocked,
    refapp_settings: SessionSettings,
    refapp_server: ModelServer,
    refapp_keychain: MemoryKeychain,
) -> None:
    refapp_keychain.trouble = trouble
    with open_session(**refapp_settings) as session:
        assert session.phase is Phase.UNAVAILABLE
        for call in (lambda: session.fetch("GET", "/app/me"), session.sessions):
            with pytest.raises(NoAccessToken) as failed:
                call()
            assert (str(failed.value), failed.value.cure) == (trouble.sentence, trouble.cure)
        with pytest.raises(SignInFailed) as refused:
            session.sign_in(refapp_server.email, refapp_server.password)
        assert (refused.value.sentence, refused.value.cure) == (trouble.sentence, trouble.cure)
        refapp_keychain.trouble = None
        session.try_again()
        with pytest.raises(NoAccessToken, match="No access token available") as failed:
            session.fetch("GET", "/app/me")
        assert failed.value.cure == "Sign in with the session, then call again."


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"server": None}, "server=None: "),
        ({"server": b"https://auth.example.com"}, "server=b'https://auth.example.com': "),
        ({"server": "auth.acme.com"}, "server='auth.acme.com' is not"),
        ({"server": f"{SERVER}/api/auth/"}, f"server='{SERVER}/api/auth/': leave out /api/auth, "),
        ({"app": None}, "app=None: "),
        ({"version": 2}, "version=2: "),
        ({"version": "2\n1é"}, "version='2\\n1é': "),
        ({"version": "2.1é"}, "version='2.1é': "),
        ({"account": None}, "account=None: "),
        ({"client_id": "\ud800"}, "client_id='\\ud800': "),
        ({"auth_path": "api"}, "auth_path='api': "),
        ({"auth_path": ""}, "auth_path='': "),
        ({"auth_path": None}, "auth_path=None: "),
        ({"sign_in_page": "enter"}, "sign_in_page='enter': "),
        ({"sign_in_page": ""}, "sign_in_page='': "),
        ({"sign_in_page": "http://acme.com"}, "sign_in_page='http://acme.com': "),
        ({"data_dir": 7}, "data_dir=7: "),
        ({"data_dir": "x\0y"}, "data_dir='x\\x00y': "),
        ({"keychain": "keyring"}, "keychain is of type str: give an object "),
        ({"keychain": object()}, "keychain is of type object: give an object "),
        ({"keychain": MemoryKeychain}, "keychain is the class MemoryKeychain: give an object "),
        ({"keychain": ""}, "keychain is of type str: give an object "),
        ({"browser": "firefox"}, "browser is of type str: give an object "),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_setting_is_named_as_the_program_wrote_it(
    wrong: dict[str, object], said: str, tmp_path: Path
) -> None:
    settings = {
        "server": SERVER,
        "keychain": MemoryKeychain(),
        "data_dir": tmp_path / "app",
        **wrong,
    }
    with pytest.raises(ConfigError) as failed:
        open_session(**settings)  # type: ignore[arg-type]
    assert failed.value.sentence.startswith(said)
    assert "--" not in failed.value.sentence
    assert list(tmp_path.iterdir()) == []


def test_a_folder_may_be_a_str(
    refapp_settings: SessionSettings, refapp_server: ModelServer, tmp_path: Path
) -> None:
    settings = {**refapp_settings, "data_dir": str(tmp_path / "t2")}
    with open_session(**settings) as session:  # type: ignore[arg-type]
        session.sign_in(refapp_server.email, refapp_server.password)
    assert list((tmp_path / "t2").glob("tokens-*.json"))


@pytest.mark.parametrize("below", ["", "app"], ids=["itself", "its parent"])
def test_a_folder_that_is_a_file_is_said_before_a_password_is_taken(
    below: str, tmp_path: Path
) -> None:
    file = tmp_path / "file"
    file.write_text("mine")
    with pytest.raises(ConfigError) as failed:
        open_session(SERVER, MemoryKeychain(), data_dir=file / below)
    assert failed.value.sentence == f"data_dir: {file} is a file, not a folder."
    assert file.read_text() == "mine"


def test_without_a_home_the_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platformdirs.user_data_dir", lambda *_, **__: "~/nowhere")
    with pytest.raises(
        ConfigError, match=r"Name a place for the app's files with data_dir, or set HOME\."
    ):
        open_session(SERVER, MemoryKeychain())


@pytest.mark.parametrize("origin", ["api.acme.com", "http://api.acme.com"])
def test_an_origin_is_called_one(origin: str, refapp_settings: SessionSettings) -> None:
    with (
        open_session(**refapp_settings) as session,
        pytest.raises(ConfigError, match=f"^origin '{origin}'"),
    ):
        session.auth(origin)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda s: s.sign_in("ada@example.com", None), "password is of type NoneType: give a str"),
        (lambda s: s.sign_in("ada@example.com", b"pw"), "password is of type bytes: give a string"),
        (lambda s: s.sign_in(None, "pw"), "email is of type NoneType: give a string."),
        (lambda s: s.sign_in("ada", "pw", show=None), "show is of type NoneType: give a function."),
        (lambda s: s.sign_in_elsewhere("browser", print), "way is of type str: give Way.BROWSER "),
        (lambda s: s.sign_in_elsewhere(Way.PASSWORD, print), "way is of type Way: give Way.BR"),
        (lambda s: s.sign_in_elsewhere(Way.DEVICE, None), "show is of type NoneType: give a fun"),
        (lambda s: s.sign_in_elsewhere(Way.DEVICE, print, another=True), "another is of type bool"),
        (lambda s: s.enter_code(123456), "code is of type int: give a string."),
        (lambda s: s.enter_code("1", "mail"), "factor is of type str: give a refapp.Factor."),
        (lambda s: s.paste(None), "code is of type NoneType: give a string."),
        (lambda s: s.fetch(None, "/"), "method is of type NoneType: give a string."),
        (lambda s: s.fetch("GET", None), "path is of type NoneType: give a string."),
        (lambda s: s.fetch("POST", "/", {}), "body is of type dict: give the bytes of JSON, or "),
        (lambda s: s.end_session(None), "session is of type NoneType: give a string."),
        (lambda s: s.auth(None), "origin is of type NoneType: give a string."),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_a_method_is_given_is_looked_at_before_anything_is_done(
    call: Callable[[Any], object], said: str, refapp_settings: SessionSettings
) -> None:
    with open_session(**refapp_settings) as session:
        with pytest.raises(ConfigError) as failed:
            call(session)
        assert failed.value.sentence.startswith(said)
        assert session.phase is Phase.SIGNED_OUT


@pytest.mark.parametrize(
    "path", ["https://api.acme.com/items", "app/me", "//evil.example/x", "/a\nb"]
)
def test_fetch_says_that_it_takes_a_path(
    path: str, refapp_settings: SessionSettings, refapp_server: ModelServer
) -> None:
    with open_session(**refapp_settings) as session:
        session.sign_in(refapp_server.email, refapp_server.password)
        with pytest.raises(
            ConfigError, match="A call goes to a path of the server, such as /items"
        ):
            session.fetch("GET", path)
        assert session.fetch("GET", "/app/me").status == 200


@pytest.mark.parametrize("module", [refapp, blocking, testing])
def test_a_star_import_brings_just_what_is_for_programs(module: object) -> None:
    names = {"refapp.blocking": {"Session", "open_session"}}
    names["refapp.testing"] = {"MemoryKeychain", "ModelServer", "PersonsBrowser", "SessionSettings"}
    names["refapp"] = set(refapp.__all__)
    name: str = module.__name__  # type: ignore[attr-defined]
    brought: dict[str, object] = {}
    exec(f"from {name} import *", brought)
    assert set(brought) - {"__builtins__"} == names[name]


@pytest.mark.parametrize(
    ("example", "words"),
    [
        ("command_line", []),
        ("command_line", [SERVER, "folder", "ada@example.com"]),
        ("tk_program", []),
        ("terminal_window", []),
    ],
)
def test_an_example_says_what_it_wants(example: str, words: list[str]) -> None:
    command = [sys.executable, "-m", f"refapp.examples.{example}", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"usage: python -m refapp.examples.{example} ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("example", "needs", "extra"),
    [("qt_window", "PySide6", "qt"), ("textual_app", "textual", "textual")],
)
def test_an_example_says_what_is_not_installed(example: str, needs: str, extra: str) -> None:
    program = f"import runpy, sys; sys.modules[{needs!r}] = None"
    program += f"; runpy.run_module('refapp.examples.{example}', run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode != 0
    assert f"Install it (pip install 'refapp[{extra}]'), then try again.\n" in done.stderr
    assert done.stderr.count("\n") == 1


def test_ctrl_c_ends_an_example_without_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["command_line", SERVER, "folder"])
    monkeypatch.setattr(command_line, "who_am_i", lambda *_: None)

    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(asyncio, "run", interrupted)
    with pytest.raises(SystemExit) as ended:
        command_line.main()
    assert ended.value.code == 130


def test_a_method_of_a_browser_is_all_it_needs(tmp_path: Path) -> None:
    class Nobody:
        async def open(self, link: str) -> bool:
            return False

    async def opens() -> Phase:
        async with refapp.open_session(
            SERVER, MemoryKeychain(), data_dir=tmp_path, browser=Nobody()
        ) as session:
            return session.phase

    assert asyncio.run(opens()) is Phase.SIGNED_OUT


def test_after_the_end_a_call_says_that_the_session_was_closed(tmp_path: Path) -> None:
    with open_session(SERVER, MemoryKeychain(), data_dir=tmp_path) as session:
        auth = session.auth()
    with pytest.raises(SessionClosed):
        session.fetch("GET", "/app/me")
    with pytest.raises(SessionClosed):
        httpx.get(f"{SERVER}/app/me", auth=auth)
    assert (session.phase, list(session.changes())) == (Phase.SIGNED_OUT, [])
