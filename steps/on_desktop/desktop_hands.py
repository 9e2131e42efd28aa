"""A person's hands on the real window, key by key and click by click, and what she then sees at a
place of it.

What is asked of a place is in words (``facts``), which ``tells`` compares. A part of ``desktop``.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import cast

from refapp.tour.framebuffer import Area
from refapp.untrusted.widgets.palette import PALETTES
from steps.on_desktop.computer import wait_for_sleep
from steps.on_desktop.desktop_looks import MIDDLE, TITLE, DesktopLooks
from steps.on_desktop.desktop_sight import KEYSTROKES, MOUSE, named
from steps.on_desktop.glance.as_drawn import in_the_middle
from steps.on_desktop.glance.places import NAMES, PLACES, area

COLOURS: Mapping[str, str] = {"dark": "D", "contrast": "H"}
"""A choice of colours -> its letter in the menu."""
USUAL, USUAL_HEIGHT = 10, 29
"""Points of the text, and pixels of a button."""
WAITED_S, QUIET_S, MOST_WAITED_S = 0.5, 0.15, 20.0
"""How long everything has slept when nothing comes of a key, or nothing more."""
TAKEN_S = 0.1
"""How long the window has slept when it has taken all keys that were pressed."""
MOST_STOPS = 40
ENTRY_HEIGHT, MENU_HEIGHT = 12, 150
"""Pixels."""
TABLES = ("notes.list", "sessions.list")
NOTE = "notes.editor"
TIME = re.compile(r"\d\d:\d\d:\d\d")
ROWS = ("notes.list.1", "notes.list.2")


class DesktopHands(DesktopLooks):
    """What ``desktop_looks`` has, and hands on everything.
    ``seen_before``: how often the window had shown something when the When came.
    """

    seen_before = 0

    def press_keys(self, keys: str) -> None:
        """``keys`` with commas between them; what is typed stands in quotes."""
        found = list(KEYSTROKES.finditer(keys))
        assert "".join(one[0] for one in found) == keys, f"not all of it is keys: {keys}"
        if self._held:
            for one in found:
                if one["key"]:
                    self._computer.screen.key(*[named(one["key"])] * int(one["times"] or 1))
                else:
                    self._computer.screen.type(one["text"])
            wait_for_sleep(lambda: TAKEN_S, MOST_WAITED_S, but=self._held)
            self._seen_soon(self.let_go)
            return
        for one in found:
            if one["key"]:
                name = one["key"] if one["key"] in MOUSE else named(one["key"])
                self._strike(*[name] * int(one["times"] or 1))
            elif one["text"]:
                then = [named(one["then"])] if one["then"] else []
                self._seen_soon(partial(self._type_at_once, one["text"], *then))

    def _strike(self, *names: str) -> None:
        """One after the other; an end may come of it."""
        if names[0] in MOUSE:
            x, y, width, height = self._window()
            middle = x + width // 2, y + height // 2
            self._seen_soon(
                lambda: self._computer.screen.click(*middle, MOUSE[names[0]], len(names))
            )
        else:
            # xdotool gets to a digit there by Num Lock, and leaves it on.
            then = ["Num_Lock"] if names[0].endswith("KP_0") else []
            self._seen_soon(lambda: self._computer.screen.key(*names, *then, locked=True))

    def click_on(self, place: str) -> None:
        """Click what the features call so."""
        widget, seen = PLACES[place], self.trace.shown()[-1]
        if f"at:{widget}" in seen:
            self._seen_soon(lambda: self._click(widget))
        else:  # no button, and pressed all the same
            x, y, width, height = map(int, seen[f"box:{widget}"].split(","))
            self._seen_soon(lambda: self._computer.screen.click(x + width // 2, y + height // 2))

    def _seen_soon(self, do: object) -> None:
        """Do it, and wait for what comes of it; a menu that is up tells nothing."""
        assert callable(do)
        shown = self.trace.count("shown")
        do()
        wait_for_sleep(
            lambda: WAITED_S if self.trace.count("shown") == shown else QUIET_S, MOST_WAITED_S
        )
        self.rest()
        if self._app is not None and self._app.poll() is None:
            self.until(
                lambda: self.trace.shown()[-1].get("notes.saved") != "Saving…",
                "what it changed was not saved",
            )
            self.rest()

    def tab_through(self, key: str) -> list[str]:
        """Press ``key`` until the keyboard is where it was, or stays: the places where it was."""
        first = at = self._keyboard()
        visited: list[str] = []
        while len(visited) < MOST_STOPS:
            before = at
            self._computer.screen.key(named(key))
            wait_for_sleep(partial(self._long_enough_at, before), MOST_WAITED_S)
            at = self._keyboard()
            visited.append(NAMES.get(at, at))
            if at in (first, before):
                break
        return visited

    def _long_enough_at(self, before: str) -> float:
        """How long the keyboard may be where it was until it is taken to stay there."""
        return WAITED_S if self._keyboard() == before else 0.0

    def _keyboard(self) -> str:
        return self.trace.shown()[-1].get("focus", "")

    def tells(self, place: str, fact: str) -> str:
        """What is not so about ``place``, whatever ``fact`` says; empty if it is so."""
        assert fact not in ("", 'says ""'), f"nothing is said of {place}"
        seen = self.trace.shown()[-1]
        found = list(self._facts(place, fact, seen))
        return "" if fact in found else f"{place}: {found or 'nothing is seen'}, not {fact}"

    def _facts(self, place: str, fact: str, seen: Mapping[str, str]) -> Iterator[str]:
        if place == "all texts":
            cut = [text for name, text in seen.items() if name.startswith("cut:")]
            yield f"cut off: {cut}" if cut else "to be read to their end"
        elif place == "the keyboard's place":
            at = seen["focus"]
            point = seen.get(f"cursor:{at}", "-1,-1") if at == NOTE else seen[f"at:{at}"]
            yield "in view" if self._in_view(point) else "out of view"
        elif place == "rows":
            before = self.trace.shown()[self.seen_before - 1]
            yield _compared(_apart(before), _apart(seen))
        else:
            yield from self._facts_of(PLACES[place], fact, seen)

    def _facts_of(self, widget: str, fact: str, seen: Mapping[str, str]) -> Iterator[str]:
        text, state = seen.get(widget), seen.get(f"state:{widget}", "")
        table, _, number = widget.rpartition(".")
        if number.isdigit() and f"at:{widget}" in seen and table in TABLES:
            text = seen[table].split("\n")[int(number) - 1]
        if text is None:
            yield "not there"
            return
        yield f'"{text}"'
        if fact.startswith('says "') and fact[6:-1] in text:
            yield fact
        if fact.startswith('without "') and fact[9:-1] not in text:
            yield fact
        yield text.partition(": ")[2]
        yield "can be used" if f"at:{widget}" in seen else "can't be used"
        yield "chosen" if state == "selected" else "not chosen"
        at = seen.get("focus", "")
        yield "at the keyboard" if at == widget else f"the keyboard is at {NAMES.get(at, at)}"
        if fact in ("in view", "out of view"):
            yield "in view" if area(seen, widget) else "out of view"
        elif fact == "in the middle":
            middle = in_the_middle(area(seen, widget), self._window())
            yield fact if middle else "beside the middle"
        elif fact == "in order":  # of their times; the window's first word comes first
            lines = text.split("\n")
            times = [line.partition(" ")[0] for line in lines]
            first = "hello" in lines[0]
            in_order = times == sorted(times) and all(map(TIME.fullmatch, times))
            yield fact if first and in_order else "not in order"
        elif fact == "its end in view":
            last = text.count("\n") + 1  # of what is told of it
            rows = (one.removeprefix(f"at:{widget}.") for one in seen)
            below = any(row.isdigit() and int(row) >= last for row in rows)
            yield fact if below else "its end out of view"
        elif fact.startswith('lists "'):
            entries = seen[f"entries:{widget}"].replace(" | ", " ").replace("\n", ", ")
            yield fact if fact[7:-1] in entries else f"lists {entries}"
        elif fact in ("open, with an entry marked", "closed"):
            yield self._menu(seen)
        elif fact.startswith(("on ", "with ", "in ")):
            x, y = map(int, seen[f"at:{widget}"].split(","))
            if fact.startswith("on "):
                yield f"on a {_ground(self._colours(x, y, 1, 1)[0])} ground"
            elif fact.startswith("with "):
                yield f"with a {self._edge(x, y)} edge"
            else:
                yield "in letters" if self._has_tall_letters(x, y) else "in dots"

    def leave_window(self, settings: Mapping[str, object], *, at_once: bool) -> None:
        """By hand, as ``settings`` say. ``at_once``: who comes next may be faster than it tells."""
        self.press_keys(f"Ctrl++ {cast('int', settings['text']) - USUAL} times")
        self.press_keys(f"F10, {COLOURS[str(settings['colours'])]}")
        told, screen = self.trace.count("remember_window"), self._computer.screen
        window = str(screen.window(TITLE))
        place = [str(settings[one]) for one in ("x", "y", "width", "height")]
        words = ["xdotool", "windowmove", window, *place[:2], "windowsize", window, *place[2:]]
        subprocess.run(words, env=screen.env, check=True)
        if not at_once:
            self.until(lambda: self.trace.count("remember_window") > told, "it told of no place")
            self.rest()

    def window_is_as_left(self, x: int, y: int, width: int, height: int) -> bool:
        """Whether it is there now, with larger text than usual."""
        menu = area(self.trace.shown()[-1], "menu")
        assert menu is not None
        return tuple(self._window()) == (x, y, width, height) and menu.height > USUAL_HEIGHT

    def _window(self) -> Area:
        screen = self._computer.screen
        return screen.area(cast("int", screen.window(TITLE)))

    def _in_view(self, point: str) -> bool:
        left, top, width, height = self._window()
        x, y = map(int, point.split(",")[:2])
        return left <= x < left + width and top <= y < top + height

    def _menu(self, seen: Mapping[str, str]) -> str:
        """An entry is marked if something as high as one has the ground of what is chosen."""
        place = area(seen, "menu")
        assert place is not None
        # Between the menu's outline and its letters.
        column = self._colours(place.x + 2, place.y + place.height + 2, 1, MENU_HEIGHT)
        grounds = {colour for colour in column if column.count(colour) >= ENTRY_HEIGHT}
        palette = PALETTES[str(self.trace.newest_state()["theme"])]
        of_a_menu = {tuple(bytes.fromhex(one[1:])) for one in (palette.card, palette.chosen)}
        if not grounds <= of_a_menu:
            return "closed"
        return "open, with an entry marked" if len(grounds) > 1 else "open, without a mark"

    def _colours(self, x: int, y: int, width: int, height: int) -> list[tuple[int, int, int]]:
        """Of each pixel there, row by row, as the screen shows them."""
        self._computer.screen.put_mouse_away()
        wait_for_sleep(lambda: QUIET_S, MOST_WAITED_S)
        with tempfile.NamedTemporaryFile(suffix=".png") as picture:
            self._computer.screen.picture(Path(picture.name), Area(x, y, width, height))
            _, _, data = picture.read().partition(b"IDAT")
        rows, line = zlib.decompressobj().decompress(data), 1 + 3 * width
        return [
            (rows[at], rows[at + 1], rows[at + 2])
            for row in range(height)
            for at in range(row * line + 1, (row + 1) * line, 3)
        ]

    def _edge(self, x: int, y: int) -> str:
        """The strongest colour of the outline above the middle of an empty field."""
        column = self._colours(x, y - 40, 1, 41)[::-1]
        above = next(at for at, colour in enumerate(column) if _far(colour, column[0]) > 60)
        red, green, blue = max(column[above : above + 3], key=lambda one: _far(one, column[0]))
        if red > blue + 40:
            return "red"
        return "blue" if blue > max(red, green) + 40 else "grey"

    def _has_tall_letters(self, x: int, y: int) -> bool:
        """Something stands higher in the field than the dots of a password do."""
        line = self._colours(x - 60, y - 5, 120, 1)
        return any(_far(colour, max(line)) > 150 for colour in line)


def _apart(seen: Mapping[str, str]) -> int:
    """Pixels from one row of the list to the next."""
    first, second = (int(seen[f"at:{row}"].split(",")[1]) for row in ROWS)
    return second - first


def _compared(before: int, now: int) -> str:
    if now == before:
        return "as high as before"
    return "higher than before" if now > before else "lower than before"


def _far(one: tuple[int, int, int], other: tuple[int, int, int]) -> int:
    return sum(abs(a - b) for a, b in zip(one, other, strict=True))


def _ground(colour: tuple[int, int, int]) -> str:
    if max(colour) == 0:
        return "black"
    return "dark" if max(colour) < MIDDLE else "light"
