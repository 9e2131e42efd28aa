"""Bad words on the command line, for every command: a sentence, exit code 2, no window left,
nothing written elsewhere.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from refapp import cli
from refapp.cli import FAILED, USAGE, main
from refapp.trusted.config import Settings, auth_path_of, origin_of, page_of
from refapp.trusted.errors import ConfigError
from refapp.trusted.recorder import Recorder
from refapp.trusted.server.auth_client import AuthClient
from refapp.trusted.server.origin_client import OriginClient
from refapp.trusted.server.pkce import Proof
from refapp.trusted.start import hardening, spawn
from refapp.trusted.start.spawn import Child
from refapp.trusted.window.window_ends import NO_DISPLAY

SERVER = "https://auth.example.com"
Said = Callable[[list[str]], str]


@pytest.fixture(autouse=True)
def children(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The window processes that were started.
    None may be left; this process stays open to debuggers.
    """
    started: list[int] = []

    def recorded(command: list[str], env: dict[str, str]) -> Child:
        child = spawn.spawn(command, env)
        started.append(child.pid)
        return child

    monkeypatch.setattr(hardening, "close_up", lambda: None)
    monkeypatch.setattr("refapp.trusted.start.first_window.spawn", recorded)
    yield started
    for pid in started:
        with pytest.raises(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str]) -> Said:
    """Runs a command that can't be carried out; the one line that it says."""

    def run(words: list[str]) -> str:
        assert main(words) == USAGE
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err.startswith("refapp: ")
        return said.err.splitlines()[0]

    return run


NO_SERVERS = [
    "",
    " ",
    "http://[x",
    "https://a℀b.example",
    "https://\udcff.example",
    "https://a b",
    "https://a..b",
    "https://-a.example",
    "https://%41",
    "https://[::g]",
    "https://256.256.256.256",
    "https://١.example",
    f"https://{'a' * 64}.example",
    "https://" + "a." * 130 + "example",
]


@pytest.mark.parametrize("server", NO_SERVERS, ids=lambda server: ascii(server)[:30])
@pytest.mark.parametrize("command", ["run", "doctor", "rotate-key"])
def test_an_address_that_is_none(command: str, server: str, tmp_path: Path, refused: Said) -> None:
    assert refused([command, "--home", str(tmp_path), "--server", server]).startswith(
        f"refapp: --server {server!r}"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words",
    [
        "--server http://[x",
        "--home /proc/refapp --server https://auth.example.com",
        "--trace /proc/refapp/x",
    ],
)
def test_a_window_that_was_started_already_is_ended(
    words: str, tmp_path: Path, children: list[int], refused: Said
) -> None:
    home = [] if "--home" in words else ["--home", str(tmp_path)]
    refused(["run", "--allow-ungated-display", *words.split(), *home])
    assert len(children) == 1


@pytest.mark.parametrize(
    ("server", "origin"),
    [
        ("HTTPS://Auth.Example.com:443/", "https://auth.example.com"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("https://BÜCHER.example.", "https://xn--bcher-kva.example"),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
        ("https://a_b-c.example.:8443", "https://a_b-c.example:8443"),
        ("https://[::1]:8443", "https://[::1]:8443"),
        ("https://[0:0::0:1]", "https://[::1]"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
        ("http://LOCALHOST.:80", "http://localhost"),
        ("https://host.example/product/", "https://host.example/product"),
        ("https://host.example:443/a/B.c", "https://host.example/a/B.c"),
    ],
)
def test_an_address_that_is_one(server: str, origin: str) -> None:
    assert origin_of(server) == origin
    assert origin_of(origin) == origin


@pytest.mark.parametrize("path", ["/auth", "/api/auth/", "/v1/a.b~c"])
def test_auth_endpoints_may_be_elsewhere(path: str) -> None:
    assert auth_path_of(path) == path.rstrip("/")


@pytest.mark.parametrize(
    "path", ["", "/", "auth", "/a//b", "/../a", "/a/.", "/a?b", "/a b", "https://host/a"]
)
def test_what_is_no_path_of_the_server(path: str, refused: Said, tmp_path: Path) -> None:
    for command in ("run", "doctor", "rotate-key"):
        words = [command, "--home", str(tmp_path), "--server", SERVER, "--auth-path", path]
        assert refused(words).startswith(f"refapp: --auth-path {path!r}")


def test_two_auth_servers_of_one_origin_are_two() -> None:
    folder = Path("/nowhere")
    bound = {
        Settings(origin=origin_of(server), data_dir=folder, auth_path=auth_path_of(path)).bound_to
        for server in ("https://h.example", "https://h.example/auth")
        for path in ("/api/auth", "/auth")
    }
    assert len(bound) == 4


@pytest.mark.parametrize(
    ("page", "link"),
    [
        ("/sign-in", "https://h.example/base/sign-in?client_id=electron&code_challenge=c&state=s"),
        (
            "/enter?lang=de",
            "https://h.example/base/enter?lang=de&client_id=electron&code_challenge=c&state=s",
        ),
        (
            "/#/sign-in",
            "https://h.example/base/?client_id=electron&code_challenge=c&state=s#/sign-in",
        ),
        (
            "https://app.example/x",
            "https://app.example/x?client_id=electron&code_challenge=c&state=s",
        ),
        (
            "http://127.0.0.1:3000/x",
            "http://127.0.0.1:3000/x?client_id=electron&code_challenge=c&state=s",
        ),
    ],
)
def test_the_sign_in_page_may_be_anywhere_safe(page: str, link: str) -> None:
    http = OriginClient(
        "https://h.example/base",
        recorder=Recorder(),
        clock=lambda: 0.0,
        connect_timeout_s=1,
        request_timeout_s=1,
    )
    assert (
        AuthClient(http, lambda: 0.0, page_of(page)).browser_link(Proof("v", "c", "s"), "") == link
    )


@pytest.mark.parametrize(
    "page",
    [
        "sign-in",
        "//h/x",
        "http://h.example/x",
        "https://a@h/x",
        "javascript://h/x",
        "https://",
        "/a b",
        "/a\n",
    ],
)
def test_a_sign_in_page_that_is_none(page: str) -> None:
    with pytest.raises(ConfigError, match="sign_in_page="):
        page_of(page)


@pytest.fixture(params=["a file", "in a file", "in /proc", "a loop"])
def no_folder(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    file = tmp_path / "file"
    file.write_text("mine")
    return {
        "a file": str(file),
        "in a file": str(file / "home"),
        "in /proc": "/proc/refapp",
        "a loop": str(_loop(tmp_path)),
    }[request.param]


def _loop(folder: Path) -> Path:
    """Where nobody gets to, root neither: a link to itself."""
    (folder / "loop").symlink_to(folder / "loop")
    return folder / "loop"


@pytest.mark.parametrize("server", [[], ["--server", SERVER]], ids=["embedded", "named"])
@pytest.mark.parametrize("command", ["run", "rotate-key"])
def test_a_home_that_can_not_be_one(
    command: str, server: list[str], no_folder: str, refused: Said
) -> None:
    said = refused([command, "--home", no_folder, *server])
    assert said.startswith(f"refapp: The app's folder {no_folder} can't be used: ")


def test_the_usual_folder_can_not_be_used_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: Said
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(_loop(tmp_path)))
    assert f"The app's folder {tmp_path}/loop/refapp can't be used" in refused(["run"])


@pytest.fixture
def command_file(tmp_path: Path) -> Path:
    path = tmp_path / "window"
    path.write_text("not a program")
    path.chmod(0o700)
    return path


def test_another_window_that_can_not_be_started(
    tmp_path: Path, command_file: Path, refused: Said
) -> None:
    base = [
        "run",
        "--home",
        str(tmp_path / "home"),
        "--server",
        SERVER,
        "--allow-ungated-display",
        "--ui",
    ]
    assert refused([*base, "foo 'bar"]) == 'refapp: --ui "foo \'bar": a quotation mark has no end.'
    for nothing in ("", " ", "nonsense-that-is-none", str(tmp_path)):
        assert refused([*base, nothing]) == f"refapp: --ui {nothing!r}: there is no such program."
    assert (
        refused([*base, str(command_file)])
        == f"refapp: --ui {str(command_file)!r} can't be started: Exec format error."
    )


def test_a_trace_that_can_not_be_written(tmp_path: Path, no_folder: str, refused: Said) -> None:
    trace = f"{no_folder}/trace"
    words = ["run", "--home", str(tmp_path / "home"), "--server", SERVER, "--trace", trace]
    assert refused(words).startswith(f"refapp: --trace {trace}: ")


PLACES = [
    "run --home",
    "run --trace",
    "doctor --home",
    "rotate-key --home",
    "notes --home",
    "tour --out",
]


@pytest.mark.parametrize("words", PLACES)
def test_a_place_without_a_name_is_not_where_one_happens_to_be(
    words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        main([*words.split(), ""])
    assert ended.value.code == USAGE
    assert f"argument {words.split()[1]}: give the name of a place" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
    assert not signal.pthread_sigmask(signal.SIG_BLOCK, ()), (
        "whoever called goes on, and would hear no signal any more"
    )


def test_a_page_that_can_not_be_written(no_folder: str, refused: Said) -> None:
    assert refused(["tour", "--out", no_folder]).startswith("refapp: ")


@pytest.mark.parametrize(
    ("end", "said"), [("closed", ""), ("full", "refapp: No space left on device.\n")]
)
@pytest.mark.parametrize("buffered", ["", "1"], ids=["buffered", "unbuffered"])
def test_nobody_takes_what_is_printed(end: str, said: str, buffered: str) -> None:
    read, write = os.pipe()
    os.close(read)
    full = os.open("/dev/full", os.O_WRONLY)
    command = [sys.executable, "-m", "refapp", "states"]
    out = full if end == "full" else write
    env = {**os.environ, "PYTHONUNBUFFERED": buffered}
    done = subprocess.run(
        command, env=env, stdout=out, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(write)
    os.close(full)
    assert (done.returncode, done.stderr) == (FAILED, said)


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_stream_that_is_not_there_is_not_missed(closed: str, tmp_path: Path) -> None:
    states = subprocess.run(
        ["/bin/sh", "-c", f'exec "$0" -m refapp states {closed}', sys.executable], check=False
    )
    assert states.returncode == 0
    env = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    words = f'exec "$0" -m refapp --home "$1" --server {SERVER} {closed}'
    run = subprocess.run(
        ["/bin/sh", "-c", words, sys.executable, str(tmp_path)], env=env, check=False
    )
    assert run.returncode == NO_DISPLAY


@pytest.mark.parametrize("display", ["", ":4711"], ids=["none", "out of reach"])
def test_without_a_display_it_says_what_shows_the_app_all_the_same(
    tmp_path: Path, display: str
) -> None:
    bus = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"}
    command = [sys.executable, "-m", "refapp", "--home", str(tmp_path), "--server", SERVER]
    run = subprocess.run(
        command,
        env={**os.environ, **bus, "DISPLAY": display},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == NO_DISPLAY
    assert run.stderr.startswith("refapp: There is no display to open a window on.")
    assert run.stderr.endswith("`refapp tour` needs no display.\n")


def test_a_name_without_letters_in_this_locale_is_printed_all_the_same(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "refapp", "doctor", "--home", str(tmp_path / "büro")]
    done = subprocess.run(
        command, env={**os.environ, "PYTHONIOENCODING": "ascii"}, capture_output=True, check=False
    )
    assert b"b\\xfcro" in done.stdout


def test_what_the_disk_refuses_is_a_sentence_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(_: object) -> int:
        raise PermissionError(13, "Permission denied", "/somewhere")

    monkeypatch.setitem(cli._COMMANDS, "states", fails)
    assert main(["states"]) == FAILED
    assert capsys.readouterr().err == "refapp: /somewhere: Permission denied.\n"


def test_somebody_without_a_home_folder_is_told_what_to_name(
    refused: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)

    def unknown(_: int) -> None:
        raise KeyError

    monkeypatch.setattr("pwd.getpwuid", unknown)
    for words in (["doctor"], ["rotate-key", "--server", SERVER], ["run", "--server", SERVER]):
        assert "--home DIR" in refused(words)


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "http://0.0.0.0:8000"},
        {"origin": "http://auth.example.com"},
        {"auth_path": "api"},
        {"sign_in_page": "x"},
    ],
)
def test_settings_that_a_program_makes_by_itself_are_checked_too(
    wrong: dict[str, str], tmp_path: Path
) -> None:
    with pytest.raises(ConfigError):
        Settings(**{"origin": "https://auth.example.com", "data_dir": tmp_path, **wrong})  # type: ignore[arg-type]
    assert (
        Settings(origin="HTTPS://Auth.Example.com:443/", data_dir=tmp_path).origin
        == "https://auth.example.com"
    )
