"""What a person sees and does at the real window besides texts and requests: where the keyboard is,
what can be pressed, what is ticked, what was copied, and keys in place of buttons.

A part of ``desktop``.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
import zlib
from abc import abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Literal

from refapp.tour.desktop import HEIGHT, WIDTH
from refapp.tour.framebuffer import Area
from refapp.tour.running_app import app_behind
from steps.on_desktop.computer import Computer, wait_for_sleep
from steps.on_desktop.desktop_sight import BUTTONS, pressed_at_once
from steps.on_desktop.glance import as_told, whole
from steps.on_desktop.trace import Trace
from steps.scenario.sight import ButtonState, Keyboard, Page
from steps.scenario.whole_page import LETTERED, Row, WholePage, rows, seen_from_outside

PASTE = "import tkinter; root = tkinter.Tk(); root.withdraw(); print(root.clipboard_get(), end='')"
STILL_S, MOST_STILL_S = 0.3, 20.0
"""How long everything has slept when nothing more comes of what was done."""
HANDS: Mapping[str, tuple[Page | None, str, str]] = {
    "escape": (None, "", "Escape"),
    "the Delete key": ("notes", "notes.list.1", "Delete"),
    "show password": ("account", "sign_in.show_password", ""),
    "trust this computer": ("account", "second_factor.trust", ""),
    "copy the code": ("account", "sign_in.copy_code", ""),
    "Ctrl+Z": ("notes", "notes.editor", "ctrl+z"),
    "Ctrl+Y": ("notes", "notes.editor", "ctrl+y"),
    "Tab, then Enter": ("notes", "notes.editor", "Tab Return"),
    "a letter with Caps Lock on": ("account", "sign_in.password", "Caps_Lock"),
}
"""What leads to no request by itself, or need not: page, widget to click, key to press then."""
LOOKED_AT: Mapping[str, tuple[Page | None, str, str]] = {
    **{name: (page, widget, "") for name, (page, widget, _) in BUTTONS.items()},
    **{name: (page, widget, "") for name, (page, widget, _) in HANDS.items()},
    "undo the deletion": ("notes", "notes.undo_delete", ""),
    "sign out this session": ("account", "sessions.sign_out_one", "sessions.list.1"),
}
"""Button -> page, widget, and the row that is chosen before."""
A, C, N, V, W, X, Y, Z, CAPS_LOCK = "38", "54", "57", "55", "25", "53", "29", "52", "66"
"""Keys by their place: what they say is the layout's."""
SAVED_WITHIN_S = 20.0
TITLE = "refapp - "
MIDDLE = 128
"""Of each colour, 0 is dark and 255 is light."""
LAYOUTS: Mapping[Keyboard, tuple[str, str]] = {
    "with a Russian layout and then a Hebrew one": ("ru", "il"),
    "with a Greek layout and then an Arabic one": ("gr", "ara"),
}
BEGIN: Mapping[Keyboard, str] = {"with a Greek layout and then an Arabic one": f"alt+{W}"}
"""How another note is begun, where it is not by the menu's key."""
PASTES = tuple(f"ctrl+{key}" for key in (V, A, X, V, Z, Z, Y, V))
"""What was copied is there once, if each of these does what it should: no other would be missed."""


class DesktopLooks:
    """``_computer`` has the screen, ``trace`` what the window has shown; ``_app`` runs on it."""

    _app: subprocess.Popen[bytes] | None
    folder: Path
    trace: Trace
    kept_characters = 0
    _computer: Computer
    _held = 0
    _amiss_before: list[str]

    @abstractmethod
    def sees(self, page: Page | None = None) -> Mapping[str, str]:
        """See ``driver.Driver``."""

    @abstractmethod
    def _click(self, widget: str) -> None:
        """Click the middle of it."""

    @abstractmethod
    def until(self, done: Callable[[], bool], complaint: str) -> None:
        """Wait until it is done."""

    @abstractmethod
    def rest(self) -> None:
        """See ``driver.Driver``."""

    def hold(self) -> None:
        """From now on the window gets no answer, until keys have been pressed once more."""
        assert self._app is not None
        self.rest()
        self._held = app_behind(self._app.pid)
        os.kill(self._held, signal.SIGSTOP)

    def let_go(self) -> None:
        """It gets its answers."""
        if self._held:
            os.kill(self._held, signal.SIGCONT)
        self._held = 0

    def by_hand(self, button: str) -> None:
        """What ``HANDS`` has for it; whether anything comes of it is for a Then."""
        page, widget, key = HANDS[button]
        self.sees(page)
        if widget and self.trace.shown()[-1].get("focus") != widget:
            self._seen_after(lambda: self._click(widget))
        if key == "Caps_Lock":
            self._seen_after(lambda: self._computer.screen.key(CAPS_LOCK, A, locked=True))
            self._computer.screen.key(CAPS_LOCK, locked=True)
        elif key:
            self._seen_after(lambda: self._computer.screen.key(*key.split()))
            if page == "notes":
                self.until(
                    lambda: self.trace.shown()[-1].get("notes.saved") != "Saving…",
                    "what it changed was not saved",
                )
                self.rest()

    def _seen_after(self, do: Callable[[], None]) -> None:
        shown = self.trace.count("shown")
        do()
        self.until(lambda: self.trace.count("shown") > shown, "the window showed nothing")
        self.rest()

    def button(self, name: str) -> Collection[ButtonState]:
        """See ``sight.Looks``."""
        page, widget, row = LOOKED_AT[name]
        self.sees(page)
        if row:
            self._seen_after(lambda: self._click(row))
        seen = self.trace.shown()[-1]
        states: Mapping[ButtonState, bool] = {
            "usable": f"at:{widget}" in seen,
            "ticked": seen.get(f"state:{widget}") == "selected",
            "at the keyboard": seen.get("focus") == widget,
        }
        return {state for state, holds in states.items() if holds}

    def whole_page(self, page: WholePage, wanted: Sequence[Row]) -> tuple[list[Row], list[Row]]:
        """See ``sight.Looks``."""
        assert page != "inspector", "the inspector needs the tag @inproc"
        self.sees(page)
        seen = as_told.with_colours(self.trace.shown()[-1], LETTERED)
        return seen_from_outside(rows(seen, page)), seen_from_outside(wanted)

    def amiss(self) -> Sequence[str]:
        """See ``sight.Looks``. What was amiss at an earlier rest is, too, and what was otherwise
        than told for a moment.
        """
        if self._app is None or self._app.poll() is not None:
            return self._amiss_before
        self.rest()
        before = [*self._amiss_before, *whole.for_a_moment(self.trace.passing())]
        found = [*before, *self._looked_twice(self._glance)]
        return list(dict.fromkeys(found))

    def look_at_rest(self) -> None:
        """The app rests between two steps, or two keys: what is amiss then is kept for the end."""
        if not self._held and self._app is not None and self._app.poll() is None:
            self._amiss_before += self._looked_twice(self._told_amiss)

    def _looked_twice(self, look: Callable[[], list[str]]) -> list[str]:
        if found := look():
            # What the window has told may not be on the screen yet, where the machine is busy; and
            # a moment after a drawing the keyboard goes to where the person goes on.
            wait_for_sleep(lambda: STILL_S, MOST_STILL_S)
            found = look()
        return found

    def _told_amiss(self) -> list[str]:
        return whole.told(*self.trace.window_now())

    def _glance(self) -> list[str]:
        screen = self._computer.screen
        window = screen.window(TITLE)
        place = None if window is None else screen.area(window)
        return whole.seen(*self.trace.window_now(), screen.lines(), place)

    def copied(self) -> str:
        """See ``sight.Looks``."""
        pasting = self._computer.screen.start(
            [sys.executable, "-c", PASTE], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        return pasting.communicate(timeout=SAVED_WITHIN_S)[0].decode()

    def pasted(self) -> str:
        """See ``sight.Looks``."""
        return self.sees("account")["sign_in.pasted"]

    def all_on_screen(self) -> bool:
        """See ``sight.Looks``."""
        screen = self._computer.screen
        window = screen.window(TITLE)
        assert window is not None
        x, y, width, height = screen.area(window)
        return 0 <= x <= WIDTH - width and 0 <= y <= HEIGHT - height

    def ground_of_note(self) -> Literal["light", "dark"]:
        """What the note that is open stands on, in the picture that the screen shows."""
        self.sees("notes")
        x, y = map(int, self.trace.shown()[-1]["at:notes.editor"].split(","))
        self._computer.screen.put_mouse_away()
        with tempfile.NamedTemporaryFile(suffix=".png") as picture:
            self._computer.screen.picture(Path(picture.name), Area(x, y, 1, 1))
            _, _, data = picture.read().partition(b"IDAT")
        colour = zlib.decompressobj().decompress(data)[1:]  # before it: how the row is filtered
        return "dark" if max(colour) < MIDDLE else "light"

    def keep_note(self, text: str) -> None:
        """Have a note of nobody's on the disk, before the app is started."""
        self.kept_characters = len(text)
        folder = self.folder / "notes" / "nobody"
        folder.mkdir(mode=0o700, parents=True)
        note = {"id": "0123456789ab", "text": text, "changedAt": 1000.0}
        (folder / "0123456789ab.json").write_text(json.dumps(note))

    def notes(self) -> list[Path]:
        """The files of all notes."""
        return list((self.folder / "notes").rglob("*.json"))

    def double_by_keys(self) -> None:
        """Open the first note, copy all of it, and paste it at its end, and once more."""
        self.sees("notes")
        self._seen_after(lambda: self._click("notes.list.1"))
        self._click("notes.editor")
        copy_all = f"ctrl+{A}", f"ctrl+{C}"
        paste_at_the_end = "ctrl+End", f"ctrl+{V}", f"ctrl+{V}"
        with self._at_once():  # what is shown after the first one is not yet what comes of the last
            self._computer.screen.key(*copy_all, *paste_at_the_end)
        wait_for_sleep(lambda: STILL_S, MOST_STILL_S)
        self.rest()

    def terminal(self) -> str:
        """See ``sight.Looks``."""
        assert self._app is not None
        assert self._app.stderr is not None
        found = b""
        while select.select([self._app.stderr], [], [], 0)[0]:
            more = os.read(self._app.stderr.fileno(), 2**16)
            if not more:
                break
            found += more
        return found.decode()

    def copy_by_keys(self, keyboard: Keyboard) -> None:
        """See ``driver.Driver``."""
        self.sees("notes")
        self._click("notes.editor")
        screen, saved = self._computer.screen, self.trace.count("note_save")
        with ExitStack() as undo:
            first, second = LAYOUTS.get(keyboard, ("us", "us"))
            undo.callback(self._lay_out, "us")
            if first == second:
                screen.key(CAPS_LOCK, locked=True)
                undo.callback(screen.key, CAPS_LOCK, locked=True)
            else:
                self._lay_out(first)
            screen.key(f"ctrl+{A}", f"ctrl+{C}", BEGIN.get(keyboard, f"ctrl+{N}"), locked=True)
            if first != second:
                self.rest()
                self._lay_out(second)
            with self._at_once():
                screen.key(*PASTES, locked=True)
            give_up = time.monotonic() + SAVED_WITHIN_S
            while self.trace.count("note_save") == saved and time.monotonic() < give_up:
                time.sleep(0.02)
        self.rest()

    def _type_at_once(self, text: str, *keys: str) -> None:
        with self._at_once():
            self._computer.screen.type(text)
            if keys:
                self._computer.screen.key(*keys)

    def _at_once(self) -> AbstractContextManager[None]:
        assert self._app is not None
        return pressed_at_once(app_behind(self._app.pid))

    def _lay_out(self, layout: str) -> None:
        subprocess.run(
            ["setxkbmap", layout], env={**os.environ, **self._computer.screen.env}, check=True
        )
