"""What is typed is kept, whatever ends the window or the app: the real window, real keys, a real
disk (NT-1, NT-2).
"""

from __future__ import annotations

import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typist import Typist

from refapp.tour.running_app import TITLE
from refapp.trusted.window.window_host import ASK_EVERY_S

pytestmark = [
    pytest.mark.skipif(
        not all(map(shutil.which, ("Xvfb", "xdotool", "openbox"))),
        reason="xvfb, xdotool and openbox are not installed",
    ),
    pytest.mark.timeout(600),
]
MOMENTS = 12


@pytest.fixture(autouse=True)
def heard() -> Iterator[None]:
    """A shell lets what it starts in the background ignore SIGINT,
    and the app then leaves it so.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def typist(tmp_path: Path) -> Iterator[Typist]:
    with Typist(tmp_path) as person:
        yield person


ORDERLY: dict[str, Callable[[Typist], object]] = {
    "the close button": lambda person: person.desktop.key("alt+F4"),
    "Ctrl+Q": lambda person: person.desktop.key("ctrl+q"),
    "SIGTERM": lambda person: person.end(signal.SIGTERM, person.parent.pid),
    "SIGINT": lambda person: person.end(signal.SIGINT, person.parent.pid),
    "SIGHUP": lambda person: person.end(signal.SIGHUP, person.parent.pid),
    "the display going away": lambda person: person.desktop.end_server(),
    "the session manager ending its clients": lambda person: person.desktop.kill_client(TITLE),
}
TAKE_THE_QUEUE = ("the display going away", "the session manager ending its clients")
"""The keys that the window has not been given yet go with these."""
NOT_CLOSED = "The app ended last time without being closed. "


@pytest.mark.parametrize("how", ORDERLY)
def test_an_orderly_end_costs_nothing(typist: Typist, how: str) -> None:
    typist.start()
    typist.type_for(1.0)
    typist.until_typed()
    typist.desktop.key("a")
    typist.text += "a"
    if how in TAKE_THE_QUEUE:
        typist.app.wait_until(
            "What was typed", lambda seen: seen.get("notes.editor") == typist.text
        )
    ORDERLY[how](typist)
    code = typist.exit_code()
    assert typist.kept() == [typist.text]
    assert code == (69 if how in TAKE_THE_QUEUE else 0)
    assert typist.left_behind() == []
    if "display" not in how:
        typist.start()
        assert NOT_CLOSED not in typist.notice()


@pytest.mark.parametrize("victim", ["window", "parent"])
def test_a_kill_costs_at_most_the_last_second(
    typist: Typist, victim: str, record_property: Callable[..., None]
) -> None:
    losses = []
    typist.start()
    for number in range(MOMENTS):
        typist.type_for(0.4 + 0.28 * number)
        pid = typist.window() if victim == "window" else typist.app.pid
        at = typist.end(signal.SIGKILL, pid)
        if victim == "window":
            typist.until_another_window(pid)
            said = typist.notice()
            typist.end(signal.SIGTERM, typist.parent.pid)
        typist.exit_code()
        assert typist.left_behind() == []
        losses.append(typist.lost_s(at))
        kept = typist.kept_of_it()
        typist.start()
        if victim == "parent":
            said = typist.notice()
            assert said.startswith(NOT_CLOSED)
        # Killed before the first save there is no moment to tell.
        assert ("What was typed is kept up to" in said) == bool(kept)
    record_property("longest loss, seconds", round(max(losses), 2))
    sys.stdout.write(
        f"The {victim} killed at {MOMENTS} moments: the longest loss was {max(losses):.2f} s.\n"
    )
    assert max(losses) <= 1.0, losses


def test_a_window_that_hangs_is_replaced_and_costs_at_most_the_last_second(typist: Typist) -> None:
    typist.start()
    typist.type_for(2.0)
    at = typist.end(signal.SIGSTOP, typist.window())
    seen = typist.app.wait_until(
        "A fresh window", lambda seen: "again" in seen.get("notice", ""), limit_s=3 * ASK_EVERY_S
    )
    assert "What was typed is kept up to" in seen["notice"]
    assert typist.lost_s(at) <= 1.0
    typist.end(signal.SIGTERM, typist.parent.pid)
    typist.exit_code()
    assert typist.left_behind() == []


def test_nothing_is_left_of_an_app_that_is_killed_while_it_starts(typist: Typist) -> None:
    for number in range(MOMENTS):
        typist.start_and_kill(0.05 * number)
    typist.start()
    typist.until_nothing_is_left_behind()
    typist.end(signal.SIGTERM, typist.parent.pid)
    typist.exit_code()
    assert typist.left_behind() == []
