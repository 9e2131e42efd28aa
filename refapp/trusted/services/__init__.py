"""What the session is good for: notes that work always, and sync, assistant and the person's
sessions, which need it.

May import: ``shell``, ``rules``, ``server``, ``storage``, ``scheduling``.
Offers: ``around`` (all of them:
which runs follows from the session's state alone), and each by itself.
"""

__all__ = [
    "apart_notes",
    "around",
    "assistant",
    "note_owners",
    "notes_command",
    "own_sessions",
    "sync",
    "workspace",
]
