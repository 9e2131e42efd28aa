"""Widgets that know nothing of the app, and how everything looks.

May import: tkinter.
Offers: ``style`` and ``palette``, ``roster`` (widgets by name), ``scrolled``, ``wrapped``,
``icon``, ``letters``, ``row_keys``, ``focus`` (what has the keyboard stays in sight).
"""

__all__ = [
    "focus",
    "icon",
    "letters",
    "palette",
    "roster",
    "row_keys",
    "scrolled",
    "style",
    "wrapped",
]
