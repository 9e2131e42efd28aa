"""A real desktop's scenarios need programs: which are not there is said once, with what to do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[4]


def test_a_computer_without_a_screen_and_a_keychain_is_told_what_to_install(
    tmp_path: Path,
) -> None:
    words = "-m pytest -q -p no:cacheprovider features/sign_in.feature --driver=desktop"
    done = subprocess.run(
        [sys.executable, *words.split()],
        cwd=CHECKOUT,
        env={**os.environ, "PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert (
        "A real desktop's scenarios need dbus-daemon, gnome-keyring-daemon, Xvfb, xdotool, "
        "openbox, which are not here: .ci/setup tour installs them."
    ) in done.stdout + done.stderr
    assert "FileNotFoundError" not in done.stdout
