"""What `make run` says and does where something is missing. Nothing is installed: apt-get and sudo are fakes."""

from __future__ import annotations

import dataclasses
import shutil
import subprocess
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
NEEDED_BY_THE_SCRIPTS = ("sh", "dirname", "mktemp", "rm", "tail", "sed", "touch", "env", "cat")
TOUR = ("dbus-daemon", "gnome-keyring-daemon", "Xvfb", "xdotool", "openbox")


@dataclasses.dataclass
class Machine:
    """A checkout with nothing but the scripts, and a PATH with nothing but ``has``."""

    root: Path

    def has(self, *programs: str, script: str = 'echo "$0 $*" >>"${0%/bin/*}/log"') -> None:
        for program in programs:
            path = self.root / "bin" / program
            path.unlink(missing_ok=True)
            path.write_text(f"#!/bin/sh\n{script}\n")
            path.chmod(0o755)

    def run(self, script: str, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sh", str(self.root / ".ci" / script), *arguments],
            env={"PATH": str(self.root / "bin"), **env},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def called(self) -> list[str]:
        log = self.root / "log"
        lines = log.read_text().splitlines() if log.exists() else []
        return [line.replace(f"{self.root}/bin/", "") for line in lines]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    shutil.copytree(CHECKOUT / ".ci", tmp_path / ".ci")
    (tmp_path / "bin").mkdir()
    for program in NEEDED_BY_THE_SCRIPTS:
        found = shutil.which(program)
        assert found is not None
        (tmp_path / "bin" / program).symlink_to(found)
    machine = Machine(tmp_path)
    machine.has("apt-get")
    as_user(machine, 0)
    return machine


def as_user(machine: Machine, number: int) -> None:
    machine.has("id", script=f"echo {number}")


def test_what_is_there_is_left_alone(machine: Machine) -> None:
    machine.has(*TOUR)
    done = machine.run("setup", "packages", "tour")
    assert (done.returncode, done.stderr, machine.called()) == (0, "", [])


def test_root_gets_what_is_missing_and_no_more(machine: Machine) -> None:
    machine.has(*TOUR[2:])
    done = machine.run("setup", "packages", "tour")
    assert done.returncode == 0
    assert "system packages that are missing: dbus gnome-keyring" in done.stderr
    assert machine.called() == [
        "apt-get -q update",
        "apt-get -q -y install --no-install-recommends dbus gnome-keyring",
    ]


def test_an_ordinary_user_gets_it_through_sudo(machine: Machine) -> None:
    as_user(machine, 1000)
    machine.has("sudo", script='echo "$0 $*" >>"${0%/bin/*}/log"; [ "$1" = -n ] || exec "$@"')
    assert machine.run("setup", "packages", "keychain").returncode == 0
    assert [line for line in machine.called() if line.startswith("apt-get")] == [
        "apt-get -q update",
        "apt-get -q -y install --no-install-recommends dbus gnome-keyring",
    ]


def test_without_sudo_the_exact_command_is_given(machine: Machine) -> None:
    as_user(machine, 1000)
    done = machine.run("setup", "packages", "keychain")
    assert done.returncode == 1
    assert (
        "As root, run this, then try again: apt-get install --no-install-recommends dbus gnome-keyring\n" in done.stderr
    )
    assert machine.called() == []


def test_a_sudo_that_wants_a_password_from_nobody_is_not_waited_for(machine: Machine) -> None:
    as_user(machine, 1000)
    machine.has("sudo", script="exit 1")
    done = machine.run("setup", "packages", "keychain")
    assert done.returncode == 1
    assert "Run this, then try again: sudo apt-get install --no-install-recommends dbus gnome-keyring\n" in done.stderr


def test_a_machine_without_apt_is_told_what_is_missing(machine: Machine) -> None:
    (machine.root / "bin/apt-get").unlink()
    done = machine.run("setup", "packages", "keychain")
    assert done.returncode == 1
    assert "missing: dbus gnome-keyring" in done.stderr


def test_a_failure_is_shown_without_the_addresses_of_a_mirror(machine: Machine) -> None:
    machine.has("apt-get", script='echo "E: Failed to fetch https://user:pass@mirror.example/x.deb  404"; exit 100')
    done = machine.run("setup", "packages", "keychain")
    assert done.returncode == 1
    assert "E: Failed to fetch (address)  404" in done.stderr
    assert "example" not in done.stderr
    assert "apt-get install --no-install-recommends dbus gnome-keyring" in done.stderr


@pytest.mark.parametrize("arguments", [(), ("packages", "nonsense"), ("venv",), ("nonsense",)])
def test_wrong_arguments_are_told_apart_from_failures(machine: Machine, arguments: tuple[str, ...]) -> None:
    assert machine.run("setup", *arguments).returncode == 2


def with_python(machine: Machine, *, tk: bool) -> None:
    """A .venv whose python writes down what it is asked to run; Tk opens a window if ``tk``."""
    python = machine.root / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    log = machine.root / "log"
    python.write_text(
        f'#!/bin/sh\ncase "$*" in *tkinter*) exit {0 if tk else 1} ;; *-m*) echo "python $*" >>"{log}" ;; esac\n'
    )
    python.chmod(0o755)


@pytest.mark.parametrize(("display", "tk"), [("", True), (":99", False)], ids=["none", "out of reach"])
def test_without_a_display_it_says_so_and_runs_the_tour(machine: Machine, display: str, tk: bool) -> None:
    machine.has(*TOUR)
    with_python(machine, tk=tk)
    done = machine.run("start", DISPLAY=display)
    assert done.returncode == 0
    assert "there is no display here" in done.stderr
    assert machine.called() == ["python -m refapp tour"]


def test_with_a_display_it_starts_the_app(machine: Machine) -> None:
    machine.has(*TOUR)
    with_python(machine, tk=True)
    done = machine.run("start", "--log-level", "debug", DISPLAY=":99")
    assert (done.returncode, done.stderr) == (0, "")
    assert machine.called() == ["python -m refapp run --log-level debug"]
