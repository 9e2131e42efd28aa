"""What is said before the first window: the display and its gate, the session bus, hardening, the
embedded server.
"""

from __future__ import annotations

DEMO_NOT_INSTALLED = (
    "The embedded server needs `pip install 'refapp[demo]'`; or name a server with --server URL."
)
DEMO_NOT_IN_TIME = "The embedded server did not start in time."


def demo_not_started(why: str) -> str:
    return f"The embedded server could not start. {why} Use --server URL, or try again."


def no_sandbox_on(system: str) -> str:
    return f"On {system} the window can't be confined by the operating system."


NO_WINDOW_ON_WINDOWS = "On Windows the window process can't be started yet."


def folder_unusable(folder: object, why: str | None) -> str:
    return f"The app's folder {folder} can't be used: {why}."


ISOLATED = (
    "Display isolation: on. A gate between the window and the X server keeps other programs' "
    "keys, pictures and windows from this window. What is copied elsewhere it can read only right "
    "after a key or a click in it."
)
NO_DISPLAY = "There is no display to open a window on."
NOTHING_TO_GUARD = "There is no display to keep from the window."
NOT_ISOLATED = (
    "Display isolation: none, as --allow-ungated-display asks. The window is an ordinary client "
    "of the display, and could see what other windows show, and type into them."
)
TOOLKIT_OF_NOTHING = "--ui-toolkit says what the window of --ui is made with, and there is no --ui."
START_IN_A_DESKTOP = "Start it in a desktop session; `refapp tour` needs no display."
MEND_OR_UNGATED = "Mend that, or accept the risk with --allow-ungated-display."


def no_place_for_the_cookie(why: str | None) -> str:
    return f"The display's gate has no place for its cookie: {why}."


def x_server_silent(why: str) -> str:
    return f"The X server does not answer: {why}."


GATE_HAS_ENDED = "The display's gate has ended."
GATE_SILENT = "The display's gate does not answer."
ONLY_LINUX = "Only Linux can be asked for this; the app does without."
KERNEL_REFUSED = "The kernel refused it."


def traced_by(program: object) -> str:
    return f"Program {program} traces the app: it was attached when the app began."


NOT_FROM_THE_BEGINNING = "Not from its beginning: a program that looked in before can still do so."
NOT_DUMPABLE = "Not dumpable since it began: no program of the same user looks in."
NO_CORE_FILES = "The limit for core files is 0."
LIMIT_REFUSED = "The system refused the limit."
OWN_BUS = (
    "This desktop has no session bus, and without one there is no keychain: the app has one of "
    "its own until it is closed."
)


def no_bus(runner: str) -> str:
    return (
        f"This desktop has no session bus, and {runner} could not start one, so "
        "there is no keychain."
    )


def bus_not_installed(runner: str) -> str:
    return (
        f"This desktop has no session bus, and {runner} is not installed: sudo apt-get install "
        "dbus-daemon gnome-keyring"
    )


X_SERVER_ENDED = "The X server has ended."
X_SERVER_ANSWERS_ELSE = "The X server gave an unexpected answer."
COOKIE_REFUSED = "The X server refused the cookie."


def no_such_display(name: str) -> str:
    return f"DISPLAY names no display: {name!r}."


def no_such_computer(host: str) -> str:
    return f"The display's computer {host!r} is not known."


X_SERVER_DOES_NOT_ANSWER = "The X server does not answer."


def no_such_program(option: str, command: str) -> str:
    return f"{option} {command!r}: there is no such program."


def program_not_started(command: str, why: str | None) -> str:
    return f"--ui {command!r} can't be started: {why}."
