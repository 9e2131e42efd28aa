"""What the window says of itself: its confinement, its display, and the channel to the app."""

from __future__ import annotations


def its_code_can_be_changed(why: str | None) -> str:
    return f"The window can't be confined: its code can be changed ({why})."


NO_DISPLAY = "There is no display to open a window on."


def tk_does_not_start(said: str) -> str:
    return f"Tk can't be started: {said}"


DISPLAY_WENT_AWAY = "The display went away."
SANDBOX_SWITCHED_OFF = "Switched off on the command line."


def imported_after_the_lock(module: object) -> str:
    return f"{module} was imported after the lock."


APP_STOPPED_LISTENING = "The app stopped listening."


def app_broke_the_protocol(how: str) -> str:
    return f"The app broke the protocol: {how}"


def app_refused_the_window(why: str) -> str:
    return f"The app refused the window: {why}"


def request_refused(method: str, reason: str) -> str:
    return f"{method}: refused, {reason}"


NOT_SANDBOXED = (
    "This window is not sandboxed: a fault in it could reach your files and your network."
)
CONFINED = (
    "The app has looked in the kernel itself: this window is confined as marked. Where it has "
    "only the window's word, that is said."
)
NOT_VERIFIED = "The app has NOT verified that this window is confined."
