"""What the notes page shows of a snapshot: the list, and what sync and assistant are doing.
Pure; a part of ``screens``.
"""

from __future__ import annotations

from refapp.snapshot import Phase, Service, StateParams
from refapp.untrusted.presentation.times import clock, day
from refapp.untrusted.presentation.view import (
    ApartLine,
    Choice,
    Local,
    NoteRow,
    Notes,
    ServiceLine,
    Services,
)
from refapp.untrusted.wording import note_words

WITH_NOTES = frozenset(Phase) - {Phase.SIGNING_OUT, Phase.AWAITING_RESTART}
SERVICE = {
    "off": "off",
    "paused": "paused",
    "ready": "ready",
    "busy": "working…",
    "failed": "failed",
}
NEW_NOTE = "Untitled note"
HIDE = Choice("Hide", 0, "hide")


def notes(state: StateParams) -> Notes:
    """The list: newest first."""
    rows = tuple(_rows(state))
    return Notes(
        rows,
        state.phase in WITH_NOTES,
        "" if rows else note_words.NO_NOTES,
        state.owner,
        state.full,
        state.limit,
    )


def apart(state: StateParams, local: Local) -> ApartLine | None:
    """The question about notes beside hers (NT-3),
    and what became of it for as long as she wants to see that.
    """
    match state.apart.state:
        case "asked":
            add, keep = Choice("Add to my notes", 5, "join"), Choice("Keep apart", 0, "keep")
            return ApartLine(note_words.whether_to_add(state.apart.count), (add, keep))
        case "joined" if local.apart:
            return ApartLine(note_words.added(state.apart.count), (Choice("Undo", 3, "undo"), HIDE))
        case "apart" if local.apart:
            return ApartLine(
                note_words.kept_apart(state.apart.count), (Choice("Undo", 3, "undo"), HIDE)
            )
        case _:
            return None


def _rows(state: StateParams) -> list[NoteRow]:
    newest = sorted(state.notes, key=lambda note: note.changed_at, reverse=True)
    return [NoteRow(note.note, note.title or NEW_NOTE, day(note.changed_at)) for note in newest]


def services(state: StateParams, local: Local) -> Services:
    """Sync and assistant. Work that is done at once is not shown as work, but for its button."""
    synced = "" if state.sync.done_at is None else note_words.synced_at(clock(state.sync.done_at))
    return Services(
        sync=_service(state, local, "Sync", state.sync, synced or note_words.NOT_SYNCED_YET),
        assistant=_service(state, local, "Assistant", state.assistant, note_words.CAN_SUMMARISE),
    )


def _service(
    state: StateParams, local: Local, name: str, service: Service, ready: str
) -> ServiceLine:
    """``ready``: what there is to say of one that waits to be used."""
    shown = "ready" if service.state == "busy" and not local.busy_long else service.state
    detail = {"off": note_words.SIGN_IN_FOR_IT, "ready": ready}.get(shown, "")
    usable = state.phase is Phase.SIGNED_IN and service.state in ("ready", "failed")
    return ServiceLine(f"{name}: {SERVICE[shown]}", service.sentence or detail, usable)
