"""What confines a process: Landlock, seccomp, and for the window the order in which they come
(SB-1). Standard library only.

May import: nothing of refapp.
Offers: ``sandbox`` (``begin`` and ``lock``, the window's); ``kernel``, ``landlock`` and
``seccomp``, of which the display's gate makes its own. ``wording`` has the sentences.
"""

__all__ = ["kernel", "landlock", "sandbox", "seccomp"]
