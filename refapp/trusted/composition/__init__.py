"""Where the parts are put together: the app with its window, and the session as a library.
Nothing imports this package but the command line and tests.

May import: every other package of ``refapp.trusted``.
Offers: ``app``, ``launch`` and ``launch_app`` (``refapp run``), ``open_session``, ``library`` and
``session_words`` (what ``refapp.trusted`` gives to other programs), ``given`` (what these give),
``listed_sessions``, ``demo``.
"""

__all__ = [
    "app",
    "given",
    "launch",
    "launch_app",
    "library",
    "listed_sessions",
    "open_session",
    "session_words",
]
