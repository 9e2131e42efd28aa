"""What confines this process: Landlock, seccomp, and the order in which they come (SB-1). Standard library only.

May import: nothing of refapp.
Offers: ``sandbox`` (``begin`` and ``lock``).
"""

__all__ = ["kernel", "landlock", "sandbox", "seccomp"]
