"""What a window shows of a snapshot: widget -> text, as ``refapp.untrusted.screens`` decides it."""

from __future__ import annotations

from collections.abc import Mapping

from refapp.snapshot import StateParams


def texts_of(snapshot: StateParams) -> Mapping[str, str]:
    """The texts of the widgets that are visible."""
    shown = {
        "phase": snapshot.phase.value,
        "account": snapshot.user.name if snapshot.user else "",
        "notice": snapshot.notice.text if snapshot.notice else "",
        "form.error": snapshot.form_error,
        "form.email": snapshot.form_email,
        "banner": snapshot.sentence,
        "storage": snapshot.storage.sentence,
        "storage.cure": snapshot.storage.cure,
        "sync": snapshot.sync.state,
        "assistant": snapshot.assistant.state,
        "notes": "\n".join(note.title for note in snapshot.notes),
    }
    return {name: text for name, text in shown.items() if text}
