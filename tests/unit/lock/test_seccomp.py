"""The filter as the kernel would run it, for both machines: a small interpreter of classic BPF
against tables of verdicts.
"""

from __future__ import annotations

import errno
import re
import struct
from pathlib import Path

import pytest

from refapp.lock import seccomp

PID = 4711
ALLOW = seccomp.RET_ALLOW
KILL = seccomp.RET_KILL_PROCESS
EPERM = seccomp.RET_ERRNO | errno.EPERM
EACCES = seccomp.RET_ERRNO | errno.EACCES
ENOTTY = seccomp.RET_ERRNO | errno.ENOTTY
ESPIPE = seccomp.RET_ERRNO | errno.ESPIPE
GROUPS = (
    seccomp.ALLOWED,
    seccomp.NO_FILES,
    seccomp.NO_SEEKING,
    seccomp.KEPT_OPEN,
    seccomp.KILLED,
    seccomp.BY_ARGUMENT,
)
NUMBERS = {name: numbers for group in GROUPS for name, numbers in group.items()}
# Calls that no rule names, by their number on (x86-64, aarch64).
UNNAMED = {
    "socket": (41, 198), "connect": (42, 203), "sendto": (44, 206), "sendmsg": (46, 211),
    "clone": (56, 220), "fork": (57, None), "kill": (62, 129), "tkill": (200, 130), "dup": (32, 23),
    "dup3": (292, 24), "prctl": (157, 167), "unlinkat": (263, 35), "pipe2": (293, 59),
    "seccomp": (317, 277), "clone3": (435, 435), "memfd_create": (319, 279),
    "prlimit64": (302, 261), "personality": (135, 92), "pkey_mprotect": (329, 288),
    "shmat": (30, 196), "setuid": (105, 146), "pidfd_open": (434, 434),
    "pidfd_send_signal": (424, 424), "landlock_create_ruleset": (444, 444),
}  # fmt: skip
ARCHES = list(seccomp.AUDIT_ARCH)


def run(program: bytes, data: bytes) -> int:
    """Interpret ``program`` over ``struct seccomp_data``;
    only the instructions that the kernel takes for seccomp and we use.
    """
    code = list(struct.iter_unpack("=HBBI", program))
    accumulator, at = 0, 0
    while True:
        operation, if_true, if_false, value = code[at]
        at += 1
        if operation == 0x20:
            accumulator = struct.unpack_from("=I", data, value)[0]
        elif operation == 0x06:
            return value
        else:
            holds = {
                0x15: accumulator == value,
                0x35: accumulator >= value,
                0x45: bool(accumulator & value),
            }[operation]
            at += if_true if holds else if_false


def verdict(
    arch: str,
    number: int,
    arguments: tuple[int, ...] = (),
    *,
    on: str = "refuse",
    audit: int | None = None,
    program: bytes = b"",
) -> int:
    words = (*arguments, 0, 0, 0, 0, 0, 0)[:6]
    data = struct.pack(
        "=IIQ6Q", number, seccomp.AUDIT_ARCH[arch] if audit is None else audit, 0, *words
    )
    return run(program or seccomp.program(arch, "kill" if on == "kill" else "refuse", PID), data)


def number(name: str, arch: str) -> int | None:
    return (NUMBERS | UNNAMED)[name][ARCHES.index(arch)]


FIXED = [
    *((name, ALLOW, ALLOW) for name in seccomp.ALLOWED),
    *((name, EACCES, EACCES) for name in seccomp.NO_FILES),
    ("lseek", ESPIPE, ESPIPE),
    ("close", EPERM, EPERM),
    ("shutdown", EPERM, EPERM),
    *((name, KILL, KILL) for name in seccomp.KILLED),
    *((name, EPERM, KILL) for name in UNNAMED),
]


@pytest.mark.parametrize("arch", ARCHES)
@pytest.mark.parametrize(
    ("name", "in_use", "in_test"), FIXED, ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_call_gets_its_verdict_whatever_its_arguments(
    arch: str, name: str, in_use: int, in_test: int
) -> None:
    at = number(name, arch)
    if at is None:
        assert arch == "aarch64"
        return
    for arguments in ((), (2**64 - 1,) * 6):
        assert verdict(arch, at, arguments) == in_use
        assert verdict(arch, at, arguments, on="kill") == in_test


HIGH = 1 << 40
BY_ARGUMENT = [
    ("mmap", (0, 4096, 3, 0x22), ALLOW),
    ("mmap", (0, 4096, 7, 0x22), EPERM),
    ("mmap", (0, 4096, 4 | HIGH, 0x22), EPERM),
    ("mprotect", (0, 4096, 1), ALLOW),
    ("mprotect", (0, 4096, 5), EPERM),
    ("mprotect", (0, 4096, 0x1000004), EPERM),
    ("tgkill", (PID, 9999, 6), ALLOW),
    ("tgkill", (PID + 1, PID, 6), EPERM),
    ("tgkill", (0xFFFFFFFF, PID, 6), EPERM),
    ("ioctl", (0, 0x541B), ALLOW),
    ("ioctl", (0, 0x5412), ENOTTY),
    ("ioctl", (0, 0x5401), ENOTTY),
    ("ioctl", (0, HIGH | 0x5412), ENOTTY),
    ("fcntl", (0, 1), ALLOW),
    ("fcntl", (0, 2, 1), ALLOW),
    ("fcntl", (0, 3), ALLOW),
    ("fcntl", (0, 4, 0x800), ALLOW),
    ("fcntl", (0, 4, 0x2000), EPERM),
    ("fcntl", (0, 4, 0x2800), EPERM),
    ("fcntl", (0, 4 | HIGH, 0x2000), EPERM),
    ("fcntl", (0, 0, 0), EPERM),
    ("fcntl", (0, 8, 1), EPERM),
    ("fcntl", (0, 10, 9), EPERM),
    ("fcntl", (0, 15, 0), EPERM),
    ("fcntl", (0, 1030, 0), EPERM),
    ("fcntl", (0, 1024, 0), EPERM),
]


@pytest.mark.parametrize("arch", ARCHES)
@pytest.mark.parametrize(("name", "arguments", "expected"), BY_ARGUMENT)
def test_a_call_that_depends_on_an_argument(
    arch: str, name: str, arguments: tuple[int, ...], expected: int
) -> None:
    at = number(name, arch)
    assert at is not None
    assert verdict(arch, at, arguments) == expected
    fatal = KILL if expected == EPERM else expected
    assert verdict(arch, at, arguments, on="kill") == fatal


FOR_FONTS = [
    ("openat", (0, 0, 0), ALLOW), ("openat", (0, 0, 0x80000), ALLOW), ("open", (0, 0), ALLOW),
    ("open", (0, 1), EACCES),
    *(("openat", (0, 0, flag), EACCES) for flag in (1, 2, 0x40, 0x200, 0x200000, 0x410000)),
    ("fstat", (5, 0), ALLOW), ("newfstatat", (5, 0, 0, 0x1000), ALLOW), ("lseek", (5, 0, 0), ALLOW),
    ("close", (5,), ALLOW), ("stat", (0, 0), EACCES), ("statx", (0, 0), EACCES),
    ("openat2", (0, 0, 0), EACCES), ("readlinkat", (0, 0), EACCES), ("shutdown", (3, 0), EPERM),
    ("execve", (0, 0), KILL), ("mmap", (0, 4096, 5), EPERM),
]  # fmt: skip


@pytest.mark.parametrize("arch", ARCHES)
@pytest.mark.parametrize(("name", "arguments", "expected"), FOR_FONTS)
def test_what_fonts_need(arch: str, name: str, arguments: tuple[int, ...], expected: int) -> None:
    at = number(name, arch)
    if at is not None:
        program = seccomp.program(arch, "refuse", PID, fonts=True)
        assert verdict(arch, at, arguments, program=program) == expected


@pytest.mark.parametrize("arch", ARCHES)
@pytest.mark.parametrize(
    "name", sorted((seccomp.ALLOWED | seccomp.NO_FILES | seccomp.KILLED).keys())
)
def test_the_filter_of_a_few_calls_leaves_no_other(arch: str, name: str) -> None:
    at = number(name, arch)
    if at is not None:
        program = seccomp.only(arch, ("read", "exit", "mmap"))
        assert verdict(arch, at, program=program) == (ALLOW if name in ("read", "exit") else KILL)
        mapping = number("mmap", arch)
        assert mapping is not None
        assert verdict(arch, mapping, (0, 4096, 3), program=program) == ALLOW
        assert verdict(arch, mapping, (0, 4096, 4), program=program) == KILL


@pytest.mark.parametrize("arch", ARCHES)
def test_a_call_for_another_machine_ends_the_process(arch: str) -> None:
    i386, other = 0x40000003, next(seccomp.AUDIT_ARCH[name] for name in ARCHES if name != arch)
    for audit in (0, i386, other):
        assert verdict(arch, 1, audit=audit) == KILL


@pytest.mark.parametrize("number_in_x32", [0x40000000, 0x40000001, 0x40000208, 0xFFFFFFFF])
def test_a_call_with_the_x32_bit_ends_the_process(number_in_x32: int) -> None:
    assert verdict("x86_64", number_in_x32) == KILL


@pytest.mark.parametrize("arch", ARCHES)
def test_every_number_that_no_rule_names_gets_the_default(arch: str) -> None:
    named = {numbers[ARCHES.index(arch)] for numbers in NUMBERS.values()}
    rest = [at for at in range(600) if at not in named]
    assert {verdict(arch, at) for at in rest} == {EPERM}
    assert {verdict(arch, at, on="kill") for at in rest} == {KILL}


@pytest.mark.parametrize("arch", ARCHES)
def test_the_program_is_one_that_the_kernel_takes(arch: str) -> None:
    program = seccomp.program(arch, "refuse", PID)
    code = list(struct.iter_unpack("=HBBI", program))
    assert len(code) <= 4096
    for at, (operation, if_true, if_false, value) in enumerate(code):
        assert operation in (0x20, 0x15, 0x35, 0x45, 0x06)
        assert at + max(if_true, if_false) < len(code)
        if operation == 0x20:
            assert value % 4 == 0
            assert value < 64
    assert code[-1][0] == 0x06


def test_no_call_stands_in_two_groups() -> None:
    assert sum(len(group) for group in GROUPS) == len(NUMBERS)
    for column in range(len(ARCHES)):
        numbers = [pair[column] for pair in NUMBERS.values() if pair[column] is not None]
        assert len(numbers) == len(set(numbers))


def test_another_machine_has_no_program() -> None:
    with pytest.raises(ValueError, match="riscv64"):
        seccomp.program("riscv64", "refuse")


HEADERS = [
    ("x86_64", Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h")),
    ("aarch64", Path("/usr/include/asm-generic/unistd.h")),
]


@pytest.mark.parametrize(("arch", "header"), HEADERS, ids=ARCHES)
def test_the_numbers_are_the_kernel_s_own(arch: str, header: Path) -> None:
    if not header.exists():
        pytest.skip(f"{header} is not installed")
    known = {
        name: int(text)
        for name, text in re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", header.read_text())
    }
    # The generic list, which aarch64 takes, defines this one by way of another.
    known.setdefault("newfstatat", known.get("fstatat", -1))
    for name in NUMBERS | UNNAMED:
        assert number(name, arch) == known.get(name), name
