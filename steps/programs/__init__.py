"""Programs of other people that use the session as a library, on the in-process driver's computer:
``refapp.open_session`` and ``refapp.blocking`` as they ship, in its network, keychain and folder.

May import: ``fakes``, ``servers``, ``scenario``.
Offers: ``every_program`` (all of a scenario's, as ``inside_driver.Programs`` has them),
``around_it`` (the computer that they run on).
"""

__all__ = ["around_it", "every_program"]
