"""Every sentence of the lock: what holds, and why a window that can't be locked does not start.

Here and not with one of the sides: the lock runs in the window's process, the app tells what it
says, and other programs take the folder alone. It imports nothing, for every start of the window
waits for it.
"""

from __future__ import annotations


def no_such_system(machine: str) -> str:
    return f"The window can't be confined on {machine}; Linux on x86-64 or aarch64 is needed."


NOT_RESTRICTED_FIRST = "The window can't be confined: it was not restricted before it started."
SECOND_THREAD = "The window can't be confined: a second thread was started before the sandbox."


def not_a_pipe(descriptor: int) -> str:
    return f"The window can't be confined: descriptor {descriptor}, which it keeps, is no pipe."


def neither_pipe_nor_display(descriptor: int, kind: str) -> str:
    return (
        f"The window can't be confined: descriptor {descriptor} ({kind}) is neither a pipe nor "
        "the one local display."
    )


NOT_THE_APP_S_CHILD = "The window was not started by the app, or the app has ended."


def first_restrictions_failed(why: str | None) -> str:
    return f"The window can't be confined: its first restrictions failed ({why})."


def restriction_failed(why: str | None) -> str:
    return f"The window can't be confined: a restriction failed ({why})."


def no_seccomp(why: str | None) -> str:
    return (
        "The window can't be confined: the kernel's system call filter (seccomp) is "
        f"missing ({why})."
    )


NO_NEW_PRIVILEGES = "No program gains rights; every capability is given up."
MEMORY_CLOSED = "Not dumpable, no core files."
ENDS_WITH_THE_APP = "The kernel kills the window when the app ends."
PIPES_DISPLAY_FONTS = "Pipes, the display and fonts only."
PIPES_DISPLAY = "Pipes and the display only."


def little_memory(mebibytes: int) -> str:
    return f"{mebibytes} MiB of memory to grow; no new process or file."


NO_LANDLOCK = "No Landlock in this kernel; the call filter stands alone."


def landlock_too_old(version: int) -> str:
    return f"Landlock {version} is too old; the call filter stands alone."


def fonts_alone(version: int) -> str:
    return f"Landlock {version}: fonts alone can be read, nothing written."


NO_TCP = "Landlock: no TCP."
NO_SIGNALS = "Landlock: no signals, no abstract sockets."


def calls_left(count: int, answer: str) -> str:
    return f"seccomp: {count} kinds of call are left; others are {answer}."
