"""The app's trusted side, signed in at the canned server over real HTTP, and that server."""

from __future__ import annotations

import contextlib
import http.client
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from refapp.trusted.composition.app import App
from steps.fakes.fake_keychain import FakeKeychain
from steps.in_process.one_app import one_app, signed_in


@contextlib.contextmanager
def canned_server() -> Iterator[str]:
    """Its origin, while the block runs."""
    command = [sys.executable, "-m", "tests.benchmarks.arms.canned_server"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        assert process.stdin is not None
        process.stdin.close()


@contextlib.asynccontextmanager
async def signed_in_app(origin: str) -> AsyncIterator[App]:
    """The app, in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="refapp-bench-") as folder:
        app = one_app(Path(folder), FakeKeychain(), None, time.time, origin)
        # Each look is a system call: how long a sign-in takes must not be in what is counted.
        await signed_in(app, "ada@example.com", "a password", look_every_s=0.1)
        yield app
        await app.close()


def set_server(
    origin: str, *, seed: int = 0, api_ms: float = 0, refresh_ms: float = 0, fresh: bool = True
) -> Any:
    """Set the canned server up; what it counted before."""
    order = {"seed": seed, "api_ms": api_ms, "refresh_ms": refresh_ms, "fresh": fresh}
    # Not by httpx: this is no part of what is measured, and costs next to nothing.
    with contextlib.closing(http.client.HTTPConnection(urlsplit(origin).netloc)) as connection:
        connection.request("POST", "/set", json.dumps(order))
        return json.load(connection.getresponse())
