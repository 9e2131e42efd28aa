"""The sign-in card of the real, locked window: what a pending sign-in shows, and what each key and
button asks the app for.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator

import pytest

from refapp import messages as m
from refapp.snapshot import PendingSignIn, Phase, User, Way
from tests.boundary.window_parent import WindowParent, snapshot

pytestmark = pytest.mark.skipif(shutil.which("xdotool") is None, reason="xdotool is not installed")
LINK = "https://auth.example.com/sign-in?client_id=electron&state=x"


@pytest.fixture
def parent(display: dict[str, str]) -> Iterator[WindowParent]:
    made = WindowParent(display)
    made.start()
    made.ready(snapshot(Phase.SIGNED_OUT, demo=None))
    yield made
    made.close()


def asked(parent: WindowParent, kind: type[m.Up]) -> list[m.Up]:
    parent.until(lambda: any(isinstance(one, kind) for one in parent.asked))
    return [one for one in parent.asked if isinstance(one, kind)]


def pending(parent: WindowParent, revision: int, one: PendingSignIn) -> None:
    parent.show(snapshot(Phase.SIGNING_IN, revision=revision, pending=one))


def test_a_second_wrong_password_is_said_though_nothing_came_between(parent: WindowParent) -> None:
    refused = {"form_error": "Invalid email or password", "form_wrong": True}
    parent.show(snapshot(Phase.SIGNED_OUT, revision=2, demo=None, **refused))
    parent.see("sign_in.error", "Invalid email or password")
    parent.keys("alt+e")
    parent.type("ada@example.com")
    parent.keys("Tab")
    parent.type("analytical enigne")
    parent.keys("Return")
    asked(parent, m.SignIn)
    parent.until(lambda: "sign_in.error" not in parent.seen)
    parent.show(snapshot(Phase.SIGNED_OUT, revision=3, demo=None, **refused))
    parent.see("sign_in.error", "Invalid email or password")
    parent.see("focus", "sign_in.password")


@pytest.mark.parametrize(("key", "way"), [("alt+b", "browser"), ("alt+c", "device")])
def test_a_key_asks_for_each_way(parent: WindowParent, key: str, way: str) -> None:
    parent.keys(key)
    assert [one.params.way for one in asked(parent, m.SignInElsewhere)] == [way]  # type: ignore[union-attr]


def test_the_browser_s_wait_has_a_link_a_place_to_paste_and_cancel(parent: WindowParent) -> None:
    pending(
        parent, 2, PendingSignIn(Way.BROWSER, LINK, sentence="The browser could not be opened.")
    )
    assert parent.seen["sign_in.link"] == LINK
    assert parent.seen["sign_in.sentence"] == "The browser could not be opened."
    parent.see("focus", "sign_in.cancel")
    assert (
        not {"sign_in.email", "sign_in.password", "sign_in.submit", "sign_in.code"}
        & parent.seen.keys()
    )
    parent.keys("alt+o")
    asked(parent, m.SignInOpenLink)
    parent.keys("alt+p")
    parent.see("focus", "sign_in.pasted")
    parent.type("a-code")
    parent.keys("Return")
    assert [one.params.pasted for one in asked(parent, m.SignInPaste)] == ["a-code"]  # type: ignore[union-attr]
    parent.see("sign_in.pasted", "pasted: 0 characters")


@pytest.mark.parametrize(
    ("email", "password", "at"),
    [("a" * 321, "", "sign_in.email"), ("ada", "p" * 1025, "sign_in.password")],
)
def test_the_keyboard_goes_to_what_is_too_long(
    parent: WindowParent, email: str, password: str, at: str
) -> None:
    parent.keys("alt+e")
    parent.type(email)
    parent.keys("Tab")
    parent.type(password)
    parent.keys("Return")
    parent.until(lambda: "Nothing was sent." in parent.seen.get("sign_in.error", ""))
    assert parent.seen["focus"] == at
    assert not any(isinstance(one, m.SignIn) for one in parent.asked)


def test_an_empty_field_is_not_sent(parent: WindowParent) -> None:
    pending(parent, 2, PendingSignIn(Way.BROWSER, LINK))
    parent.keys("alt+u")
    parent.see("focus", "sign_in.pasted")
    parent.keys("Return", "alt+o")
    asked(parent, m.SignInOpenLink)
    assert not any(isinstance(one, m.SignInPaste) for one in parent.asked)
    assert parent.complaint == ""


def test_the_code_s_wait_has_the_code_and_nothing_to_paste(parent: WindowParent) -> None:
    pending(parent, 2, PendingSignIn(Way.DEVICE, "https://auth.example.com/device", "WDJBMJHT"))
    assert parent.seen["sign_in.code"] == "WDJB MJHT"
    assert "sign_in.pasted" not in parent.seen


BOB = User("Bob Kahn", "bob@example.com")


def test_a_question_whether_to_go_on_has_two_answers_and_the_keyboard_is_at_cancel(
    parent: WindowParent,
) -> None:
    pending(parent, 2, PendingSignIn(Way.BROWSER, LINK))
    parent.keys("alt+p")
    parent.see("focus", "sign_in.pasted")
    pending(
        parent, 3, PendingSignIn(Way.BROWSER, LINK, other=BOB, before=User("", "ada@example.com"))
    )
    assert (
        "bob@example.com (Bob Kahn) signed in in the browser" in parent.seen["sign_in.pending_text"]
    )
    assert "before it was ada@example.com." in parent.seen["sign_in.pending_text"]
    assert (
        not {"sign_in.link", "sign_in.open_link", "sign_in.pasted", "sign_in.code"}
        & parent.seen.keys()
    )
    parent.see("focus", "sign_in.cancel")
    parent.keys("alt+g")
    asked(parent, m.SignInAccept)
    parent.keys("alt+c")
    asked(parent, m.SignInCancel)


def test_before_the_server_has_answered_there_is_only_cancel(parent: WindowParent) -> None:
    pending(parent, 2, PendingSignIn(Way.DEVICE))
    assert parent.seen["sign_in.pending_text"] == "Asking the server…"
    assert not {"sign_in.link", "sign_in.open_link", "sign_in.code"} & parent.seen.keys()
    parent.keys("Return")
    asked(parent, m.SignInCancel)


def test_the_time_left_runs_by_itself(parent: WindowParent) -> None:
    pending(
        parent,
        2,
        PendingSignIn(Way.DEVICE, "https://auth.example.com/device", "WDJBMJHT", time.time() + 60),
    )
    first = parent.seen["sign_in.left"]
    assert first.endswith("seconds left.")

    def has_run() -> bool:
        parent.keys("shift")
        return parent.seen["sign_in.left"] != first

    parent.until(has_run)


@pytest.mark.parametrize("way", Way)
def test_escape_cancels_every_way(parent: WindowParent, way: Way) -> None:
    link = "" if way is Way.PASSWORD else LINK
    pending(parent, 2, PendingSignIn(way, link))
    parent.keys("Escape")
    asked(parent, m.SignInCancel)


def test_escape_takes_back_what_was_pasted_before_it_cancels(parent: WindowParent) -> None:
    pending(parent, 2, PendingSignIn(Way.BROWSER, LINK))
    parent.keys("alt+p")
    parent.type("a-code")
    parent.see("sign_in.pasted", "pasted: 6 characters")
    parent.keys("Escape")
    parent.see("sign_in.pasted", "pasted: 0 characters")
    assert not any(isinstance(one, m.SignInCancel) for one in parent.asked)
    parent.keys("Escape")
    asked(parent, m.SignInCancel)


def test_a_password_sign_in_has_a_button_to_cancel_it(parent: WindowParent) -> None:
    pending(parent, 2, PendingSignIn(Way.PASSWORD))
    parent.see("sign_in.cancel_password", "Cancel")
    parent.keys("alt+c")
    asked(parent, m.SignInCancel)


def test_the_next_way_is_offered_beside_the_ways_and_the_password_is_not_blamed(
    parent: WindowParent,
) -> None:
    pending(parent, 2, PendingSignIn(Way.BROWSER, LINK))
    parent.show(
        snapshot(
            Phase.SIGNED_OUT,
            revision=3,
            demo=None,
            form_error="It took too long.",
            offer=Way.DEVICE,
        )
    )
    assert parent.seen["sign_in.way_error"] == "It took too long."
    parent.see("focus", "sign_in.offer")
    assert not {"sign_in.error", "sign_in.link"} & parent.seen.keys()
    parent.keys("Return")
    assert [one.params.way for one in asked(parent, m.SignInElsewhere)] == ["device"]  # type: ignore[union-attr]


def test_the_password_is_offered_by_giving_its_fields_the_keyboard(parent: WindowParent) -> None:
    pending(parent, 2, PendingSignIn(Way.DEVICE, LINK, "WDJBMJHT"))
    parent.show(
        snapshot(Phase.SIGNED_OUT, revision=3, demo=None, form_error="Denied.", offer=Way.PASSWORD)
    )
    parent.see("focus", "sign_in.offer")
    parent.keys("Return")
    parent.see("focus", "sign_in.email")
    assert not any(isinstance(one, m.SignInElsewhere) for one in parent.asked)
