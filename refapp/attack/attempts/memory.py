"""Attempts to run code that was not there at the start, or to reach the kernel by a door that the
filter might not watch.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import platform

from refapp.attack.attempt import Attempt, Target, buffer, gained, raw

_READ, _WRITE, _EXEC = 1, 2, 4
_PRIVATE_ANONYMOUS = 0x22
_X32_BIT = 0x40000000
_READ_IMPLIES_EXEC = 0x0400000
_PAGE = mmap.PAGESIZE


def _page(protection: int) -> int:
    """A fresh page, by the raw call:
    a number's sign would spoil a high address, but mmap gives none.
    """
    return raw("mmap", None, _PAGE, protection, _PRIVATE_ANONYMOUS, -1, 0)


def _machine_code() -> int | None:
    """An executable page, made while that was allowed: ``mov eax, 20; int 0x80; ret`` is getpid by
    the door of 32-bit programs.

    Code that is in a library already serves an attacker as well; to have it ready is fair.
    """
    if platform.machine() != "x86_64":
        return None
    try:
        page = mmap.mmap(-1, _PAGE, prot=_READ | _WRITE | _EXEC)
    except OSError:
        return None
    page.write(b"\xb8\x14\0\0\0\xcd\x80\xc3")
    _KEPT.append(page)
    return ctypes.addressof(ctypes.c_char.from_buffer(page))


_KEPT: list[mmap.mmap] = []
_GETPID_32 = _machine_code()


def _old_door(_: Target) -> None:
    gained(_GETPID_32)
    gained(ctypes.CFUNCTYPE(ctypes.c_int)(_GETPID_32 or 0)() == os.getpid())


def _x32(number: int) -> None:
    """The third set of numbers of x86-64: the same kernel, another table."""
    from refapp.lock import kernel

    gained(platform.machine() == "x86_64")
    kernel.call(_X32_BIT | number)


def _protect(name: str) -> Attempt:
    def act(_: Target) -> None:
        page = _page(_READ | _WRITE)
        raw(name, page, _PAGE, _READ | _EXEC, *((-1,) if name == "pkey_mprotect" else ()))

    return Attempt(f"{name}-exec", "make written memory executable", f"{name}(2), raw", act)


def _make_stack_executable(_: Target) -> None:
    memory, address = buffer(_PAGE)
    raw("mprotect", address & ~(_PAGE - 1), _PAGE, _READ | _WRITE | _EXEC)
    del memory


def _shared_executable(_: Target) -> None:
    segment = raw("shmget", 0, _PAGE, 0o1600)
    try:
        raw("shmat", segment, None, 0o100000)
    finally:
        raw("shmctl", segment, 0, None)


def _implied(_: Target) -> None:
    """Have every readable page be executable from now on."""
    raw("personality", _READ_IMPLIES_EXEC)


def _file_of_code(_: Target) -> None:
    descriptor = raw("memfd_create", b"code", 0)
    os.ftruncate(descriptor, _PAGE)
    raw("mmap", None, _PAGE, _READ | _EXEC, 1, descriptor, 0)


def _own_memory(_: Target) -> None:
    """Write over read-only code through the kernel, which does not mind the protection."""
    code = ctypes.cast(ctypes.CDLL(None).getpid, ctypes.c_void_p).value or 0
    with open("/proc/self/mem", "r+b", buffering=0) as memory:
        memory.seek(code)
        kept = memory.read(1)
        memory.seek(code)
        memory.write(kept)


def _own_memory_by_call(_: Target) -> None:
    memory, address = buffer(16)
    here = address.to_bytes(8, "little") + (16).to_bytes(8, "little")
    raw("process_vm_writev", os.getpid(), here, 1, here, 1, 0)
    del memory


def _own_tracer(_: Target) -> None:
    raw("ptrace", 0, 0, None, None)


def _arch_prctl(_: Target) -> None:
    raw("arch_prctl", 0x1003, buffer(8)[1])


ATTEMPTS = (
    Attempt("mmap-rwx", "get memory to write code to and run it", "mmap(2), read write execute",
            lambda _t: _page(7)),
    Attempt("mmap-rx", "get executable memory", "mmap(2), read execute",
            lambda _t: _page(_READ | _EXEC)),
    Attempt("mmap-x", "get executable memory", "mmap(2), execute only", lambda _t: _page(_EXEC)),
    Attempt("mmap-growsdown", "get an executable stack", "mmap(2), MAP_GROWSDOWN",
            lambda _t: raw("mmap", None, _PAGE, 7, _PRIVATE_ANONYMOUS | 0x0100, -1, 0)),
    Attempt("mmap-python", "get executable memory", "mmap of Python",
            lambda _t: mmap.mmap(-1, _PAGE, prot=_READ | _EXEC).close()),
    _protect("mprotect"),
    _protect("pkey_mprotect"),
    Attempt("mprotect-heap", "make the heap executable", "mprotect(2), raw",
            _make_stack_executable),
    Attempt("pkey", "get a protection key", "pkey_alloc(2), raw",
            lambda _t: raw("pkey_alloc", 0, 0)),
    Attempt("shm-exec", "map shared memory as code", "shmat(2), SHM_EXEC", _shared_executable),
    Attempt("memfd-exec", "map a file in memory as code", "memfd_create(2), mmap(2)",
            _file_of_code),
    Attempt("implied-exec", "make all memory executable", "personality(2), READ_IMPLIES_EXEC",
            _implied),
    Attempt("self-mem", "write over its own code", "/proc/self/mem", _own_memory),
    Attempt("self-vm", "write to itself past the protection", "process_vm_writev(2) on itself",
            _own_memory_by_call),
    Attempt("traceme", "have its parent debug it", "ptrace(2), TRACEME", _own_tracer),
    Attempt("int80", "call the kernel by the door of 32-bit programs", "machine code: int 0x80",
            _old_door),
    Attempt("x32-getpid", "call the kernel by the x32 numbers", "syscall 0x40000000 + 39",
            lambda _t: _x32(39)),
    Attempt("x32-open", "open a file by the x32 numbers", "syscall 0x40000000 + 2",
            lambda _t: _x32(2)),
    Attempt("ldt", "change the descriptor table", "modify_ldt(2), raw",
            lambda _t: raw("modify_ldt", 0, buffer(64)[1], 64)),
    Attempt("arch-prctl", "read the thread's base register", "arch_prctl(2), raw", _arch_prctl),
    Attempt("mincore", "learn what is in the page cache", "mincore(2), raw",
            lambda _t: raw("mincore", _page(_READ), _PAGE, buffer(16)[1])),
)  # fmt: skip
