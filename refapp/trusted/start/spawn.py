"""Start the window process.
Imports next to nothing: it runs before everything else, so that the window paints early.

Owns the command line, the scrubbed environment and the three pipes. The child gets pipes and no
sockets (a socket could pass descriptors), a session of its own, and nothing of the environment but
what a display, an input method, a language and a time zone need; ``ALLOCATOR`` is added to that.
Signals that end the app are kept from it: it is asked first, and saves (NT-1). Must run on the
loop's thread: the child dies with the thread that started it.
"""

from __future__ import annotations

import os
import sys
from _signal import SIGHUP, SIGINT, SIGTERM  # type: ignore[import-not-found]  # signal itself would import enum
from importlib.machinery import PathFinder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ENDING = SIGHUP, SIGINT, SIGTERM
"""What a desktop sends to every process of a session that is closed."""
PASSED_ON = ("DISPLAY", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "XMODIFIERS")
# glibc would give a long message's memory back to the kernel and fetch it again,
# page by page, for each one.
ALLOCATOR = {"MALLOC_MMAP_THRESHOLD_": "4194304", "MALLOC_TRIM_THRESHOLD_": "4194304"}
UNTRUSTED_MAIN = (
    f"{os.path.dirname(os.path.dirname(os.path.dirname(__file__)))}/untrusted/__main__.py"
)


class Child:
    """The window process and our ends of its pipes. The caller closes them and reaps it."""

    __slots__ = ("pid", "stderr", "stdin", "stdout")

    def __init__(self, pid: int, stdin: int, stdout: int, stderr: int) -> None:
        self.pid, self.stdin, self.stdout, self.stderr = pid, stdin, stdout, stderr


def own_window(*, on_violation: str, unsandboxed: bool) -> list[str]:
    """The command of the window that comes with the app:
    isolated Python, no site-packages but the codec.
    """
    spec = PathFinder.find_spec("msgspec")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("msgspec")
    codec = os.path.dirname(spec.origin)
    command = [
        sys.executable,
        "-I",
        "-S",
        UNTRUSTED_MAIN,
        "--codec",
        codec,
        "--parent",
        str(os.getpid()),
    ]
    command += ["--on-violation", on_violation]
    return [*command, *(["--unsandboxed"] if unsandboxed else [])]


def environment(outer: Mapping[str, str], home: str) -> dict[str, str]:
    """What the child may see of ``outer``.
    ``home``: the person's own folder, for fonts and the X cookie.
    """
    env = {name: outer[name] for name in PASSED_ON if name in outer}
    env |= {"PATH": "/usr/bin:/bin", **ALLOCATOR}
    cookie = outer.get("XAUTHORITY") or f"{home}/.Xauthority"
    if os.path.exists(cookie):
        env["XAUTHORITY"] = cookie
    # Of the person's own folders only those of fonts can be read (``lock.sandbox``), and how she
    # composes characters.
    for name, usual in (
        ("XDG_DATA_HOME", ".local/share"),
        ("XDG_CACHE_HOME", ".cache"),
        ("XDG_CONFIG_HOME", ".config"),
    ):
        env[name] = outer.get(name) or f"{home}/{usual}"
    return env | {"HOME": home}


def spawn(command: Sequence[str], env: Mapping[str, str]) -> Child:
    """Start ``command`` (its first word is a path). Raises OSError if that can't be run."""
    in_read, in_write = os.pipe()
    out_read, out_write = os.pipe()
    err_read, err_write = os.pipe()
    theirs = (in_read, out_write, err_write)
    actions = [(os.POSIX_SPAWN_DUP2, fd, number) for number, fd in enumerate(theirs)]
    try:
        pid = os.posix_spawn(
            command[0],
            list(command),
            dict(env),
            file_actions=actions,
            setsid=True,
            setsigmask=ENDING,
        )
    except OSError:
        for fd in (in_write, out_read, err_read):
            os.close(fd)
        raise
    finally:
        for fd in theirs:
            os.close(fd)
    return Child(pid, in_write, out_read, err_read)
