"""What the notes page shows of a snapshot: the list, and what sync and assistant are doing. Pure; a part of ``screens``."""

from __future__ import annotations

from refapp.snapshot import Phase, Service, StateParams
from refapp.untrusted.presentation.times import clock, day
from refapp.untrusted.presentation.view import ApartLine, Choice, Local, Notes, Row, ServiceLine, Services

WITH_NOTES = frozenset(Phase) - {Phase.SIGNING_OUT, Phase.AWAITING_RESTART}
SERVICE = {"off": "off", "paused": "paused", "ready": "ready", "busy": "working…", "failed": "failed"}
NEW_NOTE = "Untitled note"
HIDE = Choice("Hide", 0, "hide")
NOTHING_APART = (
    "Nothing was written on this computer outside this account, or nobody is signed in. All notes are in the list."
)
NO_NOTES = "No notes yet.\nWhat you write is kept on this computer, with or without an account."


def notes(state: StateParams) -> Notes:
    """The list: newest first."""
    rows = tuple(_rows(state))
    return Notes(rows, state.phase in WITH_NOTES, "" if rows else NO_NOTES, state.owner, state.full, state.limit)


def apart(state: StateParams, local: Local) -> ApartLine | None:
    """The question about notes beside hers (NT-3), and what became of it for as long as she wants to see that."""
    which = f"{state.apart.count:,} notes that were" if state.apart.count != 1 else "1 note that was"
    written = f"{which} written on this computer outside this account"
    match state.apart.state:
        case "asked":
            add, keep = Choice("Add to my notes", 5, "join"), Choice("Keep apart", 0, "keep")
            return ApartLine(
                f"{written}: add to yours? Nothing is lost either way, and both can be undone.", (add, keep)
            )
        case "joined" if local.apart:
            return ApartLine(f"Among your notes now: {written}.", (Choice("Undo", 3, "undo"), HIDE))
        case "apart" if local.apart:
            text = f"Apart from your notes: {written}. Sign out to see what was written signed out."
            return ApartLine(text, (Choice("Undo", 3, "undo"), HIDE))
        case _:
            return None


def _rows(state: StateParams) -> list[Row]:
    newest = sorted(state.notes, key=lambda note: note.changed_at, reverse=True)
    return [Row(note.note, note.title or NEW_NOTE, day(note.changed_at)) for note in newest]


def services(state: StateParams, local: Local) -> Services:
    """Sync and assistant. Work that is done at once is not shown as work, but for its button."""
    synced = "" if state.sync.done_at is None else f"Last synced at {clock(state.sync.done_at)}."
    return Services(
        sync=_service(state, local, "Sync", state.sync, synced or "Not synced yet."),
        assistant=_service(state, local, "Assistant", state.assistant, "It can summarise the note that is open."),
    )


def _service(state: StateParams, local: Local, name: str, service: Service, ready: str) -> ServiceLine:
    """``ready``: what there is to say of one that waits to be used."""
    shown = "ready" if service.state == "busy" and not local.busy_long else service.state
    detail = {"off": "Sign in to use it.", "ready": ready}.get(shown, "")
    usable = state.phase is Phase.SIGNED_IN and service.state in ("ready", "failed")
    return ServiceLine(f"{name}: {SERVICE[shown]}", service.sentence or detail, usable)
