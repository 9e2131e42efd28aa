"""Pictures of the window in each of its states, light and dark:
``python -m refapp.tour.pictures --out DIR``.

Owns the scenes, each of which stands on the one before. The app, its server and its keychain are
real and private, as in the tour. Beside the pictures goes ``structure.json``: for each scene what
the widgets showed, so that a test can compare that instead of pixels. Exit codes: 0 all made, 1 a
scene could not be set up (the sentence says which), 2 wrong arguments.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from refapp.tour import wording
from refapp.tour.desktop import DPI, HEIGHT, WIDTH, PrivateDesktop
from refapp.tour.private_server import PrivateServer
from refapp.tour.running_app import RunningApp
from refapp.tour.secret_service import PrivateSecretService
from refapp.trusted.errors import RefappError

THEMES = ("light", "dark")
MODE = "rotating"
VOLATILE = (
    (re.compile(r"127\.0\.0\.1:\d+"), "SERVER"),
    (re.compile(r"(\d{4}-\d\d-\d\d )?\b\d?\d:\d\d(:\d\d)?\b"), "TIME"),
)
OF_ITS_LOOK = ("at:", "box:", "cursor:", "cut:", "entries:", "kind:", "label:", "letter:",
               "more:", "pointer:")  # fmt: skip
OF_THE_MOMENT = (
    "inspector.messages",
    "inspector.checks",
    "sign_in.code",
    "sign_in.link",
    "sign_in.left",
)
NOTES = (
    "Reading list\n\nThe Mathematical Analysis of Logic\nA Treatise on Probability",
    "Shopping\n\nStamps, ink, squared paper",
    wording.PICTURED_NOTE,
)


class PictureStage(NamedTuple):
    """What a scene works with."""

    app: RunningApp
    server: PrivateServer
    keychain: PrivateSecretService


class Scene(NamedTuple):
    """``act`` leads from the scene before to this one."""

    name: str
    act: Callable[[PictureStage], None]


def _title(app: RunningApp, state: str) -> Mapping[str, str]:
    return app.wait_until(
        wording.window_s_state(state), lambda widgets: widgets["title"] == f"refapp - {state}"
    )


def sign_in_form(stage: PictureStage) -> None:
    """The first start."""
    stage.app.start()
    _title(stage.app, "Signed out")


def in_the_browser(stage: PictureStage) -> None:
    """A sign-in that waits for the browser."""
    stage.app.click("sign_in.browser")
    stage.app.wait_until("The link", lambda widgets: bool(widgets.get("sign_in.link")))


def wrong_password(stage: PictureStage) -> None:
    """Refused, with the reason beside the field."""
    stage.app.press("Escape")
    stage.app.wait_until("The form", lambda widgets: "at:sign_in.submit" in widgets)
    _send_form(stage, "not the password")
    stage.app.wait_until("The error", lambda widgets: bool(widgets.get("sign_in.error")))


def waiting_for_code(stage: PictureStage) -> None:
    """The person signs in on another device."""
    stage.app.click("sign_in.device")
    stage.app.wait_until("The code", lambda widgets: bool(widgets.get("sign_in.code")))


def signing_in(stage: PictureStage) -> None:
    """Rather with the password; but the server takes its time."""
    stage.app.press("Escape")
    _title(stage.app, "Signed out")
    stage.server.do("hold_next", path="/api/auth/sign-in")
    _send_form(stage, stage.server.password)
    stage.app.wait_until(
        "The words that it takes long", lambda widgets: bool(widgets.get("sign_in.busy"))
    )


def no_notes(stage: PictureStage) -> None:
    """Signed in for the first time."""
    stage.server.do("release")
    stage.app.wait_until("Sync", lambda widgets: "Last" in widgets.get("sync.detail", ""))


def notes(stage: PictureStage) -> None:
    """Signed in, with notes."""
    for text in NOTES:
        stage.app.press("ctrl+n")
        stage.app.wait_until("An empty note", lambda widgets: widgets.get("notes.editor") == "")
        stage.app.type(text)
        first = text.partition("\n")[0]
        stage.app.wait_until(
            "The note in the list, saved",
            lambda widgets, first=first: (
                first in widgets["notes.list"] and "Saved" in widgets["notes.saved"]
            ),  # type: ignore[misc]
        )


def summary(stage: PictureStage) -> None:
    """The assistant has read the note."""
    stage.app.click("assistant.summarise")
    stage.app.wait_until(
        "The summary", lambda widgets: "sentences" in widgets.get("notes.summary", "")
    )


def profile(stage: PictureStage) -> None:
    """Who is signed in, and where."""
    stage.app.click("account.button")
    stage.app.wait_until("The profile", lambda widgets: bool(widgets.get("profile.name")))


def inspector(stage: PictureStage) -> None:
    """What holds the window, and what went over the channel."""
    stage.app.press("alt+i")
    stage.app.wait_until(
        "The messages", lambda widgets: "shown" in widgets.get("inspector.messages", "")
    )


def offline(stage: PictureStage) -> None:
    """The server can't be reached at the start."""
    stage.app.quit()
    # The end that the next scene is about: it must be there when the app tries again by itself.
    stage.server.do("revoke_all", email=stage.server.email)
    stage.server.do("drop_next", path="/", times=None)
    stage.app.start()
    _title(stage.app, "Offline")


def expired(stage: PictureStage) -> None:
    """Back online, the server has ended the session."""
    stage.server.do("clear_faults")
    stage.app.press("alt+t")
    _title(stage.app, "Session expired")


def sign_in_again(stage: PictureStage) -> None:
    """The form after the end, with the history of why."""
    stage.app.click("banner.action")
    stage.app.wait_until("The form", lambda widgets: widgets.get("focus") == "sign_in.password")


def somebody_else(stage: PictureStage) -> None:
    """It is not who was here before who signs in in the browser."""
    stage.server.sign_up("bob@example.com", "Bob Kahn")
    in_the_browser(stage)
    stage.server.sign_in_at(stage.app.seen()["sign_in.link"], "bob@example.com")
    stage.app.wait_until("The question", lambda widgets: bool(widgets.get("sign_in.accept")))


def signed_out(stage: PictureStage) -> None:
    """Signed out; a restart makes it complete."""
    stage.app.press("Escape")
    stage.app.wait_until("The form", lambda widgets: widgets.get("focus") == "sign_in.offer")
    _send_form(stage, stage.server.password)
    stage.app.wait_until("Sync", lambda widgets: "Last" in widgets.get("sync.detail", ""))
    stage.app.click("account.button")
    stage.app.click("profile.sign_out")
    _title(stage.app, "Restart needed")


def locked_storage(stage: PictureStage) -> None:
    """The keychain is locked."""
    stage.app.quit()
    stage.keychain.lock()
    stage.app.start()
    _send_form(stage, stage.server.password)
    _title(stage.app, "No secure storage")


SCENES = (
    Scene("sign-in", sign_in_form),
    Scene("sign-in-browser", in_the_browser),
    Scene("wrong-password", wrong_password),
    Scene("sign-in-code", waiting_for_code),
    Scene("signing-in", signing_in),
    Scene("no-notes", no_notes),
    Scene("notes", notes),
    Scene("summary", summary),
    Scene("profile", profile),
    Scene("inspector", inspector),
    Scene("offline", offline),
    Scene("expired", expired),
    Scene("sign-in-again", sign_in_again),
    Scene("somebody-else", somebody_else),
    Scene("restart-needed", signed_out),
    Scene("storage-locked", locked_storage),
)


def _send_form(stage: PictureStage, password: str) -> None:
    stage.app.fill("sign_in.email", stage.server.email)
    stage.app.fill("sign_in.password", password)
    stage.app.press("Return")


def play(
    theme: str, scenes: Sequence[Scene] = SCENES, scale: float = 1
) -> Iterator[tuple[str, RunningApp]]:
    """Play the scenes: the name of each, and the app as it is then.
    ``scale``: of the screen, 2 for 192 dots an inch.

    Raises RefappError: a scene could not be set up.
    """
    size, dpi = (round(WIDTH * scale), round(HEIGHT * scale)), round(DPI * scale)
    with (
        tempfile.TemporaryDirectory(prefix="refapp-pictures-") as name,
        PrivateServer(Path(name) / "server", MODE) as server,
        PrivateSecretService() as keychain,
        PrivateDesktop(keychain.env, size=size, dpi=dpi) as desktop,
    ):
        stage = PictureStage(
            RunningApp(desktop, server.url, Path(name), ("--theme", theme)), server, keychain
        )
        for scene in scenes:
            scene.act(stage)
            yield scene.name, stage.app


def structure(seen: Mapping[str, str]) -> dict[str, str]:
    """What a person could read and use, without what differs from run to run: places, times, the
    port, the channel's traffic.
    """
    kept = {}
    for name, text in sorted(seen.items()):
        if name.startswith(OF_ITS_LOOK):
            continue
        for pattern, word in VOLATILE:
            text = pattern.sub(word, text)
        kept[name] = "…" if name in OF_THE_MOMENT else text
    return kept


def main(words: Sequence[str] | None = None) -> int:
    """Make the pictures, and say which while they are made; the exit code."""
    parser = argparse.ArgumentParser(prog="refapp.tour.pictures")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    parser.add_argument("--theme", choices=THEMES, action="append", help="only this one")
    parser.add_argument(
        "--scale", type=int, default=100, metavar="PERCENT", help="of 96 dots an inch"
    )
    options = parser.parse_args(words)
    options.out.mkdir(parents=True, exist_ok=True)
    found: dict[str, Mapping[str, str]] = {}
    for theme in options.theme or THEMES:
        try:
            for number, (name, app) in enumerate(play(theme, scale=options.scale / 100), 1):
                sys.stdout.write(f"{number}/{len(SCENES)} {name}, {theme}\n")
                sys.stdout.flush()
                # It waits until the window stands still, so that what the widgets show then is what
                # the picture shows.
                app.picture(options.out / f"{name}-{theme}.png")
                found[name] = structure(app.seen())
        except RefappError as error:
            sys.stderr.write(f"refapp: {error.sentence}\n")
            return 1
    (options.out / "structure.json").write_text(
        json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
