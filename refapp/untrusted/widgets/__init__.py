"""Widgets that know nothing of the app, and how everything looks.

May import: tkinter.
Offers: ``style`` and ``palette``, ``roster`` (widgets by name), ``scrolled``, ``wrapped``, ``icon``.
"""

__all__ = ["icon", "palette", "roster", "scrolled", "style", "wrapped"]
