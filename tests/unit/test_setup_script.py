"""What `make run` says and does where something is missing.
Nothing is installed: apt-get, sudo, Python and Node are fakes.
"""

from __future__ import annotations

import dataclasses
import os
import resource
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
NEEDED_BY_THE_SCRIPTS = (
    "sh", "dirname", "mktemp", "rm", "mv", "tail", "sed", "env", "cat", "cksum", "tr", "grep",
    "mkdir", "chmod", "cp",
)  # fmt: skip
TOUR = ("dbus-daemon", "dbus-run-session", "gnome-keyring-daemon", "Xvfb", "xdotool", "openbox")
TEST = (
    "strace",
    "import",
    "mkfs.ext4",
    "bindfs",
    "chromium",
    "keepassxc",
    "kwalletd6",
    "weston",
    "Xwayland",
    "ibus-daemon",
    "fcitx5",
    "xrandr",
    "sshd",
    "dpkg-deb",
    "Xorg",
    "setxkbmap",
    "node",
    "npm",
)
NODE = (
    "tests/betterauth",
    "tests/betterauth/v1.4",
    "tests/peers/electron",
    "tests/cucumber",
)
INSTALL = "apt-get -q -y -o DPkg::Lock::Timeout=120 install --no-install-recommends"
SIZES = """0 upgraded, 104 newly installed, 0 to remove and 0 not upgraded.
Need to get 1 kB/46.5 MB of archives.
After this operation, 180 MB of additional disk space will be used.
"""
NOTED = 'echo "$0 $*" >>"${0%/bin/*}/log"'


@dataclasses.dataclass
class Machine:
    """A checkout with nothing but the scripts, and a PATH with nothing but ``has``."""

    root: Path

    def has(self, *programs: str, script: str = NOTED) -> None:
        for program in programs:
            path = self.root / "bin" / program
            path.unlink(missing_ok=True)
            path.write_text(f"#!/bin/sh\n{script}\n")
            path.chmod(0o755)

    def command(self, script: str, *arguments: str) -> list[str]:
        return ["sh", str(self.root / ".ci" / script), *arguments]

    def environment(self, **more: str) -> dict[str, str]:
        return {
            "PATH": f"{self.root}/.venv/bin:{self.root}/bin",
            "TMPDIR": str(self.root / "tmp"),
            **more,
        }

    def run(self, script: str, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(script, *arguments),
            env=self.environment(**env),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def called(self) -> list[str]:
        """What was called since this was last asked."""
        log = self.root / "log"
        lines = log.read_text().splitlines() if log.exists() else []
        log.unlink(missing_ok=True)
        return [line.replace(f"{self.root}/", "").removeprefix("bin/") for line in lines]

    def installed(self) -> list[str]:
        """The packages that apt-get was asked for, those that it only counted left out."""
        return [
            line.removeprefix(INSTALL).strip() for line in self.called() if line.startswith(INSTALL)
        ]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    shutil.copytree(CHECKOUT / ".ci", tmp_path / ".ci")
    for folder in ("bin", "tmp", "refapp", *NODE[1:]):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    for folder in NODE:
        (tmp_path / folder / "package-lock.json").write_text("{}")
    for program in NEEDED_BY_THE_SCRIPTS:
        found = shutil.which(program)
        assert found is not None
        (tmp_path / "bin" / program).symlink_to(found)
    machine = Machine(tmp_path)
    machine.has("apt-get", script=f'{NOTED}; case "$*" in *assume-no*) cat <<END\n{SIZES}END\nesac')
    machine.has("dpkg-query", script="printf installed")
    as_user(machine, 0)
    with_python(machine)
    machine.run("setup", "checks")
    machine.called()
    return machine


def as_user(machine: Machine, number: int) -> None:
    machine.has("id", script=f"echo {number}")


# A Python whose .venv is a copy of it.
# ``broken`` beside it is the word for what does not work: an import, pip, ensurepip.
PYTHON = """{noted}
root={root}
case "$*" in
    --version) echo Python 3.13.9 ;;
    "-c "*) for word in $(cat $root/broken 2>/dev/null); do
        case "$*" in *$word*) exit 1 ;; esac; done ;;
    "-m venv"*) for last; do :; done
        mkdir -p $root/$last/bin; cp $root/bin/python3 $root/$last/bin/python ;;
    "-m pip"*) if grep -q pip $root/broken 2>/dev/null; then
        echo "ERROR: no network at https://mirror.example/x"; exit 1; fi ;;
esac"""


def with_python(machine: Machine) -> None:
    noted = NOTED.replace("${0%/bin/*}", str(machine.root))
    noted = f'case "$*" in "-c "*|*compileall*|--version) ;; *) {noted} ;; esac'
    machine.has("python3", script=PYTHON.format(noted=noted, root=machine.root))


def with_node(machine: Machine) -> None:
    machine.has("node", script="exit 0")
    machine.has("npm", script=f"{NOTED}; mkdir -p node_modules")


def does_not_work(machine: Machine, *words: str) -> None:
    (machine.root / "broken").write_text(" ".join(words))


def test_what_is_there_is_left_alone(machine: Machine) -> None:
    machine.has(*TOUR)
    done = machine.run("setup", "tour")
    assert (done.returncode, done.stderr, machine.called()) == (0, "", [])


def test_root_gets_what_is_missing_and_no_more(machine: Machine) -> None:
    machine.has(*TOUR[3:], "dbus-launch")
    done = machine.run("setup", "tour")
    assert done.returncode == 0
    assert machine.installed() == ["dbus-daemon gnome-keyring"]


def test_what_is_missing_is_said_before_it_is_installed_with_why_and_how_large(
    machine: Machine,
) -> None:
    machine.has(*TOUR[3:], "dbus-launch")
    said = machine.run("setup", "tour").stderr.splitlines()
    assert said == [
        "refapp: system packages that are missing:",
        "    dbus-daemon: a session bus",
        "    gnome-keyring: a keychain",
        (
            "refapp: apt-get will install 104 packages with what they depend on, 46.5 MB to "
            "download, 180 MB on disk"
        ),
        "refapp: installing the system packages; this may take some minutes",
    ]


def test_the_size_is_said_as_soon_as_there_is_a_list_of_packages(machine: Machine) -> None:
    machine.has(*TOUR[:3], "Xvfb", "openbox")
    counted = (
        f"*assume-no*) if [ -e {machine.root}/list ]; then cat <<END\n{SIZES}END\nfi ;; *update*) "
        f">{machine.root}/list ;;"
    )
    machine.has("apt-get", script=f'{NOTED}; case "$*" in {counted} esac')
    said = machine.run("setup", "tour").stderr
    assert (
        said.index("xdotool: keys and clicks on it")
        < said.index("180 MB on disk")
        < said.index("installing the system")
    )


def test_all_that_make_test_needs_is_asked_for_at_once(machine: Machine) -> None:
    shutil.rmtree(machine.root / ".venv")
    as_user(machine, 1000)
    done = machine.run("setup", "test")
    assert done.returncode == 1
    command = done.stderr.rpartition("apt-get install --no-install-recommends ")[2].split()
    assert {
        "dbus-daemon",
        "gnome-keyring",
        "xvfb",
        "xdotool",
        "openbox",
        "strace",
        "imagemagick",
    } <= set(command)
    assert "refapp[test], about 170 MB on disk" in done.stderr
    assert "Node (about 200 MB" in done.stderr
    assert all("assume-no" in line for line in machine.called()), "nothing was installed meanwhile"


def test_a_window_needs_no_screen_of_its_own(machine: Machine) -> None:
    shutil.rmtree(machine.root / ".venv")
    machine.has("gnome-keyring-daemon")
    done = machine.run("setup", "run", DISPLAY="elsewhere:0")
    assert (done.returncode, machine.installed()) == (0, [])
    assert "refapp[demo], about 60 MB on disk" in done.stderr


def test_an_ordinary_user_gets_it_through_sudo(machine: Machine) -> None:
    as_user(machine, 1000)
    machine.has("dbus-launch")
    machine.has("sudo", script=f'{NOTED}; [ "$1" = -n ] || exec "$@"')
    assert machine.run("setup", "keychain").returncode == 0
    assert machine.installed() == ["dbus-daemon gnome-keyring"]


def test_without_sudo_the_exact_command_is_given(machine: Machine) -> None:
    as_user(machine, 1000)
    machine.has("dbus-launch")
    done = machine.run("setup", "keychain")
    assert done.returncode == 1
    assert (
        "As root, run this, then try again: apt-get install --no-install-recommends "
        "dbus-daemon gnome-keyring\n" in done.stderr
    )
    assert machine.installed() == []


def test_a_sudo_that_wants_a_password_from_nobody_is_not_waited_for(machine: Machine) -> None:
    as_user(machine, 1000)
    machine.has("dbus-launch")
    machine.has("sudo", script="exit 1")
    done = machine.run("setup", "keychain")
    assert done.returncode == 1
    assert (
        "Run this, then try again: sudo apt-get install --no-install-recommends "
        "dbus-daemon gnome-keyring\n" in done.stderr
    )


def test_a_machine_without_apt_is_told_what_is_missing(machine: Machine) -> None:
    (machine.root / "bin/apt-get").unlink()
    done = machine.run("setup", "keychain")
    assert done.returncode == 1
    assert "gnome-keyring: a keychain\n" in done.stderr
    assert "there is no apt-get here" in done.stderr


def test_a_failure_is_shown_without_the_addresses_of_a_mirror(machine: Machine) -> None:
    machine.has(
        "apt-get",
        script='echo "E: Failed to fetch https://user:pass@mirror.example/x.deb  404"; exit 100',
    )
    machine.has("dpkg", script="exit 1")
    machine.has("dbus-launch")
    done = machine.run("setup", "keychain")
    assert done.returncode == 1
    assert "example" not in done.stderr
    assert "apt-get install --no-install-recommends dbus-daemon gnome-keyring" in done.stderr


def test_what_an_interrupted_apt_left_is_finished_first(machine: Machine) -> None:
    machine.has("dbus-launch")
    once = f'*" install "*) if [ ! -e {machine.root}/mended ]; then exit 100; fi'
    machine.has(
        "apt-get", script=f'{NOTED}; case " $* " in *-f*) >{machine.root}/mended ;; {once} ;; esac'
    )
    machine.has("dpkg")
    assert machine.run("setup", "keychain").returncode == 0
    calls = [
        line.replace("-q -y -o DPkg::Lock::Timeout=120 ", "")
        for line in machine.called()
        if "assume-no" not in line
    ]
    assert calls == [
        "apt-get -q update",
        "apt-get install --no-install-recommends dbus-daemon gnome-keyring",
        "dpkg --configure -a",
        "apt-get --no-install-recommends -f install",
        "apt-get install --no-install-recommends dbus-daemon gnome-keyring",
    ]


@pytest.mark.parametrize("arguments", [(), ("nonsense",), ("tour", "nonsense")])
def test_wrong_arguments_are_told_apart_from_failures(
    machine: Machine, arguments: tuple[str, ...]
) -> None:
    assert machine.run("setup", *arguments).returncode == 2


PIP = ".venv/bin/python -m pip install --disable-pip-version-check -e .[test]"
ANEW = ["python3 -m venv .venv", PIP]


def test_a_first_set_up_makes_the_environment(machine: Machine) -> None:
    shutil.rmtree(machine.root / ".venv")
    assert machine.run("setup", "checks").returncode == 0
    assert machine.called() == ANEW
    assert (machine.run("setup", "checks").stderr, machine.called()) == ("", [])


def test_one_that_a_new_python_has_made_stale_is_made_anew(machine: Machine) -> None:
    python = machine.root / ".venv/bin/python"
    python.write_text("#!/bin/sh\nexit 1\n")
    assert machine.run("setup", "checks").returncode == 0
    assert machine.called() == ANEW


def test_a_checkout_that_was_moved_is_installed_again(machine: Machine, tmp_path: Path) -> None:
    moved = Machine(tmp_path.rename(tmp_path.with_name("moved")))
    for path in (moved.root / "bin/python3", moved.root / ".venv/bin/python"):
        path.write_text(path.read_text().replace(str(tmp_path), str(moved.root)))
    done = moved.run("setup", "python")
    assert (done.returncode, moved.called()) == (0, [PIP])
    assert "missing" not in done.stderr
    assert "installing refapp[test]" in done.stderr


@pytest.mark.parametrize("what", ["python", "checks", "test"])
def test_the_environment_of_another_checkout_is_left_as_it_is(machine: Machine, what: str) -> None:
    machine.has(*TOUR, *TEST)
    with_node(machine)
    (machine.root / ".venv").rename(machine.root / "others")
    (machine.root / ".venv").symlink_to("others")
    noted = machine.root / "others/made"
    assert machine.run("setup", "checks").returncode == 0, "a link to one's own"
    noted.write_text("test of-another-place\n")
    done = machine.run("setup", what)
    assert (done.returncode, machine.called()) == (1, [])
    assert "It was left as it is. Delete the link and try again" in done.stderr
    assert noted.read_text() == "test of-another-place\n"
    (machine.root / ".venv").unlink()
    assert machine.run("setup", what).returncode == 0
    assert [line.partition(".[")[0] for line in machine.called()[:2]] == [
        line.partition(".[")[0] for line in ANEW
    ]


def test_the_tests_environment_is_the_demo_s_too(machine: Machine) -> None:
    assert (machine.run("setup", "python").stderr, machine.called()) == ("", [])


def test_a_pyproject_that_was_only_touched_needs_nothing(machine: Machine) -> None:
    (machine.root / "pyproject.toml").touch()
    does_not_work(machine, "pip")
    assert (machine.run("setup", "checks").stderr, machine.called()) == ("", [])


def test_a_changed_pyproject_without_a_network_is_said_in_two_lines_and_tried_again(
    machine: Machine,
) -> None:
    (machine.root / "pyproject.toml").write_text("[project]\nname = 'refapp'\n")
    does_not_work(machine, "pip")
    for _ in range(2):
        done = machine.run("setup", "python")
        assert done.returncode == 0
        assert machine.called() == [PIP]
        assert "ERROR: no network at (address)\n" in done.stderr
        assert done.stderr.endswith("asks for now. Going on with what is in .venv.\n")
    does_not_work(machine)
    machine.run("setup", "python")
    machine.called()
    assert (machine.run("setup", "checks").stderr, machine.called()) == ("", [])


def interrupted(machine: Machine, *at: str) -> None:
    """Run the set-up until it calls the program with these words, and press Ctrl-C there."""
    first, *words = at
    fifo = machine.root / "there"
    os.mkfifo(fifo)
    program = machine.root / first
    whole = program.read_text()
    waits = f'case "$*" in *"{" ".join(words)}"*) echo >{fifo}; exec sleep 60 ;; esac'
    program.write_text(whole.replace("#!/bin/sh\n", f"#!/bin/sh\n{waits}\n"))
    (machine.root / "bin/sleep").symlink_to(shutil.which("sleep") or "sleep")
    running = subprocess.Popen(
        machine.command("setup", "test"),
        env=machine.environment(), stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
        start_new_session=True,
    )  # fmt: skip
    fifo.read_text()
    os.killpg(running.pid, signal.SIGINT)
    running.communicate()
    assert running.returncode == 130
    assert list((machine.root / "tmp").iterdir()) == [], "no file is left behind"
    for copy in (program, *machine.root.glob(".venv/bin/python")):
        copy.write_text(whole)
    fifo.unlink()


@pytest.mark.parametrize(
    "at",
    [
        ("bin/python3", "-m", "venv"),
        ("bin/python3", "-e", ".[test]"),
        ("bin/npm", "ci"),
        ("bin/apt-get", "update"),
        ("bin/apt-get", "-y"),
    ],
    ids=["making .venv", "pip", "npm", "apt-get update", "apt-get install"],
)
def test_ctrl_c_at_any_moment_and_the_next_run_goes_on(
    machine: Machine, at: tuple[str, ...]
) -> None:
    shutil.rmtree(machine.root / ".venv")
    machine.has(*TOUR[:-1], *TEST)
    with_node(machine)
    interrupted(machine, *at)
    machine.called()
    machine.has("openbox")
    assert machine.run("setup", "test").returncode == 0
    again = machine.called()
    if at[0] == "bin/python3":
        assert again[:2] == ANEW, "what was begun is not built upon"
    again = [line for line in again if "fonts" not in line]
    if at[0] != "bin/apt-get":
        assert again[-2:] == ["npm ci --no-audit --no-fund"] * 2
    assert (machine.run("setup", "test").stderr, machine.called()) == ("", [])


def test_node_that_came_into_the_venv_is_found_without_make(machine: Machine) -> None:
    machine.has(*TOUR, *TEST)
    with_node(machine)
    for program in ("node", "npm"):
        (machine.root / "bin" / program).rename(machine.root / ".venv/bin" / program)
    machine.run("setup", "test")
    machine.called()
    done = machine.run("setup", "test", PATH=f"{machine.root}/bin")
    assert (done.returncode, done.stderr, machine.called()) == (0, "", [])


def test_a_set_up_that_is_not_needed_takes_less_than_a_second(machine: Machine) -> None:
    machine.has(*TOUR, *TEST)
    with_node(machine)
    machine.run("setup", "test")
    machine.called()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert (machine.run("setup", "test").stderr, machine.called()) == ("", [])
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime < 1, (
        "seconds of the processor's"
    )


def starts(machine: Machine, *, tk: bool) -> None:
    """A .venv that is ready; Tk opens a window if ``tk``."""
    machine.has(*TOUR)
    if not tk:
        does_not_work(machine, "tkinter.Tk")


@pytest.mark.parametrize(
    ("display", "tk"), [("", True), (":99", False)], ids=["none", "out of reach"]
)
def test_without_a_display_it_says_so_and_runs_the_tour(
    machine: Machine, display: str, tk: bool
) -> None:
    starts(machine, tk=tk)
    done = machine.run("start", DISPLAY=display)
    assert done.returncode == 0
    assert "there is no display here" in done.stderr
    assert machine.called() == [".venv/bin/python -m refapp tour"]


def test_what_the_tour_leaves_out_of_the_command_is_said(machine: Machine) -> None:
    starts(machine, tk=True)
    done = machine.run("start", "--log-level", "debug", DISPLAY="")
    assert done.stderr.endswith("on a screen of its own, without --log-level debug.\n")


def test_with_a_display_it_starts_the_app(machine: Machine) -> None:
    starts(machine, tk=True)
    done = machine.run("start", "--log-level", "debug", DISPLAY=":99")
    assert (done.returncode, done.stderr) == (0, "")
    assert machine.called() == [".venv/bin/python -m refapp run --log-level debug"]
