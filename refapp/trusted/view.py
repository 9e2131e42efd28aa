"""The snapshot that goes down to the window, made from what the parts of the parent are now. Pure: reads, decides nothing."""

from __future__ import annotations

from refapp import __version__
from refapp.snapshot import Boundary, DemoAccount, Notice, Reason, StateParams, Storage, User
from refapp.trusted.keychain import StorageState
from refapp.trusted.services.around import Around
from refapp.trusted.session_state import State


def snapshot(
    revision: int,
    state: State,
    *,
    server: str,
    retry_at: float | None,
    storage: StorageState,
    boundary: Boundary,
    around: Around,
    demo: DemoAccount | None,
    history: list[Reason],
) -> StateParams:
    """Everything that the window may know, and nothing else. ``server`` is the origin; ``retry_at`` unix seconds."""
    profile, said, trouble = state.profile, state.said, state.trouble
    shown = storage if trouble is None else StorageState(trouble.code, storage.backend, trouble.sentence, trouble.cure)
    return StateParams(
        revision=revision,
        phase=state.phase,
        server=server,
        version=__version__,
        user=User(profile.name, profile.email) if profile else None,
        expired=state.expired,
        form_email=state.form_email,
        form_error=state.form_error,
        sentence=state.sentence,
        retry_at=retry_at,
        notice=Notice(said.number, said.kind, said.text) if said else None,
        demo=demo,
        storage=Storage(shown.state, shown.backend, shown.sentence, shown.cure),
        boundary=boundary,
        mode=state.mode.value,
        notes=around.workspace.summaries(),
        sync=around.sync.service,
        assistant=around.assistant.service,
        history=history,
    )
