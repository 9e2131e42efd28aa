"""doctor at servers: real BetterAuth of both releases with and without its plugins, the embedded
one, and no auth server.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from refapp.doctor import server_probes
from refapp.doctor.findings import Finding, Verdict, server
from refapp.doctor.server_findings import ALL_NAMES, findings_of
from refapp.doctor.server_probes import Question
from refapp.trusted.network.no_answer import Cause, NoAnswer
from refapp.trusted.server.verdict import Reply
from steps.servers.auth_servers import (
    BETTERAUTH,
    BETTERAUTH_1_4,
    AuthServer,
    betterauth_missing,
    embedded_server,
    real_betterauth,
)

OLDER = pytest.param("1.4", marks=pytest.mark.matrix)
OK, ATTENTION, FAILED = Verdict.OK, Verdict.ATTENTION, Verdict.FAILED
STOCK = {
    "Session": OK, "Bearer": OK, "E-mail": OK, "User name": OK, "Device flow": OK,
    "Browser flow": OK, "Refresh": OK, "JWT": OK, "Sessions": OK, "Origins": OK,
    "Second factor": OK, "Names": OK, "Page": OK, "Rate limit": OK,
}  # fmt: skip


def asked(origin: str) -> dict[str, Finding]:
    return {
        finding.name: finding
        for finding in findings_of(asyncio.run(server_probes.ask(origin, page="/sign-in")))
    }


def verdicts(found: dict[str, Finding]) -> dict[str, Verdict]:
    return {name: finding.verdict for name, finding in found.items()}


def without_page(rows: dict[str, Verdict]) -> dict[str, Verdict]:
    """The rows of a server that has no browser flow: of a page for it doctor says nothing."""
    return {name: verdict for name, verdict in rows.items() if name != "Page"} | {
        "Browser flow": ATTENTION
    }


def started(release: str, folder: Path, *options: str) -> AuthServer:
    if release == "embedded":
        return embedded_server(folder, "--scrypt-cost", "16", *options)
    place = BETTERAUTH if release == "1.7" else BETTERAUTH_1_4
    missing = betterauth_missing(place)
    if missing is not None:
        pytest.skip(missing)
    return real_betterauth("--scrypt-cost", "16", *options, release=place)


@pytest.mark.parametrize("release", ["embedded", "1.7", "1.4"])
def test_what_a_stock_server_has(release: str, tmp_path: Path) -> None:
    with started(release, tmp_path) as auth:
        before = auth.control("live_sessions", email=auth.email)
        found = asked(auth.url)
        assert verdicts(found) == (without_page(STOCK) if release == "1.4" else STOCK)
        assert "one token" in found["Refresh"].sentence
        assert "No short-lived" in found["JWT"].sentence
        asks = "can ask for a second factor" if release == "embedded" else "no second factor"
        assert asks in found["Second factor"].sentence
        assert auth.control("live_sessions", email=auth.email) == before
        assert (
            server(
                auth.url, asyncio.run(server_probes.ask(auth.url))[Question.RUNS], demo=False
            ).verdict
            is OK
        )


@pytest.mark.parametrize("release", ["embedded", "1.7", OLDER])
def test_what_one_with_refresh_tokens_and_jwts_has(release: str, tmp_path: Path) -> None:
    jwt = ("--jwt-expires-in=900",) if release == "embedded" else ("--jwt",)
    with started(release, tmp_path, "--mode", "rotating", *jwt) as auth:
        found = asked(auth.url)
        assert "rotate" in found["Refresh"].sentence
        assert "hands out" in found["JWT"].sentence


@pytest.mark.parametrize("release", ["1.7", OLDER])
def test_one_with_a_second_factor(release: str, tmp_path: Path) -> None:
    with started(release, tmp_path, "--with=two-factor") as auth:
        assert "can ask for a second factor" in asked(auth.url)["Second factor"].sentence


@pytest.mark.parametrize("release", ["1.7", OLDER])
def test_what_one_without_the_plugins_lacks(release: str, tmp_path: Path) -> None:
    plugins = ("bearer", "username", "device", "electron")
    with started(
        release, tmp_path, *(word for name in plugins for word in ("--without", name))
    ) as auth:
        found = asked(auth.url)
        lacking = {name for name, finding in found.items() if finding.verdict is not OK}
        assert lacking == {"Bearer", "User name", "Device flow", "Browser flow"}
        assert all(found[name].cure for name in lacking)


@pytest.mark.parametrize("release", ["embedded", "1.7", OLDER])
def test_one_that_wants_signed_tokens_is_not_called_good_or_bad(
    release: str, tmp_path: Path
) -> None:
    with started(release, tmp_path, "--require-signature") as auth:
        assert asked(auth.url)["Bearer"].verdict is ATTENTION


def test_nothing_listens() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        origin = f"http://127.0.0.1:{held.getsockname()[1]}"
        answers = asyncio.run(server_probes.ask(origin))
    assert answers.keys() == {Question.RUNS}
    came = answers[Question.RUNS]
    assert isinstance(came, NoAnswer)
    assert came.cause is Cause.REFUSED
    assert findings_of(answers) == []
    assert server(origin, answers[Question.RUNS], demo=False).verdict is FAILED


OK_JSON = (
    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: "
    b'11\r\n\r\n{"ok":true}'
)
HOSTILE = {
    "a web site": b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 6\r\n\r\n<html>",
    "no path is there": b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n",
    "yes to everything": OK_JSON,
    "a loop": b"HTTP/1.1 302 Found\r\nlocation: /\r\ncontent-length: 0\r\n\r\n",
    "not HTTP": b"\x00\xffSSH-2.0-OpenSSH_9.9\r\n",
    "a broken length": b"HTTP/1.1 200 OK\r\ncontent-length: 99999\r\n\r\nshort",
    "headers without end": b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 5000,
    "deep JSON": b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n"
    + b"[" * 100_000,
    "nothing at all": b"",
    "too many": b"HTTP/1.1 429 Too Many\r\nretry-after: nonsense\r\ncontent-length: 0\r\n\r\n",
}


@contextlib.contextmanager
def answering(reply: Callable[[bytes], bytes]) -> Iterator[str]:
    """A server that answers each connection's first request with ``reply`` and hangs up."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError):
                connection.sendall(reply(connection.recv(65_536)))
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(65_536):
                    pass

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(5)


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_server_that_is_none_is_failed_in_one_row_or_all(kind: str) -> None:
    with answering(lambda _: HOSTILE[kind]) as origin:
        answers = asyncio.run(server_probes.ask(origin))
        rows = [server(origin, answers[Question.RUNS], demo=False), *findings_of(answers)]
    assert FAILED in {row.verdict for row in rows}
    assert all(row.sentence for row in rows)


@pytest.mark.parametrize("kind", HOSTILE)
def test_after_a_good_start_any_answer_has_a_row(kind: str) -> None:
    with answering(lambda request: OK_JSON if b"/auth/ok" in request else HOSTILE[kind]) as origin:
        found = asked(origin)
    assert found.keys() == STOCK.keys() - {"Page"}
    assert found["Bearer"].verdict is ATTENTION
    assert found["Session"].verdict is not OK


def test_a_sign_in_page_that_is_missing_is_said_where_it_is_needed() -> None:
    refused = Reply(400, {"content-type": "application/json"}, b"{}")
    answers = {**dict.fromkeys(Question, refused), Question.PAGE: Reply(404, {}, b"")}
    rows = {row.name: row for row in findings_of(answers)}
    assert rows["Page"].verdict is ATTENTION
    assert "--sign-in-page" in rows["Page"].cure
    without = {row.name for row in findings_of({**answers, Question.BROWSER: Reply(404, {}, b"")})}
    assert "Page" not in without


def test_one_that_goes_by_any_name_is_told() -> None:
    refused = Reply(400, {"content-type": "application/json"}, b"{}")
    rows = {
        row.name: row
        for row in findings_of(
            {**dict.fromkeys(Question, refused), Question.NAMES: Reply(200, {}, b"null")}
        )
    }
    assert rows["Names"].verdict is ATTENTION
    assert "under any name" in rows["Names"].sentence


def test_only_a_server_on_this_computer_is_asked_for_it() -> None:
    assert [
        server_probes.is_loopback(url)
        for url in ("http://127.0.0.1:1", "http://[::1]:1", "https://auth.example")
    ] == [
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("headers", "verdict"),
    [
        ({}, ATTENTION),
        ({"x-frame-options": "DENY"}, OK),
        ({"content-security-policy": "frame-ancestors 'none'"}, OK),
    ],
)
def test_a_page_that_can_be_framed_is_told(headers: dict[str, str], verdict: Verdict) -> None:
    refused = Reply(400, {"content-type": "application/json"}, b"{}")
    rows = {
        row.name: row
        for row in findings_of(
            {**dict.fromkeys(Question, refused), Question.PAGE: Reply(200, headers, b"")}
        )
    }
    assert rows["Page"].verdict is verdict


def test_the_guides_check_list_has_every_row() -> None:
    guide = (BETTERAUTH / "README.md").read_text()
    section = guide.split("## Check list")[1].split("\n## ")[0]
    ticked = [line.split("**")[1] for line in section.splitlines() if line.startswith("- [ ] **")]
    assert sorted(name for name in ticked if "(not from outside)" not in name) == sorted(ALL_NAMES)


def test_a_limit_says_how_long() -> None:
    refused = Reply(429, {"x-retry-after": "7"}, b"")
    found = {row.name: row for row in findings_of(dict.fromkeys(Question, refused))}
    assert found["Rate limit"].sentence.startswith(
        "The server refuses further requests for 7 seconds"
    )
    silent = {row.name: row for row in findings_of(dict.fromkeys(Question, Reply(429, {}, b"")))}
    assert "does not say for how long" in silent["Rate limit"].sentence
