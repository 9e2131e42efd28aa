"""A hundred requests that all meet 401 at once, at a server that rotates its tokens and ends the
session on a replay.

Beside the app: the floor, "one refresh, then a hundred good requests" with httpx as it comes; and
the recipe's refresh with its mutex, written anew in Python, which must be seen to fail here, or the
test would prove nothing.
"""

from __future__ import annotations

import asyncio
import random
import time
from pathlib import Path
from typing import Any

import httpx

from refapp.trusted.errors import RefappError
from tests.benchmarks.rows import Row
from tests.benchmarks.signed_in_app import canned_server, set_server, signed_in_app

CALLS = 100
REFRESH_MS = 20.0
# A good network, and one on which an answer may be 600 ms late.
NEAR_MS, FAR_MS = 25.0, 300.0


class Recipe:
    """The recipe's phase 6: on a 401 join the refresh under way or start one, then repeat once."""

    def __init__(self, origin: str, pair: Any) -> None:
        self.access, self.refresh = pair["access"], pair["refresh"]
        self.client = httpx.AsyncClient(base_url=origin, verify=False, trust_env=False, timeout=60)
        self._under_way: asyncio.Task[bool] | None = None

    async def fetch(self) -> int:
        answer = await self._get()
        if answer.status_code == 401 and await self._refresh():
            answer = await self._get()
        return answer.status_code

    async def _get(self) -> httpx.Response:
        return await self.client.get("/app/me", headers={"authorization": f"Bearer {self.access}"})

    async def _refresh(self) -> bool:
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


def measure(*, quick: bool, out: Path) -> list[Row]:
    """Rows of the storm."""
    del out
    rounds = 3 if quick else 20
    with canned_server() as origin:
        return asyncio.run(_rows(origin, rounds, min(rounds, 9)))


async def _rows(origin: str, rounds: int, timed: int) -> list[Row]:
    near: dict[str, list[float]] = {"ours": [], "floor": [], "recipe": []}
    counts: dict[str, list[float]] = {
        name: [] for name in ("ours", "ours failed", "recipe", "recipe failed", "ended")
    }
    for seed in range(timed):
        for arm in ("ours", "floor", "recipe") if seed % 2 else ("recipe", "floor", "ours"):
            near[arm].append((await _storm(origin, arm, seed, NEAR_MS))[0] * 1000)
    for seed in range(rounds):
        for arm in ("ours", "recipe"):
            _, failed, counted = await _storm(origin, arm, seed, FAR_MS)
            counts[arm].append(counted["refreshes"])
            counts[f"{arm} failed"].append(failed)
            if arm == "ours":
                counts["ended"].append(int(counted["ended"]))
    return [
        Row(
            "storm of 100 401s, time",
            "ms",
            near["ours"],
            "1 refresh + 100 GETs",
            near["floor"],
            2.0,
        ),
        Row(
            "the recipe's refresh, time",
            "ms",
            near["recipe"],
            "1 refresh + 100 GETs",
            near["floor"],
        ),
        Row(f"refreshes in a storm, worst of {rounds}", "", [max(counts["ours"])], "", (), 1),
        Row(f"failed of 100 calls, worst of {rounds}", "", [max(counts["ours failed"])], "", (), 0),
        Row(f"sessions ended by the storm, of {rounds}", "", [sum(counts["ended"])], "", (), 0),
        Row(
            "the recipe's refreshes in a storm (it must fail)",
            "",
            counts["recipe"],
            "",
            (),
            2,
            at_least=True,
        ),
        Row(
            "the recipe's failed of 100 calls (it must fail)",
            "",
            counts["recipe failed"],
            "",
            (),
            1,
            at_least=True,
        ),
    ]


async def _storm(origin: str, arm: str, seed: int, api_ms: float) -> tuple[float, int, Any]:
    """Seconds, failed calls, and what the server counted."""
    pair = set_server(origin)
    chance = random.Random(seed)
    starts = [chance.uniform(0, api_ms) / 1000 for _ in range(CALLS)]
    settings: dict[str, float] = {"seed": seed, "api_ms": api_ms, "refresh_ms": REFRESH_MS}
    if arm == "ours":
        async with signed_in_app(origin) as app:

            async def fetch() -> int:
                try:
                    return (await app.api.fetch("GET", "/app/me")).status
                except RefappError:
                    return 0

            set_server(origin, fresh=False, **settings)  # type: ignore[arg-type]
            took, answers = await _all(fetch, starts)
    else:
        recipe = Recipe(origin, pair)
        async with recipe.client:
            if arm == "floor":
                # As warm as the app is after its sign-in.
                await recipe.fetch()
            set_server(origin, fresh=False, **settings)  # type: ignore[arg-type]
            began = time.perf_counter()
            if arm == "floor":
                await recipe._refresh()
            refreshed = time.perf_counter() - began
            took, answers = await _all(recipe.fetch, starts)
            took += refreshed if arm == "floor" else 0
    return took, sum(status != 200 for status in answers), set_server(origin)


async def _all(fetch: Any, starts: list[float]) -> tuple[float, list[int]]:
    async def one(after: float) -> int:
        await asyncio.sleep(after)
        return int(await fetch())

    began = time.perf_counter()
    answers = await asyncio.gather(*(one(after) for after in starts))
    return time.perf_counter() - began, answers
