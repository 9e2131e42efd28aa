"""A session that the server has opened and that the app does not hold yet: the one moment at which
nobody would ever end it.

Owns that moment, and nothing of the session: where the work that would make it known is broken off,
as by the app's end, its pair goes into the event that ends the sign-in, and with that to the server
(SI-16).
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator

from refapp.trusted.rules import events as ev
from refapp.trusted.rules.shell import Shell
from refapp.trusted.storage.secret import TokenPair
from refapp.trusted.wording import session_words


@contextlib.contextmanager
def ended_if_broken_off(shell: Shell, generation: int, pair: TokenPair | None) -> Iterator[None]:
    """``pair`` is of a session that the block is to make known; None: none was opened.
    Raises what the block raises.
    """
    try:
        yield
    except asyncio.CancelledError:
        if pair is not None:
            shell.dispatch(
                ev.SignInUnsuccessful(generation, session_words.BROKEN_OFF_TRY_AGAIN, pair)
            )
        raise
