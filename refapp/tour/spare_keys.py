"""Keys of their own for signs that a private screen's keyboard lacks: dead keys, other scripts.

Owns which spare key stands for which sign. What was given stays while there are others:
xdotool lends a sign a key for the moment, and takes it back before a busy window has looked it up,
which then gets nothing. It still does where xmodmap (Debian's x11-xserver-utils) is missing.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping

SPARE = re.compile(r"^keycode +(\d+) =$", re.MULTILINE)


class SpareKeys:
    """``env``: that of the programs on the screen."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env
        self._given: dict[str, str] = {}

    def give(self, signs: Iterable[str]) -> None:
        """Let each of ``signs`` (as X names it: ``dead_acute``, ``U00E9``) have a key; if there are
        too few, the oldest lose theirs.
        """
        if not (wanted := dict.fromkeys(signs)) or not shutil.which("xmodmap"):
            return
        spare = SPARE.findall(self._xmodmap("-pke"))
        # Another layout takes all of them back.
        self._given = {sign: key for sign, key in self._given.items() if key not in spare}
        for sign in wanted.keys() - self._given.keys():
            key = spare.pop() if spare else self._given.pop(next(iter(self._given)))
            self._xmodmap("-e", f"keycode {key} = {sign}")
            self._given[sign] = key

    def _xmodmap(self, *words: str) -> str:
        done = subprocess.run(
            ["xmodmap", *words], env=dict(self._env), capture_output=True, text=True, check=True
        )
        return done.stdout
