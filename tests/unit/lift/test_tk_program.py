"""The example of a Tk program in one process, on a private screen:
somebody signs in with a code, and out again.
"""

from __future__ import annotations

import time
import tkinter
from collections.abc import Callable, Iterator

import httpx
import pytest

from refapp.blocking import open_session
from refapp.examples.tk_program import Program
from refapp.testing import ModelServer, SessionSettings

pytest_plugins = ["refapp.testing"]
LIMIT_S = 30


@pytest.fixture
def program(
    tk_screen: str, refapp_settings: SessionSettings, refapp_server: ModelServer
) -> Iterator[Program]:
    session = open_session(app="refapp-tk", client_id="refapp", **refapp_settings)
    root = tkinter.Tk(tk_screen)
    with session, httpx.Client(base_url=refapp_server.url, auth=session.auth()) as api:
        program = Program(root, session, api)
        yield program
        program.end()


def see(program: Program, shown: Callable[[], bool]) -> None:
    """Let it run until it shows that."""
    give_up = time.monotonic() + LIMIT_S
    while not shown():
        assert time.monotonic() < give_up, (program.said.get(), program.button["text"])
        program.button.update()
        time.sleep(0.01)


def test_somebody_signs_in_sees_her_name_and_signs_out(
    program: Program, refapp_server: ModelServer
) -> None:
    see(program, lambda: program.button["text"] == "Sign in")
    program.button.invoke()
    see(program, lambda: refapp_server.name in program.said.get())
    see(program, lambda: program.button["text"] == "Sign out")
    program.button.invoke()
    see(program, lambda: program.button["text"] == "Sign in")
    see(program, lambda: program.said.get() == "Signed out.")
    assert refapp_server.sessions == 0


def test_she_changes_her_mind(
    program: Program, refapp_browser: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refapp_browser, "_visit", lambda link: None)
    program.button.invoke()
    see(program, lambda: program.button["text"] == "Cancel")
    program.button.invoke()
    see(program, lambda: program.said.get() == "The sign-in was given up.")
    see(program, lambda: program.button["text"] == "Sign in")


def test_nobody_may_send_it_commands(program: Program) -> None:
    with pytest.raises(tkinter.TclError, match="invalid command name"):
        program.button.tk.call("send", "x", "y")
