"""Keyboards of other scripts, Caps Lock, dead keys, Compose and AltGr, in the locked window.
Keys are pressed by their place.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from refapp.snapshot import Phase
from tests.boundary.window_parent import WindowParent, snapshot

pytestmark = pytest.mark.skipif(
    any(shutil.which(name) is None for name in ("xdotool", "setxkbmap")),
    reason="xdotool or setxkbmap is missing",
)
A, C, E, LETTER_I, N, Q, V, X, Z = "38", "54", "26", "31", "57", "24", "55", "53", "52"
CAPS_LOCK, APOSTROPHE, ALT_GR, RIGHT_CONTROL = "66", "48", "108", "105"


def layout(parent: WindowParent, *words: str) -> None:
    subprocess.run(["setxkbmap", *words], env={**os.environ, **parent.display}, check=True)


@pytest.fixture
def parent(display: dict[str, str], tmp_path: Path) -> Iterator[WindowParent]:
    made = WindowParent({**display, "LC_ALL": "C.UTF-8", "HOME": str(tmp_path)})
    made.start()
    made.ready(snapshot(Phase.SIGNED_IN, owner=5))
    made.see("focus", "notes.editor")
    yield made
    made.close()


@pytest.mark.parametrize(
    ("name", "typed"), [("ru", "фыв"), ("gr", "ασδ"), ("il", "שדג"), ("ara", "شسي"), ("th", "ฟหก")]
)
def test_shortcuts_and_letters_after_alt_work_in_a_layout_of_another_script(
    parent: WindowParent, name: str, typed: str
) -> None:
    layout(parent, name)
    parent.keys(A, "39", "40")
    parent.see("notes.editor", typed)
    parent.keys(f"ctrl+{A}", f"ctrl+{X}")
    parent.see("notes.editor", "")
    parent.keys(f"ctrl+{V}", f"ctrl+{V}")
    parent.see("notes.editor", typed * 2)
    parent.keys(f"ctrl+{Z}")
    parent.until(lambda: parent.seen.get("notes.editor") != typed * 2)
    parent.keys(f"ctrl+{N}")
    parent.see("notes.editor", "")
    parent.keys(f"alt+{LETTER_I}")
    parent.see("state:nav.inspector", "selected")
    parent.keys(f"alt+{N}")
    parent.see("state:nav.notes", "selected")


def test_shortcuts_work_with_caps_lock_on(parent: WindowParent) -> None:
    parent.keys(CAPS_LOCK, A)
    parent.see("notes.editor", "A")
    parent.keys(f"ctrl+{A}", f"ctrl+{C}", f"ctrl+{N}")
    parent.see("notes.editor", "")
    parent.keys(f"ctrl+{V}")
    parent.see("notes.editor", "A")
    parent.keys(f"alt+{LETTER_I}")
    parent.see("state:nav.inspector", "selected")
    parent.keys(f"ctrl+{Q}")
    parent.until(lambda: parent.ended)


def test_dead_keys_compose_and_alt_gr_are_right(parent: WindowParent) -> None:
    layout(parent, "us", "-variant", "intl", "-option", "compose:rctrl")
    parent.keys(APOSTROPHE, E)
    parent.see("notes.editor", "é")
    parent.keys(RIGHT_CONTROL, "32", "32", RIGHT_CONTROL, A, E)
    parent.see("notes.editor", "é°æ")
    parent.xdotool("keydown", ALT_GR, "key", "--delay", "20", "39", "keyup", ALT_GR)
    parent.see("notes.editor", "é°æß")


def test_a_person_s_own_compose_keys_are_known(display: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / ".XCompose").write_text('include "%L"\n<Multi_key> <r> <a> : "refapp"\n')
    parent = WindowParent({**display, "LC_ALL": "C.UTF-8", "HOME": str(tmp_path)})
    parent.start()
    parent.ready(snapshot(Phase.SIGNED_IN, owner=5))
    layout(parent, "us", "-option", "compose:rctrl")
    parent.see("focus", "notes.editor")
    parent.keys(RIGHT_CONTROL, "27", A)
    parent.see("notes.editor", "refapp")
    parent.close()
