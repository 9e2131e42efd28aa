"""What an authenticated request costs beyond httpx, and how often the certificates are loaded."""

from __future__ import annotations

import asyncio
import ssl
import statistics
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from unittest import mock

import httpx

from refapp.trusted.recorder import Recorder
from refapp.trusted.server.origin_client import OriginClient
from refapp.trusted.server.verdict import Call
from tests.benchmarks.rows import Row
from tests.benchmarks.signed_in_app import canned_server, set_server, signed_in_app

REQUESTS = 300


def measure(*, quick: bool, out: Path) -> list[Row]:
    """Rows of HTTP."""
    del out
    with canned_server() as origin:
        rows = [asyncio.run(_one_request(origin, rounds=3 if quick else 9))]
    return [*rows, *_certificates(rounds=3 if quick else 9)]


async def _one_request(origin: str, rounds: int) -> Row:
    token = set_server(origin)["access"]
    ours: list[float] = []
    bare: list[float] = []
    async with (
        signed_in_app(origin) as app,
        httpx.AsyncClient(base_url=origin, verify=False, trust_env=False) as client,
    ):

        async def bare_get() -> int:
            return (
                await client.get("/app/me", headers={"authorization": f"Bearer {token}"})
            ).status_code

        async def our_get() -> int:
            return (await app.api.fetch("GET", "/app/me")).status

        for number in range(rounds):
            arms = [(ours, our_get), (bare, bare_get)]
            for values, get in arms if number % 2 else reversed(arms):
                values.append(await _median_us(get))
    return Row("authenticated GET, p50", "us", ours, "httpx.AsyncClient", bare, 1.2)


async def _median_us(get: Callable[[], Awaitable[int]]) -> float:
    times = []
    for _ in range(REQUESTS):
        began = time.perf_counter()
        assert await get() == 200
        times.append((time.perf_counter() - began) * 1e6)
    return statistics.median(times)


def _certificates(rounds: int) -> list[Row]:
    loads: dict[str, list[float]] = {"https": [], "http": []}
    for scheme, counts in loads.items():
        for _ in range(rounds):
            with mock.patch.object(
                ssl.SSLContext,
                "load_default_certs",
                autospec=True,
                side_effect=ssl.SSLContext.load_default_certs,
            ) as load:
                asyncio.run(_two_requests(f"{scheme}://127.0.0.1:1"))
                counts.append(load.call_count)
    if 0 in loads["https"]:
        raise RuntimeError("the certificates are loaded in a way that is not counted here")
    return [
        Row("loads of the certificates in a run, https", "", loads["https"], "", (), 1),
        Row("loads of the certificates in a run, loopback", "", loads["http"], "", (), 0),
    ]


async def _two_requests(origin: str) -> None:
    client = OriginClient(
        origin, recorder=Recorder(), clock=time.time, connect_timeout_s=1.0, request_timeout_s=1.0
    )
    for _ in range(2):
        await client.send(Call.RESOURCE, "GET", "/app/me")
    await client.close()
