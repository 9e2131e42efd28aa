"""When something is done, and who waits for it: alarms on the wall clock, background tasks, shared work, delays.

May import: the standard library, ``errors``.
Offers: ``alarm``, ``tasks``, ``single_flight``, ``backoff``, ``loop_thread``. None of them knows what it is that waits.
"""

__all__ = ["alarm", "backoff", "loop_thread", "single_flight", "tasks"]
