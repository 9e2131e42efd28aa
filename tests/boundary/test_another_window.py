"""``refapp run --ui``: a window of another make on the real app, and one that was taken over, at a
real parent process.
"""

from __future__ import annotations

import dataclasses
import json
import os
import runpy
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from refapp.demo_server.demo_account import FILE
from refapp.tour.secret_service import PrivateSecretService, missing_programs
from steps.scenario.browser_page import decide
from steps.scenario.people import ADA

PROGRAM = Path(__file__).parents[1] / "terminal_window.py"
BROKEN: dict[str, bytes] = runpy.run_path(str(PROGRAM))["BROKEN"]
LIMIT_S = 60

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is Linux only"),
    pytest.mark.skipif(
        bool(missing_programs()), reason="a private Secret Service needs dbus and gnome-keyring"
    ),
]


@pytest.fixture(scope="module")
def keyring() -> Iterator[PrivateSecretService]:
    with PrivateSecretService() as service:
        yield service


class Run:
    """One run of the app with the window, to its end."""

    def __init__(self, keyring: PrivateSecretService, folder: Path, *words: str) -> None:
        ui = shlex.join([sys.executable, "-I", "-S", str(PROGRAM), *words])
        trace = folder / "trace.ndjson"
        done = subprocess.run(
            [sys.executable, "-m", "refapp", "run", "--ui", ui, "--home", str(folder / "home"),
             "--trace", str(trace)],
            env=keyring.environment(os.environ), capture_output=True, text=True, timeout=LIMIT_S,
            check=False,
        )  # fmt: skip
        self.code, self.said = done.returncode, done.stderr
        self.raw = trace.read_text() if trace.exists() else ""
        self.entries: list[dict[str, Any]] = [json.loads(line) for line in self.raw.splitlines()]

    def went(self, source: str, target: str) -> list[str]:
        return [
            one["what"]
            for one in self.entries
            if (one["source"], one["target"]) == (source, target)
        ]

    def states(self) -> list[dict[str, Any]]:
        return [
            one["detail"]
            for one in self.entries
            if (one["target"], one["what"]) == ("window", "state")
        ]


def test_it_signs_in_and_out_over_the_channel_alone(
    keyring: PrivateSecretService, tmp_path: Path
) -> None:
    run = Run(keyring, tmp_path)
    assert run.code == 0, run.said
    assert [what for what in run.went("window", "parent") if what != "pong"] == [
        "hello", "confined", "initialize", "sign_in", "note_save", "sign_out",
    ]  # fmt: skip
    phases = [state["phase"] for state in run.states()]
    assert {"signed_out", "signing_in", "signed_in"} <= set(phases)
    assert phases[-1] == "awaiting_restart"
    assert all(state["boundary"]["verified"] for state in run.states())
    assert "sign-in" in run.went("parent", "server")
    assert run.states()[0]["boundary"]["display"] == "There is no display to keep from the window."


def test_one_that_does_not_confine_itself_learns_nothing(
    keyring: PrivateSecretService, tmp_path: Path
) -> None:
    run = Run(keyring, tmp_path, "--unconfined")
    assert run.code != 0
    assert "is not confined" in run.said
    assert run.states() == []
    assert run.went("parent", "keychain") == []


@pytest.mark.parametrize("name", BROKEN)
def test_one_that_was_taken_over_is_replaced_and_the_session_is_not(
    keyring: PrivateSecretService, tmp_path: Path, name: str
) -> None:
    run = Run(keyring, tmp_path, "--break", name)
    assert run.code == 0, run.said
    said = run.went("window", "parent")
    assert said.count("sign_in") == 1
    assert said.count("sign_out") == 1, "the attack's own is not carried out; the fresh window's is"
    assert "storage_clear" not in said
    notices = {(state["notice"] or {}).get("text", "") for state in run.states()}
    assert any("started again" in notice for notice in notices)
    assert run.states()[-1]["phase"] == "awaiting_restart"


def pending_in(trace: Path, running: subprocess.Popen[str]) -> str:
    """The link of the sign-in that waits, once the trace has it."""
    give_up = time.monotonic() + LIMIT_S
    while time.monotonic() < give_up and running.poll() is None:
        # What is being written is no line yet.
        for line in trace.read_bytes().split(b"\n")[:-1] if trace.exists() else ():
            entry = json.loads(line)
            if entry["what"] == "state" and (entry["detail"]["pending"] or {}).get("user_code"):
                return str(entry["detail"]["pending"]["link"])
        time.sleep(0.05)
    raise AssertionError("no code was shown")


def test_it_signs_in_with_a_code_and_sees_no_password(
    keyring: PrivateSecretService, tmp_path: Path
) -> None:
    ui = shlex.join([sys.executable, "-I", "-S", str(PROGRAM), "--code"])
    trace = tmp_path / "trace.ndjson"
    command = [
        "-m",
        "refapp",
        "run",
        "--ui",
        ui,
        "--home",
        str(tmp_path / "home"),
        "--trace",
        str(trace),
    ]
    environment = keyring.environment(os.environ)
    with subprocess.Popen(
        [sys.executable, *command],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        try:
            link = pending_in(trace, running)
            with httpx.Client(base_url=link.partition("/device")[0], trust_env=False) as browser:
                decide(
                    browser,
                    link,
                    dataclasses.replace(
                        ADA, password=next((tmp_path / "home").rglob(FILE)).read_text()
                    ),
                    "allows",
                )
            _, said = running.communicate(timeout=LIMIT_S)
        finally:
            running.kill()
    assert running.returncode == 0, said
    went = [json.loads(line) for line in trace.read_text().splitlines()]
    asked = [one["what"] for one in went if one["source"] == "window" and one["what"] != "pong"]
    assert asked == [
        "hello",
        "confined",
        "initialize",
        "sign_in_elsewhere",
        "note_save",
        "sign_out",
    ]
