"""What the window shows, decided without a widget:
pure functions from a snapshot to words and states.

May import: ``refapp.snapshot``, ``refapp.untrusted.wording``.
Offers: ``screens``, ``view`` (the values), ``draft`` (a note while it is written),
``undo_steps``.
"""

__all__ = ["draft", "drafts", "screens", "sign_in_screen", "times", "undo_steps", "view"]
