"""The window's sandbox around real processes: what it refuses, that the same works without it, and
what the parent sees.

Each child is started as the app starts its window: pipes for all three descriptors, ``-I -S``, a
bare environment.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import textwrap
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from refapp.trusted.errors import WindowRefused
from refapp.trusted.window import confinement
from refapp.trusted.wording import window_words

ROOT = Path(__file__).parents[2]
SYSTEM_PYTHON = "/usr/bin/python3"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sandbox is Linux only")

PROBES = r"""
import ctypes, mmap, os, signal, socket, sys, threading

libc = ctypes.CDLL(None, use_errno=True)
KEYCTL = {"x86_64": 250, "aarch64": 219}[os.uname().machine]

def checked(result):
    if result == -1:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))

def fork():
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)

def spawn_thread():
    thread = threading.Thread(target=int)
    thread.start()
    thread.join()

def connect():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        with socket.create_connection(listener.getsockname()):
            pass

def write():
    path = f"/tmp/refapp-{os.getpid()}"
    open(path, "w").close()
    os.unlink(path)

def many_descriptors():
    for _ in range(3):
        os.dup(0)

PROBES = {
    "open": lambda: open("/etc/passwd").close(),
    "open the app's own code": lambda: open(sys.argv[1] + "/refapp/__init__.py").close(),
    "write": write,
    "stat": lambda: os.stat("/etc/passwd"),
    "list": lambda: os.listdir("/"),
    "memory of the parent": lambda: open(f"/proc/{os.getppid()}/maps").read(),
    "socket": lambda: socket.socket().close(),
    "unix socket": lambda: socket.socket(socket.AF_UNIX).close(),
    "socketpair": lambda: socket.socketpair(),
    "connect": connect,
    "fork": fork,
    "thread": spawn_thread,
    "signal to the parent": lambda: os.kill(os.getppid(), 0),
    "priority": lambda: os.nice(1),
    "descriptors": many_descriptors,
    "memfd": lambda: os.memfd_create("x"),
    "executable memory": lambda: mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_EXEC),
    "dumpable again": lambda: checked(libc.prctl(4, 1, 0, 0, 0)),
    "pipe": lambda: os.pipe(),
}
FATAL = {
    "execve": lambda: os.execv("/bin/true", ["true"]),
    "ptrace": lambda: checked(libc.ptrace(0, 0, 0, 0)),
    "unshare": lambda: checked(libc.unshare(0)),
    "keyctl": lambda: checked(libc.syscall(ctypes.c_long(KEYCTL), 0, -3, 0)),
}

def outcome(probe):
    try:
        probe()
    except MemoryError:
        return "MemoryError"
    except (OSError, RuntimeError) as error:
        return str(error)
    return "worked"
"""
BEGIN = """
import sys
sys.path.insert(0, sys.argv[1])
from refapp.lock import sandbox
import json
"""


def start(
    body: str,
    *,
    python: str = sys.executable,
    code: Path = ROOT,
    prefix: Sequence[str] = (),
    kept: Sequence[int] = (),
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*prefix, python, "-I", "-S", "-c", BEGIN + textwrap.dedent(body), str(code)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd="/",
        env={"PATH": "/usr/bin:/bin", **DISPLAY},
        pass_fds=kept,
    )


DISPLAY: dict[str, str] = {}


@pytest.fixture
def screen(display: dict[str, str]) -> Iterator[None]:
    """Every child of the test is started on the private screen."""
    DISPLAY.update(display)
    yield
    DISPLAY.clear()


def finish(child: subprocess.Popen[str]) -> str:
    output, errors = child.communicate(timeout=60)
    assert child.returncode == 0, errors
    return output


def confined(warm: str = "", mode: str = "refuse", heap: int = 128 * 2**20) -> str:
    """The lines that lock a child in, around what it does to warm up."""
    return "\n".join(
        (
            PROBES,
            f"sandbox.begin([sys.argv[1]], {os.getpid()})",
            textwrap.dedent(warm),
            "import traceback, encodings.idna",
            f"held = sandbox.lock(on_violation={mode!r}, heap_bytes={heap})\n",
        )
    )


def outcomes(body: str) -> dict[str, str]:
    result = json.loads(finish(start(body)).splitlines()[-1])
    assert isinstance(result, dict)
    return result


# Xft looks at a font that it has opened by the call with which one can look at any file;
# so that one exists can be learned.
OPEN = {"stat"}
EVERY_PROBE = "print(json.dumps({name: outcome(probe) for name, probe in PROBES.items()}))"


def test_what_works_in_an_ordinary_process_is_refused_in_the_window() -> None:
    before = outcomes(PROBES + EVERY_PROBE)
    assert set(before.values()) == {"worked"}, before
    after = outcomes(confined() + EVERY_PROBE)
    assert {name for name, outcome in after.items() if outcome == "worked"} == OPEN, after


def test_the_warm_up_reads_code_and_nothing_else() -> None:
    body = f"{PROBES}\nsandbox.begin([sys.argv[1]], {os.getpid()})\n{EVERY_PROBE}"
    early = outcomes(body)
    assert early["open the app's own code"] == "worked"
    for name in (
        "open",
        "write",
        "list",
        "connect",
        "memory of the parent",
        "signal to the parent",
    ):
        assert early[name] != "worked", name


@pytest.mark.parametrize("name", ["execve", "ptrace", "unshare", "keyctl"])
def test_what_no_window_needs_ends_it(name: str) -> None:
    body = f"print(outcome(FATAL[{name!r}]))"
    assert finish(start(PROBES + body)).strip() in ("worked", "")
    child = start(confined() + body)
    child.communicate(timeout=60)
    assert child.returncode == -signal.SIGSYS


def test_in_the_test_run_an_unknown_call_ends_it() -> None:
    child = start(confined(mode="kill") + "print(1, flush=True)\nos.getpriority(0, 0)")
    output, _ = child.communicate(timeout=60)
    assert output == "1\n"
    assert child.returncode == -signal.SIGSYS


def test_memory_grows_to_its_limit_only() -> None:
    grow = "\nprint(outcome(lambda: bytearray(64 * 2**20)))"
    assert finish(start(confined(heap=128 * 2**20) + grow)).strip() == "worked"
    assert finish(start(confined(heap=32 * 2**20) + grow)).strip() == "MemoryError"


def test_an_older_thread_is_locked_too() -> None:
    warm = """
        import threading
        go, answers = threading.Event(), []
        def act():
            go.wait()
            answers.extend(outcome(PROBES[name]) for name in ("open", "socket", "fork"))
        thread = threading.Thread(target=act)
        thread.start()
    """
    answers = finish(
        start(
            confined(warm) + "go.set(); thread.join(); print(answers.count('worked'), len(answers))"
        )
    )
    assert answers.split() == ["0", "3"]


def test_a_descriptor_left_open_is_not_carried_in() -> None:
    with Path("/etc/passwd").open() as inherited:
        os.set_inheritable(inherited.fileno(), True)
        read = f"print(outcome(lambda: os.read({inherited.fileno()}, 1)))"
        assert finish(start(PROBES + read, kept=[inherited.fileno()])).strip() == "worked"
        assert "Bad file descriptor" in finish(start(confined() + read, kept=[inherited.fileno()]))


REFUSALS = {
    "a file that is open": "kept = open(sys.argv[1] + '/refapp/__init__.py')",
    "a network socket": "import socket; kept = socket.socket()",
    "an unconnected socket": "import socket; kept = socket.socket(socket.AF_UNIX)",
    "two connections": "import socket; kept = socket.socketpair()",
    "no standard error": "os.close(2)",
    "a terminal or file in place of a pipe": (
        "os.dup2(os.open(sys.argv[1] + '/refapp/__init__.py', 0), 1)"
    ),
}


@pytest.mark.parametrize("warm", REFUSALS.values(), ids=REFUSALS)
def test_a_descriptor_of_another_kind_stops_the_window(warm: str) -> None:
    child = start(confined(warm))
    _, errors = child.communicate(timeout=60)
    assert child.returncode != 0
    assert warm == "os.close(2)" or "SandboxUnavailable" in errors


def test_one_unix_connection_is_the_display_s() -> None:
    warm = "import socket; kept, other = socket.socketpair(); other.close()"
    assert finish(start(confined(warm) + "print('locked')")).strip() == "locked"


FONTS = """
    def opened(path, flags=os.O_RDONLY):
        return outcome(lambda: os.open(path, flags))
    conf = "/etc/fonts/fonts.conf"
    others = [opened(conf, flags) for flags in (os.O_RDWR, os.O_PATH, os.O_RDONLY | os.O_CREAT)]
    others += [opened("/etc/passwd"), opened("/etc/fonts/../passwd")]
    print(json.dumps([[opened(conf) for _ in range(20)], *others]))
"""


def test_fonts_can_be_read_and_nothing_else() -> None:
    """A few at a time; not written, and not held by a handle that Landlock does not look at."""
    few, *others = json.loads(finish(start(confined() + textwrap.dedent(FONTS))))
    assert few[:10] == ["worked"] * 10
    assert "Too many open files" in few[-1]
    assert all("Permission denied" in outcome for outcome in others)


def test_without_landlock_no_file_can_be_read_at_all() -> None:
    without = "sandbox.landlock.abi = lambda: 0\n"
    few, *others = json.loads(finish(start(without + confined() + textwrap.dedent(FONTS))))
    assert all("Permission denied" in outcome for outcome in [*few, *others])


def test_landlock_is_a_wall_of_its_own() -> None:
    """With the filter left out, the last layer alone still closes files, networks and other
    programs' sockets.
    """
    address = f"\0refapp-{os.getpid()}"
    body = """
        def abstract():
            with socket.socket(socket.AF_UNIX) as client:
                client.connect(ADDRESS)
        PROBES["abstract socket"] = abstract
        chosen = ["open the app's own code", "connect", "abstract socket", "signal to the parent"]
        print(json.dumps({name: outcome(PROBES[name]) for name in chosen}))
        """
    given = (
        f"ADDRESS = {address!r}\nsandbox.seccomp.install = lambda arch, rules: None\n"
        "sandbox._limit = lambda *a: None\n"
    )
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen()
        before = outcomes(PROBES + given + textwrap.dedent(body))
        after = outcomes(PROBES + given + confined() + textwrap.dedent(body))
    assert set(before.values()) == {"worked"}, before
    assert "worked" not in after.values(), after


def test_without_seccomp_nothing_goes_on() -> None:
    """A kernel without the filter: the call for it answers that there is none."""
    body = PROBES + textwrap.dedent(
        f"""
        import errno, struct
        from refapp.lock import kernel, seccomp
        machine = os.uname().machine
        sandbox.begin([sys.argv[1]], {os.getpid()})
        one = lambda code, value, t=0, f=0: struct.pack("=HBBI", code, t, f, value)
        seccomp.install(machine, one(0x20, 0) + one(0x15, seccomp._SECCOMP[machine], 0, 1)
            + one(6, seccomp.RET_ERRNO | errno.ENOSYS) + one(6, seccomp.RET_ALLOW))
        try:
            sandbox.lock()
        except sandbox.SandboxUnavailable as error:
            print(error)
        """
    )
    assert "seccomp) is missing" in finish(start(body))


def test_without_landlock_it_says_so_and_the_filter_stands() -> None:
    body = PROBES + textwrap.dedent(
        f"""
        import errno, struct
        from refapp.lock import kernel, seccomp
        kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
        one = lambda code, value, t=0, f=0: struct.pack("=HBBI", code, t, f, value)
        seccomp.install(os.uname().machine, one(0x20, 0) + one(0x15, 444, 0, 1)
            + one(6, seccomp.RET_ERRNO | errno.ENOSYS) + one(6, seccomp.RET_ALLOW))
        sandbox.begin([sys.argv[1]], {os.getpid()})
        import traceback, encodings.idna
        held = sandbox.lock()
        print(json.dumps([held, {{name: outcome(probe) for name, probe in PROBES.items()}}]))
        """
    )
    held, results = json.loads(finish(start(body)))
    assert [entry[1] for entry in held if entry[0] == "Files, network"] == [False]
    assert "worked" not in results.values()


def test_lock_without_begin_is_refused() -> None:
    body = "try:\n  sandbox.lock()\nexcept sandbox.SandboxUnavailable as error:\n  print(error)"
    assert "not restricted before" in finish(start(body))


def test_begin_beside_another_thread_is_refused() -> None:
    body = f"""
        import threading
        stop = threading.Event()
        thread = threading.Thread(target=stop.wait)
        thread.start()
        try:
            sandbox.begin([], {os.getpid()})
        except sandbox.SandboxUnavailable as error:
            print(error)
        stop.set()
        """
    assert "second thread" in finish(start(body))


def test_a_window_whose_app_has_gone_does_not_start() -> None:
    body = (
        "try:\n  sandbox.begin([], 1)\nexcept sandbox.SandboxUnavailable as error:\n  print(error)"
    )
    assert "has ended" in finish(start(body))


def test_another_system_is_named() -> None:
    body = (
        "sys.platform = 'darwin'\ntry:\n  sandbox.begin([])\nexcept sandbox.SandboxUnavailable as "
        "error:\n  print(error)"
    )
    assert "darwin" in finish(start(body))


def test_the_window_dies_with_the_thread_that_started_it() -> None:
    started: list[subprocess.Popen[str]] = []
    ready = threading.Event()

    def start_and_end() -> None:
        child = start(confined() + "print('ready', flush=True)\nwhile True: pass")
        assert child.stdout
        child.stdout.readline()
        started.append(child)
        ready.set()

    thread = threading.Thread(target=start_and_end)
    thread.start()
    assert ready.wait(60)
    thread.join()
    with started[0] as child:
        try:
            assert child.wait(30) == -signal.SIGKILL
        finally:
            child.kill()


WAIT = "\nprint('ready', flush=True)\nsys.stdin.readline()"


def ready(child: subprocess.Popen[str]) -> None:
    assert child.stdout
    line = child.stdout.readline().strip()
    if line != "ready":
        pytest.fail(child.communicate(timeout=60)[1])


KEPT = {
    "a pipe": ("kept, other = os.pipe()", ""),
    "a file": ("kept = os.open(sys.argv[1] + '/refapp/__init__.py', os.O_RDONLY)", "is no pipe"),
    "a folder": ("kept = os.open(sys.argv[1], os.O_RDONLY)", "is no pipe"),
    "a terminal": ("import pty; kept, _ = pty.openpty()", "is no pipe"),
    "a socket": (
        "import socket; end, other = socket.socketpair(); kept = end.fileno()",
        "is no pipe",
    ),
    "what is not open": ("kept = 77", "is no pipe"),
}


@pytest.mark.parametrize("what", KEPT)
def test_what_a_window_of_another_make_keeps_open_is_a_pipe(what: str) -> None:
    before, refused = KEPT[what]
    body = f"""
    import os
    {before}
    try:
        sandbox.confine([sys.argv[1]], parent_pid={os.getpid()}, keep=(kept,))
    except sandbox.SandboxUnavailable as error:
        print(error, flush=True)
        os._exit(0)
    for again in (f"/proc/self/fd/{{kept}}", f"/dev/fd/{{kept}}"):
        try:
            os.open(again, os.O_RDWR)
            print("opened again", flush=True)
        except OSError:
            pass
    try:
        os.read(other, 1)
    except OSError as error:
        print("the other end is", error.strerror, flush=True)
    os._exit(0)
    """
    said = finish(start(body))
    assert refused in said
    assert "opened again" not in said
    assert ("the other end is Bad file descriptor" in said) == (not refused), (
        "what is not kept is closed"
    )


def test_the_parent_sees_the_lock_in_every_thread() -> None:
    warm = (
        "import threading\nstop = threading.Event()\nthreading.Thread(target=stop.wait, "
        "daemon=True).start()"
    )
    with start(confined(warm) + WAIT + "\nos._exit(0)") as child:
        ready(child)
        checks = confinement.verify(child.pid)
        assert all(check.held for check in checks)
        assert "2 threads" in checks[0].detail
        child.communicate("\n", timeout=60)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("pass", "no system call filter"),
        (f"sandbox.begin([sys.argv[1]], {os.getpid()})", "no system call filter"),
        (
            # Without TSYNC the filter holds for the thread that asked for it, and for no other.
            f"""
            import os, struct, threading
            from refapp.lock import kernel, seccomp
            sandbox.begin([sys.argv[1]], {os.getpid()})
            threading.Thread(target=threading.Event().wait, daemon=True).start()
            rules = seccomp.program(os.uname().machine, "refuse", os.getpid())
            header = struct.pack("@HP", len(rules) // 8, kernel.address_of(rules))
            kernel.call(seccomp._SECCOMP[os.uname().machine], 1, 0, header)
            """,
            "no system call filter",
        ),
    ],
    ids=["nothing", "early only", "one thread open"],
)
def test_the_parent_refuses_a_window_that_is_not_locked(body: str, sentence: str) -> None:
    with start(textwrap.dedent(body) + WAIT + "\nimport os\nos._exit(0)") as child:
        ready(child)
        with pytest.raises(WindowRefused, match=sentence):
            confinement.verify(child.pid)
        child.communicate("\n", timeout=60)


ALLOWS_ALL = """
    import os, struct
    from refapp.lock import kernel, seccomp
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    kernel.drop_capabilities(os.uname().machine)
    seccomp.install(os.uname().machine, seccomp._instruction(seccomp._RETURN, seccomp.RET_ALLOW))
    """


def test_what_a_filter_lets_through_the_parent_does_not_claim_and_limits_it_sets_itself(
    tmp_path: Path,
) -> None:
    """A filter that allows all passes the look. What it can be held to from outside, it is."""
    tries = f"""
    try:
        os.write(os.open({str(tmp_path / "file")!r}, os.O_WRONLY | os.O_CREAT), b"kept")
    except OSError as error:
        print(error.strerror, flush=True)
    os._exit(0)
    """
    body = (
        textwrap.dedent(ALLOWS_ALL)
        + "import signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
    )
    with start(body + WAIT + textwrap.dedent(tries)) as child:
        ready(child)
        [filtered, *_] = checks = confinement.verify(child.pid)
        assert window_words.WINDOW_S_WORD in filtered.detail
        assert {check.name for check in checks if check.held} >= {
            "No core files",
            "No files",
            "No processes",
        }
        assert child.communicate("\n", timeout=60)[0].endswith("File too large\n")


def test_the_parent_refuses_a_window_with_capabilities() -> None:
    if os.geteuid() != 0:
        pytest.skip("an ordinary user has no capability to keep")
    body = f"""
        from refapp.lock import kernel
        kernel.drop_capabilities = lambda machine: None
        {f"sandbox.begin([sys.argv[1]], {os.getpid()})"}
        sandbox.lock()
        """
    with start(textwrap.dedent(body) + WAIT) as child:
        ready(child)
        with pytest.raises(WindowRefused, match="capabilities"):
            confinement.verify(child.pid)
        child.communicate("\n", timeout=60)


def test_the_parent_refuses_a_window_that_has_ended() -> None:
    with start("pass") as child:
        os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        with pytest.raises(WindowRefused, match="ended"):
            confinement.verify(child.pid)
        child.communicate(timeout=60)
    with pytest.raises(WindowRefused, match="ended"):
        confinement.verify(child.pid)


TK = """
    import tkinter
    from tkinter import ttk
    root = tkinter.Tk()
    entry = ttk.Entry(root)
    entry.pack()
    ttk.Button(root, text="Sign in").pack()
    root.update()
"""


@pytest.mark.usefixtures("screen")
@pytest.mark.parametrize("mode", ["refuse", "kill"])
def test_a_tk_window_goes_on_drawing_behind_the_lock(mode: str) -> None:
    draw = """
        sandbox.strip_tcl(root.tk.call)
        label = ttk.Label(root, text="drawn after the lock")
        label.pack()
        entry.insert(0, "typed")
        label.wait_visibility()
        print(json.dumps([entry.get(), label.winfo_ismapped(), label.winfo_width() > 1]))
        sys.stdout.flush()
        sys.stdin.readline()
        root.destroy()
        """
    with start(confined(TK, mode) + textwrap.dedent(draw)) as child:
        assert child.stdout
        assert json.loads(child.stdout.readline()) == ["typed", 1, True]
        checks = confinement.verify(child.pid)
        assert "2 threads" in checks[0].detail
        child.communicate("\n", timeout=60)
        assert child.returncode == 0


@pytest.mark.usefixtures("screen")
def test_a_tk_window_reaches_no_more_than_any_other() -> None:
    after = outcomes(confined(TK) + EVERY_PROBE)
    assert {name for name, outcome in after.items() if outcome == "worked"} == OPEN, after


@pytest.mark.usefixtures("screen")
def test_tcl_keeps_no_command_that_reaches_outside() -> None:
    strip = "sandbox.strip_tcl(root.tk.call)\n"
    ask = """
        def has(name):
            try:
                known = root.tk.call("info", "commands", name) != ""
                return known or bool(root.tk.call("auto_load", name))
            except tkinter.TclError:
                return False
        print(json.dumps({name: has(name) for name in sandbox.TCL_COMMANDS_REMOVED}))
        root.destroy()
        """
    body = PROBES + textwrap.dedent(TK)
    assert set(outcomes(body + textwrap.dedent(ask)).values()) == {True}
    assert set(outcomes(body + strip + textwrap.dedent(ask)).values()) == {False}


@pytest.fixture
def readable_copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The sandbox's modules where another user can read them."""
    if os.geteuid() != 0:
        pytest.skip("only root can start a process as another user")
    if shutil.which("setpriv") is None or not Path(SYSTEM_PYTHON).exists():
        pytest.skip("setpriv or a Python outside root's home is missing")
    place = Path(tempfile.mkdtemp(prefix="refapp-", dir="/var/tmp"))
    place.chmod(0o755)
    shutil.copytree(
        ROOT / "refapp/lock", place / "refapp/lock", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(ROOT / "refapp/__init__.py", place / "refapp")
    place.chmod(0o755)
    yield place
    shutil.rmtree(place)


def as_user(uid: int, holds: Callable[[], bool]) -> bool:
    """Whether ``holds`` in a process of that user."""
    pid = os.fork()
    if pid:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    held = False
    try:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
        held = holds()
    finally:
        os._exit(not held)


def test_an_ordinary_user_is_locked_in_alike(readable_copy: Path) -> None:
    prefix = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
    before = json.loads(
        finish(start(PROBES + EVERY_PROBE, python=SYSTEM_PYTHON, code=readable_copy, prefix=prefix))
    )
    body = confined() + EVERY_PROBE + WAIT
    with start(body, python=SYSTEM_PYTHON, code=readable_copy, prefix=prefix) as child:
        assert child.stdout
        line = child.stdout.readline()
        if not line:
            pytest.fail(child.communicate(timeout=60)[1])
        assert {name for name, outcome in json.loads(line).items() if outcome == "worked"} == OPEN
        ready(child)
        # The app has the window's own user:
        # another one, even root in a container, may not set its limits.
        assert as_user(65534, lambda: all(check.held for check in confinement.verify(child.pid)))
        # Not dumpable: the kernel gives what /proc has of it to root,
        # so that its own user can't look in.
        assert Path(f"/proc/{child.pid}/maps").stat().st_uid == 0
        child.communicate("\n", timeout=60)
    # Root's process may not be read or signalled by another user: no control, so no proof either.
    assert {name for name, result in before.items() if result != "worked"} <= {
        "memory of the parent",
        "signal to the parent",
    }
