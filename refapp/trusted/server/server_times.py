"""Times as a server writes them, in its bodies and its headers. Pure and total: what is no time is None."""

from __future__ import annotations

import datetime
import email.utils


def unix_of(when: str | None) -> float | None:
    """An ISO 8601 time with its offset as unix seconds; None for anything else."""
    try:
        moment = datetime.datetime.fromisoformat(when) if when else None
    except ValueError:
        return None
    return moment.timestamp() if moment and moment.tzinfo else None


def http_date(said: str) -> float | None:
    """A header's date (RFC 9110, section 5.6.7) as unix seconds; None for anything else. A year of 14 digits overflows."""
    try:
        return email.utils.parsedate_to_datetime(said).timestamp()
    except (TypeError, ValueError, OverflowError):
        return None
