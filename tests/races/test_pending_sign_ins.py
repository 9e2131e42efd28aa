"""Pending sign-ins that meet other things: another copy of the app, a cancel while the answer is on
its way, an eager window.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from refapp import messages as m
from refapp.snapshot import Phase
from refapp.trusted.sign_in.sign_in_work import OPENS_MOST, OPENS_WITHIN_S
from refapp.trusted.wording import sign_in_words
from steps.in_process.inproc import InProcess
from steps.scenario.people import ADA


@pytest.fixture
def computer(tmp_path: Path) -> Iterator[InProcess]:
    made = InProcess(tmp_path)
    made.open()
    yield made
    made.finish()


def phases(computer: InProcess) -> set[Phase]:
    return {copy.app.store.state.phase for copy in computer.running_copies}


def sessions(computer: InProcess) -> int:
    return computer.server.do("live_sessions", email=ADA.email)


def test_two_copies_that_wait_for_one_code_end_in_one_session(computer: InProcess) -> None:
    computer.press("sign in with a code")
    computer.open_copy()
    assert phases(computer) == {Phase.SIGNING_IN}
    computer.in_browser(ADA, "allows")
    computer.pass_time(60)
    assert phases(computer) == {Phase.SIGNED_IN}
    assert sessions(computer) == 1
    assert len({copy.app.store.held for copy in computer.running_copies}) == 1


def test_a_password_in_another_copy_ends_the_waiting_here(computer: InProcess) -> None:
    computer.open_copy()
    computer.press("sign in with the browser")
    computer.running_copies[1].window.ask(m.SignIn, m.SignInParams(ADA.email, ADA.password))
    computer.pass_time(30)
    assert phases(computer) == {Phase.SIGNED_IN}
    assert computer.knock("no code") is None
    assert sessions(computer) == 1


def test_one_copy_that_gives_up_takes_nothing_from_the_other(computer: InProcess) -> None:
    computer.press("sign in with a code")
    computer.open_copy()
    computer.press("cancel")
    assert [copy.app.store.state.phase for copy in computer.running_copies] == [
        Phase.SIGNED_OUT,
        Phase.SIGNING_IN,
    ]
    link = computer.running_copies[1].window.snapshots[-1].pending
    assert link is not None
    computer.server.do("decide_device", email=ADA.email, allow=True)
    computer.pass_time(60)
    assert phases(computer) == {Phase.SIGNED_IN}
    assert sessions(computer) == 1


@pytest.mark.parametrize("path", ["/api/auth/device/token", "/api/auth/get-session"])
def test_a_grant_that_is_on_its_way_when_it_is_cancelled_is_ended_again(
    computer: InProcess, path: str
) -> None:
    computer.press("sign in with a code")
    computer.server.do("hold_next", path=path)
    computer.in_browser(ADA, "allows")
    computer.press("cancel")
    computer.server.do("release")
    computer.pass_time(30)
    assert phases(computer) == {Phase.SIGNED_OUT}
    assert computer.tokens() is None
    assert sessions(computer) == 0


def test_codes_that_come_after_the_cancel_are_not_kept(computer: InProcess) -> None:
    computer.server.do("hold_next", path="/api/auth/device/code")
    computer.press("sign in with a code")
    computer.press("cancel")
    computer.server.do("release")
    computer.pass_time(30)
    assert not computer.token_file().exists()
    assert [request.url.path for request in computer.requests()] == ["/api/auth/device/code"]


def test_a_locked_keychain_does_not_keep_a_code_that_was_given_up(computer: InProcess) -> None:
    computer.press("sign in with a code")
    computer.trouble_keychain("locked")
    computer.press("cancel")
    computer.pass_time(10)
    assert not computer.token_file().exists()


def test_a_window_can_t_bury_the_person_under_pages(computer: InProcess) -> None:
    for _ in range(9):  # one more each, and the gate itself refuses (SB-10)
        computer.press("sign in with the browser")
        computer.press("open the link")
        computer.press("cancel")
    assert len(computer.browser.links) == OPENS_MOST
    computer.press("sign in with the browser")
    assert computer.sees()["sign_in.sentence"] == sign_in_words.LINK_TOO_OFTEN
    computer.pass_time(OPENS_WITHIN_S)
    computer.press("open the link")
    assert computer.sees().get("sign_in.sentence") is None


def test_a_code_that_is_approved_at_the_very_end_still_counts(computer: InProcess) -> None:
    computer.press("sign in with a code")
    computer.pass_time(1790)
    computer.in_browser(ADA, "allows")
    assert phases(computer) == {Phase.SIGNED_IN}


def test_the_app_asks_as_often_as_it_may_and_no_more(computer: InProcess) -> None:
    computer.press("sign in with a code")
    computer.pass_time(600)
    polls = [
        request for request in computer.requests() if request.url.path == "/api/auth/device/token"
    ]
    assert 100 <= len(polls) <= 120
