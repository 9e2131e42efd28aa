"""What the HTTP library may log of the app's own requests: httpx's line with method, address and
status; nothing of httpcore's.

httpcore logs at DEBUG each header of an answer, a new token among them, and the host program sets
its loggers' levels. A request that is made inside ``headers_unlogged`` leaves no record of
httpcore's, whatever the levels are; the host's own requests are logged as it has said. Nothing else
of the host's logging is touched.
"""

from __future__ import annotations

import contextlib
import contextvars
import logging
from collections.abc import Iterator

# All loggers that httpcore has.
# A filter of a logger is not asked for the records of those below it.
NAMES = (
    "httpcore.connection",
    "httpcore.http11",
    "httpcore.http2",
    "httpcore.proxy",
    "httpcore.socks",
)
_own: contextvars.ContextVar[bool] = contextvars.ContextVar("own_request", default=False)


def _not_our_own(record: logging.LogRecord) -> bool:  # noqa: ARG001 - a filter's signature
    return not _own.get()


for _name in NAMES:
    logging.getLogger(_name).addFilter(_not_our_own)


@contextlib.contextmanager
def headers_unlogged() -> Iterator[None]:
    """Whatever this task does in the block is one of the app's own requests."""
    before = _own.set(True)
    try:
        yield
    finally:
        _own.reset(before)
