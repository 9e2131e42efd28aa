"""The seven steps of the tour: what a person does, and what must have come of it.
Each step stands on the one before.

A step works through ``RunningApp`` and ``PrivateServer``, and raises ``NotSeen`` if the app did not
do what it should. What it checks is what the window shows and what the trace says that really went
between the parts.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence

from refapp.tour import wording
from refapp.tour.private_server import PrivateServer
from refapp.tour.running_app import RunningApp
from refapp.tour.trace import NotSeen
from refapp.trusted.recorder import Entry

NOTE = "Buy stamps"


@dataclasses.dataclass(frozen=True, slots=True)
class Step:
    """``did`` and ``came`` are for people: what was done, and what had to come of it."""

    name: str
    did: str
    came: str
    walk: Callable[[RunningApp, PrivateServer], None]


def _signed_in(widgets: Mapping[str, str]) -> bool:
    return widgets["title"] == "refapp - Signed in" and widgets.get("sync.state") == "Sync: ready"


def sign_in(app: RunningApp, server: PrivateServer) -> None:
    """Start, sign in with the keyboard, and write a note."""
    app.start()
    app.fill("sign_in.email", server.email)
    app.press("Tab")
    app.wait_until(
        "The keyboard in sign_in.password",
        lambda widgets: widgets.get("focus") == "sign_in.password",
    )
    app.type(server.password)
    app.press("Return")
    app.wait_until("Being signed in", _signed_in)
    app.fill("notes.editor", NOTE)
    app.wait_until("The note in the list", lambda widgets: NOTE in widgets.get("notes.list", ""))
    went = app.trace.entries()
    _in_order(
        went,
        "parent keychain write key",
        "parent disk write tokens",
        "parent window state signed_in",
    )
    if any(server.password in str(entry.detail) for entry in went):
        raise NotSeen(wording.TRACE_HOLDS_IT)


def restore(app: RunningApp, _: PrivateServer) -> None:
    """Close the window, start again: still signed in, and nobody was asked for a password."""
    _close(app)
    since = len(app.trace.entries())
    app.start()
    app.wait_until("Being signed in", _signed_in)
    went = app.trace.entries()[since:]
    _in_order(
        went,
        "parent keychain read key",
        "parent server session check",
        "parent window state signed_in",
    )
    _absent(went, "parent server sign-in")


def refresh(app: RunningApp, server: PrivateServer) -> None:
    """The access token runs out; the next request is refused, renews it, and is made again."""
    since = len(app.trace.entries())
    server.do("expire_access", email=server.email)
    app.click("sync.now")
    app.trace.wait(
        "A second try after the refresh",
        lambda new: _first(new, "server parent resource 200"),
        since=since,
    )
    app.wait_until("Being signed in", _signed_in)
    _in_order(
        app.trace.entries()[since:],
        "parent server resource",
        "server parent resource 401",
        "parent server refresh",
        "server parent refresh 200",
        "parent disk write tokens",
        "parent server resource",
        "server parent resource 200",
    )


def offline(app: RunningApp, server: PrivateServer) -> None:
    """Start while the server can't be reached:
    the person stays signed in, and notes can be written.
    """
    _close(app)
    since = len(app.trace.entries())
    server.do("drop_next", path="/", times=None)
    app.start()
    app.wait_until(
        "The banner that says so", lambda widgets: "You stay signed in" in widgets.get("banner", "")
    )
    app.wait_until("The note of before", lambda widgets: NOTE in widgets.get("notes.list", ""))
    if "Ada" not in app.seen().get("account.button", ""):
        raise NotSeen(wording.NOT_SAID_WHO)
    _absent(app.trace.entries()[since:], "parent disk delete tokens")


def expiry(app: RunningApp, server: PrivateServer) -> None:
    """Back online, the server has ended the session:
    one notice, the notes stay, and the form waits.
    """
    since = len(app.trace.entries())
    # The end first: the app may try again by itself as soon as the server answers. By the letter:
    # if the banner says by then that the session has ended, a click on it would lead to the form.
    server.do("revoke_all", email=server.email)
    server.do("clear_faults")
    app.press("alt+t")
    app.wait_until("Being told", lambda widgets: widgets["title"] == "refapp - Session expired")
    app.wait_until("The note of before", lambda widgets: NOTE in widgets.get("notes.list", ""))
    for went in (
        "server parent refresh 401",
        "parent window state expired",
        "parent disk delete tokens",
    ):
        app.trace.wait(f'"{went}"', lambda new, went=went: _first(new, went), since=since)  # type: ignore[misc]


def sign_out(app: RunningApp, server: PrivateServer) -> None:
    """Sign in again, sign out, restart: the form, no token left, and the notes still there."""
    since = len(app.trace.entries())
    app.click("banner.action")
    app.fill("sign_in.password", server.password)
    app.press("Return")
    app.wait_until("Being signed in", _signed_in)
    app.click("nav.account")
    app.click("profile.sign_out")
    app.wait_until(
        "The prompt to restart", lambda widgets: widgets["title"] == "refapp - Restart needed"
    )
    app.click("banner.action")
    app.wait_until(
        "The form in a fresh window", lambda widgets: widgets["title"] == "refapp - Signed out"
    )
    went = app.trace.entries()[since:]
    _in_order(
        went,
        "parent disk delete tokens",
        "parent server sign-out",
        "window parent restart",
        "window parent hello",
    )
    if list(app.home.glob("tokens-*.json")):
        raise NotSeen(wording.TOKENS_LEFT)
    if server.do("live_sessions", email=server.email):
        raise NotSeen(wording.SESSION_LEFT)


def without_a_password(app: RunningApp, server: PrivateServer) -> None:
    """Ask for a code, think better of it, and sign in with the browser:
    the window is given no password.
    """
    since = len(app.trace.entries())
    app.click("sign_in.device")
    app.wait_until("The code", lambda widgets: bool(widgets.get("sign_in.code")))
    app.press("Escape")
    app.wait_until("The form", lambda widgets: "at:sign_in.browser" in widgets)
    app.click("sign_in.browser")
    server.sign_in_at(
        app.wait_until("The link", lambda widgets: bool(widgets.get("sign_in.link")))[
            "sign_in.link"
        ]
    )
    app.wait_until("Being signed in", _signed_in)
    went = app.trace.entries()[since:]
    _in_order(
        went,
        "parent server device codes",
        "parent disk delete tokens",
        "parent browser open the link",
        "parent server code exchange",
        "parent disk write tokens",
        "parent window state signed_in",
    )
    _absent(went, "window parent sign_in")


STEPS = (
    Step(
        "Sign-in",
        wording.DO_SIGN_IN,
        wording.CAME_SIGN_IN,
        sign_in,
    ),
    Step(
        "Restart with restore",
        wording.DO_RESTORE,
        wording.CAME_RESTORE,
        restore,
    ),
    Step(
        "Refresh on 401",
        wording.DO_REFRESH,
        wording.CAME_REFRESH,
        refresh,
    ),
    Step(
        "Offline",
        wording.DO_OFFLINE,
        wording.CAME_OFFLINE,
        offline,
    ),
    Step(
        "Expiry",
        wording.DO_EXPIRY,
        wording.CAME_EXPIRY,
        expiry,
    ),
    Step(
        "Sign-out with restart",
        wording.DO_SIGN_OUT,
        wording.CAME_SIGN_OUT,
        sign_out,
    ),
    Step(
        "Signing in without a password",
        wording.DO_BROWSER,
        wording.CAME_BROWSER,
        without_a_password,
    ),
)


def _close(app: RunningApp) -> None:
    code = app.quit()
    if code != 0:
        raise NotSeen(wording.app_ended_with(code))


def label(entry: Entry) -> str:
    """An entry as one line: source, target, what, and the detail that tells two of a kind apart
    (phase, answer, reason).
    """
    detail = entry.detail
    more = detail.get("phase", detail.get("answer", ""))
    return f"{entry.source} {entry.target} {entry.what} {more}".rstrip()


def _matches(entry: Entry, pattern: str) -> bool:
    said = label(entry)
    return said == pattern or said.startswith(f"{pattern} ")


def _first(entries: Sequence[Entry], pattern: str) -> Entry | None:
    return next((entry for entry in entries if _matches(entry, pattern)), None)


def _in_order(entries: Sequence[Entry], *patterns: str) -> None:
    """Raise NotSeen unless the patterns occur in this order, other entries between them or not."""
    rest = iter(entries)
    for pattern in patterns:
        if not any(_matches(entry, pattern) for entry in rest):
            raise NotSeen(wording.lacks(", ".join(patterns), pattern))


def _absent(entries: Sequence[Entry], pattern: str) -> None:
    if _first(entries, pattern) is not None:
        raise NotSeen(wording.should_not_be(pattern))
