"""One window process: starting it, looking whether it is confined, the lines to and from it, and the gate.

May import: everything above it; never Tk.
Offers: ``window_host`` (keeps one window), ``gate`` (which request is permitted when), ``handlers`` (what each one does),
``view`` (what the window is shown), ``appearance``, ``confinement``, ``window_ends``.
Keeps to itself: ``ui_process``, ``pipe_ends``, ``child_end``, ``colour_scheme``.
"""
