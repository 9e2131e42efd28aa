"""The parts of the browser flow that scenarios do not reach: what can be pasted, the proof, and the
program that opens links.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from refapp.trusted.rules.shell import Shell
from refapp.trusted.scheduling.tasks import Tasks
from refapp.trusted.server import pkce
from refapp.trusted.server.verdict import Refused, Verdict
from refapp.trusted.server.web_link import is_web
from refapp.trusted.sign_in import browser
from refapp.trusted.sign_in.browser import SystemBrowser, ToldInTerminal
from refapp.trusted.sign_in.browser_flow import BrowserFlow, pasted
from refapp.trusted.sign_in.loopback import Outcome
from refapp.trusted.sign_in.unclaimed import Opening
from steps.fakes.fake_browser import FakeBrowser

CODE, STATE = "a" * 32, "s" * 43


def word(identifier: object = CODE, state: object = STATE) -> str:
    return base64.urlsafe_b64encode(
        json.dumps({"identifier": identifier, "state": state}).encode()
    ).decode()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (word(), (CODE, STATE)),
        (word().rstrip("="), (CODE, STATE)),
        (f"  {word()[:20]}\n{word()[20:]} ", (CODE, STATE)),
        (f"http://127.0.0.1:40001/callback?code={CODE}&state={STATE}", (CODE, STATE)),
        (CODE, (CODE, "")),
        (f"http://127.0.0.1:40001/callback?code={CODE}", None),
        ("http://[", None),
        (word(identifier=""), None),
        (word(identifier=7), None),
        (word(identifier="a b" * 9), None),
        ("my shopping list", None),
        ("", None),
        ("x" * 2048, None),
        ("é" * 32, None),
        (f"http://127.0.0.1:40001/callback?code={CODE}&state=\udce4", None),
        ("\udce4" * 32, None),
    ],
)
def test_what_can_be_pasted(text: str, found: tuple[str, str] | None) -> None:
    assert pasted(text) == found


@given(st.text(max_size=200))
def test_whatever_is_pasted_is_a_code_or_is_none(text: str) -> None:
    found = pasted(text)
    assert found is None or found[0].isascii()


def test_the_challenge_is_the_example_of_the_rfc() -> None:
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert pkce.challenge_of(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_every_sign_in_has_a_proof_of_its_own() -> None:
    one, other = pkce.fresh(), pkce.fresh()
    assert len({one.verifier, other.verifier, one.state, other.state}) == 4
    assert (
        base64.urlsafe_b64decode(one.challenge + "=")
        == hashlib.sha256(one.verifier.encode()).digest()
    )
    assert one.verifier not in repr(one)
    assert one.state not in repr(one)


@pytest.mark.parametrize(
    ("link", "web"),
    [
        ("https://auth.example.com/device?user_code=A", True),
        ("http://127.0.0.1:7001/sign-in", True),
        ("file:///etc/passwd", False),
        ("javascript:alert(1)", False),
        ("https:///nowhere", False),
        ("https://x.test/a b", False),
        ("https://x.test/\u202e", False),
        ("--version", False),
        ("http://[", False),
    ],
)
def test_only_web_addresses_are_opened(link: str, web: bool) -> None:
    assert is_web(link) == web


def opens(command: list[str], link: str = "https://auth.example.com/") -> bool:
    return asyncio.run(SystemBrowser(command).open(link))


def test_the_program_gets_the_link_as_its_last_argument(tmp_path: Path) -> None:
    note = tmp_path / "note"
    program = [
        sys.executable,
        "-c",
        "import sys; open(sys.argv[1], 'w').write(sys.argv[-1])",
        str(note),
    ]
    assert opens(program)
    assert note.read_text() == "https://auth.example.com/"


def test_a_program_that_fails_or_is_not_there_has_opened_nothing(tmp_path: Path) -> None:
    assert not opens([sys.executable, "-c", "raise SystemExit(3)"])
    assert not opens([str(tmp_path / "no-such-browser")])
    assert not opens([sys.executable, "-c", "pass"], "file:///etc/passwd")


@pytest.mark.parametrize(
    ("works", "link", "said"),
    [
        (True, "https://auth.example.com/", ""),
        (
            False,
            "https://auth.example.com/?a=b",
            "refapp: no browser could be opened. The link:\nhttps://auth.example.com/?a=b\n",
        ),
        (False, "https://auth.example.com/\x1b[2J", ""),
    ],
    ids=["opened", "not opened", "no link"],
)
def test_a_link_that_no_browser_opens_is_in_the_terminal_whole(
    works: bool, link: str, said: str
) -> None:
    browser, terminal = FakeBrowser(), io.StringIO()
    browser.works = works
    assert asyncio.run(ToldInTerminal(browser, terminal).open(link)) == works
    assert terminal.getvalue() == said


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_program_that_stays_is_the_browser_itself_and_outlives_the_app(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(browser, "OPENED_AFTER_S", 0.05)
    os.mkfifo(tmp_path / "alive")
    stays = "import sys; open(sys.argv[1], 'w').write('still here')"
    assert opens([sys.executable, "-c", stays, str(tmp_path / "alive")])
    assert (tmp_path / "alive").read_text() == "still here"


class SlowPort:
    """A port that is taken only after ``taken`` was set; ``closed`` once it was given back."""

    uri = "http://127.0.0.1:40001/callback"

    def __init__(self) -> None:
        self.asked, self.taken = asyncio.Event(), asyncio.Event()
        self.closed = False

    async def open_return(self, state: str, came: Callable[[Outcome], None]) -> SlowPort:
        self.asked.set()
        await self.taken.wait()
        return self

    def close(self) -> None:
        self.closed = True


class HasTheFlow:
    """As much of an ``AuthClient`` as it takes to get to the port."""

    async def browser_offer(self) -> Verdict:
        return Refused()

    def browser_link(self, proof: pkce.Proof, return_to: str) -> str:
        return "https://auth.example.com/sign-in"


async def given_up_meanwhile() -> SlowPort:
    port = SlowPort()
    shell = Shell(
        base="",
        clock=lambda: 0.0,
        server_clock=lambda: 0.0,
        current=lambda: 1,
        dispatch=lambda _: None,
    )
    flow = BrowserFlow(HasTheFlow(), port.open_return, Opening(shell, Tasks()))
    pending = asyncio.create_task(flow.sign_in(1))
    await port.asked.wait()
    flow.stop()
    port.taken.set()
    async with asyncio.timeout(10):
        await pending
    return port


def test_a_sign_in_that_is_given_up_while_its_port_is_being_taken_leaves_it_closed() -> None:
    assert asyncio.run(given_up_meanwhile()).closed
