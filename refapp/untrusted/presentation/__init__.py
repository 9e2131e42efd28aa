"""What the window shows, decided without a widget: pure functions from a snapshot to words and states.

May import: ``refapp.snapshot``.
Offers: ``screens``, ``view`` (the values), ``draft`` (a note while it is written). Keeps to itself: ``sign_in_screen``,
``notes_screen``, ``times``.
"""
