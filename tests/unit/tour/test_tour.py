"""The tour as a person runs it: all of it for real, and that it fails, and says so, when the app
does not do what it should.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from refapp import tour
from refapp.tour.private_server import PrivateServer
from refapp.tour.running_app import RunningApp
from refapp.tour.trace import NotSeen
from refapp.tour.walk import STEPS, Step, refresh, sign_in


def test_every_step_does_what_it_should(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = tour.run(tmp_path / "made" / "here")
    said = capsys.readouterr()
    assert (code, said.err) == (0, ""), said.out
    lines = said.out.splitlines()
    assert [line.split(" ... ")[0] for line in lines[: len(STEPS)]] == [
        f"{n}/{len(STEPS)} {step.name}" for n, step in enumerate(STEPS, 1)
    ]
    assert all(" ... ok (" in line for line in lines[: len(STEPS)])
    page = tmp_path / "made" / "here" / "index.html"
    assert lines[len(STEPS)] == f"The page: {page.as_uri()}"
    text = page.read_text()
    assert text.count("data:image/png;base64,") == len(STEPS)
    assert "analytical engine" not in text


def test_a_step_that_fails_ends_the_tour_and_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_app: RunningApp, _server: PrivateServer) -> None:
        raise NotSeen("The impossible did not happen.")

    def unreachable(_app: RunningApp, _server: PrivateServer) -> None:
        pytest.fail("the tour went on")

    steps = (Step("Impossible", "Try.", "It.", fail), Step("Later", "Try.", "It.", unreachable))
    monkeypatch.setattr(tour, "STEPS", steps)
    assert tour.run(tmp_path) == 1
    said = capsys.readouterr()
    assert "1/2 Impossible ... FAILED (" in said.out
    assert said.err == "refapp: a step did not do what it should: Impossible\n"
    text = (tmp_path / "index.html").read_text()
    assert "0 of 2 steps did what they should." in text
    assert "The impossible did not happen." in text


def test_the_refresh_step_sees_that_no_refresh_was_made(capsys: pytest.CaptureFixture[str]) -> None:
    """The step's own check:
    with a server that accepts the old token nothing is refreshed, and that is a failure.
    """

    def without_expiry(app: RunningApp, server: PrivateServer) -> None:
        class Forgetful(PrivateServer):
            def __init__(self) -> None:
                self.url, self.email, self.password = server.url, server.email, server.password

            def do(self, order: str, **details: object) -> int:
                return 1

        refresh(app, Forgetful())

    results = tour.walk(
        (Step("Sign-in", "", "", sign_in), Step("No refresh", "", "", without_expiry))
    )
    assert [bool(result.failure) for result in results] == [False, True]
    assert "It lacks server parent resource 401" in results[1].failure


def test_an_app_that_can_not_start_is_told_with_its_last_words(tmp_path: Path) -> None:
    from refapp.tour.desktop import PrivateDesktop

    with PrivateDesktop() as desktop:
        app = RunningApp(desktop, "http://example.com", tmp_path)
        with pytest.raises(NotSeen, match="the app ended with code 2"):
            app.start()
        app.picture(tmp_path / "screen.png")
    assert (tmp_path / "screen.png").stat().st_size > 0


def test_without_a_keychain_service_the_package_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert tour.run(tmp_path / "out") == 1
    assert "sudo apt-get install dbus gnome-keyring" in capsys.readouterr().err
    assert not list((tmp_path / "out").iterdir())


def test_a_folder_that_can_not_be_made_is_told_before_anything_starts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert tour.run(tmp_path / "file" / "out") == 2
    cure = "Name a folder that can be written to with --out DIR."
    assert (
        capsys.readouterr().err
        == f"refapp: --out {tmp_path / 'file' / 'out'}: Not a directory. {cure}\n"
    )


def test_a_folder_that_can_not_be_written_to_is_told_before_anything_starts(
    capsys: pytest.CaptureFixture[str],
) -> None:
    # Nobody can make a file there, root neither: as in a checkout that is mounted read-only.
    assert tour.run(Path("/proc/self")) == 2
    assert capsys.readouterr().err.startswith("refapp: --out /proc/self: ")
