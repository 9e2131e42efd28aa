"""Every sentence of the window: each is written here and nowhere else on this side.

A sentence says what happened, what was kept and what to do; its name says the situation. What is
filled in is a parameter. Words on a button or in a heading stay with the widget or the screen that
has them. Loaded after the first paint. ``python -m steps.site.sentences`` prints all of them,
``tests/unit/test_sentences.py`` demands that they stand here.
"""

__all__ = ["note_words", "session_words", "sign_in_words", "window_words"]
