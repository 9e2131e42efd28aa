"""When something is done, and who waits for it: alarms on the wall clock, background tasks, shared work, delays.

May import: the standard library.
Offers: ``alarm``, ``tasks``, ``single_flight``, ``backoff``. None of them knows what it is that waits.
"""

__all__ = ["alarm", "backoff", "single_flight", "tasks"]
