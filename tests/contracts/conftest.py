"""The auth servers that one contract is run against: the embedded model, its process, and real
BetterAuth of two releases.

What the embedded server answers is a claim about BetterAuth; here the claim is checked against the
real one. Each test signs up an account of its own, so one server serves all tests of a setting.

And the screen on which the keychains run (``steps.on_desktop.real_keychains``).
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import os
import select
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest

from refapp.demo_server.setup import ServerSettings
from refapp.tour.secret_service import PrivateSecretService
from steps.on_desktop.real_keychain import RealKeychain
from steps.servers.auth_servers import (
    BETTERAUTH,
    BETTERAUTH_1_4,
    InProcessServer,
    Server,
    betterauth_missing,
    embedded_server,
    real_betterauth,
)
from steps.servers.server_account import Account


@dataclasses.dataclass(frozen=True)
class Setting:
    """What a test may want of a server; the names are those of the servers' command lines.
    Times are seconds.
    """

    mode: Literal["sliding", "rotating"] = "sliding"
    update_age: float = 86400
    reuse_window: float = 0
    device_interval: float = 5
    fresh_age: float = 86400
    jwt_expires_in: float = 0
    scrypt_cost: int = 16
    rate_limit: bool = False
    """BetterAuth's own, as in production; the embedded server always limits wrong passwords."""
    second_factor: bool = False
    """With the plugin, and codes by e-mail; the embedded server always has the plugin."""
    trusted_origin: str = ""


@pytest.fixture(scope="session", params=["model", "process", "betterauth-1.7", "betterauth-1.4"])
def server_kind(request: pytest.FixtureRequest) -> str:
    """Which server answers."""
    return str(request.param)


@pytest.fixture(scope="session")
def running(
    server_kind: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Server]]:
    """Starts servers of this kind, one for each setting."""
    servers: dict[Setting, Server] = {}

    def start(**changed: str | float | bool) -> Server:
        setting = Setting(**changed)
        if setting not in servers:
            servers[setting] = _start(server_kind, tmp_path_factory.mktemp("server"), setting)
        return servers[setting]

    yield start
    for server in servers.values():
        server.stop()


@pytest.fixture
def account(running: Callable[..., Server]) -> Account:
    """Somebody on a server as BetterAuth is by default."""
    return Account(running())


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    if shutil.which("Xvfb") is None:
        pytest.skip("Xvfb is not installed")
    reading, writing = os.pipe()
    # It would turn clients away while it resets itself, between one keychain and the next.
    server = subprocess.Popen(
        [
            "Xvfb",
            "-displayfd",
            str(writing),
            "-screen",
            "0",
            "1000x800x24",
            "-nolisten",
            "tcp",
            "-extension",
            "GLX",
            "-noreset",
        ],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        assert select.select([reading], [], [], 30)[0]
        yield f":{os.read(reading, 16).decode().strip()}"
    finally:
        os.close(reading)
        server.kill()
        server.wait()


class LaterLoop(asyncio.SelectorEventLoop):
    """A loop whose clock can be put on: deadlines are its, and no busy machine misses one."""

    later = 0.0

    def time(self) -> float:
        return super().time() + self.later


def see_only(service: PrivateSecretService, monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on this process finds ``service`` and nothing of the session that the tests run
    in.
    """
    wanted = service.environment(os.environ)
    for name in set(os.environ) - set(wanted):
        monkeypatch.delenv(name)
    for name, value in wanted.items():
        monkeypatch.setenv(name, value)


Run = Callable[..., Any]
"""Of a kind of keychain, with its settings: the keychain that runs."""


@pytest.fixture
def run(display: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Runs a keychain of this kind, with these settings, until the test's end."""
    with contextlib.ExitStack() as stack:

        def run(kind: type[RealKeychain], **settings: bool) -> RealKeychain:
            if missing := kind.missing():
                pytest.skip(f"not installed: {', '.join(missing)}")
            running = stack.enter_context(kind(display, **settings))
            see_only(running, monkeypatch)
            return running

        yield run


@pytest.fixture
def real(request: pytest.FixtureRequest, run: Run) -> Any:
    return run(request.param)


def _start(kind: str, folder: Path, setting: Setting) -> Server:
    if kind == "model":
        return InProcessServer(
            ServerSettings(
                mode=setting.mode,
                update_age_s=setting.update_age,
                reuse_window_s=setting.reuse_window,
                device_interval_s=setting.device_interval,
                fresh_age_s=setting.fresh_age,
                jwt_expires_in_s=setting.jwt_expires_in,
                scrypt_n=setting.scrypt_cost,
                mails=setting.second_factor,
                trusted_origins=(setting.trusted_origin,),
            )
        )
    fields = dataclasses.asdict(setting)
    more = ["--rate-limit"] if fields.pop("rate_limit") else []
    more += ["--with=two-factor"] if fields.pop("second_factor") else []
    trusted = fields.pop("trusted_origin")
    options = [
        word
        for name, value in fields.items()
        for word in (f"--{name.replace('_', '-')}", str(value))
    ]
    options += ["--trusted-origin", trusted] if trusted else []
    if kind == "process":
        return embedded_server(folder, *options, *(["--mails"] if setting.second_factor else []))
    options += more + (["--jwt"] if setting.jwt_expires_in else [])
    release = BETTERAUTH if kind == "betterauth-1.7" else BETTERAUTH_1_4
    missing = betterauth_missing(release)
    if missing is not None:
        pytest.skip(missing)
    return real_betterauth(*options, release=release)
