"""Widgets that know nothing of the app, and how everything looks.

May import: tkinter.
Offers: ``style`` and ``palette``, ``roster`` (widgets by name), ``scrolled``, ``wrapped``, ``icon``, ``letters``.
"""

__all__ = ["icon", "letters", "palette", "roster", "scrolled", "style", "wrapped"]
