"""Where the operating system can't confine the window,
the app says so and does not start it (SB-3).
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from refapp.cli import main
from refapp.trusted.start import hardening
from refapp.trusted.window.window_ends import NOT_CONFINED


@pytest.fixture(autouse=True)
def _this_process_stays_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hardening, "close_up", lambda: None)


def test_another_system_needs_an_explicit_word(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert (
        main(["run", "--home", str(tmp_path), "--server", "https://auth.example.com"])
        == NOT_CONFINED
    )
    said = capsys.readouterr().err
    assert "On darwin the window can't be confined" in said
    assert "--allow-unsandboxed-ui" in said


def test_windows_is_refused_even_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    words = [
        "run",
        "--home",
        str(tmp_path),
        "--server",
        "https://auth.example.com",
        "--allow-unsandboxed-ui",
    ]
    assert main(words) == NOT_CONFINED
    assert "On Windows" in capsys.readouterr().err


@pytest.mark.parametrize(
    "server",
    [
        "ftp://auth.example.com",
        "nonsense",
        "http://auth.example.com",
        "https://a.example/../b",
        "http://127.0.0.1:99999",
    ],
)
def test_a_server_that_can_not_be_used_is_refused_with_a_sentence(
    server: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["run", "--home", str(tmp_path), "--server", server]) == 2
    assert capsys.readouterr().err.startswith(f"refapp: --server {server!r}")
