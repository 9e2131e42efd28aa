"""The folder of a window's cookie:
gone once the window is in, and of a run that was killed at the next start.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from refapp.trusted.start.cookie_place import CookiePlace, sweep
from refapp.trusted.start.display import Display


def test_a_window_that_never_came_in_leaves_no_cookie_when_the_app_ends(tmp_path: Path) -> None:
    display = Display({}, str(tmp_path))
    display._cookie.keep(b"cookie")
    display.close()
    assert list(tmp_path.iterdir()) == []


def left_by_a_run_that_was_killed(place: Path) -> Path:
    folder = place / f"refapp-{'a' * 16}"
    folder.mkdir(mode=0o700)
    (folder / "cookie").write_bytes(b"old")
    return folder


def test_the_cookie_is_its_users_alone_and_goes_with_its_folder(tmp_path: Path) -> None:
    here = CookiePlace(str(tmp_path))
    cookie = Path(here.keep(b"first"))
    assert Path(here.keep(b"second")) == cookie
    assert cookie.read_bytes() == b"second"
    assert (cookie.parent.stat().st_mode & 0o777, cookie.stat().st_mode & 0o777) == (0o700, 0o600)
    here.forget()
    here.forget()
    assert list(tmp_path.iterdir()) == []
    assert Path(here.keep(b"third")) == cookie
    here.forget()


def test_what_a_run_that_was_killed_left_is_gone_at_the_next_start(tmp_path: Path) -> None:
    old = left_by_a_run_that_was_killed(tmp_path)
    empty = tmp_path / f"refapp-{'b' * 16}"
    empty.mkdir(mode=0o700)
    here = CookiePlace(str(tmp_path))
    here.keep(b"new")
    assert not old.exists()
    assert not empty.exists()
    here.forget()


def test_what_another_copy_needs_and_what_is_not_ours_stays(tmp_path: Path) -> None:
    other = CookiePlace(str(tmp_path))
    cookie = Path(other.keep(b"other"))
    elsewhere = left_by_a_run_that_was_killed(tmp_path).rename(tmp_path / "elsewhere")
    (tmp_path / f"refapp-{'c' * 16}").symlink_to(elsewhere)
    (tmp_path / "refapp-desktop-x").mkdir()
    full = tmp_path / f"refapp-{'d' * 16}"
    full.mkdir()
    (full / "letters").write_text("mine")
    before = sorted(tmp_path.iterdir())
    here = CookiePlace(str(tmp_path))
    own = Path(here.keep(b"new")).parent
    assert sorted(set(tmp_path.iterdir()) - {own}) == before
    assert (cookie.read_bytes(), (elsewhere / "cookie").exists()) == (b"other", True)
    here.forget()
    other.forget()


def test_a_folder_that_another_start_takes_away_before_it_is_ours_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not locked yet, it looks like one that a killed run has left."""
    made = os.makedirs
    swept = []

    def made_and_taken_away(path: str, mode: int, *, exist_ok: bool) -> None:
        made(path, mode, exist_ok=exist_ok)
        if not swept:
            swept.append(path)
            sweep(str(tmp_path))

    monkeypatch.setattr(os, "makedirs", made_and_taken_away)
    here = CookiePlace(str(tmp_path))
    assert Path(here.keep(b"mine")).read_bytes() == b"mine"
    assert swept
    here.forget()
