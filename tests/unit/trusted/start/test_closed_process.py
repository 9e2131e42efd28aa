"""The process that was started and the app behind it are one for whoever started it: signals, ends,
a terminal (SB-11).
"""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[4]
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it forks on Linux alone")
APP = f"""
import os, select, signal, sys
sys.path.insert(0, {str(ROOT)!r})
from refapp.trusted.start import closed_process, hardening
first = os.getpid()
closed_process.go_on()
print(os.getpid(), os.getppid() == first, hardening.closed_since_it_began, flush=True)
for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM, signal.SIGCONT):
    if signal.getsignal(number) is not signal.SIG_IGN:
        name = f"{{number.name}}\\n".encode()
        signal.signal(number, lambda _number, _frame, name=name: os.write(1, name))
os.write(1, b"here\\n")
while True:
    # Now and then, for a signal just before a read is heard of by Python after it alone.
    if select.select([0], [], [], 0.05)[0]:
        line = os.read(0, 1000)
        if not line:
            break
        exec(line)
"""


@contextmanager
def started(**options: object) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The process that was started, and the number of the app behind it."""
    program = subprocess.Popen(  # type: ignore[call-overload]
        [sys.executable, "-I", "-S", "-c", APP],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        **options,
    )
    with program:
        app, its_child, closed = program.stdout.readline().split()
        assert (its_child, closed) == ("True", "True")
        assert program.stdout.readline() == "here\n"
        yield program, int(app)
        program.stdin.close()
        program.wait(20)


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGINT, signal.SIGTERM])
def test_what_tells_the_first_process_to_end_reaches_the_app(number: signal.Signals) -> None:
    with started() as (program, _):
        program.send_signal(number)
        assert program.stdout is not None
        assert program.stdout.readline().strip() == number.name
        assert program.poll() is None, "the app has not ended yet"


def test_the_app_hears_of_the_first_process_s_end_however_that_came() -> None:
    with started() as (program, _):
        program.kill()
        assert program.stdout is not None
        assert program.stdout.readline() == "SIGTERM\n"


@pytest.mark.parametrize("code", [0, 1, 71])
def test_its_exit_code_is_the_app_s(code: int) -> None:
    with started() as (program, _):
        assert program.stdin is not None
        program.stdin.write(f"sys.exit({code})\n")
        program.stdin.close()
        assert program.wait(20) == code


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGTERM])
def test_it_dies_of_what_the_app_died_of(number: signal.Signals) -> None:
    with started() as (program, app):
        if number is signal.SIGTERM:
            assert program.stdin is not None
            program.stdin.write(
                "signal.signal(signal.SIGTERM, signal.SIG_DFL); print('so', flush=True)\n"
            )
            program.stdin.flush()
            assert program.stdout is not None
            assert program.stdout.readline() == "so\n"
        os.kill(app, number)
        assert program.wait(20) == -number


def test_what_was_ignored_at_the_start_stays_ignored_and_the_app_s_end_is_heard_of() -> None:
    def ignore() -> None:
        for number in (signal.SIGHUP, signal.SIGCHLD):
            signal.signal(number, signal.SIG_IGN)

    with started(preexec_fn=ignore) as (program, _):
        program.send_signal(signal.SIGHUP)
        program.send_signal(signal.SIGTERM)
        assert program.stdout is not None
        assert program.stdout.readline() == "SIGTERM\n"
        assert program.stdin is not None
        program.stdin.write("sys.exit(3)\n")
        program.stdin.close()
        assert program.wait(20) == 3


def test_nothing_of_it_stays_behind() -> None:
    with started() as (program, app):
        pass
    assert program.returncode == 0
    assert not Path(f"/proc/{app}").exists()


def state_of(pid: int) -> str:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def hear(terminal: int, word: str) -> str:
    """Read until ``word`` was said."""
    said = ""
    while word not in said:
        assert select.select([terminal], [], [], 20)[0], said
        said += os.read(terminal, 1000).decode()
    return said


def test_in_a_terminal_ctrl_c_is_heard_once_and_ctrl_z_stops_all_until_fg(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(APP)
    shell, terminal = pty.fork()
    if shell == 0:
        os.execv("/bin/bash", ["bash", "--norc", "-i"])
    os.write(terminal, f"PS1='$ '; exec 2>&1; {sys.executable} -I -S {tmp_path}/app.py\n".encode())
    try:
        app = int(hear(terminal, "here").rpartition(" True True")[0].split()[-1])
        os.write(terminal, b"\x03")
        said = hear(terminal, "SIGINT")
        os.write(terminal, b"print('next', flush=True)\n")
        assert (said + hear(terminal, "\nnext")).count("SIGINT") == 1
        os.write(terminal, b"\x1a")
        hear(terminal, "Stopped")
        # The shell says so of the first process; the app takes the signal in a turn of its own.
        give_up = time.monotonic() + 20
        while (state := state_of(app)) != "T":
            assert time.monotonic() < give_up, state
            time.sleep(0.01)
        os.write(terminal, b"fg\n")
        hear(terminal, "SIGCONT")
        os.write(terminal, b"\x04")
        hear(terminal, "$ ")
    finally:
        os.kill(shell, signal.SIGKILL)
        os.waitpid(shell, 0)
        os.close(terminal)
