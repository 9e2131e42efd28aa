"""What stands in the window: its pages and their cards.
They show what ``presentation`` decided, and decide nothing.

May import: ``widgets``, ``presentation``, ``channel``, ``frame``.
Offers: ``pages``. Everything else is a part of it.
"""

__all__ = ["pages"]
