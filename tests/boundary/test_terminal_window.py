"""The app in a terminal, as somebody with a screen reader uses it for a day:
every message is a line of text.
"""

from __future__ import annotations

import codecs
import dataclasses
import json
import os
import re
import selectors
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from refapp.examples.terminal_talk import TerminalWindow
from refapp.tour.secret_service import PrivateSecretService, missing_programs
from steps.scenario.browser_page import decide
from steps.scenario.people import ADA

LIMIT_S = 60
pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is Linux only"),
    pytest.mark.skipif(
        bool(missing_programs()), reason="a private Secret Service needs dbus and gnome-keyring"
    ),
]


class Terminal:
    """``said`` is all that has been printed."""

    def __init__(self, home: Path, env: dict[str, str]) -> None:
        command = [sys.executable, "-m", "refapp.examples.terminal", "--home", str(home)]
        self._front = subprocess.Popen(
            command,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.said = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")()

    def enter(self, *lines: str) -> None:
        assert self._front.stdin is not None
        self._front.stdin.write("".join(f"{line}\n" for line in lines).encode())
        self._front.stdin.flush()

    def hear(self, pattern: str) -> str:
        """Wait until a new line matches; the line. What was said up to it is not heard again."""
        assert self._front.stdout is not None
        give_up = time.monotonic() + LIMIT_S
        with selectors.DefaultSelector() as selector:
            selector.register(self._front.stdout, selectors.EVENT_READ)
            while (found := re.search(f"^{pattern}\n", self.said, re.MULTILINE)) is None:
                assert time.monotonic() < give_up, f"{pattern} was not said: {self.said}"
                if selector.select(1):
                    data = os.read(self._front.stdout.fileno(), 65_536)
                    assert data, f"It ended before {pattern} was said: {self.said}"
                    self.said += self._decoder.decode(data)
        self.said = self.said[found.end() :]
        return found[0].rstrip("\n")

    def end(self) -> int:
        self.enter("quit")
        return self._front.wait(LIMIT_S)

    def kill(self) -> None:
        if self._front.poll() is None:
            self._front.terminate()
        self._front.wait(LIMIT_S)
        for pipe in (self._front.stdin, self._front.stdout):
            assert pipe is not None
            pipe.close()


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    with PrivateSecretService() as keyring:
        terminal = Terminal(tmp_path / "home", dict(keyring.environment(os.environ)))
        try:
            yield terminal
        finally:
            terminal.kill()


def test_a_day_of_notes_from_sign_in_to_sign_out(terminal: Terminal) -> None:
    terminal.hear("Nobody is signed in\\.")
    terminal.enter("write", "Milk", "Bread", ".")
    terminal.hear("Saved on this computer\\.")
    terminal.enter("sign in")
    said = terminal.hear("Open .* and enter the code .*")
    link = said.split()[1]
    code = re.search(r"enter the code ([0-9A-Z]{4} [0-9A-Z]{4})\.", said)
    assert code is not None
    assert code[1].replace(" ", "") in link
    password = terminal.hear(
        "This is a demo server: its page takes ada@example.com with the password .*"
    ).split()[-1]
    with httpx.Client(base_url=link.partition("/device")[0], trust_env=False) as browser:
        decide(browser, link, dataclasses.replace(ADA, password=password), "allows")
    terminal.hear("Signed in, Ada Lovelace\\.")
    terminal.hear(
        "Notes that were written on this computer outside your account: 1\\. Enter join or keep\\."
    )
    terminal.enter("join")
    terminal.hear("Done\\.")
    terminal.enter("sync")
    terminal.hear(r"Synced at \d\d:\d\d\.")
    terminal.enter("add 1", "Tea", ".")
    terminal.hear("Saved on this computer\\.")
    terminal.enter("notes", "read 1")
    terminal.hear("Notes: 1\\.")
    terminal.hear("1\\. Milk, .*")
    terminal.hear("Milk\nBread\nTea\nEnd of the note\\.")
    terminal.enter("delete 2", "delete 1")
    terminal.hear("There is no note 2\\. Notes: 1\\.")
    terminal.hear("Deleted: Milk")
    terminal.enter("sign out")
    terminal.hear("Signed out.*")
    terminal.hear("Nobody is signed in\\.")
    assert terminal.end() == 0


def test_somebody_else_than_before_is_named_and_asked_about() -> None:
    said: list[str] = []
    asked: list[bytes] = []
    window = TerminalWindow(asked.append, said.append, [])
    state = {
        "phase": "signing_in",
        "user": None,
        "sentence": "",
        "form_error": "",
        "notice": None,
        "storage": {"sentence": "", "cure": "", "waiting": ""},
        "boundary": {"verified": True},
        "sync": {"state": "off", "sentence": "", "done_at": None},
        "apart": {"state": "none", "count": 0},
        "pending": {
            "link": "https://x.test/",
            "user_code": "WDJBMJHT",
            "expires_at": None,
            "sentence": "",
            "before": None,
            "other": {"name": "Bob Kahn", "email": "bob@example.com"},
        },
    }
    window.heard({"method": "state", "params": state})
    assert said[1:] == [
        "bob@example.com (Bob Kahn) signed in; before it was somebody else. Nothing has been "
        "stored or synced. Enter go on or cancel."
    ]
    window.typed("go on")
    window.typed("cancel")
    assert [json.loads(line)["method"] for line in asked] == ["sign_in_accept", "sign_in_cancel"]


@pytest.mark.parametrize(
    ("reason", "goes_to"), [("write_failed", "0" * 12), ("no_such_note", None)]
)
def test_a_note_that_could_not_be_saved_stays_to_be_saved(reason: str, goes_to: str | None) -> None:
    said: list[str] = []
    asked: list[bytes] = []
    window = TerminalWindow(asked.append, said.append, [])
    refused = {"error": {"code": -32000, "message": "The disk is full.", "reason": reason}}
    for line in ("write", "Milk"):
        window.typed(line)
    window.heard({"id": 1, "result": {"note": "0" * 12}})
    for line in ("Bread", "Tea", "."):
        window.typed(line)
    window.heard({"id": 2, **refused})
    assert said[-2:] == [
        "Not done: The disk is full.",
        "The note is still here. Enter retry to try again.",
    ]
    window.typed("retry")
    params = json.loads(asked[-2])["params"]
    assert (params["text"], params["note"]) == ("Milk\nBread\nTea", goes_to)
    window.heard({"id": 3, "result": {"note": "0" * 12}})
    assert said[-1] == "Saved on this computer."


def test_an_end_that_comes_while_a_note_is_written_costs_no_line(
    terminal: Terminal, tmp_path: Path
) -> None:
    terminal.hear("Nobody is signed in\\.")
    terminal.enter("write", "Milk", "Bread")
    terminal.hear("Write\\. .*")
    terminal._front.stdin.close()  # type: ignore[union-attr]
    assert terminal._front.wait(LIMIT_S) == 0
    [note] = (tmp_path / "home").rglob("notes/nobody/*.json")
    assert "Milk\\nBread" in note.read_text()


def test_lines_that_come_faster_than_answers_make_one_note() -> None:
    sent: list[bytes] = []
    window = TerminalWindow(sent.append, lambda _: None, [])
    for line in ("write", "Milk", "Bread", "."):
        window.typed(line)
    assert [b"note_save" in line for line in sent] == [True]
    window.heard({"id": 1, "result": {"note": "0123456789ab"}})
    assert b'"note": "0123456789ab", "text": "Milk\\nBread"' in sent[-1]


def test_without_a_keyboard_it_ends_by_itself(tmp_path: Path) -> None:
    """Started by another program, say: its input is no terminal and no pipe, and has ended."""
    with PrivateSecretService() as keyring:
        done = subprocess.run(
            [sys.executable, "-m", "refapp.examples.terminal", "--home", str(tmp_path / "home")],
            env=dict(keyring.environment(os.environ)),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=LIMIT_S,
        )
    assert done.returncode == 0, done.stdout
    assert "Traceback" not in done.stdout
