"""Authenticated requests, one after the other: ``... http_arm WHICH ORIGIN COUNT``.

``ours``: through the app's API client; ``bare``: ``httpx.AsyncClient`` with the token by hand; both
print the microseconds of each as JSON. ``twice``: ours, with the work of each done twice, by which
the test of the counted rows shows that it is noticed. ``growth``: ours, COUNT of them in ten parts;
prints the microseconds of one in the first part and in the last, and how many MiB the process grew
after the first.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import statistics
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import httpx

from tests.benchmarks.signed_in_app import set_server, signed_in_app

WARM_UP, PARTS = 10, 10
Get = Callable[[], Awaitable[int]]


@contextlib.asynccontextmanager
async def ours(origin: str) -> AsyncIterator[Get]:
    async with signed_in_app(origin) as app:

        async def get() -> int:
            return (await app.api.fetch("GET", "/app/me")).status

        yield get


@contextlib.asynccontextmanager
async def twice(origin: str) -> AsyncIterator[Get]:
    async with ours(origin) as once:

        async def get() -> int:
            await once()
            return await once()

        yield get


@contextlib.asynccontextmanager
async def bare(origin: str) -> AsyncIterator[Get]:
    token = set_server(origin)["access"]
    async with httpx.AsyncClient(base_url=origin, verify=False, trust_env=False) as client:

        async def get() -> int:
            headers = {"authorization": f"Bearer {token}"}
            return (await client.get("/app/me", headers=headers)).status_code

        yield get


async def timed(get: Get, count: int) -> list[float]:
    times = []
    for _ in range(count):
        began = time.perf_counter()
        assert await get() == 200
        times.append((time.perf_counter() - began) * 1e6)
    return times


async def main(which: str, origin: str, count: int) -> object:
    async with {"ours": ours, "bare": bare, "twice": twice, "growth": ours}[which](origin) as get:
        await timed(get, WARM_UP)
        if which != "growth":
            return await timed(get, count)
        parts, sizes = [], []
        for _ in range(PARTS):
            parts.append(statistics.median(await timed(get, count // PARTS)))
            sizes.append(resident())
        return {"first_us": parts[0], "last_us": parts[-1], "grown_mib": sizes[-1] - sizes[0]}


def resident() -> float:
    """MiB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGESIZE") / 2**20


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))))  # noqa: T201
