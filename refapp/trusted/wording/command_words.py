"""What the commands of the command line say."""

from __future__ import annotations


def note_folders(count: int, folder: object) -> str:
    folders = "1 folder" if count == 1 else f"{count} folders"
    return f"{folders}, in {folder}\n"


def no_note_folders(folder: object) -> str:
    return f"No notes are in {folder}\n"


def no_such_notes(name: str) -> str:
    return f"No account's notes are called {name!r}."


def notes_released(count: int) -> str:
    return (
        f"Notes that are this computer's now: {count}. Whoever signs in next is asked whether "
        "they join hers.\n"
    )


DESCRIPTION = "The reference for signing in from a desktop app."
TRACE_ENDS = "The trace can no longer be written (%s); it ends here, and the app goes on."


def notes_of(whose: str, count: int, last: str, unsynced: int) -> str:
    return f"{whose}: {count}, the last changed on {last}; at no server: {unsynced}"


CURE_NO_SUCH_NOTES = "refapp notes lists the names."
