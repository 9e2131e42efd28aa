"""An app that is killed at the nth of its effects: a forked process that ends itself there, as a
kill would. And what it does.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Mapping

from refapp.trusted.storage.secret import StoredSession, TokenPair
from refapp.trusted.storage.token_service import TokenService

DIED, WHOLE = 9, 0
SESSION = StoredSession(TokenPair("access", "refresh"), "user-1")
Work = Callable[[TokenService], Awaitable[object]]


async def refresh(ours: TokenService) -> None:
    await ours.mark_refresh_sent(SESSION.pair)
    await ours.save(SESSION)
    await ours.forget_refresh_sent()


FIRST = "the first save"
WAYS: Mapping[str, Work] = {
    FIRST: lambda ours: ours.save(SESSION),
    "a rotation": lambda ours: ours.rotate_key(),
    "a sign-out": lambda ours: ours.forget(),
    "a refresh with its journal": refresh,
}
"""All but the first begin with a session that is stored."""


def killed(
    ours: Callable[[], TokenService],
    work: Work,
    watch: Callable[[Callable[[], None]], None],
    at: int,
) -> bool:
    """Whether the app got as far as its effect number ``at``, and was killed there.

    ``watch`` sees to it, in the forked process, that what it is given is called at each effect.
    """
    pid = os.fork()
    if pid == 0:
        count = 0

        def effect() -> None:
            nonlocal count
            count += 1
            if count == at:
                os._exit(DIED)

        ended = DIED + 1
        try:
            made = ours()
            watch(effect)
            asyncio.run(work(made))  # type: ignore[arg-type]
            ended = WHOLE
        finally:
            os._exit(ended)
    ended = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    assert ended in (DIED, WHOLE)
    return ended == DIED
