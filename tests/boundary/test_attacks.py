"""The attack suite against a window locked as the app locks it, and that the suite would notice if
the lock had a hole.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
import pytest

from refapp.attack import suite
from refapp.attack.catalogue import ALL, GROUPS
from refapp.trusted.errors import WindowRefused
from refapp.trusted.window import confinement

ROOT = Path(__file__).parents[2]
SYSTEM_PYTHON = "/usr/bin/python3"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is Linux only")


NOT_HERE = (
    "No such file or directory", "Protocol not supported",
    "Address family not supported by protocol",
    "Function not implemented",
)  # fmt: skip
"""How a control ends that this machine has nothing for:
no such device, protocol, call or program.
"""
NEVER = {
    "undo.new-privileges": "no process can, locked or not",
    "undo.ptracer": "a kernel with Yama alone has it",
}
NEEDS = {"code.pkey": "ospke"}
"""What the processor must have for a control, as Linux lists it in /proc/cpuinfo."""
OF_THE_MACHINE = (
    "bus.system", "bus.user-bus", "bus.keyring-control", "bus.ssh-agent", "bus.systemd",
    "bus.x-server",
)  # fmt: skip
"""Those that ask for a socket of the machine's own, not of the bait's:
whoever made it may have ended since, and then nobody answers there.
"""
NO_MORE = ("Operation not permitted", "Permission denied")
"""How one ends that may not:
an ordinary user's, and of who is root of a part of the machine alone.
"""
SYS_ADMIN = 21


def may_all() -> bool:
    """Whether nothing but the machine itself limits a control."""
    said = dict(line.split(":\t") for line in Path("/proc/self/status").read_text().splitlines())
    return (
        os.geteuid() == 0
        and said["Seccomp"] == "0"
        and bool(int(said["CapEff"], 16) >> SYS_ADMIN & 1)
    )


def controls_that_fail(table: Iterable[str], *, anything: bool) -> list[str]:
    """The lines of ``table``, made without a display,
    whose control did not work though it should have.

    ``anything``: who made them may do anything on this machine.
    """
    processor = Path("/proc/cpuinfo").read_text().split()
    lacking = [attempt for attempt, flag in NEEDS.items() if flag not in processor]
    allowed = (*NOT_HERE, *(() if anything else NO_MORE))
    return [
        line
        for line in table
        if line.split()[1:4] == ["no", "not", "proved"]
        and not line.startswith("display.")
        and line.split()[0] not in (*NEVER, *lacking)
        and not line.endswith(allowed)
        and not (line.split()[0] in OF_THE_MACHINE and line.endswith("Connection refused"))
    ]


def lines(results: Iterable[suite.AttackResult], *verdicts: str) -> list[str]:
    return [
        f"{result.id}: {result.verdict}: {result.detail}"
        for result in results
        if result.verdict in verdicts
    ]


def test_a_socket_that_nobody_listens_at_any_more_proves_nothing() -> None:
    """A display that has ended leaves its own behind."""
    left = f"{'bus.x-server':<31}  no         not proved  x; control: Connection refused"
    ours = left.replace("bus.x-server", "bus.keychain")
    assert controls_that_fail([left, ours], anything=True) == [ours]


def test_every_attempt_is_a_different_one() -> None:
    assert len(ALL) == sum(len(attempts) for attempts in GROUPS.values())
    described = [(attempt.tries, attempt.how) for attempt in ALL.values()]
    assert len(set(described)) == len(described)


def test_a_process_that_is_not_locked_is_not_attacked_from(monkeypatch: pytest.MonkeyPatch) -> None:
    victim = suite._Victim
    monkeypatch.setattr(
        suite,
        "_Victim",
        lambda bait, _mode, display, stranger: _unlocked(victim, bait, display, stranger),
    )
    with pytest.raises(WindowRefused, match="no system call filter"):
        next(suite.results({}, lambda name: name == "reading.open"))


def _unlocked(
    victim: type[suite._Victim],
    bait: suite.Bait,
    display: dict[str, str],
    stranger: suite._Bystander,
) -> suite._Victim:
    made = victim(bait, "free", display, stranger)
    made._mode = "locked"
    return made


def test_a_hole_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """With an open process in the window's place,
    and the parent's check looking away, the table says so.
    """
    victim = suite._Victim
    monkeypatch.setattr(
        suite,
        "_Victim",
        lambda bait, _mode, display, stranger: _unlocked(victim, bait, display, stranger),
    )
    monkeypatch.setattr(confinement, "verify", lambda _pid: [])
    found = suite.results(
        {}, lambda name: name in ("reading.open", "network.tcp", "programs.fork", "app.mem-read")
    )
    assert {result.verdict for result in found} == {"SUCCEEDED"}


@pytest.mark.parametrize(
    ("control", "inside", "verdict"),
    [
        ("worked", "refused", "stopped"),
        ("worked", "killed", "stopped"),
        ("refused", "refused", "not proved"),
        ("refused", "killed", "not proved"),
        ("worked", "worked", "SUCCEEDED"),
        ("refused", "worked", "SUCCEEDED"),
        ("worked", "broken", "BROKEN"),
        ("broken", "refused", "BROKEN"),
    ],
)
def test_only_a_refusal_with_a_working_control_counts(
    control: str, inside: str, verdict: str
) -> None:
    outcomes = [msgspec.convert([kind, ""], suite.Outcome) for kind in (control, inside)]
    assert suite._judge("a.b", next(iter(ALL.values())), *outcomes).verdict == verdict


@pytest.fixture
def copy_for_all() -> Iterator[Path]:
    """The package and the codec where another user can read them."""
    if os.geteuid() != 0:
        pytest.skip("only root can start a process as another user; the tests above ran as one")
    if shutil.which("setpriv") is None or not Path(SYSTEM_PYTHON).exists():
        pytest.skip("setpriv or a Python outside root's home is missing")
    place = Path(tempfile.mkdtemp(prefix="refapp-attack-", dir="/var/tmp"))
    place.chmod(0o755)
    shutil.copytree(ROOT / "refapp", place / "refapp", ignore=shutil.ignore_patterns("__pycache__"))
    codec = Path(msgspec.__file__).parent
    shutil.copytree(codec, place / "msgspec", ignore=shutil.ignore_patterns("__pycache__"))
    yield place
    shutil.rmtree(place)


def test_nothing_gets_through_as_an_ordinary_user(copy_for_all: Path) -> None:
    script = (
        f"import sys; sys.path.insert(0, {str(copy_for_all)!r})\n"
        "try:\n    import msgspec\nexcept ImportError:\n    sys.exit(77)\n"
        "from refapp.attack.suite import run\n"
        "sys.exit(run(print))"
    )
    done = subprocess.run(
        ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", SYSTEM_PYTHON, "-I", "-c",
         script],
        capture_output=True, text=True, timeout=100, check=False, cwd="/",
    )  # fmt: skip
    if done.returncode == 77:
        pytest.skip("the system's Python can't load this environment's codec")
    assert done.returncode == 0, [
        line for line in done.stdout.splitlines() if "SUCCEEDED" in line or "BROKEN" in line
    ] or done.stderr
    assert (
        sum(line.split()[1:3] == ["works", "stopped"] for line in done.stdout.splitlines()) >= 150
    ), done.stdout
    assert controls_that_fail(done.stdout.splitlines(), anything=False) == []
