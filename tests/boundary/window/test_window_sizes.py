"""What people have fits into the window, or can be scrolled to: names of any length and script,
small screens, large text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import pytest

from refapp.snapshot import OwnSession, OwnSessions, PendingSignIn, Phase, Reason, User
from steps.on_desktop.computer import wait_for_sleep
from tests.boundary.window_parent import PATIENCE_S, WindowParent, snapshot

LAID_OUT_S = 0.3
"""A window of another size comes to rest in two steps, a tenth of a second apart."""

SCRIPTS = {
    "Latin": "Wolfeschlegelsteinhausen ",
    "Chinese": "阿達洛芙萊斯",
    "Arabic": "عبد الرحمن بن محمد ",
}
LENGTHS = (1, 60, 300)
SERVER = "https://a-very-long-name-of-a-server.in-a-long-name-of-an-organisation.example.com:8443"
Start = Callable[..., WindowParent]


@pytest.fixture
def start(display: dict[str, str]) -> Iterator[Start]:
    parent = WindowParent(display)

    def make(*options: str) -> WindowParent:
        parent.start(*options)
        parent.ready(snapshot(Phase.SIGNED_IN))
        return parent

    yield make
    parent.close()


def name_of(script: str, length: int) -> str:
    return (SCRIPTS[script] * length)[:length].strip() or SCRIPTS[script][0]


def cut(seen: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in seen.items() if name.startswith("cut:")}


def in_sight(seen: Mapping[str, str]) -> bool:
    """The middle of what has the keyboard is on the screen.
    The editor is larger than that; its cursor counts.
    """
    focus = seen.get("focus", "")
    if focus == "notes.editor" or seen.get(f"state:{focus}") == "disabled":
        return True
    place = seen.get(f"at:{focus}", "-1,-1").split(",")
    return 0 <= int(place[0]) <= 2 * 320 and 0 <= int(place[1]) <= 240


def states(user: User) -> Iterator[tuple[Phase, dict[str, object]]]:
    """Every kind of page with ``user`` on it."""
    sessions = [
        OwnSession(f"{number:012x}", "Firefox on Windows", 1.0, 2.0, number == 0)
        for number in range(100)
    ]
    pending = PendingSignIn(
        "device",
        f"{SERVER}/device?user_code=WDJBMJHT",
        "WDJBMJHT",
        None,
        "The server is not there.",
    )
    yield Phase.SIGNED_IN, {"user": user, "own_sessions": OwnSessions("known", "", sessions)}
    yield Phase.OFFLINE, {"user": user, "sentence": f"Can't reach {SERVER}. You stay signed in."}
    yield (
        Phase.EXPIRED,
        {
            "user": user,
            "expired": True,
            "history": [Reason(1.0, f"{SERVER} has ended the session.")],
        },
    )
    yield (
        Phase.SIGNED_OUT,
        {"form_email": user.email, "form_error": "Invalid email or password", "form_wrong": True},
    )
    yield Phase.SIGNING_IN, {"pending": pending}
    yield Phase.UNAVAILABLE, {}


@pytest.mark.parametrize(
    ("x_server", "dots"), [("1280x800", 96), ("2560x1600", 192)], indirect=["x_server"]
)
def test_names_and_addresses_of_any_length_are_shown_whole(start: Start, dots: int) -> None:
    parent = start("--dots", str(dots))
    revision = 1
    for script in SCRIPTS:
        for length in LENGTHS:
            name = name_of(script, length)
            for phase, more in states(User(name, f"{'a' * length}@example.com")):
                revision += 1
                parent.show(snapshot(phase, revision=revision, server=SERVER, **more))
                if parent.seen.get("state:nav.account") != "selected":
                    parent.keys("alt+a")
                    parent.until(lambda: parent.seen.get("state:nav.account") == "selected")
                parent.until(lambda: not cut(parent.seen))
                if phase in (Phase.SIGNED_IN, Phase.OFFLINE):
                    parent.see("profile.name", name)
                    assert parent.seen["account.button"].startswith(name[:20].strip())


@pytest.mark.parametrize("x_server", ["320x240"], indirect=True)
@pytest.mark.parametrize("points", [10, 18])
def test_on_a_small_screen_the_window_scrolls_to_what_has_the_keyboard(
    start: Start, points: int
) -> None:
    parent = start("--text", str(points))
    assert parent.geometry(parent.window()) == (0, 0, 320, 240)
    revision = 1
    for phase, more in states(User("Ada Lovelace", "ada@example.com")):
        revision += 1
        parent.show(snapshot(phase, revision=revision, server=SERVER, **more))
        parent.until(lambda: not cut(parent.seen))

        def followed() -> bool:
            # A key that does nothing: the window looks again.
            parent.keys("shift")
            return in_sight(parent.seen)

        parent.until(followed)
        passed = []
        for _ in range(40):
            parent.until(lambda: in_sight(parent.seen))
            before = parent.seen["focus"]
            parent.keys("Tab")
            parent.until(lambda before=before: parent.seen["focus"] != before)  # type: ignore[misc]
            if parent.seen["focus"] in passed:
                break
            passed.append(parent.seen["focus"])
        else:
            raise AssertionError(f"Tab does not come round: {passed}")


@pytest.mark.parametrize("x_server", ["1280x800"], indirect=True)
def test_a_window_that_is_made_small_scrolls_and_goes_back(start: Start) -> None:
    parent = start()
    for width, height in ((300, 220), (900, 640)):
        parent.xdotool("windowsize", parent.window(), str(width), str(height))
        parent.until(lambda: not cut(parent.seen))
    parent.keys("ctrl+n")
    parent.see("focus", "notes.editor")
    assert parent.complaint == ""


@pytest.mark.parametrize("x_server", ["1280x800"], indirect=True)
def test_a_button_that_is_half_in_sight_takes_its_click(start: Start) -> None:
    """The click gives it the keyboard, and what has that is scrolled to: not under the finger."""
    parent = start()
    parent.show(snapshot(Phase.SIGNED_OUT, revision=2))
    parent.see("focus", "sign_in.email")

    def place() -> list[int]:
        parent.seen = {}
        # A key that does nothing: the window looks again.
        parent.keys("shift")
        parent.until(lambda: "at:sign_in.submit" in parent.seen)
        return [int(part) for part in parent.seen["at:sign_in.submit"].split(",")]

    x, y = place()
    _, top, width, _ = parent.geometry(parent.window())
    parent.xdotool("windowsize", "--sync", parent.window(), str(width), str(y - top + 1))
    parent.until(lambda: place() == [x, y])
    # On a busy machine it is still being laid out, and what moves takes no click.
    wait_for_sleep(lambda: LAID_OUT_S, PATIENCE_S)
    click = ("mousedown", "1", "sleep", "0.3", "mouseup", "1")
    parent.xdotool("mousemove", str(x), str(y - 2), *click)
    parent.see("sign_in.error", "Enter your e-mail address.")


@pytest.mark.parametrize("x_server", ["1280x800"], indirect=True)
def test_on_a_screen_that_shrinks_the_window_comes_back_to_where_it_can_be_reached(
    start: Start,
) -> None:
    parent = start("--place", "500,300,700,450")
    assert parent.geometry(parent.window()) == (500, 300, 700, 450)
    parent.show(snapshot(Phase.SIGNED_IN, revision=2, screen=(1024, 768)))
    parent.until_placed(324, 300, 700, 450)
    parent.show(snapshot(Phase.SIGNED_IN, revision=3, screen=(320, 240)))
    parent.until_placed(0, 0, 320, 240)
    # Keys go to the window under the mouse: there is no window manager here.
    parent.xdotool("mousemove", "100", "100")
    parent.seen = {}
    parent.keys("shift")
    parent.until(lambda: bool(parent.seen) and not cut(parent.seen))
    parent.show(snapshot(Phase.SIGNED_IN, revision=4, screen=(1280, 800)))
    parent.keys("alt+a", "ctrl+n")
    parent.until(lambda: parent.seen.get("focus") == "notes.editor" and in_sight(parent.seen))
    assert parent.geometry(parent.window()) == (0, 0, 320, 240), "no window grows for that"
