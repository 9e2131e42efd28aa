"""What is said of notes: sync, the assistant, what is full, what can't be read;
the text stays on this computer.
"""

from __future__ import annotations

NOTHING_TO_UNDO = "There is nothing to undo."
PAUSED_EXPIRED = "Paused until you sign in again. Your notes are saved on this computer."
PAUSED_OFFLINE = "Paused while the app is offline. Your notes are saved on this computer."
WAITING = "Waiting for the server."
ASSISTANT_SIGNED_OUT = "The assistant needs you to be signed in."
SUMMARY_NOT_UNDERSTOOD = "The assistant's answer was not understood. Your note is unchanged."


def unread(files: str, name: str) -> str:
    return (
        f"What is in {files} of your notes can't be read, so it is not shown. Nothing "
        f"was deleted: it is in the app's folder, under notes/{name}. Put a whole copy there, from "
        "a backup, to have it back."
    )


def folder_unread(name: str) -> str:
    return (
        "The folder of your notes can't be read, so they are not shown. Nothing was "
        f"deleted: it is in the app's folder, under notes/{name}. Make it yours again (its owner "
        "and permissions)."
    )


def too_large(notes: str) -> str:
    return (
        f"Too large for the server: {notes}. It is kept on this computer alone; make two notes of "
        "it. Everything else is synced."
    )


def no_room_for(notes: str) -> str:
    return (
        f"The server has no room for {notes}. What you write is kept on this computer; delete "
        "notes to make room."
    )


def not_taken(status: int) -> str:
    return f"The server did not take the notes (error {status}). They are kept here."


ANSWER_NOT_UNDERSTOOD = "The server's answer was not understood. The notes are kept here."
NO_SUCH_NOTE = "This note is not here any more."
NOT_OPEN = "These notes are not open any more."


def full(most: int) -> str:
    return f"There is room for {most:,} notes; delete one first."


CHANGED_ELSEWHERE = "This note was changed elsewhere meanwhile. Look at it before you delete it."


def no_more(most: int) -> str:
    return (
        f"There is room for {most:,} notes. Delete one before you begin another; all "
        "of yours are kept."
    )


NO_ROOM_AT_THE_SERVER = (
    "The server has no room for another note. What you write is kept on this computer alone."
)


def earlier_notes_differ(name: str) -> str:
    """``name``: of the folder under ``notes``."""
    return (
        "Some notes that an earlier version of this app kept are here in another version already, "
        "which is shown. Nothing was deleted: the earlier ones are in the app's folder, under "
        f"notes/{name}."
    )


def earlier_notes_untold(name: str) -> str:
    """``name``: of the folder under ``notes``."""
    return (
        "Notes that an earlier version of this app kept can't be told apart between "
        "servers, so they are not shown. Nothing was deleted: they are in the app's folder, "
        f"under notes/{name}."
    )
