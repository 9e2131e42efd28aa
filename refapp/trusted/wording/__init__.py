"""Every sentence of the app behind the window, for the window, the terminal, the log and the
library; no other place has one.

A sentence says what happened, what was kept and what to do; its name says the situation, and what
is filled in is a parameter. Never a secret, never an error's own text. Constants and pure
functions; imports nothing, so that every package may use it. ``python -m steps.site.sentences``
prints all of them, ``tests/unit/test_sentences.py`` demands that they stand here.
"""

__all__ = [
    "command_words",
    "file_words",
    "keychain_words",
    "limit_words",
    "network_words",
    "note_words",
    "own_session_words",
    "server_words",
    "session_words",
    "setting_words",
    "sign_in_words",
    "sign_out_words",
    "start_words",
    "storage_words",
    "window_words",
]
