"""Times as a server writes them, in its bodies and its headers.
Pure and total: what is no time is None.
"""

from __future__ import annotations

import datetime
import email.utils

LONG_AGO_MS, FAR_OFF_MS = 1e12, 1e14
"""The years 2001 and 5138. A number outside is no time in milliseconds, seconds for instance."""


def unix_of(when: object) -> float | None:
    """An ISO 8601 time with its offset, or JavaScript's milliseconds, as unix seconds;
    None for anything else.
    """
    if isinstance(when, int | float) and not isinstance(when, bool):
        return when / 1000 if LONG_AGO_MS < when < FAR_OFF_MS else None
    try:
        moment = datetime.datetime.fromisoformat(when) if isinstance(when, str) and when else None
    except ValueError:
        return None
    return moment.timestamp() if moment and moment.tzinfo else None


def http_date(said: str) -> float | None:
    """A header's date (RFC 9110, section 5.6.7) as unix seconds; None for anything else.
    A year of 14 digits overflows.
    """
    try:
        return email.utils.parsedate_to_datetime(said).timestamp()
    except (TypeError, ValueError, OverflowError):
        return None
