"""The window around its pages: title, header, menu, and where it stood last.

May import: ``widgets``, ``presentation``, ``channel``.
Offers: ``window``, ``menu``, ``kept_window``, ``input_method``.
"""

__all__ = ["input_method", "kept_window", "menu", "window"]
