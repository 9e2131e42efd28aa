"""The whole use of the real app with the keyboard alone:
the mouse lies in a corner and is never touched.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from refapp.tour.desktop import PrivateDesktop
from refapp.tour.private_server import PrivateServer
from refapp.tour.running_app import RunningApp
from refapp.tour.secret_service import PrivateSecretService, missing_programs

Holds = Callable[[Mapping[str, str]], bool]


def shows(widget: str, text: str) -> Holds:
    return lambda widgets: text in widgets.get(widget, "")


@pytest.mark.skipif(bool(missing_programs()), reason="dbus or gnome-keyring is missing")
def test_from_sign_in_to_sign_out_without_a_mouse(tmp_path: Path) -> None:
    with (
        PrivateServer(tmp_path / "server", "rotating") as server,
        PrivateSecretService() as keychain,
        PrivateDesktop(keychain.env) as desktop,
    ):
        desktop.put_mouse_away()
        desktop.click = pytest.fail  # type: ignore[method-assign]
        app = RunningApp(desktop, server.url, tmp_path)
        app.start()

        def press(keys: str, awaited: str, holds: Holds) -> None:
            app.press(*keys.split())
            app.wait_until(awaited, holds)

        press("alt+e", "the address' field", shows("focus", "sign_in.email"))
        app.type("ada@example.com")
        press("Tab", "the password's field", shows("focus", "sign_in.password"))
        app.type("wrong")
        press("Return", "the reason beside the field", shows("sign_in.error", "Invalid"))
        app.wait_until("the keyboard where the mistake was", shows("focus", "sign_in.password"))
        app.type(server.password)
        press("Return", "the notes", shows("title", "Signed in"))
        press("ctrl+n", "an empty note", shows("focus", "notes.editor"))
        app.type("Tea\n\nGreen. Black.")
        app.wait_until("the note, saved", shows("notes.saved", "Saved"))
        press(
            "ctrl+z",
            "the note as it was before the last words",
            lambda widgets: widgets["notes.editor"] != "Tea\n\nGreen. Black.",
        )
        app.type("Oolong.")
        app.wait_until("the note, saved again", shows("notes.saved", "Saved"))
        press("alt+y", "a sync", shows("sync.detail", "Last synced"))
        press("alt+m", "a summary", shows("notes.summary", "sentence"))
        press("Escape", "no summary", lambda widgets: "notes.summary" not in widgets)
        press(
            "alt+i", "the inspector", shows("inspector.verdict", "has looked in the kernel itself")
        )
        press("Escape", "the notes again", shows("focus", "notes.editor"))
        press("shift+Tab", "the list", shows("focus", "notes.list"))
        press("Delete", "the deletion", shows("notes.saved", "Note deleted."))
        press("alt+u", "the note, back", shows("notes.editor", "Oolong."))
        press("ctrl+plus", "larger text", shows("notes.saved", "Saved"))
        press("alt+a", "the profile", shows("focus", "profile.sign_out"))
        press("Return", "the prompt to restart", shows("title", "Restart needed"))
        press("alt+r", "the form in a fresh window", shows("title", "Signed out"))
        desktop.wait_for_window("refapp - ")
        app.press("ctrl+q")
        assert app.exit_code() == 0
        assert "text = 11" in (app.home / "window.conf").read_text()
