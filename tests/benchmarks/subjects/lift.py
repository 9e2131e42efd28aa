"""What a program pays that adds the session: the import, and the token on each of its requests.
The server is on loopback.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

from refapp import open_session
from refapp.testing import MemoryKeychain
from refapp.testing.model_server import Loopback, ModelServer
from refapp.tour.secret_service import PrivateSecretService, missing_programs
from tests.benchmarks.rows import Row, interleaved

GETS = 200
IMPORT_MOST_MS = 5.0
FIRST_ANSWER_MOST = 1.3


def measure(*, quick: bool, out: Path) -> list[Row]:
    """The rows; ``out`` is left alone."""
    rounds = 4 if quick else 15
    bare, ours = (lambda: _started("pass")), (lambda: _started("import refapp"))
    bare(), ours()
    starts = interleaved(rounds, {"ours": ours, "bare": bare})
    more = [mine - theirs for mine, theirs in zip(starts["ours"], starts["bare"], strict=True)]
    calls = asyncio.run(_calls(rounds))
    return [
        Row("import refapp, over an empty Python", "ms", more, goal=IMPORT_MOST_MS),
        Row("a GET with session.auth", "ms", calls["ours"], "httpx's own GET", calls["bare"], 1.1),
        _first_answer(rounds),
    ]


def _first_answer(rounds: int) -> Row:
    """Fresh processes with a stored session, from their start to the first answer of the server."""
    name, beside = "open_session, stored, to the first answer", "keyring, httpx, json by hand"
    if missing := missing_programs():
        return Row(name, "ms", not_here=f"needs {', '.join(missing)}")
    loopback = Loopback()
    server = ModelServer(loopback)
    with PrivateSecretService() as keyring, tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "tests.benchmarks.arms.lift_arm"]
        words = [server.url, folder, server.email, server.password]
        environment = keyring.environment(os.environ)

        def arm(which: str) -> float:
            began = time.monotonic()
            said = subprocess.run(
                [*command, which, *words],
                env=environment,
                stdout=subprocess.PIPE,
                text=True,
                check=True,
            )
            return (float(said.stdout.split()[-1]) - began) * 1000

        for which in ("prepare", "ours", "by_hand"):
            arm(which)
        times = interleaved(
            rounds, {which: lambda which=which: arm(which) for which in ("ours", "by_hand")}
        )
    server.close()
    loopback.close()
    return Row(name, "ms", times["ours"], beside, times["by_hand"], FIRST_ANSWER_MOST)


def _started(code: str) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return (time.perf_counter() - began) * 1000


async def _calls(rounds: int) -> dict[str, list[float]]:
    """Milliseconds of one GET of many, with and without the session, one arm after the other."""
    loopback = Loopback()
    server = ModelServer(loopback)
    found: dict[str, list[float]] = {"ours": [], "bare": []}
    with tempfile.TemporaryDirectory() as folder:
        async with open_session(server.url, MemoryKeychain(), data_dir=Path(folder)) as session:
            await session.sign_in(server.email, server.password)
            for _ in range(rounds + 1):
                for arm, auth in (("ours", session.auth()), ("bare", None)):
                    async with httpx.AsyncClient(base_url=server.url, auth=auth) as client:
                        await client.get("/api/auth/ok")
                        began = time.perf_counter()
                        for _ in range(GETS):
                            await client.get("/api/auth/ok")
                        found[arm].append((time.perf_counter() - began) / GETS * 1000)
    server.close()
    loopback.close()
    return {arm: times[1:] for arm, times in found.items()}
