"""One window process: starting it, looking whether it is confined, the lines to and from it, and
the gate (decisions 1, 8, 9).

May import: every package of ``refapp.trusted`` but ``composition``; never Tk.
Offers: ``window_host`` (keeps one window), ``gate`` (which request is permitted when), ``handlers``
(what each one does), ``view`` (what the window is shown), ``appearance``, ``confinement``,
``window_ends``.
"""

__all__ = [
    "appearance",
    "colour_scheme",
    "confinement",
    "gate",
    "handlers",
    "kept",
    "pipe_ends",
    "screen_watch",
    "ui_process",
    "view",
    "window_ends",
    "window_host",
]
