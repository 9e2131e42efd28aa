"""The desktop driver: real processes, real keys on a private screen, a real keychain.

May import: ``scenario``, ``servers``.
Offers: ``desktop`` (the driver), ``computer`` (the screen and the keychain),
``unconfined_window`` (a program).
"""

__all__ = ["computer", "desktop"]
