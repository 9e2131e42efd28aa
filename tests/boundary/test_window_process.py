"""The real window process, locked, on a real screen, with a scripted parent: what it sends, shows
and withstands.
"""

from __future__ import annotations

import os
import select
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

import refapp
from refapp import messages as m
from refapp.snapshot import Boundary, Check, OwnSession, OwnSessions, Phase, User
from refapp.trusted.start import spawn
from refapp.untrusted.widgets.palette import PALETTES
from tests.boundary.window_parent import NOTE, PATIENCE_S, WindowParent, snapshot

MAIN = Path(refapp.__file__).parent / "untrusted" / "__main__.py"
needs_keys = pytest.mark.skipif(shutil.which("xdotool") is None, reason="xdotool is not installed")
Start = Callable[..., WindowParent]


@pytest.fixture
def start(display: dict[str, str]) -> Iterator[Start]:
    started: list[WindowParent] = []

    def make(
        *options: str, observe: bool = True, theme: str = "light", command: list[str] | None = None
    ) -> WindowParent:
        parent = WindowParent(display, observe=observe, theme=theme)
        parent.start(*options, command=command)
        started.append(parent)
        return parent

    yield make
    for parent in started:
        parent.close()


OPENBOX = """<openbox_config xmlns="http://openbox.org/3.4/rc">
<theme><keepBorder>no</keepBorder></theme><focus><focusNew>yes</focusNew></focus>
<keyboard>
<keybind key="A-F4"><action name="Close"/></keybind>
<keybind key="A-F10"><action name="ToggleMaximize"/></keybind>
<keybind key="A-F11"><action name="ToggleFullscreen"/></keybind>
</keyboard>
<applications><application class="*"><decor>no</decor>OPENED</application></applications>
</openbox_config>
"""


@pytest.fixture
def window_manager(
    request: pytest.FixtureRequest, display: dict[str, str], tmp_path: Path
) -> Iterator[None]:
    """Closes and maximises windows as a desktop does.
    It says itself when it serves. The parameter: how it opens them.
    """
    if shutil.which("openbox") is None:
        pytest.skip("openbox is not installed")
    up, settings = tmp_path / "up", tmp_path / "openbox.xml"
    settings.write_text(OPENBOX.replace("OPENED", getattr(request, "param", "")))
    os.mkfifo(up)
    reader = os.open(up, os.O_RDWR)
    command = [
        "openbox",
        "--sm-disable",
        "--config-file",
        str(settings),
        "--startup",
        f"sh -c 'echo up >{up}'",
    ]
    manager = subprocess.Popen(command, env={**os.environ, **display}, stderr=subprocess.DEVNULL)
    assert select.select([reader], [], [], PATIENCE_S)[0], "openbox does not start"
    yield
    os.close(reader)
    manager.terminate()
    manager.wait(30)


def kinds(parent: WindowParent) -> list[str]:
    return [type(message).__name__ for message in parent.asked]


def test_the_start_goes_in_the_order_that_keeps_data_away_from_an_unlocked_window(
    start: Start,
) -> None:
    parent = start()
    parent.until(lambda: "Confined" in kinds(parent))
    for status in parent.status().values():
        assert (status["Seccomp"], status["NoNewPrivs"]) == ("2", "1")
        assert int(status["CapEff"], 16) == 0
    parent.ready(snapshot(Phase.SIGNED_OUT))
    assert kinds(parent)[:3] == ["Hello", "Confined", "Initialize"]
    confined = next(message for message in parent.asked if isinstance(message, m.Confined))
    assert [check.held for check in confined.params.checks if check.name == "System calls"] == [
        True
    ]
    assert parent.complaint == ""


def test_the_constant_hello_is_the_message_that_the_protocol_names(start: Start) -> None:
    parent = start()
    parent.until(lambda: bool(parent.asked))
    assert parent.asked[0] == m.Hello(
        jsonrpc="2.0", id=0, params=m.HelloParams(protocol=m.PROTOCOL, leaves=True)
    )


def told(parent: WindowParent) -> list[m.WindowParams]:
    return [message.params for message in parent.asked if isinstance(message, m.RememberWindow)]


@needs_keys
def test_the_menu_opens_with_a_key_and_shows_the_keys_that_do_the_same(start: Start) -> None:
    parent = start()
    parent.ready(snapshot(Phase.SIGNED_IN))
    parent.see("focus", "notes.editor")
    parent.keys("F10", "Down", "Down", "Down", "Return")
    parent.until(lambda: bool(told(parent)))
    assert told(parent)[0].text == 11
    parent.keys("ctrl+plus")
    parent.until(lambda: len(told(parent)) == 2)
    parent.keys("ctrl+0")
    parent.until(lambda: len(told(parent)) == 3)
    assert [params.text for params in told(parent)] == [11, 12, 10]
    parent.keys("F10", "d")
    parent.until(lambda: told(parent)[-1].colours == "dark")
    assert parent.complaint == ""


@needs_keys
def test_the_window_comes_up_as_it_was_left_and_tells_what_changes_once(start: Start) -> None:
    parent = start("--place", "40,30,640,480", "--text", "14", "--dots", "96")
    parent.ready(snapshot(Phase.SIGNED_IN))
    window = parent.window()
    assert parent.geometry(window) == (40, 30, 640, 480)
    parent.xdotool("windowsize", window, "700", "500")
    parent.until(lambda: bool(told(parent)))
    assert told(parent) == [m.WindowParams(40, 30, 700, 500, 14, "system")]
    parent.xdotool("windowsize", window, "710", "500")
    parent.keys("ctrl+minus", "ctrl+q")
    assert parent.exit_code() == 0
    assert told(parent)[-1] == m.WindowParams(40, 30, 710, 500, 13, "system")


def test_a_place_that_this_screen_does_not_have_is_moved_onto_it(start: Start) -> None:
    parent = start("--place", "5000,-200,3000,3000")
    parent.ready(snapshot(Phase.SIGNED_IN))
    assert parent.geometry(parent.window()) == (0, 0, 800, 600)


@needs_keys
@pytest.mark.skipif(shutil.which("import") is None, reason="ImageMagick is not installed")
def test_the_colours_follow_the_desktop_even_while_the_window_is_locked(start: Start) -> None:
    parent = start()
    parent.ready(snapshot(Phase.SIGNED_IN))
    for revision, theme in ((2, "dark"), (3, "light-contrast"), (4, "dark-contrast"), (5, "light")):
        parent.show(snapshot(Phase.SIGNED_IN, revision=revision, theme=theme))
        parent.see_colour(3, 300, PALETTES[theme].page)
    assert parent.complaint == ""
    assert told(parent) == []


EXPECTED = {
    Phase.UNAVAILABLE: {
        "banner": "The keychain is locked. Unlock your keychain, then try again.",
        "banner.action": "Unlock",
    },
    Phase.SIGNED_OUT: {"sign_in.submit": "Sign in", "sign_in.fill": "Fill in"},
    Phase.SIGNING_IN: {
        "state:sign_in.submit": "disabled",
        "sign_in.password": "password: 0 characters",
    },
    Phase.RESTORING: {"notes.list": "Shopping list | 1970"},
    Phase.SIGNED_IN: {"account.initials": "AL", "sync.now": "Sync now", "notes.saved": "New note"},
    Phase.OFFLINE: {
        "banner": "Can't reach https://auth.example.com. You stay signed in; your notes are kept.",
        "banner.action": "Try again",
    },
    Phase.EXPIRED: {
        "banner": "Session expired. Sign in again to restore cloud features.",
        "banner.action": "Sign in",
    },
    Phase.SIGNING_OUT: {"profile.email": "ada@example.com", "state:profile.sign_out": "disabled"},
    Phase.AWAITING_RESTART: {
        "banner": "Signed out. Restart to finish.",
        "banner.action": "Restart",
    },
}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_phase_is_shown_by_the_real_widgets(start: Start, theme: str) -> None:
    parent = start(theme=theme)
    parent.ready(snapshot(Phase.SIGNED_OUT))
    for revision, phase in enumerate(Phase, 2):
        parent.show(snapshot(phase, revision=revision))
        assert EXPECTED[phase].items() <= parent.seen.items(), (phase, parent.seen)
        assert "unsandboxed" not in parent.seen
    assert parent.complaint == ""


def test_waiting_is_shown_after_a_moment(start: Start) -> None:
    parent = start()
    parent.ready(snapshot(Phase.SIGNING_IN))
    assert "sign_in.busy" not in parent.seen
    parent.see("sign_in.busy", "Signing in…")
    parent.show(snapshot(Phase.SIGNED_OUT, revision=2))
    assert "sign_in.busy" not in parent.seen


def test_without_observation_a_snapshot_is_acknowledged_and_nothing_told(start: Start) -> None:
    parent = start(observe=False)
    parent.ready(snapshot(Phase.SIGNED_IN))
    assert [message.params.widgets for message in parent.asked if isinstance(message, m.Shown)] == [
        {}
    ]


def test_a_flood_of_snapshots_ends_with_the_newest(start: Start) -> None:
    parent = start(observe=False)
    parent.ready(snapshot(Phase.SIGNED_OUT))
    for revision in range(2, 1500):
        parent.send(m.Snapshot(params=snapshot(Phase.SIGNED_IN, revision=revision)))
    parent.until(lambda: parent.acknowledged[-1] == 1499)
    assert len(parent.acknowledged) < 500


@needs_keys
def test_enter_presses_the_button_that_has_the_focus(start: Start) -> None:
    parent = start()
    parent.ready(snapshot(Phase.SIGNED_OUT))
    parent.see("focus", "sign_in.email")
    parent.keys("alt+f")
    parent.see("focus", "sign_in.submit")
    parent.keys("Return")
    parent.until(lambda: "SignIn" in kinds(parent))


@needs_keys
def test_a_person_signs_in_with_the_keyboard_alone(start: Start) -> None:
    parent = start()
    parent.ready(snapshot(Phase.SIGNED_OUT, demo=None))
    parent.see("focus", "sign_in.email")
    parent.keys("Return")
    parent.see("sign_in.error", "Enter your e-mail address.")
    parent.type("ada@example.com")
    parent.keys("Tab")
    parent.type("hunter22")
    parent.see("sign_in.password", "password: 8 characters")
    parent.keys("Return")
    parent.until(lambda: "SignIn" in kinds(parent))
    sent = next(message for message in parent.asked if isinstance(message, m.SignIn))
    assert (sent.params.email, sent.params.password) == ("ada@example.com", "hunter22")
    parent.see("sign_in.password", "password: 0 characters")
    refused = {"form_email": "ada@example.com", "form_error": "Invalid email or password"}
    parent.show(snapshot(Phase.SIGNING_IN, revision=2, demo=None))
    parent.show(snapshot(Phase.SIGNED_OUT, revision=3, demo=None, **refused))
    parent.see("sign_in.error", "Invalid email or password")
    parent.see("focus", "sign_in.password")
    assert parent.seen["sign_in.email"] == "ada@example.com"
    assert not any("hunter22" in text for message in parent.asked if isinstance(message, m.Shown)
                   for text in message.params.widgets.values())  # fmt: skip


@needs_keys
def test_the_password_is_shown_only_on_demand_and_escape_takes_it_away(start: Start) -> None:
    parent = start()
    parent.ready(snapshot(Phase.SIGNED_OUT))
    parent.keys("alt+f")
    parent.see("sign_in.password", "password: 13 characters")
    parent.keys("alt+h")
    parent.see("state:sign_in.show_password", "selected")
    parent.keys("alt+p", "Escape")
    parent.see("sign_in.password", "password: 0 characters")
    assert "state:sign_in.show_password" not in parent.seen


@needs_keys
def test_notes_save_themselves_and_a_deletion_can_be_undone(start: Start) -> None:
    parent = start()
    parent.ready(snapshot(Phase.SIGNED_IN))
    parent.keys("ctrl+n")
    parent.type("Tea")
    parent.until(lambda: "NoteSave" in kinds(parent))
    parent.see("notes.saved", "Saved on this computer")
    saved = [message.params for message in parent.asked if isinstance(message, m.NoteSave)]
    assert saved[0].note is None
    assert {params.note for params in saved[1:]} <= {"f" * 12}
    assert saved[-1].text == "Tea"
    parent.keys("alt+d")
    parent.see("notes.saved", "Note deleted.")
    assert kinds(parent)[-1] in ("NoteDelete", "Shown")
    parent.keys("alt+u")
    parent.see("notes.saved", "Saved on this computer")
    restored = [message.params for message in parent.asked if isinstance(message, m.NoteSave)][-1]
    assert (restored.note, restored.text) == (None, "Tea")


@needs_keys
def test_a_note_left_at_once_is_saved_before_the_next_is_opened(start: Start) -> None:
    parent = start()
    parent.ready(snapshot(Phase.SIGNED_IN))
    parent.see("focus", "notes.editor")
    parent.type("Half")
    parent.keys("shift+Tab", "Down")
    parent.see("notes.editor", "Bread and tea")
    order = [
        type(message).__name__
        for message in parent.asked
        if isinstance(message, m.NoteSave | m.NoteOpen)
    ]
    assert order[-2:] == ["NoteSave", "NoteOpen"]
    assert parent.seen["notes.saved"] == "Saved on this computer"


@needs_keys
def test_what_the_keychain_asks_is_shown_until_it_is_over_and_can_be_given_up(start: Start) -> None:
    parent = start()
    locked = snapshot(Phase.UNAVAILABLE)
    storage = msgspec.structs.replace(
        locked.storage, waiting="KeePassXC asks you. Answer there, or cancel."
    )
    parent.ready(msgspec.structs.replace(locked, storage=storage))
    parent.see("banner", "KeePassXC asks you. Answer there, or cancel.")
    parent.see("banner.action", "Cancel")
    parent.keys("alt+c")
    parent.until(lambda: any(isinstance(message, m.CancelPrompt) for message in parent.asked))
    parent.show(msgspec.structs.replace(locked, revision=locked.revision + 1))
    parent.see("banner.action", "Unlock")
    parent.refuses = {
        m.UnlockStorage: m.ErrorDetail(-32000, "The keychain stayed locked.", "locked")
    }
    parent.keys("alt+u")
    parent.see("notice", "The keychain stayed locked.")
    assert parent.seen["banner.action"] == "Unlock"


@needs_keys
def test_a_note_that_could_not_be_opened_leaves_the_one_before_and_can_be_tried_again(
    start: Start,
) -> None:
    parent = with_a_note(start, "Half")
    parent.refuses = {
        m.NoteOpen: m.ErrorDetail(-32000, "This note is not here any more.", "no_such_note")
    }
    parent.keys("shift+Tab", "Down")
    parent.see("notice", "This note is not here any more.")
    assert parent.seen["notes.editor"] == "Half"
    parent.refuses = {}
    parent.keys("Down")
    parent.see("notes.editor", "Bread and tea")


def with_a_note(start: Start, text: str) -> WindowParent:
    """Somebody signed in, and ``text`` in the editor, saved."""
    parent = start()
    parent.ready(snapshot(Phase.SIGNED_IN))
    parent.see("focus", "notes.editor")
    parent.type(text)
    parent.see("notes.saved", "Saved on this computer")
    return parent


def write_on(parent: WindowParent, text: str) -> None:
    parent.keys("shift+Tab")
    parent.see("focus", "notes.editor")
    parent.type(text)


PLACE = ("--place", "40,30,640,480", "--text", "10", "--dots", "96")


@needs_keys
@pytest.mark.parametrize("filling", ["alt+F10", "alt+F11"])
def test_what_is_chosen_while_the_window_fills_the_screen_is_told_with_the_place_to_come_back_to(
    start: Start, window_manager: None, filling: str
) -> None:
    parent = start(*PLACE)
    parent.ready(snapshot(Phase.SIGNED_IN))
    parent.see("focus", "notes.editor")
    parent.keys(filling)
    parent.until_placed(0, 0, 800, 600)
    parent.keys("F10", "d")
    parent.until(lambda: bool(told(parent)))
    parent.keys("ctrl+plus")
    parent.until(lambda: len(told(parent)) == 2)
    assert told(parent) == [
        m.WindowParams(40, 30, 640, 480, 10, "dark"),
        m.WindowParams(40, 30, 640, 480, 11, "dark"),
    ]
    parent.keys("ctrl+q")
    assert parent.exit_code() == 0
    assert len(told(parent)) == 2


@needs_keys
@pytest.mark.parametrize("window_manager", ["<maximized>yes</maximized>"], indirect=True)
def test_a_window_that_is_opened_maximised_tells_what_is_chosen_and_the_place_that_it_had_asked_for(
    start: Start, window_manager: None
) -> None:
    parent = start(*PLACE)
    parent.ready(snapshot(Phase.SIGNED_IN))
    parent.until_placed(0, 0, 800, 600)
    parent.keys("F10", "d")
    parent.until(lambda: bool(told(parent)))
    assert told(parent) == [m.WindowParams(40, 30, 640, 480, 10, "dark")]
    parent.keys("alt+F10")
    parent.until_placed(40, 30, 640, 480)
    parent.xdotool("windowsize", parent.window(), "700", "500")
    parent.until(lambda: len(told(parent)) == 2)
    assert told(parent)[1] == m.WindowParams(40, 30, 700, 500, 10, "dark")


@needs_keys
def test_a_deletion_that_is_refused_is_said_and_loses_nothing(start: Start) -> None:
    parent = with_a_note(start, "One")
    parent.refuses = {m.NoteDelete: m.ErrorDetail(-32000, "The disk is full.", "write_failed")}
    parent.keys("alt+d")
    parent.see("notes.saved", "Not deleted: The disk is full.")
    assert parent.seen["notes.editor"] == "One"
    assert "notes.undo_delete" not in parent.seen
    parent.refuses = {}
    write_on(parent, " more")
    parent.keys("alt+d")
    parent.see("notes.saved", "Note deleted.")
    parent.keys("alt+u")
    parent.see("notes.editor", "One more")
    assert parent.complaint == ""


@needs_keys
def test_what_is_typed_while_a_deletion_is_under_way_is_saved_or_can_be_had_back(
    start: Start,
) -> None:
    parent = with_a_note(start, "One")
    parent.holds = {m.NoteDelete}
    parent.keys("alt+d", "alt+d")
    write_on(parent, " more")
    parent.refuses = {m.NoteDelete: m.ErrorDetail(-32000, "The disk is full.", "write_failed")}
    parent.until(lambda: parent.seen.get("notes.editor") == "One more")
    parent.let_go()
    parent.see("notes.saved", "Saved on this computer")
    assert [message.params.text for message in parent.asked if isinstance(message, m.NoteSave)][
        -1
    ] == "One more"
    parent.refuses, parent.holds = {}, {m.NoteDelete}
    parent.keys("alt+d")
    write_on(parent, " word")
    parent.until(lambda: parent.seen.get("notes.editor") == "One more word")
    parent.let_go()
    parent.see("notes.saved", "Note deleted.")
    parent.keys("alt+u")
    parent.see("notes.editor", "One more word")
    assert kinds(parent).count("NoteDelete") == 2
    assert parent.complaint == ""


@needs_keys
def test_a_note_is_undone_redone_and_selected_with_the_usual_keys(start: Start) -> None:
    parent = start()
    parent.ready(snapshot(Phase.SIGNED_IN))
    parent.see("focus", "notes.editor")
    parent.type("Tea and milk")
    parent.see("notes.editor", "Tea and milk")
    parent.keys("ctrl+a", "x")
    parent.see("notes.editor", "x")
    parent.keys("ctrl+z")
    parent.until(lambda: parent.seen["notes.editor"] != "x")
    parent.keys("ctrl+y")
    parent.see("notes.editor", "x")


@needs_keys
def test_who_types_a_password_with_caps_lock_is_told(start: Start) -> None:
    parent = start()
    parent.ready(snapshot(Phase.SIGNED_OUT))
    parent.keys("alt+p", "Caps_Lock", "a")
    parent.see("sign_in.caps_lock", "Caps Lock is on.")
    parent.keys("Caps_Lock", "b")
    parent.until(lambda: "sign_in.caps_lock" not in parent.seen)


def at_a_note(start: Start) -> WindowParent:
    """Somebody signed in, and the newest note in the editor."""
    parent = start()
    parent.ready(snapshot(Phase.SIGNED_IN))
    parent.keys("shift+Tab", "Down")
    parent.see("notes.editor", "Bread and tea")
    return parent


def reading_a_note(start: Start) -> WindowParent:
    """The same, and the assistant's answer held back."""
    parent = at_a_note(start)
    parent.holds = {m.Summarise}
    parent.keys("alt+m")
    parent.see("notes.summary", "Reading the note…")
    return parent


@needs_keys
def test_what_the_assistant_says_of_a_note_that_was_left_is_not_shown_beside_another(
    start: Start,
) -> None:
    parent = reading_a_note(start)
    parent.keys("ctrl+n")
    parent.until(lambda: "notes.summary" not in parent.seen)
    parent.let_go()
    parent.type("Other")
    parent.see("notes.editor", "Other")
    assert "notes.summary" not in parent.seen


@needs_keys
def test_escape_stops_waiting_for_the_assistant(start: Start) -> None:
    parent = reading_a_note(start)
    parent.keys("Escape")
    parent.until(lambda: "notes.summary" not in parent.seen)
    parent.let_go()
    parent.keys("alt+m")
    parent.see("notes.summary", "Two things to buy.")


@needs_keys
def test_every_page_and_action_has_a_key(start: Start) -> None:
    parent = at_a_note(start)
    for keys, expected in (
        ("alt+y", m.SyncNow),
        ("alt+m", m.Summarise),
        ("alt+a", None),
        ("alt+o", m.SignOut),
    ):
        parent.keys(keys)
        if expected is not None:
            parent.until(
                lambda expected=expected: any(
                    isinstance(message, expected) for message in parent.asked
                )
            )
        else:
            parent.see("state:nav.account", "selected")
    parent.keys("alt+i")
    parent.see(
        "inspector.verdict",
        "The app has looked in the kernel itself: this window is confined as marked. Where it has "
        "only the window's word, that is said.",
    )
    assert "summarise: answered" in parent.seen["inspector.messages"]
    parent.keys("Escape")
    parent.see("state:nav.notes", "selected")
    assert parent.seen["notes.summary"] == "Two things to buy."
    assert (
        next(message.params.note for message in parent.asked if isinstance(message, m.Summarise))
        == NOTE
    )
    for phase, keys, wanted in (
        (Phase.OFFLINE, "alt+t", m.TryAgain),
        (Phase.UNAVAILABLE, "alt+u", m.UnlockStorage),
        (Phase.AWAITING_RESTART, "alt+r", m.Restart),
    ):
        parent.show(snapshot(phase, revision=len(parent.acknowledged) + 10))
        parent.keys(keys)
        parent.until(lambda wanted=wanted: isinstance(next(
            (message for message in reversed(parent.asked) if not isinstance(message, m.Shown)),
            None), wanted))  # fmt: skip


@needs_keys
@pytest.mark.parametrize("phase", [Phase.EXPIRED, Phase.UNAVAILABLE])
def test_beside_the_form_she_can_sign_out_by_key(start: Start, phase: Phase) -> None:
    """No letter is that of two buttons."""
    parent = start()
    parent.ready(snapshot(phase, user=User("Ada Lovelace", "ada@example.com")))
    parent.keys("alt+a")
    parent.see("state:nav.account", "selected")
    parent.keys("alt+o", "alt+w", "alt+y")
    asked = (m.SignOut, m.SignInElsewhere)
    parent.until(lambda: sum(isinstance(one, asked) for one in parent.asked) == 3)
    assert [type(one) for one in parent.asked if isinstance(one, asked)] == [
        m.SignOut, m.SignInElsewhere, m.SignInElsewhere,
    ]  # fmt: skip


@needs_keys
def test_the_sessions_are_listed_and_signed_out_by_key(start: Start) -> None:
    parent = start()
    parent.ready(snapshot(Phase.SIGNED_IN))
    parent.keys("alt+a")
    parent.see("sessions.ask", "Where am I signed in?")
    assert "sessions.list" not in parent.seen
    assert "sessions.sign_out_others" not in parent.seen
    parent.keys("alt+w")
    parent.until(lambda: "ListSessions" in kinds(parent))
    rows = [
        OwnSession("1" * 12, "refapp 0.1.0 on Linux", 1.0, 1.0, here=True),
        OwnSession("2" * 12, "Firefox on Windows", 1.0, 1.0, here=False),
    ]
    parent.show(snapshot(Phase.SIGNED_IN, revision=2, own_sessions=OwnSessions("asking")))
    parent.see("sessions.busy", "Asking the server…")
    assert parent.seen["state:sessions.ask"] == "disabled"
    parent.show(snapshot(Phase.SIGNED_IN, revision=3, own_sessions=OwnSessions("known", "", rows)))
    assert parent.seen["sessions.list"].startswith(
        "refapp 0.1.0 on Linux | This session\nFirefox on Windows | Since "
    )
    assert parent.seen["state:sessions.sign_out_one"] == "disabled"
    parent.keys("alt+w", "shift+Tab", "shift+Tab", "shift+Tab")
    parent.see("focus", "sessions.list")
    parent.keys("Down")
    assert (
        parent.seen["state:sessions.sign_out_one"] == "disabled"
    )  # this app's own session is not signed out here
    parent.keys("Down")
    parent.until(lambda: "state:sessions.sign_out_one" not in parent.seen)
    parent.keys("alt+s")
    parent.until(lambda: "RevokeSession" in kinds(parent))
    assert [
        message.params.session for message in parent.asked if isinstance(message, m.RevokeSession)
    ] == ["2" * 12]
    parent.keys("alt+l")
    parent.until(lambda: "RevokeOtherSessions" in kinds(parent))
    parent.keys("alt+e")
    parent.until(lambda: "SignOutEverywhere" in kinds(parent))
    parent.show(
        snapshot(
            Phase.SIGNED_IN,
            revision=5,
            own_sessions=OwnSessions("not_fresh", "Sign in again to see it."),
        )
    )
    parent.see("sessions.ask", "Sign out and sign in again")
    parent.keys("alt+g")
    parent.until(lambda: "SignOut" in kinds(parent))
    trouble = OwnSessions("failed", "This server does not offer a list of your sessions.")
    parent.show(snapshot(Phase.SIGNED_IN, revision=6, own_sessions=trouble))
    parent.see("sessions.sentence", "This server does not offer a list of your sessions.")
    assert "sessions.list" not in parent.seen


@needs_keys
def test_tab_goes_through_everything_that_can_be_used_and_comes_back(start: Start) -> None:
    parent = start()
    parent.ready(snapshot(Phase.SIGNED_OUT))
    parent.see("focus", "sign_in.email")
    usable = {name[3:] for name in parent.seen if name.startswith("at:") and not name[-1].isdigit()}
    visited = set()
    while True:
        here = parent.seen["focus"]
        visited.add(here)
        parent.keys("Tab")
        # Not for the next look at the window alone: one of before the key may still be on its way.
        parent.until(lambda here=here: parent.seen.get("focus") != here)
        if parent.seen.get("focus") == "sign_in.email":
            break
    assert visited == usable


@needs_keys
def test_a_refused_request_is_explained_in_a_line(start: Start) -> None:
    parent = start()
    parent.ready(snapshot(Phase.SIGNED_IN))
    parent.refuses = {m.SyncNow: m.ErrorDetail(-32001, "This is not possible now.", "not_now")}
    parent.keys("alt+y")
    parent.see("notice", "This is not possible now.")
    parent.keys("Escape")
    parent.until(lambda: "notice" not in parent.seen)


@needs_keys
def test_letters_that_were_never_shown_before_the_lock_neither_kill_nor_hang_it(
    start: Start,
) -> None:
    parent = start()
    parent.ready(snapshot(Phase.SIGNED_IN))
    parent.show(snapshot(Phase.OFFLINE, revision=2, server="https://пример.例え.ᚠᛇᚻ.𝔘𝔫𝔦.🦊"))
    parent.keys("ctrl+plus", "ctrl+minus", "ctrl+0")
    parent.send(m.Ping(params=m.PingParams(n=5)))
    parent.until(lambda: "Pong" in kinds(parent))
    assert parent.complaint == ""


def test_a_window_without_a_sandbox_says_so_for_good(start: Start) -> None:
    parent = start("--unsandboxed")
    loose = Boundary(verified=False, checks=[Check("Sandbox", held=False)], display="")
    parent.ready(snapshot(Phase.SIGNED_IN, boundary=loose))
    assert parent.seen["unsandboxed"] == (
        "This window is not sandboxed: a fault in it could reach your files and your network."
    )
    confined = next(message for message in parent.asked if isinstance(message, m.Confined))
    assert [check.held for check in confined.params.checks] == [False]


def test_the_end_of_the_channel_ends_the_process(start: Start) -> None:
    parent = start()
    parent.ready(snapshot(Phase.SIGNED_OUT))
    os.close(parent.child.stdin)
    assert parent.exit_code() == 0
    assert parent.complaint == ""
    parent.child.stdin = os.open(os.devnull, os.O_WRONLY)


@needs_keys
def test_closing_the_window_in_the_middle_of_a_word_loses_nothing(
    start: Start, window_manager: None
) -> None:
    parent = start()
    parent.ready(snapshot(Phase.SIGNED_IN))
    parent.see("focus", "notes.editor")
    parent.type("Half a wo")
    parent.keys("alt+F4")
    assert parent.exit_code() == 0
    assert [message.params.text for message in parent.asked if isinstance(message, m.NoteSave)][
        -1
    ] == "Half a wo"
    assert parent.complaint == ""


@needs_keys
def test_a_window_whose_note_can_not_be_saved_closes_at_the_second_time(
    start: Start, window_manager: None
) -> None:
    parent = start()
    parent.ready(snapshot(Phase.SIGNED_IN))
    parent.see("focus", "notes.editor")
    parent.refuses = {m.NoteSave: m.ErrorDetail(-32000, "The disk is full.", "write_failed")}
    parent.type("Text")
    parent.keys("alt+F4")
    parent.until(lambda: "stays open" in parent.seen.get("notice", ""))
    assert parent.seen["notes.saved"] == "Not saved: The disk is full."
    assert parent.seen["notes.editor"] == "Text"
    parent.keys("alt+F4")
    assert parent.exit_code() == 0


def test_a_parent_that_breaks_the_protocol_is_left(start: Start) -> None:
    parent = start()
    parent.ready(snapshot(Phase.SIGNED_OUT))
    parent.send_bytes(b'{"method":"exec","jsonrpc":"2.0","params":{"code":"1"}}\n')
    assert parent.exit_code() == 65
    assert (
        parent.complaint
        == "The app broke the protocol: The line is JSON, but not a message of this protocol.\n"
    )


def test_without_a_display_it_says_so(start: Start, display: dict[str, str]) -> None:
    display["DISPLAY"] = ":99999"
    parent = start()
    assert parent.exit_code() == 69
    assert parent.complaint == "There is no display to open a window on.\n"


def test_what_can_not_be_confined_does_not_start(start: Start) -> None:
    command = spawn.own_window(on_violation="kill", unsandboxed=False)
    command[command.index("--parent") + 1] = "1"
    parent = start(command=command)
    assert parent.exit_code() == 70
    assert "was not started by the app" in parent.complaint
    assert parent.asked == []


def test_what_anything_prints_never_reaches_the_channel(start: Start, tmp_path: Path) -> None:
    command = spawn.own_window(on_violation="kill", unsandboxed=False)
    place = command.index("--codec") + 1
    fake = tmp_path / "msgspec"
    fake.mkdir()
    (fake / "__init__.py").write_text(
        "import os\nprint('stray')\nos.write(1, b'raw\\n')\nraise SystemExit(3)\n"
    )
    command[place] = str(fake)
    parent = start(command=command)
    parent.exit_code()
    assert kinds(parent) == ["Hello"]
    assert {"stray", "raw"} <= set(parent.complaint.split())


@pytest.mark.parametrize(
    "name",
    [
        "refapp.trusted",
        "refapp.trusted.storage.secret",
        "refapp.demo_server",
        "refapp.cli",
        "keyring",
        "httpx",
        "msgspec_",
    ],
)
def test_the_window_can_not_import_the_other_side(name: str) -> None:
    codec = spawn.own_window(on_violation="kill", unsandboxed=False)[5]
    script = (
        f"import runpy, sys, importlib\n"
        f"made = runpy.run_path({str(MAIN)!r}, run_name='window')\n"
        f"sys.meta_path.insert(0, made['Importable']({{'refapp': {str(MAIN.parents[1])!r}, "
        f"'msgspec': {codec!r}}}))\n"
        f"import refapp.messages, refapp.wire, refapp.untrusted.presentation.screens\n"
        f"try:\n    importlib.import_module({name!r})\n"
        f"except ModuleNotFoundError:\n    print('refused')\n"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout == "refused\n"
