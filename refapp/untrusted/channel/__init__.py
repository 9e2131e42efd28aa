"""This end of the channel: the two pipes in Tk's loop, and the requests by name.

May import: ``refapp.messages``, ``refapp.wire``, ``presentation``'s values, tkinter.
Offers: ``link``, ``actions``.
"""

__all__ = ["actions", "link"]
