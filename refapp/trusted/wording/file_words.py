"""What is said of files and the disk: what could not be read, written or deleted, and what became
of what was there.
"""

from __future__ import annotations

OF = {
    "tokens": "of your stored session",
    "refresh": "of your session's renewal",
    "history": "of your session's history",
    "profile": "of your name and address",
    "sync": "of the last sync",
}
"""How a file's name begins -> what the file is to a person,
who has nothing from the rest of its name.
"""
OF_NOTES = "of your notes"

CHECK_THE_DISK = "Check the disk, then try again."

MAKE_IT_YOURS = (
    "Make the app's folder and its files yours again (their owner and permissions), then try again."
)


def not_a_file(called: str) -> str:
    return f"Where the file {called} should be, there is something else."


def not_a_lock(name: str) -> str:
    return f"Where the app's lock file {name} should be, there is something else."


def not_read(called: str) -> str:
    return f"The file {called} can't be read now."


def too_large(called: str) -> str:
    return f"The file {called} is too large."


def would_be_too_large(called: str) -> str:
    return f"The file {called} would be too large."


def not_written(called: str) -> str:
    return f"The file {called} could not be written."


def is_a_folder(called: str) -> str:
    return f"Where the file {called} should be, there is a folder."


def not_deleted(called: str) -> str:
    return f"The file {called} could not be deleted."


def not_set_aside(called: str) -> str:
    return f"The file {called} could not be set aside."


def not_confirmed(called: str) -> str:
    return f"The disk did not confirm the change of the file {called}."


CAN_NOT_CONFIRM = (
    "The file system of the app's folder can't confirm what it stores: a power cut may "
    "cost your session."
)
NO_SPACE = "The disk of the app's folder is full: nothing can be saved until some of it is freed."
NO_LOCKS = "The file system of the app's folder has no locks: use one copy of the app at a time."


def copy_is_busy(process: str) -> str:
    return f"Another copy of this app{process} is busy with the stored session."


def not_locked(called: str) -> str:
    return f"The file {called} could not be locked."


FOLDER_NOT_WRITTEN = "The app's folder can't be written to."
ANOTHER_COPY_IS_BUSY = "Another copy of this app is busy with this file."
CURE_NOT_A_FILE = "Move it away, then try again."
CURE_TOO_LARGE = "Ask whoever runs the server why its answers are so long."
CURE_NOT_WRITTEN = "Free some disk space or mend the folder's permissions, then try again."
CURE_BUSY = "If it hangs, end that process, then try again."
