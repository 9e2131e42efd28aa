"""The session's rules, pure: state and event in, state and effects out.
No I/O, no clock (decision 7).

May import: ``storage``'s values (``secret``, ``profile``).
Offers: ``session`` (``advance``), ``events``, ``effects``, ``session_state``, ``pending``,
``state_diagram``.
"""

__all__ = [
    "broken_off",
    "effects",
    "events",
    "pending",
    "session",
    "session_state",
    "shell",
    "signing_in",
    "state_diagram",
]
