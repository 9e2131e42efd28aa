"""What is said of a window: whether it is confined, what it must not do, how it ended, and what is
kept of what was typed.
"""

from __future__ import annotations

WINDOW_S_WORD = "Its list is the window's word."


def no_such_system(system: str) -> str:
    return f"The window can't be confined on {system}."


ENDED_UNCHECKED = "The window process ended before it could be checked."
PROC_CLOSED = "The window process can't be checked: /proc is closed to the app."
KEEPS_STARTING_THREADS = "The window process is not confined: it keeps starting threads."


def thread_without_filter(thread: str) -> str:
    return f"The window process is not confined: its thread {thread} has no system call filter."


def thread_may_gain_privileges(thread: str) -> str:
    return f"The window process is not confined: its thread {thread} may gain privileges."


def thread_with_capabilities(thread: str) -> str:
    return f"The window process is not confined: its thread {thread} holds capabilities."


def kernel_limit(limit: str) -> str:
    return f"The kernel's limit is {limit}."


def not_written_for(system: str) -> str:
    return f"Not written for {system}; only Linux is supported."


def filter_does_not_know(machine: str) -> str:
    return f"{machine}: the filter knows x86-64 and aarch64 only."


NO_LANDLOCK = "Missing or off; the call filter stands alone."


def landlock(version: int) -> str:
    return f"Version {version}."


def landlock_files_alone(version: int) -> str:
    return f"Version {version}: files, but not signals and sockets."


NO_YAMA = "No Yama here; the app is not dumpable instead."


def yama(scope: str) -> str:
    return f"Yama: ptrace_scope is {scope}."


REFUSES_TERMINAL_INPUT = "The kernel refuses it."
ALLOWS_TERMINAL_INPUT = "The kernel allows it; the window has no terminal."
NO_SWITCH = "This kernel has no switch for it."


def other_version(window: int, app: int) -> str:
    return f"Its version is {window}, and the app's is {app}."


NOT_ALLOWED_NOW = "This message is not allowed now."
NOT_CONFINED_YET = "The window is not confined yet."
NOT_POSSIBLE_NOW = "This is not possible now."
TOO_MANY_WAITING = "Too many requests are waiting."
TOO_MANY_AT_THE_END = "Too many requests at the end."


def broke_the_protocol(how: str) -> str:
    return f"The window broke the protocol: {how}"


NOTHING_LOST = "Nothing that was stored is lost."
NOT_CLOSED = "The app ended last time without being closed."


def typed_not_saved(why: str) -> str:
    return f"What was typed could not be saved: {why}"


TYPED_BEFORE = "Something that was typed here before could not be saved."


def kept_up_to(when: str) -> str:
    return f"What was typed is kept up to {when}."


def kept_but_not(when: str, why: str) -> str:
    return f"{kept_up_to(when)} What was typed after that could not be saved: {why}"


STOPPED_READING_ANSWERS = "The window stopped reading its answers."
TOO_MANY_MESSAGES = "The window sent too many messages."


def window_said(said: str) -> str:
    return f"The window said: {said}"


STOPPED_READING = "The window stopped reading."
CLOSED_CHANNEL = "The window closed its channel."
GATE_ENDED = "The display's gate ended."
GATE_BEGAN = "The display's gate ended, and the window with it. Both were started again."


def tried_the_forbidden(kept: str) -> str:
    return f"The window tried something that it must never do, and was ended. {kept}"


def display_went_away(kept: str) -> str:
    return f"The display went away, and the app with it. {kept}"


NOT_STARTED = "The window could not be started."


def not_started(why: str, code: int, kept: str) -> str:
    return f"The window could not be started. {why or f'It ended with code {code}.'} {kept}"


def keeps_ending(why: str, code: int, kept: str) -> str:
    return f"The window keeps ending. {why or f'Its last code was {code}.'} {kept}"


BEGAN_AGAIN = "The window ended unexpectedly and was started again."
SOMEBODY_ELSE = "Somebody else is signed in."
APP_CLOSED = "The app was closed."
STOPPED_ANSWERING = "The window stopped answering."


def not_ready_within(seconds: float) -> str:
    return f"The window did not get ready within {seconds:.0f} seconds."


TYPED_LAST_NOT_SAID = "The window did not say in time what was typed last. "


def mistake(kept: str) -> str:
    return f"The app ran into a fault of its own and stopped. {kept} Start it again."


ASKED_THE_FORBIDDEN_LOGGED = "The window asked the display for what it must never do: %s."
ASKED_THE_FORBIDDEN = "The window asked the display for what it must never do."
STRANGER_LOGGED = "The display's gate turned away another program: %s."
CURE_REFUSED = (
    "Use a Linux kernel with seccomp and Landlock, or accept the risk with --allow-unsandboxed-ui."
)

NO_SECCOMP = "seccomp is missing: the window will not start."
PROC_READABLE = "/proc is readable."
PROC_CLOSED_TO_DOCTOR = "/proc is closed: the window can't be checked."
