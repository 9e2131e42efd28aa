"""Where the parts are put together: the app with its window, and the session as a library. Nothing imports this package
but the command line and tests.

May import: everything of ``refapp.trusted``.
Offers: ``app``, ``launch`` (``refapp run``), ``library`` (what ``refapp.trusted`` gives to other programs), ``demo``.
Keeps to itself: ``launch_app`` (the part of ``launch`` that is loaded while the window paints).
"""
