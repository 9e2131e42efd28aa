"""Requests that all meet 401 at once: ``... storm_arm WHICH ORIGIN CALLS SEED API_MS REFRESH_MS
COUNT``, COUNT storms of CALLS requests; prints a list of what was found in each as JSON.

``ours``: through the app's API client. ``floor``: one refresh, and then as many good requests, with
httpx as it comes. ``recipe``: the recipe's refresh with its mutex, written anew in Python, which
must be seen to fail, or the test would prove nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx

from refapp.trusted.errors import RefappError
from tests.benchmarks.signed_in_app import set_server, signed_in_app


class Recipe:
    """The recipe's phase 6: on a 401 join the refresh under way or start one, then repeat once."""

    def __init__(self, origin: str, pair: Any) -> None:
        self.access, self.refresh = pair["access"], pair["refresh"]
        self.client = httpx.AsyncClient(base_url=origin, verify=False, trust_env=False, timeout=60)
        self._under_way: asyncio.Task[bool] | None = None

    async def fetch(self) -> int:
        answer = await self._get()
        if answer.status_code == 401 and await self.renew():
            answer = await self._get()
        return answer.status_code

    async def _get(self) -> httpx.Response:
        return await self.client.get("/app/me", headers={"authorization": f"Bearer {self.access}"})

    async def renew(self) -> bool:
        if self._under_way is None:
            self._under_way = asyncio.create_task(self._ask())
        return await self._under_way

    async def _ask(self) -> bool:
        try:
            answer = await self.client.post(
                "/api/auth/refresh", json={"refreshToken": self.refresh}
            )
            if answer.status_code != 200:
                return False
            self.access, self.refresh = answer.json()["accessToken"], answer.json()["refreshToken"]
            return True
        finally:
            self._under_way = None


Fetch = Callable[[], Awaitable[int]]
First = Callable[[], Awaitable[object]]


@contextlib.asynccontextmanager
async def client_of(which: str, origin: str) -> AsyncIterator[tuple[First, Fetch]]:
    """What is done first in a storm, and one of its requests."""
    pair = set_server(origin)
    if which == "ours":
        async with signed_in_app(origin) as app:

            async def fetch() -> int:
                try:
                    return (await app.api.fetch("GET", "/app/me")).status
                except RefappError:
                    return 0

            yield nothing, fetch
    else:
        recipe = Recipe(origin, pair)
        async with recipe.client:
            await recipe.fetch()  # as warm as the app is after its sign-in
            yield (recipe.renew if which == "floor" else nothing), recipe.fetch


async def nothing() -> None: ...


async def storm(first: First, fetch: Fetch, starts: list[float]) -> tuple[float, int]:
    """Milliseconds, and how many requests failed."""

    async def one(after: float) -> int:
        await asyncio.sleep(after)
        return await fetch()

    began = time.perf_counter()
    await first()
    answers = await asyncio.gather(*(one(after) for after in starts))
    return (time.perf_counter() - began) * 1000, sum(status != 200 for status in answers)


async def main(
    which: str, origin: str, calls: int, seed: int, api_ms: float, refresh_ms: float, count: int
) -> list[object]:
    found: list[object] = []
    async with client_of(which, origin) as (first, fetch):
        for number in range(seed, seed + count):
            chance = random.Random(number)
            starts = [chance.uniform(0, api_ms) / 1000 for _ in range(calls)]
            set_server(origin, seed=number, api_ms=api_ms, refresh_ms=refresh_ms, fresh=False)
            took, failed = await storm(first, fetch, starts)
            found.append({"took_ms": took, "failed": failed, **set_server(origin)})
    return found


if __name__ == "__main__":
    which, origin, calls, seed, api_ms, refresh_ms, count = sys.argv[1:]
    numbers = int(calls), int(seed), float(api_ms), float(refresh_ms), int(count)
    print(json.dumps(asyncio.run(main(which, origin, *numbers))))  # noqa: T201
