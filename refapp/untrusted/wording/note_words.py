"""What the window says of notes:
the editor, the list, notes written signed out, sync and the assistant.
"""

from __future__ import annotations

NOT_SAVED_AT_THE_END = (
    "The note could not be saved, so the window stays open. Close it again to leave without "
    "the last changes."
)
HINT = "Write something. It is kept as you type."
DELETED = "Note deleted."


def not_saved(why: str) -> str:
    return f"Not saved: {why}"


def not_deleted(why: str) -> str:
    return f"Not deleted: {why}"


def too_long(characters: int, most: int) -> str:
    return f"Too long to be saved: {characters:,} of {most:,} characters."


def no_room(characters: int, most: int) -> str:
    return (
        f"Not taken: the note would have {characters:,} characters, and there is room for {most:,}."
    )


def and_of_one_left(status: str, left: str) -> str:
    return f"{status.removesuffix('.')}. A note that you left: {left}"


DELETED_ELSEWHERE = "This note is not among yours any more."
NO_NOTE_TO_SUMMARISE = "There is no note yet to summarise."
NOT_AMONG_HERS = "This note was begun before you signed in, so the assistant can't read it."
SUMMARISING = "Reading the note…"


def no_summary(why: str) -> str:
    return f"No summary: {why}"


NO_NOTES = "No notes yet.\nWhat you write is kept on this computer, with or without an account."
NOTHING_APART = (
    "Nothing was written on this computer outside this account, or nobody is signed in. All notes "
    "are in the list."
)


def whether_to_add(count: int) -> str:
    return (
        f"{_written_outside(count)}: add to yours? Nothing is lost either way, and "
        "both can be undone."
    )


def added(count: int) -> str:
    return f"Among your notes now: {_written_outside(count)}."


def kept_apart(count: int) -> str:
    return (
        f"Apart from your notes: {_written_outside(count)}. Sign out to see what was "
        "written signed out."
    )


def _written_outside(count: int) -> str:
    which = "1 note that was" if count == 1 else f"{count:,} notes that were"
    return f"{which} written on this computer outside this account"


def synced_at(time: str) -> str:
    return f"Last synced at {time}."


NOT_SYNCED_YET = "Not synced yet."
CAN_SUMMARISE = "It can summarise the note that is open."
SIGN_IN_FOR_IT = "Sign in to use it."
