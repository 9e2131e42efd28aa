"""How the window looks in this run, and what is remembered of it for the next: the parent's side of
``window_settings``.

Owns the newest word on both.
Nothing of it is worth a word to the person: a file that can't be written is a line in the log.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import get_args

from refapp import messages as m
from refapp.snapshot import Theme
from refapp.trusted.errors import StorageError
from refapp.trusted.files import atomic_file
from refapp.trusted.recorder import Recorder
from refapp.trusted.start import window_settings
from refapp.trusted.window.colour_scheme import Contrast, Scheme

log = logging.getLogger("refapp")
_THEMES: dict[str, Theme] = {one: one for one in get_args(Theme)}


class Appearance:
    """``wanted``: the command line's word for this run, "system" if it has none. ``changed`` is
    called at other colours, and at another size of the ``screen`` (width and height in pixels; None
    until it has changed).
    """

    def __init__(self, folder: Path, wanted: m.Colours, recorder: Recorder) -> None:
        self._file = folder / window_settings.NAME
        self._said = window_settings.read(str(folder))
        self._recorder = recorder
        self._colours: m.Colours = wanted if wanted != "system" else _colours(self._said)
        self.changed: Callable[[], None] = lambda: None
        self.screen: tuple[int, int] | None = None

    def colours(self) -> m.Colours:
        """What the person chose, here or on the command line."""
        return self._colours

    def theme(self) -> Theme:
        """The colours of the window now."""
        return _THEMES[window_settings.theme(self._said, self._colours)]

    def remember(self, window: m.WindowParams) -> None:
        """The person left the window like this."""
        before = self.theme()
        said = {
            **self._said,
            **{name: str(getattr(window, name)) for name in window_settings.LIMITS},
        }
        if window.colours != self._colours:
            # What the command line said was for this run alone, until the person chose.
            self._colours = window.colours
            said["colours"] = window.colours
        self._keep(said, before)

    def desktop_is(self, scheme: Scheme) -> None:
        """The desktop's own colours are known now, or again."""
        self._desktop_says("desktop", scheme)

    def contrast_is(self, contrast: Contrast) -> None:
        """Whether the desktop wants high contrast is known now, or again."""
        self._desktop_says("contrast", contrast)

    def _desktop_says(self, name: str, word: str) -> None:
        if self._said.get(name) != word:
            self._keep({**self._said, name: word}, self.theme())

    def screen_is(self, size: tuple[int, int]) -> None:
        """The screen has another size than at the start."""
        self.screen = size
        self.changed()

    def _keep(self, said: dict[str, str], before: Theme) -> None:
        self._said = said
        try:
            atomic_file.replace(self._file, window_settings.lines(said), durable=False)
        except StorageError as error:
            log.info("%s", error.sentence)
        else:
            self._recorder.note("parent", "disk", "write window settings")
        if self.theme() != before:
            self.changed()


def _colours(said: dict[str, str]) -> m.Colours:
    match said.get("colours"):
        case "light":
            return "light"
        case "dark":
            return "dark"
        case "contrast":
            return "contrast"
    return "system"
