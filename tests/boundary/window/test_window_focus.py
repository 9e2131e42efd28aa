"""Where the keyboard is after each action, what can be copied, and what is said of a paste that is
too long: the real window.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from refapp import messages as m
from refapp.snapshot import OwnSession, OwnSessions, PendingSignIn, Phase, Service, Way
from tests.boundary.window_parent import WindowParent, snapshot

pytestmark = pytest.mark.skipif(shutil.which("xdotool") is None, reason="xdotool is not installed")
LINK = "https://auth.example.com/device?user_code=WDJBMJHT"
COPY = """
import sys, tkinter
root = tkinter.Tk()
root.withdraw()
root.clipboard_clear()
root.clipboard_append("x" * int(sys.argv[1]))
root.update()
print("copied", flush=True)
root.mainloop()
"""
PASTE = "import tkinter; root = tkinter.Tk(); root.withdraw(); print(root.clipboard_get())"
Start = Callable[..., WindowParent]
Copied = Callable[[int], subprocess.Popen[str]]


@pytest.fixture
def start(display: dict[str, str]) -> Iterator[Start]:
    parent = WindowParent(display)

    def make(phase: Phase, **more: object) -> WindowParent:
        parent.start()
        parent.ready(snapshot(phase, **more))
        return parent

    yield make
    parent.close()


@pytest.fixture
def copied(display: dict[str, str]) -> Iterator[Copied]:
    """Another program on the display, in which so many characters were copied."""
    running: list[subprocess.Popen[str]] = []

    def copy(characters: int) -> subprocess.Popen[str]:
        program = subprocess.Popen(
            [sys.executable, "-c", COPY, str(characters)],
            env={**os.environ, **display},
            stdout=subprocess.PIPE,
            text=True,
        )
        running.append(program)
        assert program.stdout is not None
        assert program.stdout.readline() == "copied\n"
        return program

    yield copy
    for program in running:
        program.kill()
        program.communicate()


def pasted_elsewhere(parent: WindowParent) -> str:
    done = subprocess.run(
        [sys.executable, "-c", PASTE],
        env={**os.environ, **parent.display},
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


@pytest.mark.parametrize(("key", "what"), [("alt+l", LINK), ("alt+d", "WDJBMJHT")])
def test_link_and_code_of_a_sign_in_can_be_pasted_elsewhere(
    start: Start, key: str, what: str
) -> None:
    parent = start(Phase.SIGNING_IN, pending=PendingSignIn(Way.DEVICE, LINK, "WDJBMJHT"))
    parent.until(lambda: parent.seen.get("sign_in.code") == "WDJB MJHT")
    parent.keys(key)
    parent.until(lambda: parent.seen.get("focus") in ("sign_in.copy_link", "sign_in.copy_code"))
    found: list[str] = []

    def can_be_had() -> bool:
        # The window has to hand it out meanwhile:
        # it is not asked from here, so nothing waits for it.
        found.append(pasted_elsewhere(parent))
        return found[-1] == what

    parent.until(can_be_had)


def test_the_card_names_the_server_that_the_password_goes_to(start: Start) -> None:
    parent = start(Phase.SIGNED_OUT, server="https://auth.example.com")
    parent.see(
        "sign_in.or", "Or type your password into this window. It goes to https://auth.example.com:"
    )


def test_after_a_deletion_one_goes_on_writing(start: Start) -> None:
    parent = start(Phase.SIGNED_IN)
    parent.type("Tea")
    parent.see("notes.saved", "Saved on this computer")
    parent.keys("alt+d")
    parent.see("notes.saved", "Note deleted.")
    parent.see("focus", "notes.editor")


def test_after_the_summary_is_hidden_one_goes_on_writing(start: Start) -> None:
    parent = start(Phase.SIGNED_IN)
    parent.type("Tea")
    parent.see("notes.saved", "Saved on this computer")
    parent.keys("alt+m")
    parent.until(lambda: "Two things" in parent.seen.get("notes.summary", ""))
    parent.keys("alt+e")
    parent.see("focus", "notes.editor")


@pytest.mark.parametrize(
    ("phase", "focus"),
    [(Phase.SIGNED_OUT, "sign_in.email"), (Phase.AWAITING_RESTART, "banner.action")],
)
def test_after_a_sign_out_the_keyboard_is_where_one_goes_on(
    start: Start, phase: Phase, focus: str
) -> None:
    parent = start(Phase.SIGNED_IN)
    parent.keys("alt+a")
    parent.see("focus", "profile.sign_out")
    parent.keys("Return")
    parent.until(lambda: any(isinstance(one, m.SignOut) for one in parent.asked))
    parent.show(snapshot(Phase.SIGNING_OUT, revision=2))
    parent.show(snapshot(phase, revision=3, user=None))

    def there() -> bool:
        parent.keys("shift")
        return parent.seen.get("focus") == focus

    parent.until(there)


def test_after_a_session_was_signed_out_the_keyboard_is_in_the_list(start: Start) -> None:
    own = [
        OwnSession(f"{number:012x}", f"Browser {number}", 1.0, 2.0, number == 0)
        for number in range(100)
    ]
    parent = start(Phase.SIGNED_IN, own_sessions=OwnSessions("known", "", own))
    parent.keys("alt+a")
    parent.until(lambda: "Browser 3" in parent.seen.get("sessions.list", ""))
    parent.xdotool("mousemove", *parent.seen["at:sessions.list.3"].split(","), "click", "1")
    parent.until(lambda: "at:sessions.sign_out_one" in parent.seen)
    parent.keys("alt+s")
    parent.until(lambda: any(isinstance(one, m.RevokeSession) for one in parent.asked))
    parent.see("focus", "sessions.list")


def test_a_paste_that_is_too_long_is_said_and_nothing_of_it_is_taken(
    start: Start, copied: Copied
) -> None:
    parent = start(Phase.SIGNED_IN)
    copied(500_000)
    parent.type("Tea")
    parent.see("notes.editor", "Tea")
    parent.keys("ctrl+v")
    parent.see(
        "notes.saved",
        "Not taken: the note would have 500,003 characters, and there is room for 100,000.",
    )
    assert parent.seen["notes.editor"] == "Tea"
    parent.type("!")
    parent.see("notes.saved", "Saved on this computer")
    assert parent.seen["notes.editor"] == "Tea!"


def test_what_is_typed_into_a_full_note_is_said_and_costs_nothing(
    start: Start, copied: Copied
) -> None:
    parent = start(Phase.SIGNED_IN)
    copied(100_000)
    parent.keys("ctrl+v")
    parent.see("notes.saved", "Saved on this computer")
    parent.type("z")
    parent.see(
        "notes.saved",
        "Not taken: the note would have 100,001 characters, and there is room for 100,000.",
    )
    texts = [one.params.text for one in parent.asked if isinstance(one, m.NoteSave)]
    assert texts[-1] == "x" * 100_000


def test_a_code_that_is_too_long_is_said(start: Start, copied: Copied) -> None:
    parent = start(Phase.SIGNING_IN, pending=PendingSignIn(Way.BROWSER, LINK))
    copied(5000)
    parent.keys("alt+p", "ctrl+v")
    parent.see("sign_in.pasted", "pasted: 5000 characters")
    parent.keys("Return")
    parent.see("notice", "This is not a code: it has 5,000 characters. Copy the code once more.")
    assert not any(isinstance(one, m.SignInPaste) for one in parent.asked)


def test_a_password_that_is_too_long_is_said(start: Start, copied: Copied) -> None:
    parent = start(Phase.SIGNED_OUT, demo=None)
    parent.type("ada@example.com")
    copied(2000)
    parent.keys("Tab", "ctrl+v")
    # Another program hands it over; Return does not wait for that.
    parent.see("sign_in.password", "password: 2000 characters")
    parent.keys("Return")
    parent.see(
        "sign_in.error",
        "The password has 2,000 characters; 1,024 is the limit. Nothing was sent.",
    )
    assert not any(isinstance(one, m.SignIn) for one in parent.asked)


@pytest.mark.parametrize(
    ("characters", "widget", "text"),
    [
        (2000, "sign_in.password", "password: 2000 characters"),
        (
            200_000,
            "notes.saved",
            "Not taken: the note would have 200,000 characters, and there is room for 100,000.",
        ),
        (90_000, "notes.saved", "Saved on this computer"),
    ],
)
def test_what_another_program_hands_over_late_is_shown_when_it_comes(
    start: Start, copied: Copied, characters: int, widget: str, text: str
) -> None:
    """On a busy computer that is after the keys are up again."""
    if widget.startswith("notes"):
        parent = start(Phase.SIGNED_IN)
    else:
        parent = start(Phase.SIGNED_OUT, demo=None)
        parent.keys("Tab")
        parent.see("focus", widget)
    program = copied(characters)
    program.send_signal(signal.SIGSTOP)
    for key in ("ctrl+v", *["Shift_L"] * 3):  # when these are told of, that one is up
        before = len(parent.acknowledged)
        parent.keys(key)
        parent.until(lambda: len(parent.acknowledged) > before)  # noqa: B023 - is called at once
    program.send_signal(signal.SIGCONT)
    parent.see(widget, text)


def test_a_hundred_sessions_are_gone_through_with_the_keyboard_alone(start: Start) -> None:
    own = [
        OwnSession(f"{number:012x}", f"Browser {number}", 1.0, 2.0, number == 0)
        for number in range(100)
    ]
    parent = start(Phase.SIGNED_IN, own_sessions=OwnSessions("known", "", own))
    parent.keys("alt+a")
    parent.until(lambda: "Browser 9" in parent.seen.get("sessions.list", ""))
    parent.see("focus", "profile.sign_out")
    parent.keys("Tab")
    parent.see("focus", "sessions.list")
    for keys, first_row in (
        (("Next", "Down"), True),
        (("End", "Prior", "Next"), False),
        (("Home", "Up"), True),
    ):
        parent.keys(*keys)
        parent.until(lambda first_row=first_row: ("at:sessions.list.1" in parent.seen) == first_row)  # type: ignore[misc]
    parent.keys("End")
    parent.until(lambda: "at:sessions.sign_out_one" in parent.seen)
    parent.keys("Delete")
    parent.until(lambda: any(isinstance(one, m.RevokeSession) for one in parent.asked))
    [asked] = [one.params.session for one in parent.asked if isinstance(one, m.RevokeSession)]
    assert asked == own[99].session


@pytest.mark.parametrize("hand", ["keyboard", "mouse"])
def test_after_a_sync_one_goes_on_writing(start: Start, hand: str) -> None:
    parent = start(Phase.SIGNED_IN)
    typed = "Engines"
    parent.type(typed)
    parent.see("notes.saved", "Saved on this computer")
    if hand == "keyboard":
        parent.keys("alt+y")
    else:
        parent.xdotool("mousemove", *parent.seen["at:sync.now"].split(","), "click", "1")
    parent.until(lambda: any(isinstance(one, m.SyncNow) for one in parent.asked))
    parent.show(snapshot(Phase.SIGNED_IN, revision=2, sync=Service("busy")))
    parent.show(snapshot(Phase.SIGNED_IN, revision=3, sync=Service("ready", done_at=1.0)))
    parent.type(" weave.")
    parent.see("notes.editor", "Engines weave.")
