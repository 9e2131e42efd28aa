"""How often the secrets of a session stand in the parent's memory: counted in the real parent from
outside, as root sees it.

Freed memory is counted too: Python wipes none, so a copy stays until something else is written
there. What is still in use is counted in ``memory/test_still_held.py``, to the copy: one pair while
signed in, nothing after a sign-out. How much of what is freed still stands there is the
interpreter's and the run's: of eight tokens 10 to 17 copies on Python 3.11, and 17 to 35 on 3.13.
The bounds are the most that was measured on any, and a little: about five copies of each token, and
of none above ten.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from refapp.tour.desktop import PrivateDesktop
from refapp.tour.running_app import RunningApp
from refapp.tour.secret_service import PrivateSecretService, missing_programs
from refapp.trusted.recorder import Entry
from tests.boundary.canary.test_canary import memory
from tests.boundary.canary.watched_server import WatchedServer

pytestmark = [
    pytest.mark.skipif(os.geteuid() != 0, reason="nobody but root looks into the parent"),
    pytest.mark.skipif(bool(missing_programs()), reason="dbus or gnome-keyring is missing"),
]
MOST = {
    "after a sign-in": (10, 14),
    "after three renewals": (10, 40),
    "signed out": (10, 40),
    "in a fresh window": (10, 40),
}
"""When -> copies of any one token, and of all that there were by then.
Of the password at most one, at any time.
"""


def copies(app: RunningApp, server: WatchedServer) -> tuple[int, int, int]:
    """The most copies of any token that the server has issued,
    those of all of them, and those of the password.
    """
    held = b"".join(memory(app.pid))
    tokens = [held.count(token.encode()) for token in set(server.model.issued)]
    return max(tokens), sum(tokens), held.count(server.password.encode())


def test_few_copies_of_a_token_and_none_of_the_password_are_left_behind(tmp_path: Path) -> None:
    found: dict[str, tuple[int, int, int]] = {}
    with (
        WatchedServer() as server,
        PrivateSecretService() as keychain,
        PrivateDesktop(keychain.env) as desktop,
    ):
        app = RunningApp(desktop, server.url, tmp_path)
        app.start()
        app.fill("sign_in.email", server.email)
        app.fill("sign_in.password", server.password)
        app.press("Return")
        app.wait_until("Sync", lambda widgets: "Last" in widgets.get("sync.detail", ""))
        found["after a sign-in"] = copies(app, server)
        assert found["after a sign-in"][0] > 0, "the search finds what is there"
        for _ in range(3):
            server.do("expire_access", email=server.email)
            since = len(app.trace.entries())
            app.click("sync.now")
            app.trace.wait(
                "A second try",
                lambda new: [one for one in new if _answered(one)] or None,
                since=since,
            )
        app.wait_until(
            "The end of the sync", lambda widgets: widgets.get("sync.state") == "Sync: ready"
        )
        found["after three renewals"] = copies(app, server)
        app.click("account.button")
        app.click("profile.sign_out")
        app.wait_until(
            "The sign-out", lambda widgets: widgets["title"] == "refapp - Restart needed"
        )
        found["signed out"] = copies(app, server)
        app.click("banner.action")
        app.wait_until("The form", lambda widgets: widgets["title"] == "refapp - Signed out")
        found["in a fresh window"] = copies(app, server)
        assert app.quit() == 0
    sys.stdout.write(f"Copies in the parent: {found}\n")
    assert found.keys() == MOST.keys()
    for when, (of_one, of_all, of_password) in found.items():
        assert of_one <= MOST[when][0], found
        assert of_all <= MOST[when][1], found
        assert of_password <= 1, found


def _answered(entry: Entry) -> bool:
    return entry.what == "resource" and entry.detail.get("answer") == 200
