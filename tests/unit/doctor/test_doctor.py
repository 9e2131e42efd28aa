"""doctor's verdicts, one by one, without a machine;
and that the looking finds what is really there.
"""

from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path

import pytest

from refapp import doctor
from refapp.doctor import findings, probes
from refapp.doctor.findings import File, Finding, SeenDisplay, Verdict
from refapp.snapshot import Check
from refapp.tour.desktop import PrivateDesktop
from refapp.trusted.config import Settings
from refapp.trusted.files import places
from refapp.trusted.files.history import History
from refapp.trusted.keys.storage_state import StorageState
from refapp.trusted.network.no_answer import Cause, NoAnswer
from refapp.trusted.recorder import Recorder
from refapp.trusted.server.verdict import Reply
from refapp.trusted.window.confinement import abilities

ORIGIN = "https://auth.example.com"
SCREEN = SeenDisplay("8.6", reached=True, wrong="")


def reply(status: int, body: object) -> Reply:
    return Reply(status, {}, json.dumps(body).encode())


@pytest.mark.parametrize(
    ("python", "tk", "verdicts"),
    [
        ((3, 11, 2), "8.6", [Verdict.OK, Verdict.OK]),
        ((3, 10, 9), "8.6", [Verdict.FAILED, Verdict.OK]),
        ((3, 12, 0), "", [Verdict.OK, Verdict.FAILED]),
    ],
)
def test_versions(python: tuple[int, int, int], tk: str, verdicts: list[Verdict]) -> None:
    found = findings.versions(python, SeenDisplay(tk, reached=False, wrong=""))
    assert [finding.verdict for finding in found] == verdicts
    assert all(
        bool(finding.cure) is (finding.verdict is Verdict.FAILED) or finding.name == "Python"
        for finding in found
    )


@pytest.mark.parametrize(
    ("name", "wayland", "screen", "verdict", "said"),
    [
        (":0", False, SCREEN, Verdict.OK, "a gate in front of it"),
        (
            ":0",
            False,
            SeenDisplay("8.6", reached=True, wrong="No gate."),
            Verdict.FAILED,
            "works. No gate.",
        ),
        (
            ":0",
            False,
            SeenDisplay("8.6", reached=False, wrong="No."),
            Verdict.FAILED,
            ":0 can't be reached. No.",
        ),
        ("", False, probes.NOTHING_SEEN, Verdict.FAILED, "DISPLAY is not set"),
        ("", True, probes.NOTHING_SEEN, Verdict.FAILED, "Wayland"),
    ],
)
def test_display(
    name: str, wayland: bool, screen: SeenDisplay, verdict: Verdict, said: str
) -> None:
    finding = findings.display(name, wayland=wayland, screen=screen)
    assert finding.verdict is verdict
    assert said in finding.sentence
    assert bool(finding.cure) is (verdict is not Verdict.OK)


@pytest.mark.parametrize(
    ("state", "verdict"),
    [
        ("ready", Verdict.OK),
        ("locked", Verdict.ATTENTION),
        ("unavailable", Verdict.FAILED),
        ("insecure", Verdict.FAILED),
        ("timeout", Verdict.FAILED),
    ],
)
def test_keychain(state: str, verdict: Verdict) -> None:
    finding = findings.keychain(StorageState(state, "Secret Service", "It is so.", "Do this."))
    assert finding.verdict is verdict
    assert (finding.sentence, finding.cure) == (
        ("Secret Service is open and encrypts what it keeps.", "")
        if verdict is Verdict.OK
        else ("It is so.", "Do this.")
    )


def test_without_a_session_bus_the_app_brings_its_own_or_the_command_is_named() -> None:
    state = StorageState("unavailable", "", "No keychain service answers on this desktop.")
    own = findings.keychain(state, bus=False)
    assert own.verdict is Verdict.OK
    assert "the app starts both for itself" in own.sentence
    assert own.cure.startswith("A program that uses the library has none here")
    missing = findings.keychain(state, bus=False, lacking=["dbus-daemon", "gnome-keyring"])
    assert (missing.verdict, missing.cure) == (
        Verdict.FAILED,
        "sudo apt-get install dbus-daemon gnome-keyring",
    )


def test_the_keychain_is_named_with_its_program_and_keyring() -> None:
    keeper = 'KeePassXC, keyring "Secrets"'
    good = findings.keychain(StorageState("ready", "Secret Service", keeper=keeper))
    bad = findings.keychain(
        StorageState("locked", "", "Your keychain is locked.", "Unlock it.", keeper)
    )
    assert good.sentence == 'KeePassXC, keyring "Secrets" is open and encrypts what it keeps.'
    assert bad.sentence == 'Your keychain is locked. (KeePassXC, keyring "Secrets")'


@pytest.mark.parametrize(
    ("check", "verdict"),
    [
        (Check("System call filter", held=True), Verdict.OK),
        (Check("System call filter", held=False, detail="missing"), Verdict.FAILED),
        (Check("Landlock", held=False, detail="off"), Verdict.ATTENTION),
    ],
)
def test_sandbox(check: Check, verdict: Verdict) -> None:
    [finding] = findings.sandbox([check])
    assert finding.verdict is verdict
    assert check.name in finding.sentence
    assert bool(finding.cure) is not check.held


def test_every_ability_without_which_no_window_starts_is_one_that_is_looked_at() -> None:
    assert set(findings.REQUIRED) - {"Confinement"} <= {check.name for check in abilities()}
    assert set(findings.ADVISABLE) <= {check.name for check in abilities()}


@pytest.mark.parametrize(
    ("origin", "came", "demo", "verdict", "said"),
    [
        (ORIGIN, reply(200, {"ok": True}), True, Verdict.OK, "answers as an auth server"),
        (ORIGIN, reply(200, {"ok": False}), True, Verdict.FAILED, "of an auth server's shape"),
        (
            ORIGIN,
            Reply(200, {}, b"<html>"),
            True,
            Verdict.FAILED,
            "a web page (status 200), not an auth server",
        ),
        (ORIGIN, reply(404, {}), True, Verdict.FAILED, "status 404"),
        (
            ORIGIN,
            NoAnswer(Cause.EXPIRED, "auth.example:443", said="on 2026-01-01 00:00 UTC"),
            True,
            Verdict.FAILED,
            "can't prove who it is",
        ),
        (
            ORIGIN,
            NoAnswer(Cause.PROXY_MISSPELT, variable="ALL_PROXY"),
            True,
            Verdict.FAILED,
            "the proxy that ALL_PROXY names can't be used",
        ),
        (ORIGIN, reply(503, {}), True, Verdict.FAILED, "it has a problem"),
        ("", None, True, Verdict.OK, "embedded"),
        ("", None, False, Verdict.FAILED, "not installed"),
    ],
)
def test_server(
    origin: str, came: Reply | NoAnswer | None, demo: bool, verdict: Verdict, said: str
) -> None:
    finding = findings.server(origin, came, demo=demo)
    assert finding.verdict is verdict
    assert said in finding.sentence


FOLDER = File("the folder", 0o700, 4096, is_folder=True)
OPEN_FOLDER = File("the folder", 0o755, 4096, is_folder=True)
TOKENS = File("tokens-1.json", 0o600, 321)


@pytest.mark.parametrize(
    ("found", "verdict", "said"),
    [
        (None, Verdict.OK, "None yet"),
        ([], Verdict.FAILED, "can't be read"),
        ([FOLDER, TOKENS], Verdict.OK, "tokens-1.json 0600 321 B"),
        (
            [OPEN_FOLDER, File("tokens-1.json", 0o640, 321)],
            Verdict.ATTENTION,
            "tokens-1.json (0640)",
        ),
        ([OPEN_FOLDER, TOKENS], Verdict.ATTENTION, "the folder (0755)"),
    ],
)
def test_files(found: list[File] | None, verdict: Verdict, said: str) -> None:
    finding = findings.files("/home/ada/refapp", found)
    assert finding.verdict is verdict
    assert said in finding.sentence


def test_why_the_last_session_ended(tmp_path: Path) -> None:
    assert findings.history(probes.history(tmp_path)) == []
    times = iter((2.0, 1.0))
    for server in ("https://b.example.com", "https://a.example.com"):
        kept = History(places.history(tmp_path, server), Recorder(), lambda: next(times))
        kept.keep("The newest one." if "b." in server else "The first one.", "ada")
    [finding] = findings.history(probes.history(tmp_path))
    assert finding.verdict is Verdict.OK
    assert "1970" in finding.sentence or "1969" in finding.sentence
    assert finding.sentence.endswith(": The newest one.")


def test_the_exit_code_is_about_failures_alone() -> None:
    rows = [Finding("a", Verdict.OK, "x"), Finding("b", Verdict.ATTENTION, "y")]
    assert findings.exit_code(rows) == 0
    assert findings.exit_code([*rows, Finding("c", Verdict.FAILED, "z")]) == 1


def test_the_table_keeps_to_the_width_and_cuts_no_command() -> None:
    command = "sudo apt-get install --no-install-recommends xvfb"
    text = findings.table(
        [
            Finding("Display", Verdict.FAILED, "word " * 40, command),
            Finding("Tk", Verdict.OK, "Fine."),
        ],
        80,
    )
    lines = text.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[0].startswith("FAILED     Display  word")
    assert any(line.strip() == f"-> {command}" for line in lines)
    assert lines[-1] == "1 ok, 0 attention, 1 FAILED"


def test_the_files_are_looked_at_and_not_read(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert probes.files(home) is None
    home.mkdir(mode=0o700)
    secret = home / "tokens-1.json"
    secret.write_text("very secret")
    secret.chmod(0o644)
    found = probes.files(home)
    assert found == [
        File("the folder", 0o700, home.stat().st_size, is_folder=True),
        File("tokens-1.json", 0o644, 11),
    ]
    assert "secret" not in findings.files(str(home), found).sentence


def test_what_lies_in_a_folder_that_is_closed_to_others_is_no_alarm() -> None:
    inside = [
        File("demo-port", 0o644, 5),
        File("notes", 0o755, 60, is_folder=True),
        File("tokens-1.json", 0o600, 900),
    ]
    assert findings.files("/x", [FOLDER, *inside]).verdict is Verdict.OK
    alarm = findings.files("/x", [OPEN_FOLDER, *inside])
    assert alarm.verdict is Verdict.ATTENTION
    assert alarm.sentence.endswith("/x: the folder (0755), demo-port (0644), notes (0755).")


def test_a_file_that_is_gone_by_now_and_a_link_s_own_mode_are_no_alarm(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    (home / ".tokens-1.0123.tmp").symlink_to(tmp_path / "nothing")
    (tmp_path / "link").symlink_to(home)
    found = probes.files(tmp_path / "link")
    assert found == [File("the folder", 0o700, home.stat().st_size, is_folder=True)]


def test_a_file_in_the_folder_s_place_can_not_be_read_as_one(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("mine")
    assert probes.files(tmp_path / "home") == []


def test_a_folder_in_it_that_is_gone_by_now_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "notes").mkdir()
    scandir = os.scandir

    def vanished(path: str | Path) -> object:
        if str(path).endswith("notes"):
            raise FileNotFoundError(2, "No such file or directory", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", vanished)
    assert [file.name for file in probes.files(tmp_path) or []] == ["the folder", "notes"]


def test_the_screen_is_seen_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    with PrivateDesktop() as desktop:
        for name in ("DISPLAY", "XAUTHORITY"):
            monkeypatch.setenv(name, desktop.env[name])
        seen = probes.screen()
        assert (seen.reached, seen.wrong) == (True, "")
        monkeypatch.setenv("XAUTHORITY", os.devnull)
        refused = probes.screen()
        assert not refused.reached
        assert "The X server refused the cookie" in refused.wrong
    assert seen.tk.startswith("8.") or seen.tk.startswith("9.")


def test_the_whole_of_it_on_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", "")
    monkeypatch.setattr("refapp.doctor.harden", list)
    monkeypatch.setattr(
        "refapp.doctor.probes.keychain",
        lambda _: StorageState("locked", "", "Locked.", "Unlock it."),
    )
    monkeypatch.setenv("https_proxy", "http://ada:s3cret@proxy.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "missing.pem"))
    out = io.StringIO()
    settings = Settings(origin="http://127.0.0.1:9", data_dir=tmp_path / "none")
    assert doctor.run(settings, out) == 1
    said = out.getvalue()
    for row in (
        "DISPLAY is not set",
        "Locked.",
        "-> Unlock it.",
        "http://127.0.0.1:9: The server",
        "None yet",
    ):
        assert row in said
    assert f"Python {sys.version_info[0]}.{sys.version_info[1]}" in said
    assert "https_proxy names proxy.example:80" in said
    assert "The certificates that SSL_CERT_FILE names can't be read" in said
    assert "s3cret" not in said
