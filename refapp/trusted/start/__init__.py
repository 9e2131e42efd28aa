"""What runs before the first paint: the window's process is started, and the parent hardens itself.

May import: the standard library, and of it only what is loaded anyway. Nothing of refapp but
``display_gate.process``: each import here is a delay of the first paint (decision 14).
Offers: ``closed_process`` and ``hardening`` (the app is closed to other programs, from its first
instruction), ``spawn`` (the child's command, environment and pipes), ``first_window`` (starts it
early), ``display`` and ``x11`` (the way to the display, through its gate), ``window_settings`` (how
the window looked last).
"""

__all__ = [
    "closed_process",
    "display",
    "first_window",
    "hardening",
    "own_bus",
    "spawn",
    "window_settings",
    "x11",
]
