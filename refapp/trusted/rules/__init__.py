"""The session's rules, pure: state and event in, state and effects out. No I/O, no clock, no task (h11's way).

May import: ``storage``'s values (``secret``, ``profile``).
Offers: ``session`` (``advance``), ``events``, ``effects``, ``session_state``, ``pending``, ``state_diagram``.
Keeps to itself: ``signing_in`` (the part of ``session`` that brings a session about).
"""
