"""The window around its pages: title, header, menu, and where it stood last.

May import: ``widgets``, ``presentation``, ``channel``.
Offers: ``window``, ``menu``, ``kept_window``.
"""

__all__ = ["kept_window", "menu", "window"]
