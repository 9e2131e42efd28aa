"""Attempts to take the sandbox off, or to regain rights that it took away."""

from __future__ import annotations

import os
import struct

from refapp.attack.attempt import Attempt, Target, buffer, gained, raw

_ALLOW_ALL = struct.pack("=HBBI", 0x06, 0, 0, 0x7FFF0000)


def _filter() -> tuple[object, bytes]:
    """``struct sock_fprog`` of a filter that allows everything."""
    code, address = buffer(8)
    code.raw = _ALLOW_ALL
    return code, struct.pack("@HP", 1, address)


def _allow_filters(t: Target) -> None:
    """No new privileges: the window has them off already."""
    if t.free:
        raw("prctl", 38, 1, 0, 0, 0)


def _second_filter(t: Target) -> None:
    _allow_filters(t)
    kept, program = _filter()
    raw("seccomp", 1, 0, program)
    del kept


def _second_filter_by_prctl(t: Target) -> None:
    _allow_filters(t)
    kept, program = _filter()
    raw("prctl", 22, 2, program, 0, 0)
    del kept


def _listener(t: Target) -> None:
    """A filter whose decisions it makes itself."""
    _allow_filters(t)
    kept, program = _filter()
    raw("seccomp", 1, 8, program)
    del kept


def _dispatch(_: Target) -> None:
    """Have calls turned into signals, before any filter sees them."""
    selector, address = buffer(1)
    raw("prctl", 59, 1, 0, 0, address)
    raw("prctl", 59, 0, 0, 0, 0)
    del selector


def _raise_limit(which: int) -> None:
    """Ask for a little more than there is;
    root's control can, and an ordinary user's within the hard limit.
    """
    limits, address = buffer(16)
    raw("prlimit64", 0, which, None, address)
    soft, hard = struct.unpack("=QQ", limits.raw)
    raw("prlimit64", 0, which, struct.pack("=QQ", hard, hard), None)
    gained(hard >= soft)


def _capabilities(_: Target) -> None:
    """Take what is permitted:
    nothing for an ordinary user, whose control asks for the same nothing.
    """
    held, address = buffer(24)
    header = struct.pack("=Ii", 0x20080522, 0)
    raw("capget", header, address)
    raw("capset", header, held.raw)


def _leave(t: Target, call: str, *arguments: int) -> None:
    """The control leads a session already and can't leave it, but a child of its own can."""
    if not t.free:
        raw(call, *arguments)
        return
    pid = os.fork()
    if pid == 0:
        try:
            raw(call, *arguments)
            os._exit(0)
        finally:
            os._exit(1)
    gained(os.waitpid(pid, 0)[1] == 0)


def _prctl(name: str, tries: str, option: int, value: int) -> Attempt:
    return Attempt(
        name, tries, f"prctl(2), option {option}", lambda _t: raw("prctl", option, value, 0, 0, 0)
    )


ATTEMPTS = (
    Attempt("filter", "add a filter that allows everything", "seccomp(2), raw", _second_filter),
    Attempt("filter-prctl", "add a filter that allows everything", "prctl(2), PR_SET_SECCOMP",
            _second_filter_by_prctl),
    Attempt("filter-listener", "decide on its own calls", "seccomp(2), NEW_LISTENER", _listener),
    Attempt("filter-actions", "ask what filters can do", "seccomp(2), GET_ACTION_AVAIL",
            lambda _t: raw("seccomp", 2, 0, struct.pack("=I", 0x7FFF0000))),
    Attempt("dispatch", "have calls bypass the filter", "prctl(2), SET_SYSCALL_USER_DISPATCH",
            _dispatch),
    Attempt("landlock-version", "ask for Landlock", "landlock_create_ruleset(2), version",
            lambda _t: raw("landlock_create_ruleset", None, 0, 1)),
    Attempt("landlock-ruleset", "make a ruleset of its own", "landlock_create_ruleset(2), raw",
            lambda _t: raw("landlock_create_ruleset", struct.pack("=Q", 1), 8, 0)),
    _prctl("new-privileges", "allow new privileges again", 38, 0),
    _prctl("dumpable", "make its memory readable again", 4, 1),
    _prctl("outlive", "outlive the app", 1, 0),
    _prctl("ptracer", "let any process debug it", 0x59616D61, -1),
    Attempt("rename", "take another name", "prctl(2), PR_SET_NAME",
            lambda _t: raw("prctl", 15, b"systemd", 0, 0, 0)),
    _prctl("subreaper", "adopt orphans", 36, 1),
    _prctl("securebits", "change how root's rights work", 28, 0),
    _prctl("keep-capabilities", "keep rights across users", 8, 1),
    _prctl("timer-slack", "change its timers", 29, 1),
    _prctl("tsc", "change its clock instruction", 26, 1),
    _prctl("speculation", "ask how speculation is held", 52, 0),
    _prctl("no-new-privileges-get", "ask what holds it", 39, 0),
    _prctl("seccomp-get", "ask what filter it has", 21, 0),
    Attempt("capset", "set its capabilities", "capset(2), raw", _capabilities),
    Attempt("setuid", "change its user", "setuid(2), raw", lambda _t: raw("setuid", os.getuid())),
    Attempt("setgid", "change its group", "setgid(2), raw", lambda _t: raw("setgid", os.getgid())),
    Attempt("setresuid", "change its users", "setresuid(2), raw",
            lambda _t: raw("setresuid", -1, -1, -1)),
    Attempt("setgroups", "change its groups", "setgroups(2), raw",
            lambda _t: raw("setgroups", 0, None)),
    Attempt("setsid", "leave its session", "setsid(2), raw", lambda t: _leave(t, "setsid")),
    Attempt("setpgid", "leave its process group", "setpgid(2), raw",
            lambda t: _leave(t, "setpgid", 0, 0)),
    Attempt("limit-memory", "raise its memory limit", "prlimit64(2), AS",
            lambda _t: _raise_limit(9)),
    Attempt("limit-files", "raise its limit of descriptors", "prlimit64(2), NOFILE",
            lambda _t: _raise_limit(7)),
    Attempt("limit-processes", "raise its limit of processes", "prlimit64(2), NPROC",
            lambda _t: _raise_limit(6)),
    Attempt("limit-size", "raise its limit of file sizes", "prlimit64(2), FSIZE",
            lambda _t: _raise_limit(1)),
    Attempt("limit-core", "raise its limit of core files", "setrlimit(2), raw",
            lambda _t: raw("setrlimit", 4, struct.pack("=QQ", 0, 0))),
)  # fmt: skip
