"""The app's own client of an auth server, for one question: what tests of a server ask it with."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from refapp.trusted.recorder import Recorder
from refapp.trusted.server.auth_client import AuthClient
from refapp.trusted.server.origin_client import OriginClient

T = TypeVar("T")


def asked(url: str, question: Callable[[AuthClient], Awaitable[T]]) -> T:
    """What the server at ``url`` says to ``question``."""

    async def ask() -> T:
        http = OriginClient(
            url, recorder=Recorder(), clock=time.time, connect_timeout_s=5, request_timeout_s=15
        )
        try:
            return await question(AuthClient(http, time.time))
        finally:
            await http.close()

    return asyncio.run(ask())
