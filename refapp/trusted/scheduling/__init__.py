"""When something is done, and who waits for it:
alarms on the wall clock, background tasks, shared work, delays.

May import: the standard library, ``errors``.
Offers: ``alarm``, ``tasks``, ``single_flight``, ``in_time``, ``backoff``, ``loop_thread``.
None of them knows what it is that waits.
"""

__all__ = ["alarm", "backoff", "in_time", "loop_thread", "single_flight", "tasks"]
