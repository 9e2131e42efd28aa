"""The in-process driver: the whole trusted side in this process, in virtual time.

May import: ``scenario``, ``servers``, ``fakes``.
Offers: ``inproc`` (the driver), ``one_app`` and ``copy_process`` (an app without a window, for tests), ``every_order``.
Keeps to itself: ``app_copy`` and the driver's parts ``inproc_browser``, ``inproc_channel``, ``inproc_trouble``.
"""
