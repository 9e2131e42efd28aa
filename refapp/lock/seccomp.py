"""Seccomp: the wall.
The closed list of what a drawn window may still ask of the kernel, and the filter made from it.

Owns the policy as data, the call numbers of x86-64 and aarch64, and the translation into the
kernel's classic BPF (seccomp(2)). ``program`` is pure; ``install`` applies one to every thread of
the process, for good.

The list comes from watching a locked Tk process through every widget and dialog: it used recvmsg,
poll, futex, writev, pselect6, read, write, brk, recvfrom, munmap, rt_sigaction, exit_group and
mmap. The rest is how other C libraries, machines and versions of Tcl spell the same.
"""

from __future__ import annotations

import errno
import struct

from refapp.lock import kernel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Literal

    OnViolation = Literal["kill", "refuse"]
    Test = tuple[int, Literal["is", "has"], int, int | None]
    """(argument, comparison of its low 32 bits, value, verdict if it holds);
    verdict None is the default action.
    """

RET_KILL_PROCESS = 0x80000000
RET_ERRNO = 0x00050000
RET_ALLOW = 0x7FFF0000

AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
X32_BIT = 0x40000000

PROT_EXEC = 4
FIONREAD = 0x541B
F_GETFD, F_SETFD, F_GETFL, F_SETFL = 1, 2, 3, 4
O_ASYNC = 0x2000

Numbers = dict[str, tuple[int | None, int | None]]
"""Call -> its number on x86-64 and on aarch64; None where the machine has no such call."""

ALLOWED: Numbers = {
    "read": (0, 63), "write": (1, 64), "readv": (19, 65), "writev": (20, 66), "poll": (7, None),
    "ppoll": (271, 73), "select": (23, None), "pselect6": (270, 72), "epoll_wait": (232, None),
    "epoll_pwait": (281, 22), "epoll_ctl": (233, 21), "recvfrom": (45, 207), "recvmsg": (47, 212),
    "futex": (202, 98), "munmap": (11, 215), "mremap": (25, 216), "madvise": (28, 233),
    "brk": (12, 214), "rt_sigreturn": (15, 139), "rt_sigprocmask": (14, 135),
    "rt_sigaction": (13, 134), "sigaltstack": (131, 132), "restart_syscall": (219, 128),
    "getpid": (39, 172), "gettid": (186, 178), "getuid": (102, 174), "geteuid": (107, 175),
    "getgid": (104, 176), "getegid": (108, 177), "clock_gettime": (228, 113),
    "clock_getres": (229, 114), "gettimeofday": (96, 169), "time": (201, None),
    "clock_nanosleep": (230, 115), "nanosleep": (35, 101), "getrandom": (318, 278),
    "sched_yield": (24, 124), "getrusage": (98, 165), "exit": (60, 93), "exit_group": (231, 94),
}  # fmt: skip
# Libraries probe for files and take EACCES well, so it is given in the test run too.
NO_FILES: Numbers = {
    "open": (2, None), "openat": (257, 56), "openat2": (437, 437), "stat": (4, None),
    "lstat": (6, None), "newfstatat": (262, 79), "statx": (332, 291), "access": (21, None),
    "faccessat": (269, 48), "faccessat2": (439, 439), "readlink": (89, None),
    "readlinkat": (267, 78), "getcwd": (79, 17), "fstat": (5, 80),
}  # fmt: skip
NO_SEEKING: Numbers = {"lseek": (8, 62)}
# A closed descriptor would leave room for one that the X server hands over.
KEPT_OPEN: Numbers = {"close": (3, 57), "shutdown": (48, 210)}
# No Tk program asks for these, whatever library it was built with: the process has been taken over.
KILLED: Numbers = {
    "execve": (59, 221), "execveat": (322, 281), "ptrace": (101, 117),
    "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "pidfd_getfd": (438, 438),
    "bpf": (321, 280), "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41),
    "chroot": (161, 51), "unshare": (272, 97), "setns": (308, 268), "open_by_handle_at": (304, 265),
    "io_uring_setup": (425, 425), "userfaultfd": (323, 282), "perf_event_open": (298, 241),
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
    "init_module": (175, 105), "finit_module": (313, 273), "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
}  # fmt: skip
# Where Landlock keeps all files but fonts closed, Xft opens those as it needs them, and looks at
# what it has opened.
FOR_FONTS = ("newfstatat", "fstat", "lseek", "close")
READ_FOR_FONTS = {"open": 1, "openat": 2}
"""Calls that open, and which argument holds the flags."""
NOT_TO_READ = 0x1 | 0x2 | 0x40 | 0x200 | 0x200000 | 0x400000
"""O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, O_TMPFILE; and O_PATH, which Landlock does not look at."""
BY_ARGUMENT: Numbers = {
    "mmap": (9, 222), "mprotect": (10, 226), "tgkill": (234, 131), "ioctl": (16, 29),
    "fcntl": (72, 25),
}  # fmt: skip

FIXED = (
    (ALLOWED, RET_ALLOW),
    (NO_FILES, RET_ERRNO | errno.EACCES),
    (NO_SEEKING, RET_ERRNO | errno.ESPIPE),
    (KEPT_OPEN, RET_ERRNO | errno.EPERM),
    (KILLED, RET_KILL_PROCESS),
)
"""What does not depend on an argument."""


def argument_tests(pid: int) -> dict[str, tuple[list[Test], int | None]]:
    """The calls that depend on an argument: tests in order, then the verdict if none holds.

    The kernel ignores the high 32 bits of each of these arguments,
    or (protection bits) has nothing there.
    """
    no_code: tuple[list[Test], int | None] = ([(2, "has", PROT_EXEC, None)], RET_ALLOW)
    return {
        "mmap": no_code,
        "mprotect": no_code,
        "tgkill": ([(0, "is", pid, RET_ALLOW)], None),
        "ioctl": ([(1, "is", FIONREAD, RET_ALLOW)], RET_ERRNO | errno.ENOTTY),
        # F_SETOWN and O_ASYNC would let the process send any signal to the parent.
        "fcntl": (
            [
                (1, "is", F_GETFD, RET_ALLOW),
                (1, "is", F_SETFD, RET_ALLOW),
                (1, "is", F_GETFL, RET_ALLOW),
                (2, "has", O_ASYNC, None),
                (1, "is", F_SETFL, RET_ALLOW),
            ],
            None,
        ),
    }


_LOAD, _JUMP_EQUAL, _JUMP_GREATER_EQUAL, _JUMP_BITS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_OFFSET_NUMBER, _OFFSET_ARCH, _OFFSET_ARGUMENTS = 0, 4, 16


def _instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    """``struct sock_filter``. Jumps count the instructions to skip."""
    return struct.pack("=HBBI", code, if_true, if_false, value)


def _body(tests: list[Test], otherwise: int | None, default: int) -> list[bytes]:
    code: list[bytes] = []
    for argument, comparison, value, verdict in tests:
        code += [
            _instruction(_LOAD, _OFFSET_ARGUMENTS + 8 * argument),
            _instruction(_JUMP_EQUAL if comparison == "is" else _JUMP_BITS, value, 0, 1),
            _instruction(_RETURN, default if verdict is None else verdict),
        ]
    return [*code, _instruction(_RETURN, default if otherwise is None else otherwise)]


def program(arch: str, on_violation: OnViolation, pid: int = 0, *, fonts: bool = False) -> bytes:
    """The filter for ``arch`` ("x86_64" or "aarch64") as the kernel reads it:
    8 bytes an instruction.

    ``on_violation`` is what meets a call that no rule names: "refuse" answers EPERM (a library's
    update must not end the window), "kill" ends the process (the test run: a new call is to be
    noticed). ``pid``: the process that may signal itself.
    ``fonts``: files may be opened for reading and closed, because Landlock stands behind this wall.
    Raises ValueError for another machine.
    """
    column = list(AUDIT_ARCH).index(arch)
    default = RET_KILL_PROCESS if on_violation == "kill" else RET_ERRNO | errno.EPERM
    by_argument = argument_tests(pid)
    rules = []
    for group, verdict in FIXED:
        for name, numbers in group.items():
            test, otherwise = _for_fonts(name) if fonts else ([], None)
            rules.append(
                (numbers[column], _body(test, verdict if otherwise is None else otherwise, default))
            )
    rules += [
        (BY_ARGUMENT[name][column], _body(*rule, default)) for name, rule in by_argument.items()
    ]
    return _assembled(arch, rules, default)


def _for_fonts(name: str) -> tuple[list[Test], int | None]:
    """What the policy says to this call where fonts may be read;
    None for what it says otherwise.
    """
    if name in READ_FOR_FONTS:
        return [(READ_FOR_FONTS[name], "has", NOT_TO_READ, RET_ERRNO | errno.EACCES)], RET_ALLOW
    return [], RET_ALLOW if name in FOR_FONTS else None


def only(arch: str, calls: Sequence[str]) -> bytes:
    """The filter that leaves ``calls`` of the lists above, none of them for memory that can be
    executed, and ends the process at any other. Raises ValueError for another machine.
    """
    column = list(AUDIT_ARCH).index(arch)
    rules = []
    for name in calls:
        test, verdict = argument_tests(0)[name] if name in BY_ARGUMENT else ([], RET_ALLOW)
        rules.append(
            ((ALLOWED | BY_ARGUMENT)[name][column], _body(test, verdict, RET_KILL_PROCESS))
        )
    return _assembled(arch, rules, RET_KILL_PROCESS)


def _assembled(arch: str, rules: Sequence[tuple[int | None, list[bytes]]], default: int) -> bytes:
    code = [
        _instruction(_LOAD, _OFFSET_ARCH),
        _instruction(_JUMP_EQUAL, AUDIT_ARCH[arch], 1, 0),
        _instruction(_RETURN, RET_KILL_PROCESS),
        _instruction(_LOAD, _OFFSET_NUMBER),
        _instruction(_JUMP_GREATER_EQUAL, X32_BIT, 0, 1),
        _instruction(_RETURN, RET_KILL_PROCESS),
    ]
    for number, body in rules:
        if number is not None:
            # The body runs, and returns, if the call is the one; else it is skipped.
            code += [_instruction(_JUMP_EQUAL, number, 0, len(body)), *body]
    return b"".join([*code, _instruction(_RETURN, default)])


_SECCOMP = {"x86_64": 317, "aarch64": 277}
_SET_MODE_FILTER = 1
_TSYNC = 1


def install(arch: str, filter_program: bytes) -> None:
    """Put the filter on every thread of this process, or on none. Irreversible. Raises OSError.

    No new privileges must already be set.
    """
    address = kernel.address_of(filter_program)
    header = struct.pack("@HP", len(filter_program) // 8, address)
    refused_by = kernel.call(_SECCOMP[arch], _SET_MODE_FILTER, _TSYNC, header)
    if refused_by:
        raise OSError(errno.EBUSY, "a thread could not be put under the filter")
