"""The embedded server as a process: how it starts, how it ends, and its back door."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from steps.servers.auth_servers import AuthServer, embedded_server


def start(data: Path, *options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "refapp.demo_server", "--data", str(data), *options]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[AuthServer]:
    """A rotating server with its back door."""
    server = embedded_server(tmp_path, "--mode", "rotating")
    yield server
    server.stop()


def test_says_where_it_is_and_whose_account_there_is(tmp_path: Path) -> None:
    with start(tmp_path / "data", "--exit-with-stdin") as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        ready = json.loads(line.removeprefix("READY "))
        assert set(ready) == {"url", "pid", "email", "password"}
        assert ready["pid"] == process.pid
        body = {"email": ready["email"], "password": ready["password"]}
        answer = httpx.post(f"{ready['url']}/api/auth/sign-in/email", json=body, trust_env=False)
        assert answer.json()["user"]["name"] == "Ada Lovelace"
        assert httpx.post(f"{ready['url']}/control", trust_env=False).status_code == 404
        process.communicate(timeout=20)
    assert process.returncode == 0


def test_ends_at_sigterm(tmp_path: Path) -> None:
    with start(tmp_path) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


def test_says_that_the_port_is_in_use(server: AuthServer, tmp_path: Path) -> None:
    port = server.url.rpartition(":")[2]
    with start(tmp_path / "other", "--port", port) as process:
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (1, "")
    assert err == f"The demo server can't start: port {port} on 127.0.0.1: Address already in use\n"


@pytest.mark.parametrize(
    "words",
    [
        ("--port", "99999"),
        ("--port", "-1"),
        ("--scrypt-cost", "3"),
        ("--scrypt-cost", "1"),
        ("--expires-in", "nan"),
        ("--device-interval", "-5"),
    ],
    ids=" ".join,
)
def test_a_number_that_can_not_be_used_is_named(words: tuple[str, str], tmp_path: Path) -> None:
    with start(tmp_path / "data", *words, "--exit-with-stdin") as process:
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (2, "")
    assert f"argument {words[0]}: {words[1]!r}: give " in err
    assert not (tmp_path / "data").exists()


def test_says_that_its_folder_can_not_be_used(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with start(tmp_path / "file" / "data") as process:
        _, err = process.communicate(timeout=20)
    assert process.returncode == 1
    assert err.startswith("The demo server can't start: ")
    assert err.count("\n") == 1


def test_the_back_door_wants_its_key(server: AuthServer) -> None:
    order = {"do": "break_store"}
    assert server.client.post("/control", json=order).status_code == 404
    assert (
        server.client.post("/control", json=order, headers={"x-control-key": "wrong"}).status_code
        == 404
    )
    assert server.client.get("/api/auth/get-session").status_code == 200


@pytest.mark.parametrize(
    "order", [{"do": "unknown"}, {"do": "revoke_all", "email": "nobody@example.com"}, {"what": 1}]
)
def test_the_back_door_refuses_what_it_can_not_do(
    server: AuthServer, order: dict[str, object]
) -> None:
    answer = server.client.post(
        "/control", json=order, headers={"x-control-key": server.control_key}
    )
    assert answer.status_code == 400


def test_the_back_door_shows_the_requests(server: AuthServer) -> None:
    server.client.get("/app/me", headers={"authorization": "Bearer secret-token"})
    answer = server.client.get("/control", headers={"x-control-key": server.control_key})
    seen = {
        "method": "GET",
        "path": "/app/me",
        "status": 401,
        "bearer": True,
        "user_agent": "refapp/test",
    }
    assert answer.json() == {"requests": [seen]}
    server.control("forget_requests")
    assert server.client.get("/control", headers={"x-control-key": server.control_key}).json() == {
        "requests": []
    }


def test_a_lost_answer_ends_the_connection_after_so_many_bytes(server: AuthServer) -> None:
    server.control("lose_next_answer", path="/api/auth/ok", cut_at=4)
    with pytest.raises(httpx.RemoteProtocolError, match="received 4 bytes, expected 11"):
        server.client.get("/api/auth/ok")
    assert server.client.get("/api/auth/ok").json() == {"ok": True}


def test_a_dropped_request_gets_no_answer(server: AuthServer) -> None:
    server.control("drop_next")
    with pytest.raises(httpx.RemoteProtocolError):
        server.client.get("/api/auth/ok")
    assert server.client.get("/api/auth/ok").status_code == 200


def test_a_held_answer_is_released_through_the_back_door(server: AuthServer) -> None:
    server.control("hold_next", path="/api/auth/ok")
    with pytest.raises(httpx.ReadTimeout):
        server.client.get("/api/auth/ok", timeout=0.2)
    server.control("release")
    assert server.client.get("/api/auth/ok").status_code == 200


def test_each_disturbance_has_its_order(server: AuthServer) -> None:
    statuses = []
    for order in (
        {"do": "fail_next", "status": 502},
        {"do": "throttle_next", "after_s": 3},
        {"do": "go_captive", "times": 1},
        {"do": "answer_next", "status": 302, "location": "http://elsewhere.test/"},
        {"do": "delay_next", "seconds": 0.01},
    ):
        server.control(**{**order, "path": "/api"})
        statuses.append(server.client.get("/api/auth/ok").status_code)
    assert statuses == [502, 429, 200, 302, 200]


def test_a_body_that_is_too_large_is_413(server: AuthServer) -> None:
    assert (
        server.client.post("/api/auth/sign-in/email", content=b"x" * 1_048_577).status_code == 413
    )


def test_a_body_that_is_too_large_is_not_waited_for(server: AuthServer) -> None:
    host, _, port = server.url.removeprefix("http://").partition(":")
    head = b"POST /api/auth/sign-in/email HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n"
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(head + b"x" * 1_048_577)
        assert connection.recv(4096).startswith(b"HTTP/1.1 413 ")
