"""Windows that are played: one in this process, one behind a pipe; and what each of them shows,
offers and was told.

May import: ``scenario``, ``fakes``, ``refapp``.
Offers: ``fake_window``, ``piped_window``, ``shown_buttons``, ``told_windows``.
"""

__all__ = ["fake_window", "piped_window", "shown_buttons", "told_windows"]
