"""How the window process locks itself in (SB-3): early, warm-up, lock.

Owns the order of the steps and what each is called for people. ``begin`` stands in the first lines
of the process, ``lock`` after all that will be needed was loaded and drawn, ``confine`` is both.
Nothing can be taken back. It imports the standard library alone, and little: each start waits.

Seccomp is the wall: without it nothing starts. Landlock is the second and guards the warm-up, when
nothing from outside was read yet; a kernel without it is reported, not refused, for seccomp alone
leaves no file, socket or program. The parent looks in /proc itself (``window.confinement``).
"""

from __future__ import annotations

import os
import stat
import sys

from refapp.lock import kernel, landlock, seccomp, wording

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Held = tuple[str, bool, str]
"""A restriction's name, whether the kernel enforces it, and a detail; for people."""

DESCRIPTORS = 256
_KILLED_WITH_PARENT = 9
_STANDARD = (0, 1, 2)
_TCL9_NOTIFIER = ("anon_inode:[eventpoll]", "anon_inode:[eventfd]")

SYSTEM_PATHS = (
    "/usr/lib", "/usr/lib32", "/usr/lib64", "/lib", "/lib64", "/usr/local/lib", "/nix/store",
    "/gnu/store", "/etc/ld.so.cache", "/etc/localtime", "/usr/share/zoneinfo", "/usr/share/locale",
    "/usr/share/i18n", "/etc/fonts", "/usr/share/fonts", "/usr/share/fontconfig",
    "/usr/local/share/fonts", "/var/cache/fontconfig", "/usr/share/X11", "/usr/share/icons",
    "/usr/share/tcltk", "/usr/share/tcl8.6", "/usr/share/tk8.6",
)  # fmt: skip

FONT_PATHS = (
    "/usr/share/fonts", "/usr/local/share/fonts", "/var/cache/fontconfig", "/etc/fonts",
    "/usr/share/fontconfig",
)  # fmt: skip
"""Readable for good: a font is opened when the first character of its script is drawn (DG-5)."""
FREE_FOR_FONTS = 16
"""Descriptors. Xft keeps five open, and one more while it changes them."""

TCL_COMMANDS_REMOVED = (
    "send", "exec", "open", "socket", "load", "unload", "tk_getOpenFile", "tk_getSaveFile",
    "tk_chooseDirectory",
)  # fmt: skip


class SandboxUnavailable(Exception):
    """The process can't be confined, and must end. One sentence for people."""


class _Early:
    """What ``begin`` leaves for ``lock``: the open /proc/self/statm, and what held so far."""

    size: int | None = None
    held: tuple[Held, ...] = ()
    fonts: tuple[str, ...] = ()


def begin(
    readable: Sequence[str] = (), parent_pid: int | None = None, keep: Sequence[int] = ()
) -> None:
    """Stage 1: from here on files are few and read-only, no program starts, no privilege comes.

    Readable stay the system's libraries, fonts, Tcl, X11 and time zone data, Python's library, and
    ``readable`` (files or directories: the app's own code, the X cookie). Descriptors above 2 are
    closed, but for ``keep``: pipes alone. The process dies with the thread that started it, also
    where that ended before (``parent_pid``). The abstract socket of the X server stays reachable,
    for libxcb does not try another if this one is refused. Raises SandboxUnavailable.
    """
    machine = _machine()
    if machine not in seccomp.AUDIT_ARCH:
        raise SandboxUnavailable(wording.no_such_system(machine))
    try:
        _begin(readable, os.getppid() if parent_pid is None else parent_pid, keep)
    except OSError as error:
        raise SandboxUnavailable(wording.first_restrictions_failed(error.strerror)) from error


def _machine() -> str:
    """The kernel's word for the processor, or the name of a system that is not Linux."""
    return os.uname().machine if sys.platform.startswith("linux") else sys.platform


def _begin(readable: Sequence[str], parent_pid: int, keep: Sequence[int]) -> None:
    import resource  # absent on systems that are refused above

    if len(os.listdir("/proc/self/task")) != 1:  # noqa: PTH208 - pathlib costs a start-up milliseconds
        raise SandboxUnavailable(wording.SECOND_THREAD)
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208
        if int(name) not in (*_STANDARD, *keep):
            _close_quietly(int(name))
    for descriptor in keep:
        # Not even the display's kind: over a UNIX socket more descriptors can come in.
        if _kind(descriptor) != "pipe":
            raise SandboxUnavailable(wording.not_a_pipe(descriptor))
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    kernel.drop_capabilities(_machine())
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
    # After the capabilities: a change of credentials clears it.
    kernel.prctl(kernel.PR_SET_PDEATHSIG, _KILLED_WITH_PARENT)
    if os.getppid() != parent_pid:
        raise SandboxUnavailable(wording.NOT_THE_APP_S_CHILD)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    most = DESCRIPTORS if hard == resource.RLIM_INFINITY else min(DESCRIPTORS, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    _Early.size = os.open("/proc/self/statm", os.O_RDONLY)
    _Early.held = (
        ("No new privileges", True, wording.NO_NEW_PRIVILEGES),
        ("The window's memory is closed", True, wording.MEMORY_CLOSED),
        ("Ends with the app", True, wording.ENDS_WITH_THE_APP),
    )
    version = landlock.abi()
    if version:
        own_library = os.path.dirname(os.__file__)  # noqa: PTH120
        _Early.fonts = (*FONT_PATHS, *own_fonts())
        compose = f"{os.environ.get('HOME', '')}/.XCompose"
        libraries = (*SYSTEM_PATHS, f"{sys.base_prefix}/lib", own_library)
        readable = [*libraries, *_Early.fonts, compose, *readable]
        landlock.restrict(readable, landlock.SIGNALS)


def own_fonts() -> list[str]:
    """Where fontconfig finds the person's own fonts and settings, and keeps its cache."""
    folders = (
        ("XDG_DATA_HOME", "fonts"), ("HOME", ".fonts"), ("XDG_CONFIG_HOME", "fontconfig"),
        ("HOME", ".fonts.conf"),
        ("XDG_CACHE_HOME", "fontconfig"),
    )  # fmt: skip
    return [f"{os.environ[name]}/{folder}" for name, folder in folders if os.environ.get(name)]


def fonts_stay() -> bool:
    """Whether fonts open after ``lock``: where Landlock keeps all other files closed."""
    return bool(_Early.fonts)


def _close_quietly(descriptor: int) -> None:
    try:
        os.close(descriptor)
    except OSError:
        return


def lock(
    *, on_violation: seccomp.OnViolation = "refuse", heap_bytes: int = 192 * 2**20
) -> list[Held]:
    """Stage 3: from here on, only what is open, mapped and on the list of calls.
    Holds for every thread, for good.

    ``begin`` must have run. ``heap_bytes`` is how far memory may still grow. Descriptors 0, 1 and 2
    must be pipes; besides them only Tcl's notifier and one connected UNIX socket, the X server's,
    may be open. Returns what is enforced. Raises SandboxUnavailable, after which the process must
    end: it may be half locked.
    """
    if _Early.size is None:
        raise SandboxUnavailable(wording.NOT_RESTRICTED_FIRST)
    try:
        size = int(os.pread(_Early.size, 100, 0).split()[0]) * os.sysconf("SC_PAGE_SIZE")
        os.close(_Early.size)
        _Early.size = None
        highest = audit_descriptors()
        walls = _last_layer()
        _limit(size + heap_bytes, highest, FREE_FOR_FONTS if _Early.fonts else 0)
    except OSError as error:
        raise SandboxUnavailable(wording.restriction_failed(error.strerror)) from error
    machine = _machine()
    rules = seccomp.program(machine, on_violation, os.getpid(), fonts=bool(_Early.fonts))
    try:
        seccomp.install(machine, rules)
    except OSError as error:
        raise SandboxUnavailable(wording.no_seccomp(error.strerror)) from error
    answer = "refused" if on_violation == "refuse" else "fatal"
    return [
        ("System calls", True, wording.calls_left(len(seccomp.ALLOWED), answer)),
        *walls,
        (
            "Descriptors",
            True,
            wording.PIPES_DISPLAY_FONTS if _Early.fonts else wording.PIPES_DISPLAY,
        ),
        ("Resources", True, wording.little_memory(heap_bytes // 2**20)),
        *_Early.held,
    ]


def confine(
    readable: Sequence[str] = (),
    on_violation: seccomp.OnViolation = "refuse",
    parent_pid: int | None = None,
    keep: Sequence[int] = (),
) -> list[Held]:
    """``begin`` and ``lock`` at once, for a window of another make that draws without files.
    Raises SandboxUnavailable.

    ``keep``: descriptors of pipes, for a window that has another front than a display
    (``examples.terminal_window``); the app's own keeps none. Through them goes what the program
    that holds the other ends reads and writes, bytes and no more: the locked process can't open the
    pipe's name again, hand a descriptor over, or have itself signalled by it. The parent does not
    see them.
    """
    begin(readable, parent_pid, keep)
    return lock(on_violation=on_violation)


def audit_descriptors() -> int:
    """The highest descriptor, if each is of a kind that may be open. Raises SandboxUnavailable."""
    highest, displays = 2, 0
    for descriptor in range(DESCRIPTORS):
        kind = _kind(descriptor)
        displays += kind == "display"
        expected = (
            ("pipe",) if descriptor in _STANDARD else ("pipe", "display", "notifier", "closed")
        )
        if kind not in expected or displays > 1:
            raise SandboxUnavailable(wording.neither_pipe_nor_display(descriptor, kind))
        if kind != "closed":
            highest = descriptor
    return highest


def _kind(descriptor: int) -> str:
    """ "closed", "pipe", "display" (a connected UNIX stream socket), "notifier" or "other"."""
    try:
        mode = os.fstat(descriptor).st_mode
    except OSError:
        return "closed"
    if stat.S_ISFIFO(mode):
        return "pipe"
    if stat.S_ISSOCK(mode):
        return "display" if _is_unix_connection(descriptor) else "other"
    # Tcl 9 waits on epoll and eventfd. Reading the link is open to a process that can open nothing.
    return "notifier" if os.readlink(f"/proc/self/fd/{descriptor}") in _TCL9_NOTIFIER else "other"  # noqa: PTH115


def _is_unix_connection(descriptor: int) -> bool:
    import _socket  # the C half alone: socket itself imports selectors and enum

    connection = _socket.socket(fileno=descriptor)
    try:
        connection.getpeername()
        return connection.family == _socket.AF_UNIX and connection.type == _socket.SOCK_STREAM
    except OSError:
        return False
    finally:
        connection.detach()


def _last_layer() -> list[Held]:
    version = landlock.abi()
    if not version:
        return [("Files, network", False, wording.NO_LANDLOCK)]
    landlock.restrict(_Early.fonts, landlock.ABSTRACT_SOCKETS | landlock.SIGNALS)
    tcp = version >= landlock.TCP_SINCE
    scopes = version >= landlock.SCOPES_SINCE
    missing = wording.landlock_too_old(version)
    return [
        ("Files", True, wording.fonts_alone(version)),
        ("Network", tcp, wording.NO_TCP if tcp else missing),
        ("Other programs", scopes, wording.NO_SIGNALS if scopes else missing),
    ]


def _limit(memory: int, highest: int, free: int) -> None:
    import resource  # absent on systems that were refused in begin

    for descriptor in range(highest):
        try:
            os.fstat(descriptor)
        except OSError:
            os.dup2(0, descriptor, inheritable=False)
    for none_left in (
        resource.RLIMIT_FSIZE,
        resource.RLIMIT_NPROC,
        resource.RLIMIT_MEMLOCK,
        resource.RLIMIT_MSGQUEUE,
    ):
        resource.setrlimit(none_left, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_NOFILE, (highest + 1 + free, highest + 1 + free))


def strip_tcl(tk_call: Callable[..., object]) -> None:
    """Take the commands that reach outside from the Tcl interpreter;
    ``tk_call`` is ``root.tk.call``.

    ``send`` lets another program on the display run Tcl in here, and the file dialogs can't work
    without files. Call it after the warm-up, which still loads scripts. tkinter itself uses none of
    them.
    """
    for command in TCL_COMMANDS_REMOVED:
        if tk_call("info", "commands", f"::{command}"):
            tk_call("rename", f"::{command}", "")
