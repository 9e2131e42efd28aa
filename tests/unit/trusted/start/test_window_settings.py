"""How the window was left:
what is read back, what is not believed, and whose word counts for the colours.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from refapp import messages as m
from refapp.trusted.config import data_dir
from refapp.trusted.recorder import Recorder
from refapp.trusted.start import window_settings
from refapp.trusted.window.appearance import Appearance
from refapp.untrusted.frame.window import within

LEFT = m.WindowParams(x=30, y=-4, width=800, height=500, text=13, colours="system")


def appearance(folder: Path, wanted: m.Colours = "system") -> Appearance:
    return Appearance(folder, wanted, Recorder(None))


def test_a_first_start_has_nothing_to_say(tmp_path: Path) -> None:
    assert window_settings.words(str(tmp_path), "system") == ["--theme", "light"]


def test_a_pipe_in_its_place_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / window_settings.NAME)
    assert window_settings.words(str(tmp_path), "system") == ["--theme", "light"]


def test_the_window_comes_back_where_and_as_it_was_left(tmp_path: Path) -> None:
    appearance(tmp_path).remember(LEFT)
    said = window_settings.words(str(tmp_path), "system")
    assert said == ["--theme", "light", "--place", "30,-4,800,500", "--text", "13"]


@pytest.mark.parametrize(
    "text",
    ["", "width", "width = 0\n", "x = 1\ny = 2\nwidth = 99999999999\nheight = 500\n",
     "text = twelve\n", "text = 99\n",
     "theme = dark\n", "colours = pink\n", "x = ²\n", "\0\0\0", "width = 800\n" * 5000],
)  # fmt: skip
def test_a_file_that_makes_no_sense_is_not_believed(tmp_path: Path, text: str) -> None:
    (tmp_path / window_settings.NAME).write_text(text)
    assert window_settings.words(str(tmp_path), "system") == ["--theme", "light"]


def test_the_limits_are_those_of_the_channel() -> None:
    for name, (least, most) in window_settings.LIMITS.items():
        for value, good in ((least, True), (most, True), (least - 1, False), (most + 1, False)):
            text = (
                f'{{"jsonrpc":"2.0","id":1,"method":"remember_window",'
                f'"params":{line(**{name: value})}}}'
            )
            assert decodes(text) is good, (name, value)


def line(**changes: int) -> str:
    values = {"x": 0, "y": 0, "width": 800, "height": 500, "text": 10, **changes}
    return (
        "{" + "".join(f'"{name}":{value},' for name, value in values.items()) + '"colours":"dark"}'
    )


def decodes(text: str) -> bool:
    from refapp.wire import ProtocolError, decode_up

    try:
        decode_up(text.encode())
    except ProtocolError:
        return False
    return True


def test_the_folder_is_the_one_of_all_other_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert window_settings.folder_of(str(tmp_path)) == str(data_dir(tmp_path))
    for place in ("", "/somewhere/else"):
        monkeypatch.setenv("XDG_DATA_HOME", place)
        assert window_settings.folder_of("") == str(data_dir(None))


def test_the_desktop_s_colours_count_until_the_person_chooses(tmp_path: Path) -> None:
    look, told = appearance(tmp_path), []
    look.changed = lambda: told.append(look.theme())
    look.desktop_is("dark")
    look.desktop_is("dark")
    assert told == ["dark"]
    look.remember(LEFT.__class__(30, 30, 800, 500, 13, "light"))
    assert told == ["dark", "light"]
    assert window_settings.words(str(tmp_path), "system")[:2] == ["--theme", "light"]
    assert appearance(tmp_path).colours() == "light"


def test_the_last_colours_of_the_desktop_are_those_of_the_next_first_paint(tmp_path: Path) -> None:
    appearance(tmp_path).desktop_is("dark")
    assert window_settings.words(str(tmp_path), "system") == ["--theme", "dark"]


def test_high_contrast_follows_the_desktop_whatever_colours_were_chosen(tmp_path: Path) -> None:
    look, told = appearance(tmp_path), []
    look.changed = lambda: told.append(look.theme())
    look.contrast_is("high")
    look.desktop_is("dark")
    look.remember(m.WindowParams(1, 1, 800, 500, 13, "light"))
    assert told == ["light-contrast", "dark-contrast", "light-contrast"]
    assert window_settings.words(str(tmp_path), "system")[:2] == ["--theme", "light-contrast"]
    look.contrast_is("usual")
    assert window_settings.words(str(tmp_path), "system")[:2] == ["--theme", "light"]


def test_high_contrast_can_be_chosen_where_the_desktop_does_not_say_it(tmp_path: Path) -> None:
    look = appearance(tmp_path)
    look.desktop_is("dark")
    look.remember(m.WindowParams(1, 1, 800, 500, 13, "contrast"))
    assert (look.theme(), appearance(tmp_path).colours()) == ("dark-contrast", "contrast")
    assert window_settings.words(str(tmp_path), "light")[:2] == ["--theme", "light"]
    assert window_settings.words(str(tmp_path), "contrast")[:2] == ["--theme", "dark-contrast"]


def test_the_command_line_counts_for_its_run_alone(tmp_path: Path) -> None:
    look = appearance(tmp_path, "dark")
    assert (look.theme(), look.colours()) == ("dark", "dark")
    look.remember(m.WindowParams(1, 1, 800, 500, 13, "dark"))
    assert window_settings.words(str(tmp_path), "system")[:2] == ["--theme", "light"]
    look.remember(m.WindowParams(1, 1, 800, 500, 13, "light"))
    assert look.theme() == "light"


def test_a_disk_that_does_not_take_it_is_no_trouble(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    look = appearance(tmp_path / "file")
    look.remember(m.WindowParams(1, 1, 800, 500, 13, "dark"))
    assert look.theme() == "dark"


@pytest.mark.parametrize(
    ("left", "comes_back"),
    [
        ((10, 20, 800, 500), (10, 20, 800, 500)),
        ((-40, -5, 800, 500), (0, 0, 800, 500)),
        ((1900, 1000, 800, 500), (480, 300, 800, 500)),
        ((0, 0, 5000, 5000), (0, 0, 1280, 800)),
    ],
)
def test_a_window_comes_up_on_the_screen_that_there_is(
    left: tuple[int, ...], comes_back: tuple[int, ...]
) -> None:
    assert within(left, 1280, 800) == comes_back


def test_what_is_read_before_the_first_paint_is_cheap_to_import() -> None:
    script = (
        "import sys, refapp.trusted.start.window_settings; print(sorted(set(sys.modules) & "
        "{'pathlib', 'json', 'msgspec'}))"
    )
    done = subprocess.run([sys.executable, "-I", "-S", "-c",
                           f"import sys; sys.path.insert(0, '.'); {script}"],
                          capture_output=True, text=True, check=True)  # fmt: skip
    assert done.stdout == "[]\n"
