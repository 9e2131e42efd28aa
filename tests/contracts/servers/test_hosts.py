"""Auth servers that share a process, or come from one: each is as it would be alone, and what
becomes of the process is said.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from steps.servers.auth_servers import (
    BETTERAUTH,
    BETTERAUTH_1_4,
    AuthServer,
    betterauth_missing,
    embedded_server,
    real_betterauth,
)
from steps.servers.hosts import betterauth, forked
from steps.servers.hosts.running import ServerMissing
from steps.servers.server_account import PASSWORD, Account

WITHIN_S = 20.0
PROGRAM = """
import sys, pathlib
from steps.servers.auth_servers import BETTERAUTH_1_4, embedded_server, real_betterauth
servers = [embedded_server(pathlib.Path(sys.argv[1]))]
if sys.argv[2] == "with Node":
    servers.append(real_betterauth(release=BETTERAUTH_1_4))
print(*[server.pid for server in servers], flush=True)
sys.stdin.read()
"""


@pytest.fixture(params=[BETTERAUTH, BETTERAUTH_1_4], ids=["1.7", "1.4"])
def release(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    missing = betterauth_missing(found)
    if missing is not None:
        pytest.skip(missing)
    return found


@pytest.fixture
def two(release: Path) -> Iterator[tuple[AuthServer, AuthServer]]:
    """Two servers that are started alike."""
    options = ("--scrypt-cost=16", "--mode=rotating")
    with (
        real_betterauth(*options, release=release) as one,
        real_betterauth(*options, release=release) as other,
    ):
        yield one, other


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def eventually(seen: Callable[[], bool]) -> None:
    end = time.monotonic() + WITHIN_S
    while not seen():
        assert time.monotonic() < end
        time.sleep(0.01)


class TestServersOfOneProcess:
    """BetterAuth's: nothing of one is the other's."""

    def test_they_share_it(self, two: tuple[AuthServer, AuthServer]) -> None:
        assert two[0].pid == two[1].pid
        assert two[0].url != two[1].url
        assert two[0].control_key != two[1].control_key

    def test_an_account_and_its_tokens(self, two: tuple[AuthServer, AuthServer]) -> None:
        one, other = two
        account = Account(one)
        signed = account.sign_in()
        body = {"email": account.email, "password": PASSWORD}
        assert other.client.post("/api/auth/sign-in/email", json=body).status_code == 401
        bearer = {"authorization": f"Bearer {signed.headers['set-auth-token']}"}
        assert one.client.get("/app/me", headers=bearer).status_code == 200
        assert other.client.get("/app/me", headers=bearer).status_code == 401
        token = {"refreshToken": signed.headers["set-refresh-token"]}
        assert other.client.post("/api/auth/refresh", json=token).status_code == 401
        assert one.client.post("/api/auth/refresh", json=token).status_code == 200

    def test_the_back_door(self, two: tuple[AuthServer, AuthServer]) -> None:
        one, other = two
        order = {"do": "break_store"}
        key = {"x-control-key": one.control_key}
        assert other.client.post("/control", json=order, headers=key).status_code == 404
        one.control("break_store")
        body = {"email": one.email, "password": one.password}
        assert one.client.post("/api/auth/sign-in/email", json=body).status_code >= 500
        assert other.client.post("/api/auth/sign-in/email", json=body).status_code == 200

    def test_the_time(self, two: tuple[AuthServer, AuthServer]) -> None:
        sessions = [Account(server).sign_in().headers["set-auth-token"] for server in two]
        two[0].control("pass_time", seconds=8 * 86400)
        answers = [
            server.client.get("/app/me", headers={"authorization": f"Bearer {token}"}).status_code
            for server, token in zip(two, sessions, strict=True)
        ]
        assert answers == [401, 200]

    def test_the_end(self, two: tuple[AuthServer, AuthServer], release: Path) -> None:
        third = real_betterauth("--scrypt-cost=16", release=release)
        assert third.client.get("/api/auth/ok").status_code == 200
        third.stop()
        with pytest.raises(httpx.ConnectError):
            httpx.get(third.url, trust_env=False)
        assert [one.client.get("/api/auth/ok").status_code for one in two] == [200, 200]

    def test_a_port_that_is_in_use(self, two: tuple[AuthServer, AuthServer], release: Path) -> None:
        port = two[0].url.rpartition(":")[2]
        with pytest.raises(ServerMissing, match=r"can't start.*EADDRINUSE"):
            real_betterauth(f"--port={port}", release=release)
        assert two[0].client.get("/api/auth/ok").status_code == 200


@pytest.mark.parametrize("release", [BETTERAUTH_1_4], indirect=True, ids=["1.4"])
def test_one_that_counts_tries_and_one_that_is_to_be_alone_have_a_process(release: Path) -> None:
    with (
        real_betterauth(release=release) as shared,
        real_betterauth("--rate-limit", release=release) as counting,
        real_betterauth(release=release, alone=True) as alone,
    ):
        assert len({shared.pid, counting.pid, alone.pid}) == 3


@pytest.mark.parametrize("release", [BETTERAUTH_1_4], indirect=True, ids=["1.4"])
def test_that_betterauth_s_process_has_ended_is_said_with_its_last_words_and_there_is_another(
    release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(betterauth, "_hosts", {})
    server = real_betterauth(release=release)
    host = betterauth._hosts[release]
    assert host.process.stdin is not None
    host.process.stdin.write(b"no order\n")
    said = r"process of all BetterAuth servers has ended \(1\).*is not valid JSON"
    with pytest.raises(ServerMissing, match=said):
        server.stop()
    with pytest.raises(ServerMissing, match=said):
        real_betterauth(release=release)
    with real_betterauth(release=release) as another:
        assert another.client.get("/api/auth/ok").status_code == 200
    betterauth._hosts[release].close()


def test_each_embedded_server_has_a_process(tmp_path: Path) -> None:
    with embedded_server(tmp_path / "one") as one, embedded_server(tmp_path / "two") as two:
        assert len({one.pid, two.pid, os.getpid()}) == 3
        os.kill(one.pid, signal.SIGKILL)
        eventually(lambda: gone(one.pid))
        assert two.client.get("/api/auth/ok").status_code == 200


def test_an_embedded_server_that_was_ended_is_gone_and_its_port_free(tmp_path: Path) -> None:
    server = embedded_server(tmp_path)
    server.stop()
    eventually(lambda: gone(server.pid))
    with embedded_server(tmp_path, f"--port={server.url.rpartition(':')[2]}") as again:
        assert again.url == server.url


def test_an_embedded_server_that_can_not_start_says_why(tmp_path: Path) -> None:
    with embedded_server(tmp_path / "one") as one:
        port = one.url.rpartition(":")[2]
        with pytest.raises(
            ServerMissing, match=f"port {port} on 127.0.0.1: Address already in use"
        ):
            embedded_server(tmp_path / "two", f"--port={port}")
    with pytest.raises(ServerMissing, match="argument --mode: invalid choice"):
        embedded_server(tmp_path, "--mode=none")


def test_that_the_process_that_forks_was_killed_is_said_and_there_is_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forked, "_hosts", [])
    with embedded_server(tmp_path / "one") as one:
        [host] = forked._hosts
        host.process.kill()
        host.process.wait()
        assert one.client.get("/api/auth/ok").status_code == 200
        with pytest.raises(ServerMissing, match=r"that forks the embedded servers has ended \(-9"):
            embedded_server(tmp_path / "two")
        with embedded_server(tmp_path / "three") as three:
            assert three.client.get("/api/auth/ok").status_code == 200
    forked._hosts[0].close()


def test_nothing_is_left_of_them_when_whoever_asked_for_them_is_killed(tmp_path: Path) -> None:
    node = "without" if betterauth_missing(BETTERAUTH_1_4) else "with Node"
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(tmp_path), node], stdin=pipe, stdout=pipe, text=True
    ) as program:
        assert program.stdout is not None
        servers = [int(pid) for pid in program.stdout.readline().split()]
        began = Path(f"/proc/{program.pid}/task/{program.pid}/children").read_text().split()
        assert len(began) == len(servers)
        program.kill()
    eventually(lambda: all(map(gone, [*servers, *map(int, began)])))
