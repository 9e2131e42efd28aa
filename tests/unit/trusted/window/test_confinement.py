"""How the parent reads a process's state, and what it says of the system and of itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from refapp.trusted.errors import WindowRefused
from refapp.trusted.window import confinement

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux only")

LOCKED = {
    "State": "S (sleeping)", "CapInh": "0000000000000000", "CapPrm": "0000000000000000",
    "CapEff": "0000000000000000", "CapAmb": "0000000000000000", "NoNewPrivs": "1", "Seccomp": "2",
}  # fmt: skip


def tasks(place: Path, *threads: dict[str, str]) -> Path:
    for number, fields in enumerate(threads, start=100):
        (place / str(number)).mkdir()
        (place / str(number) / "status").write_text(
            "".join(f"{name}:\t{value}\n" for name, value in fields.items())
        )
    return place


def test_threads_that_are_all_locked_are_counted(tmp_path: Path) -> None:
    assert confinement._verify_threads(tasks(tmp_path, LOCKED, LOCKED, LOCKED)) == 3


def test_a_thread_that_ends_while_it_is_looked_at_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was there when they were listed: the process has not ended for that."""
    place, read = tasks(tmp_path, LOCKED, LOCKED, LOCKED), Path.read_text

    def gone(self: Path) -> str:
        if self.parent.name == "101":
            shutil.rmtree(self.parent, ignore_errors=True)
        return read(self)

    monkeypatch.setattr(Path, "read_text", gone)
    assert confinement._verify_threads(place) == 2


def test_one_that_could_not_be_looked_at_and_is_there_again_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The number of a thread that has ended may be another's at once."""
    place, read = tasks(tmp_path, LOCKED, LOCKED, LOCKED), Path.read_text
    looks: list[Path] = []

    def gone_and_another(self: Path) -> str:
        if self.parent.name == "101":
            looks.append(self)
            if len(looks) == 1:
                raise FileNotFoundError
        return read(self)

    monkeypatch.setattr(Path, "read_text", gone_and_another)
    assert confinement._verify_threads(place) == 3
    assert len(looks) == 2


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"Seccomp": "0"}, "101 has no system call filter"),
        ({"Seccomp": "1"}, "101 has no system call filter"),
        ({"Seccomp": ""}, "101 has no system call filter"),
        ({"NoNewPrivs": "0"}, "101 may gain privileges"),
        ({"CapEff": "0000000000000001"}, "101 holds capabilities"),
        ({"CapPrm": "000001ffffffffff"}, "101 holds capabilities"),
        ({"CapInh": "0000000000200000"}, "101 holds capabilities"),
        ({"CapAmb": "0000000000000400"}, "101 holds capabilities"),
        ({"State": "Z (zombie)"}, "ended"),
    ],
)
def test_one_thread_is_enough_to_refuse(
    tmp_path: Path, change: dict[str, str], sentence: str
) -> None:
    with pytest.raises(WindowRefused, match=sentence):
        confinement._verify_threads(tasks(tmp_path, LOCKED, LOCKED | change, LOCKED))


@pytest.mark.parametrize("field", LOCKED)
def test_a_field_that_the_kernel_does_not_show_is_no_proof(tmp_path: Path, field: str) -> None:
    with pytest.raises(WindowRefused):
        confinement._verify_threads(
            tasks(tmp_path, {name: value for name, value in LOCKED.items() if name != field})
        )


def test_threads_that_keep_coming_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listings = iter({str(number)} for number in range(1000))
    monkeypatch.setattr(confinement, "_names", lambda _tasks: next(listings))
    monkeypatch.setattr(confinement, "_verify_thread", lambda _thread, _status: None)
    for number in range(1000):
        (tmp_path / str(number)).mkdir()
        (tmp_path / str(number) / "status").touch()
    with pytest.raises(WindowRefused, match="keeps starting threads"):
        confinement._verify_threads(tmp_path)


def test_limits_are_said_as_the_kernel_has_them() -> None:
    table = (
        "Limit                     Soft Limit           Hard Limit           Units     \n"
        "Max file size             0                    0                    bytes     \n"
        "Max core file size        0                    unlimited            bytes     \n"
        "Max open files            7                    7                    files     \n"
        "Max processes             0                    0                    processes \n"
    )
    assert {check.name: check.held for check in confinement._limits(table)} == {
        "No files": True,
        "No core files": False,
        "No processes": True,
    }


def test_this_system_is_described_without_a_side_effect() -> None:
    first, second = confinement.abilities(), confinement.abilities()
    assert first == second
    assert all(check.detail for check in first)


@pytest.mark.parametrize(
    ("first", "held", "said"),
    [
        ("closed_process.go_on()", "[True, True]", "Not dumpable since it began"),
        ("hardening.close_up()", "[False, True]", "Not from its beginning"),
    ],
)
def test_the_app_hardens_itself_and_the_system_confirms_it(
    first: str, held: str, said: str
) -> None:
    script = (
        "import os\n"
        f"from refapp.trusted.start import closed_process, hardening; {first}\n"
        "print([check.held for check in hardening.harden()], os.stat('/proc/self/mem').st_uid)\n"
        "print(open('/proc/self/limits').read(), hardening.harden()[0].detail)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.startswith(f"{held} 0\n")
    assert said in done.stdout
    assert "Max core file size        0                    0 " in done.stdout


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_who_traces_the_app_from_its_beginning_is_named() -> None:
    script = (
        "from refapp.trusted.start import closed_process, hardening; closed_process.go_on()\n"
        "print(hardening.harden()[0])"
    )
    command = ["strace", "-f", "-o", os.devnull, sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert "held=False" in done.stdout
    assert "traces the app" in done.stdout
