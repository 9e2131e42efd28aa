"""The snapshot that goes down to the window, made from what the parts of the parent are now.
Pure: reads, decides nothing.
"""

from __future__ import annotations

from msgspec.structs import replace

from refapp import __version__
from refapp.snapshot import (
    WITH_SESSION,
    Boundary,
    DemoAccount,
    Phase,
    Reason,
    StateParams,
    Storage,
    Theme,
    User,
)
from refapp.trusted.errors import BlobDamaged, KeyMissing
from refapp.trusted.files.profile import Profile
from refapp.trusted.keys.storage_state import StorageState
from refapp.trusted.rules.session_state import State
from refapp.trusted.services.around import Around
from refapp.trusted.services.workspace import MOST_NOTES
from refapp.trusted.wording import note_words


def snapshot(
    revision: int,
    state: State,
    *,
    profile: Profile | None,
    server: str,
    retry_at: float | None,
    storage: StorageState,
    waiting: str,
    boundary: Boundary,
    theme: Theme,
    screen: tuple[int, int] | None,
    around: Around,
    demo: DemoAccount | None,
    history: list[Reason],
) -> StateParams:
    """Everything that the window may know, and nothing else.
    ``profile`` is whom to name; ``server`` is the origin.
    """
    # Why there is no session, a notice and the history say.
    trouble, has_session = state.trouble, state.phase in WITH_SESSION | {Phase.SIGNING_OUT}
    if trouble is not None and trouble.state in {BlobDamaged.code, KeyMissing.code}:
        trouble = None
    shown = storage if trouble is None else replace(trouble, backend=storage.backend)
    return StateParams(
        revision=revision,
        phase=state.phase,
        server=server,
        version=__version__,
        theme=theme,
        screen=screen,
        user=User(profile.name, profile.email) if profile else None,
        expired=state.expired,
        form_email=state.form_email,
        form_error=state.form_error,
        form_wrong=state.form_wrong,
        pending=state.pending,
        offer=state.offer,
        unverified=state.unverified,
        sentence=state.sentence if has_session else "",
        retry_at=retry_at,
        notice=state.said,
        demo=demo,
        storage=Storage(shown.state, shown.backend, shown.sentence, shown.cure, waiting),
        boundary=boundary,
        mode=state.mode.value,
        notes=around.workspace.summaries(),
        owner=around.workspace.number,
        apart=around.apart.shown,
        full=around.workspace.full,
        limit=limit(around),
        sync=around.sync.service,
        assistant=around.assistant.service,
        own_sessions=around.own_sessions.shown,
        history=history,
    )


def limit(around: Around) -> str:
    """What to know before another note is begun;
    empty while there is room, here and at the server.
    """
    notes, listed = around.workspace, len(around.workspace.summaries())
    if notes.full:
        return note_words.no_more(MOST_NOTES)
    if around.sync.room is not None and around.sync.room <= notes.new and listed:
        return note_words.NO_ROOM_AT_THE_SERVER
    return ""
