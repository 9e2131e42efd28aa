"""The auth servers that one contract is run against: the embedded model, its process, and real BetterAuth of two releases.

What the embedded server answers is a claim about BetterAuth; here the claim is checked against the real one. Each test signs up
an account of its own, so one server serves all tests of a setting.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from refapp.demo_server.setup import ServerSettings
from steps.auth_servers import (
    BETTERAUTH,
    BETTERAUTH_1_4,
    InProcessServer,
    Server,
    betterauth_missing,
    embedded_server,
    real_betterauth,
)
from steps.server_account import Account


@pytest.fixture(scope="session", params=["model", "process", "betterauth-1.7", "betterauth-1.4"])
def server_kind(request: pytest.FixtureRequest) -> str:
    """Which server answers."""
    return str(request.param)


@pytest.fixture(scope="session")
def running(server_kind: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Server]]:
    """Starts servers of this kind, one for each setting."""
    servers: dict[tuple[str, float, float], Server] = {}

    def start(mode: str = "sliding", update_age: float = 86400, reuse_window: float = 0) -> Server:
        setting = (mode, update_age, reuse_window)
        if setting not in servers:
            servers[setting] = _start(server_kind, tmp_path_factory.mktemp("server"), *setting)
        return servers[setting]

    yield start
    for server in servers.values():
        server.stop()


@pytest.fixture
def account(running: Callable[..., Server]) -> Account:
    """Somebody on a server as BetterAuth is by default."""
    return Account(running())


def _start(kind: str, folder: Path, mode: str, update_age: float, reuse_window: float) -> Server:
    if kind == "model":
        return InProcessServer(
            ServerSettings(mode=mode, update_age_s=update_age, reuse_window_s=reuse_window, scrypt_n=16)
        )
    options = ("--mode", mode, "--update-age", str(update_age), "--reuse-window", str(reuse_window))
    if kind == "process":
        return embedded_server(folder, *options)
    release = BETTERAUTH if kind == "betterauth-1.7" else BETTERAUTH_1_4
    missing = betterauth_missing(release)
    if missing is not None:
        pytest.skip(missing)
    return real_betterauth(*options, release=release)
