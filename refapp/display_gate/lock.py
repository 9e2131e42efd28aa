"""How a gate locks itself in: it can read, write, wait and end, and nothing else.
Linux on x86-64 and aarch64.

It holds the connection to the real display and the person's cookie for it, and reads what a window
that is taken over writes. Its list of system calls is a part of the window's own, and what is on
neither ends the process.
"""

from __future__ import annotations

import os
import resource

from refapp.lock import kernel, landlock, seccomp

CALLS = (
    "read", "write", "poll", "ppoll", "brk", "mmap", "mremap", "munmap", "madvise", "futex",
    "rt_sigreturn", "clock_gettime", "restart_syscall", "exit", "exit_group",
)  # fmt: skip
"""All but the first four are Python's own: memory, its lock, the clock, its end."""
MEMORY = 64 << 20


def lock_in(kept: set[int]) -> None:
    """Hold this process to ``CALLS`` on the descriptors ``kept``, for good.
    Raises OSError; then it must end.
    """
    machine = os.uname().machine
    with open("/proc/self/statm", "rb") as size:  # noqa: PTH123
        memory = int(size.read().split()[0]) * resource.getpagesize() + MEMORY
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208
        if int(name) not in kept:
            try:
                os.close(int(name))
            except OSError:
                continue  # the listing's own
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    kernel.drop_capabilities(machine)
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
    kernel.prctl(kernel.PR_SET_PDEATHSIG, 9)
    if landlock.abi():
        landlock.restrict([], landlock.ABSTRACT_SOCKETS | landlock.SIGNALS)
    none_left = (
        resource.RLIMIT_CORE,
        resource.RLIMIT_FSIZE,
        resource.RLIMIT_NPROC,
        resource.RLIMIT_MEMLOCK,
    )
    for what, most in (
        *((none, 0) for none in none_left),
        (resource.RLIMIT_NOFILE, 4),
        (resource.RLIMIT_AS, memory),
    ):
        resource.setrlimit(what, (most, most))
    seccomp.install(machine, seccomp.only(machine, CALLS))
