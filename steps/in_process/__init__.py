"""The in-process driver: the whole trusted side in this process, in virtual time.

May import: ``scenario``, ``servers``, ``fakes``, ``network``.
Offers: ``inproc`` (the driver);
to tests also ``one_app`` and ``copy_process`` (an app without a window), ``every_order``.
"""

__all__ = ["inproc"]
