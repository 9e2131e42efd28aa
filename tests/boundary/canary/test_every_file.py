"""Every file that the app writes is the person's alone, whatever the umask, at every moment of a
day with all kinds of them.
"""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from refapp.demo_server.transport import listening
from refapp.trusted.composition.launch import settings_of
from refapp.trusted.errors import ConfigError
from refapp.trusted.recorder import Recorder
from refapp.trusted.start.window_settings import NAME
from steps.in_process.inproc import InProcess
from steps.scenario.people import ADA, BOB

KINDS = {
    "tokens-*.json", "tokens-*.lock", "profile-*.json", "history-*.json", "sync-*.json",
    "refresh-*.json", "notes", "notes/*", "notes/*/*.json", "notes/*.apart.json", NAME,
}  # fmt: skip
"""Of each there has to be one, or the day has missed it."""


@pytest.fixture(params=[0o000, 0o022, 0o077], ids=["umask 000", "umask 022", "umask 077"])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


class Sweep:
    """``seen``: the kinds of files that were there at one moment or another."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.seen: set[str] = set()

    def look(self) -> None:
        """Every file and folder, as it is now."""
        for path in [self._folder, *self._folder.rglob("*")]:
            found = path.lstat()
            wanted = 0o700 if stat.S_ISDIR(found.st_mode) else 0o600
            assert stat.S_IMODE(found.st_mode) == wanted, path
            assert found.st_uid == os.getuid()
            assert found.st_nlink == 1 or stat.S_ISDIR(found.st_mode), path
        self.seen |= {kind for kind in KINDS if list(self._folder.glob(kind))}


def test_a_day_leaves_no_file_that_others_can_read(tmp_path: Path, umask: int) -> None:
    del umask
    computer = InProcess(tmp_path)
    sweep = Sweep(computer.folder)
    try:
        computer.open()
        computer.write_note("Of nobody's")
        sweep.look()
        computer.type_credentials(ADA.email, ADA.password)
        computer.pass_time(1)
        computer.write_note("Dear diary")
        computer.press("keep apart")
        computer.say("remember_window", x=0, y=0, width=800, height=600, text=10, colours="dark")
        computer.pass_time(10)
        sweep.look()
        computer.server.do("expire_access", email=ADA.email)
        computer.server.do("hold_next", path="/api/auth/refresh")
        computer.press("sync")
        sweep.look()
        computer.server.do("release")
        computer.rest()
        computer.server.do("revoke_all", email=ADA.email)
        computer.press("sync")
        sweep.look()
        computer.add_account(BOB)
        computer.type_credentials(BOB.email, BOB.password)
        computer.pass_time(1)
        sweep.look()
        computer.close()
        sweep.look()
    finally:
        computer.finish()
    assert sweep.seen == KINDS


def test_the_embedded_server_s_port_and_the_trace_too(tmp_path: Path, umask: int) -> None:
    del umask
    settings_of("", tmp_path / "home")
    Recorder(tmp_path / "trace").note("parent", "window", "state")
    for path in (tmp_path / "home" / "demo-port", tmp_path / "trace"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_embedded_server_gets_a_port_that_nobody_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another's that listens there already would be taken for it."""
    any_below = secrets.randbelow
    with listening(0) as taken:
        port = taken.getsockname()[1]
        first = [port - 20_000] * 2
        monkeypatch.setattr(secrets, "randbelow", lambda n: first.pop() if first else any_below(n))
        assert settings_of("", tmp_path).origin != f"http://127.0.0.1:{port}"
    assert first == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make another user's file")
@pytest.mark.parametrize("kind", ["a link", "a file", "a second name"])
def test_what_another_user_has_put_into_a_shared_folder_is_not_written_to(
    tmp_path: Path, kind: str
) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    mine, trace = tmp_path / "mine", shared / "trace"
    mine.write_text("mine")
    if kind == "a link":
        trace.symlink_to(mine)
    else:
        trace.write_text("theirs")
    os.chown(trace, 65534, 65534, follow_symlinks=False)
    if kind == "a second name":
        (shared / "other").hardlink_to(trace)
    with pytest.raises(PermissionError, match="another user's"):
        Recorder(trace)
    assert mine.read_text() == "mine"
    assert trace.read_text() == ("mine" if kind == "a link" else "theirs")


def test_a_link_of_one_s_own_is_followed(tmp_path: Path) -> None:
    (tmp_path / "trace").symlink_to(tmp_path / "elsewhere")
    Recorder(tmp_path / "trace").note("parent", "window", "state")
    assert (tmp_path / "elsewhere").read_text() != ""


def test_a_link_in_place_of_the_embedded_server_s_port_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("untouched")
    (tmp_path / "demo-port").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ConfigError, match="can't be used"):
        settings_of("", tmp_path)
    assert (tmp_path / "elsewhere").read_text() == "untouched"


@pytest.mark.parametrize(
    "planted", ["tokens-{}.lock", "tokens-{}.json", "profile-{}.json", "history-{}.json"]
)
def test_a_link_in_place_of_a_file_of_the_app_s_is_not_followed(
    tmp_path: Path, planted: str
) -> None:
    computer = InProcess(tmp_path)
    elsewhere = tmp_path / "elsewhere"
    computer.folder.mkdir(exist_ok=True)
    elsewhere.write_text("untouched")
    try:
        name = planted.format(computer.token_file().stem.removeprefix("tokens-"))
        (computer.folder / name).symlink_to(elsewhere)
        computer.open()
        computer.type_credentials(ADA.email, ADA.password)
        computer.pass_time(30)
    finally:
        computer.finish()
    assert elsewhere.read_text() == "untouched"
