"""What an authenticated request costs beyond httpx, whether that grows, and how often the
certificates are loaded.
"""

from __future__ import annotations

import asyncio
import os
import ssl
import statistics
import time
from pathlib import Path
from unittest import mock

from refapp.trusted.recorder import Recorder
from refapp.trusted.server.origin_client import OriginClient
from refapp.trusted.server.verdict import Call
from tests.benchmarks.one_arm import arm
from tests.benchmarks.rows import Row, interleaved
from tests.benchmarks.signed_in_app import canned_server

REQUESTS, MANY = 300, 100_000
MANY_WITHIN_S = 3600.0


def measure(*, quick: bool, out: Path) -> list[Row]:
    """Rows of HTTP."""
    del out
    many = MANY // 20 if quick else MANY
    with canned_server() as origin:

        def get(which: str) -> float:
            return statistics.median(arm(os.environ, "http_arm", which, origin, REQUESTS))

        found = interleaved(
            3 if quick else 9, {which: lambda which=which: get(which) for which in ("ours", "bare")}
        )
        grown = arm(os.environ, "http_arm", "growth", origin, many, limit_s=MANY_WITHIN_S)
    first, last = ([grown[name]] for name in ("first_us", "last_us"))
    return [
        Row("authenticated GET, p50", "us", found["ours"], "httpx.AsyncClient", found["bare"], 1.2),
        Row(f"GET, the last tenth of {many:,}", "us", last, "the first tenth", first, 1.1),
        Row(f"{many:,} GETs: the process grows", "MiB", [grown["grown_mib"]], goal=1.0),
        *_certificates(rounds=3 if quick else 9),
    ]


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
