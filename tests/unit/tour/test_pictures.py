"""The pictures in ``features/pictures`` show what the window still has: compared by what its
widgets show, not by pixels.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

import refapp
from refapp.tour.pictures import SCENES, THEMES, play, structure
from refapp.tour.running_app import RunningApp
from refapp.tour.secret_service import missing_programs
from refapp.tour.trace import NotSeen

PICTURES = Path(refapp.__file__).parents[1] / "features" / "pictures"
LARGER = 10
"""Points: text of twice the usual size."""
LOOKS = 10
OF_ANY_LENGTH = {"cut:inspector.checks", "cut:inspector.messages"}
MADE: dict[str, Mapping[str, str]] = json.loads((PICTURES / "structure.json").read_text())


def test_there_is_a_picture_of_each_scene_in_each_theme() -> None:
    assert set(MADE) == {scene.name for scene in SCENES}
    wanted = {f"{scene.name}-{theme}.png" for scene in SCENES for theme in THEMES}
    assert {path.name for path in PICTURES.glob("*.png")} == wanted
    shown = (PICTURES.parents[1] / "README.md").read_text()
    assert "features/pictures/summary-light.png" in shown
    assert "features/pictures/sign-in-dark.png" in shown


@pytest.mark.skipif(bool(missing_programs()), reason="dbus or gnome-keyring is missing")
def test_the_window_has_what_the_pictures_show_and_no_text_is_cut_off() -> None:
    """If it is meant to have changed: ``make pictures``.
    Large text may need a wider window for the inspector's last column.
    """
    for name, app in play("light"):
        try:
            app.wait_until(
                name, lambda widgets, name=name: structure(widgets) == MADE[name], limit_s=10
            )
        except NotSeen:
            assert structure(app.seen()) == MADE[name], name
        assert cut_off(app) == {}, name
        usual = app.seen()["at:nav.inspector"]
        app.press(*["ctrl+plus"] * LARGER)
        app.wait_until(
            "Larger text", lambda widgets, usual=usual: widgets["at:nav.inspector"] != usual
        )  # type: ignore[misc]
        room_for_all_text(app, name)
        app.press("ctrl+0")
        app.wait_until(
            "The usual text", lambda widgets, usual=usual: widgets["at:nav.inspector"] == usual
        )  # type: ignore[misc]
        app.press("shift")


def room_for_all_text(app: RunningApp, name: str) -> None:
    """Wait for it. A key that does nothing makes the window look again; on a busy computer it may
    do so before all is where it belongs.
    """
    for tries in range(LOOKS):
        app.press("shift")
        try:
            app.wait_until(
                f"Room for all text in {name}",
                lambda _: not cut_off(app).keys() - OF_ANY_LENGTH,
                limit_s=1,
            )
        except NotSeen:
            assert tries < LOOKS - 1, cut_off(app)
        else:
            return


def cut_off(app: RunningApp) -> Mapping[str, str]:
    """Every text that has too little room, by its widget."""
    return {name: text for name, text in app.seen().items() if name.startswith("cut:")}


def test_what_differs_from_run_to_run_is_not_compared() -> None:
    seen = {
        "title": "refapp - Offline",
        "banner": "Can't reach http://127.0.0.1:4711. Next try at 12:30:05.",
        "notes.list": "Tea | 9:05\nOld | 2025-01-02 12:00",
        "at:notes.list": "10,10",
        "inspector.messages": "12:00 | to the app | shown | 400",
    }
    assert structure(seen) == {
        "title": "refapp - Offline",
        "banner": "Can't reach http://SERVER. Next try at TIME.",
        "notes.list": "Tea | TIME\nOld | TIME",
        "inspector.messages": "…",
    }
