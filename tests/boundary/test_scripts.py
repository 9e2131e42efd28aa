"""What people write in each script looks in the locked window as in a plain Tk window with the same
fonts (DG-5).

The plain window is the same one, unconfined and not behind a gate: every pixel of the two is
compared. Where no font for a script is there, both show the same boxes, and neither ends.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from refapp.snapshot import NoteSummary, Phase, Service, User
from refapp.trusted.start import spawn
from refapp.trusted.start.display import Display
from tests.boundary.test_display import Program
from tests.boundary.window_parent import NOTE, WindowParent, snapshot

FONTS = Path(__file__).parents[2] / ".venv/fonts"
USUAL = ("fonts-noto-cjk", "fonts-noto-core", "fonts-noto-color-emoji")
SCRIPTS = {
    "Chinese": "你好，世界 漢字",
    "Japanese": "日本語 かな カナ",
    "Korean": "한국어",
    "Hindi": "नमस्ते दुनिया",
    "Thai": "สวัสดีชาวโลก",
    "Arabic": "مرحبا بالعالم",
    "Hebrew": "שלום עולם",
    "emoji": "😀 🎉 👍",
}

OF_DEJAVU = ("Arabic", "Hebrew")
"""Scripts of the font that is there anyway."""
WITHOUT_LANDLOCK = (
    sys.executable,
    str(Path(__file__).with_name("programs") / "without_landlock.py"),
)
PREFER = """<fontconfig><alias binding="strong"><family>sans-serif</family>
<prefer><family>{}</family></prefer></alias></fontconfig>"""

pytestmark = pytest.mark.skipif(
    not (FONTS / ".made").exists(), reason="the fonts are missing: .ci/setup test"
)


Home = Callable[[tuple[str, ...], str], dict[str, str]]


@pytest.fixture(scope="module")
def home() -> Iterator[Home]:
    """The environment of a person whose own fonts are those of some packages,
    one family of which she prefers.
    """
    made: dict[tuple[tuple[str, ...], str], dict[str, str]] = {}
    with tempfile.TemporaryDirectory(dir=FONTS.parent) as place:

        def have(packages: tuple[str, ...], preferred: str) -> dict[str, str]:
            if (packages, preferred) not in made:
                folder = Path(place, str(len(made)))
                (folder / ".fonts").mkdir(parents=True)
                # As links to the same files, for a link to another folder could not be followed.
                for package in packages:
                    subprocess.run(["cp", "-al", FONTS / package, folder / ".fonts"], check=True)
                config = folder / ".config/fontconfig/fonts.conf"
                config.parent.mkdir(parents=True)
                config.write_text(PREFER.format(preferred or "DejaVu Sans"))
                env = spawn.environment({"LANG": "C.UTF-8"}, str(folder))
                subprocess.run(["fc-cache"], env=env, check=True)
                made[packages, preferred] = env
            return made[packages, preferred]

        yield have


@contextlib.contextmanager
def shown(
    env: dict[str, str],
    folder: Path,
    text: str,
    theme: str,
    *,
    locked: bool,
    without: Sequence[str] = (),
) -> Iterator[WindowParent]:
    """A window that shows ``text`` as the name with its initials,
    a note's title, and a note with its summary.
    """
    display = Display(env, str(folder))
    try:
        if locked:
            display.admit()
        parent = WindowParent(display.env if locked else env, theme=theme)
        command = spawn.own_window(on_violation="kill", unsandboxed=not locked)
        parent.start(command=[*without, *command, "--place", "0,0,800,560", "--theme", theme])
        if locked:
            display.admitted(parent.child.pid)
        parent.display = env  # the keys and the pictures are no business of the gate
        parent.text = parent.summary = text
        parent.ready(
            snapshot(
                Phase.SIGNED_IN,
                theme=theme,
                user=User(text, "ada@example.com"),
                notes=[NoteSummary(NOTE, text, 1.0)],
                sync=Service("ready"),
                assistant=Service("ready"),
            )
        )
        yield parent
        parent.close()
    finally:
        display.close()


def opened(parent: WindowParent, text: str) -> bytes:
    """The picture of the window with the note open and its summary."""
    parent.keys("shift+Tab", "Down")
    parent.see("notes.editor", text)
    parent.keys("alt+m")
    parent.until(lambda: parent.seen.get("notes.summary") == text)
    return picture(parent)


def picture(parent: WindowParent) -> bytes:
    """All pixels of the screen, once two looks are alike."""
    before = b""
    while (now := _look(parent)) != before:
        before = now
    return now


def _look(parent: WindowParent) -> bytes:
    parent.turn(0.1)
    command = ["import", "-window", "root", "-depth", "8", "rgb:-"]
    return subprocess.run(
        command, env={**os.environ, **parent.display}, check=True, capture_output=True
    ).stdout


def compared(env: dict[str, str], folder: Path, text: str, theme: str = "light") -> bytes:
    """The picture, which is the same in the locked window and in the plain one."""
    pictures = []
    for locked in (True, False):
        with shown(env, folder, text, theme, locked=locked) as parent:
            pictures.append(opened(parent, text))
    assert pictures[0] == pictures[1], f"{text}: the locked window looks otherwise"
    return pictures[0]


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_script_looks_as_in_a_plain_window(
    display: dict[str, str], home: Home, tmp_path: Path, script: str
) -> None:
    text = SCRIPTS[script]
    with_fonts = compared({**home(USUAL, ""), **display}, tmp_path, text)
    without = compared({**home((), ""), **display}, tmp_path, text)
    assert (with_fonts == without) is (script in OF_DEJAVU), "the fonts make the difference"


def test_they_look_so_in_the_dark_too(display: dict[str, str], home: Home, tmp_path: Path) -> None:
    compared({**home(USUAL, ""), **display}, tmp_path, " ".join(SCRIPTS.values()), "dark")


@pytest.mark.parametrize(
    ("packages", "preferred"),
    [
        ((*USUAL, "fonts-noto-extra"), ""),
        ((*USUAL, "fonts-inter"), "Inter"),
        ((*USUAL, "fonts-lato"), "Lato"),
    ],
    ids=["noto-extra", "Inter", "Lato"],
)
def test_all_scripts_at_once(
    display: dict[str, str], home: Home, tmp_path: Path, packages: tuple[str, ...], preferred: str
) -> None:
    """With so many fonts,
    Tk ended the window at the first character that it could open none for.
    """
    compared({**home(packages, preferred), **display}, tmp_path, " ".join(SCRIPTS.values()))


@pytest.mark.parametrize(
    ("packages", "preferred"),
    [
        ((), ""),
        (USUAL, ""),
        ((*USUAL, "fonts-noto-extra"), "Noto Sans"),
        ((*USUAL, "fonts-inter"), "Inter"),
        ((*USUAL, "fonts-lato"), "Lato"),
    ],
    ids=["no fonts", "fonts", "noto-extra", "Inter", "Lato"],
)
def test_where_no_font_can_be_opened_any_more_the_others_are_boxes_and_nothing_ends(
    display: dict[str, str], home: Home, tmp_path: Path, packages: tuple[str, ...], preferred: str
) -> None:
    """On a kernel without Landlock all files stay closed. What is written is kept as it is."""
    text = " ".join(SCRIPTS.values())
    env = {**home(packages, preferred), **display}
    with shown(env, tmp_path, text, "light", locked=True, without=WITHOUT_LANDLOCK) as parent:
        assert opened(parent, text)


def test_each_script_can_be_pasted(display: dict[str, str], home: Home, tmp_path: Path) -> None:
    env = {**home(USUAL, ""), **display}
    with shown(env, tmp_path, "", "light", locked=True) as parent, Program(env, "other") as other:
        other.up()
        parent.xdotool("windowfocus", "--sync", parent.window())
        for text in SCRIPTS.values():
            parent.keys("ctrl+n")
            parent.see("focus", "notes.editor")
            parent.see("notes.editor", "")
            assert other.does(f"copy {text}") == "copied"
            parent.keys("ctrl+v")
            parent.see("notes.editor", text)
