"""Requests over real sockets on loopback: what goes out byte for byte, and that whatever comes back
is a value, not an error.
"""

from __future__ import annotations

import asyncio
import datetime
import importlib.util
import ipaddress
import itertools
import ssl
import struct
import time
import types
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpcore
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from refapp.trusted.errors import ConfigError
from refapp.trusted.network.no_answer import Cause, NoAnswer
from refapp.trusted.recorder import Recorder
from refapp.trusted.server.exchange import LARGEST_ANSWER
from refapp.trusted.server.origin_client import AT_ONCE, LONGEST_PATH, OriginClient
from refapp.trusted.server.verdict import Call, Reply
from steps.kept_port import KeptPort

TOKEN = "secret-token.a%2Bb%3D"
OK = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"
DEADLINE_S = 30.0
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Peer:
    """A server that answers every request with ``answer``, or as ``serve`` does.
    ``heads``: what it was sent, byte for byte.
    """

    def __init__(
        self, answer: bytes = OK, serve: Serve | None = None, tls: ssl.SSLContext | None = None
    ) -> None:
        self.heads: list[bytes] = []
        self._answer = answer
        self._serve = serve
        self._tls = tls
        self.url = ""
        self._connections: set[asyncio.Task[object]] = set()

    async def __aenter__(self) -> Peer:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0, ssl=self._tls)
        port = self._server.sockets[0].getsockname()[1]
        self.url = f"{'https' if self._tls else 'http'}://127.0.0.1:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        await self._server.wait_closed()
        if self._connections:
            await asyncio.wait(self._connections, timeout=20)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            while True:
                self.heads.append(await reader.readuntil(b"\r\n\r\n"))
                if self._serve is not None:
                    await self._serve(reader, writer)
                    break
                writer.write(self._answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


def put_on(seconds: float) -> None:
    """The loop's clock: deadlines are its, and what has to come before one may take its time."""
    loop = asyncio.get_running_loop()
    now = loop.time
    loop.time = lambda: now() + seconds  # type: ignore[method-assign]


def client(url: str, timeout_s: float = 10.0, recorder: Recorder | None = None) -> OriginClient:
    return OriginClient(
        url,
        recorder=recorder or Recorder(),
        clock=time.time,
        connect_timeout_s=timeout_s,
        request_timeout_s=timeout_s,
    )


async def get(url: str, timeout_s: float = 10.0) -> Reply | NoAnswer:
    http = client(url, timeout_s)
    try:
        return await http.send(Call.SESSION, "GET", "/x", token=TOKEN)
    finally:
        await http.close()


def cause_of(came: object) -> Cause:
    assert isinstance(came, NoAnswer)
    return came.cause


def asked(peer: Peer, timeout_s: float = 10.0) -> Reply | NoAnswer:
    async def ask() -> Reply | NoAnswer:
        async with peer:
            return await get(peer.url, timeout_s)

    return asyncio.run(ask())


def test_the_token_goes_out_byte_for_byte_and_nothing_else_does() -> None:
    peer = Peer()
    assert isinstance(asked(peer), Reply)
    lines = peer.heads[0].decode().split("\r\n")
    assert lines[0] == "GET /x HTTP/1.1"
    assert f"bearer {TOKEN}".encode() in peer.heads[0].replace(b"Bearer", b"bearer")
    names = {line.split(":")[0].lower() for line in lines[1:] if line}
    assert names == {
        "host",
        "accept",
        "accept-encoding",
        "connection",
        "user-agent",
        "authorization",
    }


def test_a_call_without_a_token_has_no_authorization_and_a_body_is_json() -> None:
    async def ask() -> None:
        async with Peer() as peer:
            http = client(peer.url)
            await http.send(Call.SIGN_IN, "POST", "/x", body=b"{}")
            head = peer.heads[0].lower()
            assert b"authorization" not in head
            assert b"content-type: application/json\r\n" in head
            assert b"origin:" not in head
            await http.close()

    asyncio.run(ask())


def test_no_cookie_is_kept() -> None:
    async def ask() -> None:
        cookie = (
            b"HTTP/1.1 200 OK\r\nset-cookie: better-auth.session_token=secret; Path=/\r\n"
            b"content-length: 0\r\n\r\n"
        )
        async with Peer(cookie) as peer:
            http = client(peer.url)
            await http.send(Call.SIGN_IN, "POST", "/x", body=b"{}")
            await http.send(Call.SESSION, "GET", "/x")
            assert len(peer.heads) == 2
            assert b"cookie" not in peer.heads[1].lower()
            await http.close()

    asyncio.run(ask())


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/api/auth/get-session", "/product/auth/get-session"),
        ("/app/notes?a=1", "/product/app/notes?a=1"),
    ],
)
def test_a_server_may_live_under_a_path_and_have_its_auth_endpoints_elsewhere(
    path: str, asked: str
) -> None:
    async def ask() -> None:
        async with Peer() as peer:
            http = OriginClient(
                f"{peer.url}/product",
                recorder=Recorder(),
                clock=time.time,
                connect_timeout_s=10,
                request_timeout_s=10,
                auth_path="/auth",
            )
            await http.send(Call.SESSION, "GET", path, token=TOKEN)
            assert peer.heads[0].startswith(f"GET {asked} HTTP/1.1\r\n".encode())
            await http.close()

    asyncio.run(ask())


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status: int) -> None:
    async def ask() -> None:
        async with Peer() as elsewhere:
            answer = (
                f"HTTP/1.1 {status} Moved\r\nlocation: {elsewhere.url}/x\r\n"
                "content-length: 0\r\n\r\n".encode()
            )
            async with Peer(answer) as peer:
                came = await get(peer.url)
            assert isinstance(came, Reply)
            assert came.status == status
            assert elsewhere.heads == []

    asyncio.run(ask())


@pytest.mark.parametrize(
    "path",
    [
        "http://127.0.0.1:1/x", "//127.0.0.1:1/x", "x", "", "/a\r\nb", "/a#b", "\\\\h\\x", "/a\\b",
        "/a\tb", "/a\0b", "/a\x7f", "/\ud800", "/a?b=\udfff", "/" + "a" * LONGEST_PATH,
        "/" + "é" * (LONGEST_PATH // 2), "/?" + "語" * (LONGEST_PATH // 3 + 1),
    ],
)  # fmt: skip
def test_what_is_no_path_of_the_server_is_a_mistake_of_the_program(path: str) -> None:
    async def ask() -> None:
        http = client("http://127.0.0.1:1")
        with pytest.raises(ConfigError, match="path"):
            await http.send(Call.RESOURCE, "GET", path, token=TOKEN)
        await http.close()

    asyncio.run(ask())


@pytest.mark.parametrize("letter", ["a", '"', "%", " ", "é", "語", "\U0001f600"])
@pytest.mark.parametrize("start", ["/", "/?"])
def test_the_longest_path_is_sent_however_it_is_encoded(start: str, letter: str) -> None:
    path = start + letter * ((LONGEST_PATH - len(start)) // len(letter.encode()))

    async def ask() -> Reply | NoAnswer:
        async with Peer() as peer:
            http = client(peer.url)
            came = await http.send(Call.RESOURCE, "GET", path)
            await http.close()
            return came

    assert isinstance(asyncio.run(ask()), Reply)


@pytest.mark.parametrize("method", ["", "G T", "GÉT", "GET\r\nX: y", "GET /x HTTP/1.1\r\n"])
def test_what_is_no_method_is_a_mistake_of_the_program(method: str) -> None:
    async def ask() -> None:
        http = client("http://127.0.0.1:1")
        with pytest.raises(ConfigError, match="method"):
            await http.send(Call.RESOURCE, method, "/x", token=TOKEN)
        await http.close()

    asyncio.run(ask())


def test_nobody_listens() -> None:
    with KeptPort() as port:
        assert cause_of(asyncio.run(get(port.origin))) is Cause.REFUSED


def test_a_name_that_does_not_exist() -> None:
    # Without a network the resolver can't say that there is no such name.
    assert cause_of(asyncio.run(get("https://refapp.invalid"))) in {
        Cause.NAME_UNKNOWN,
        Cause.NO_NAME_SERVICE,
    }


@pytest.mark.parametrize(("method", "again"), [("GET", True), ("POST", False)])
def test_a_kept_connection_that_breaks_is_no_failure_where_asking_twice_does_no_harm(
    method: str, again: bool
) -> None:
    """The server answers once on each connection, and breaks it at the second request: nobody can
    see that before.
    """

    recorder = Recorder()

    async def ask() -> tuple[Reply | NoAnswer, int]:
        async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(OK)
            await writer.drain()
            peer.heads.append(await reader.readuntil(b"\r\n\r\n"))

        async with Peer(serve=once) as peer:
            http = client(peer.url, recorder=recorder)
            assert isinstance(await http.send(Call.RESOURCE, "GET", "/x"), Reply)
            came = await http.send(Call.RESOURCE, method, "/x")
            await http.close()
            return came, len(peer.heads)

    came, requests = asyncio.run(ask())
    assert isinstance(came, Reply) is again
    assert requests == (3 if again else 2)
    # What waits for the app's rest counts the questions that have no answer yet.
    noted = [entry.source for entry in recorder.entries()]
    assert noted == ["parent", "server"] * requests


@pytest.mark.parametrize(("after_s", "connections"), [(1.0, 1), (4.5, 2)])
def test_a_connection_is_given_up_before_the_usual_server_closes_it(
    after_s: float, connections: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Node and uvicorn do so after five seconds. A POST that is on its way just then would be lost,
    and must not be sent twice.
    """

    async def ask() -> int:
        async with Peer() as peer:
            http = client(peer.url)
            assert isinstance(await http.send(Call.RESOURCE, "GET", "/x"), Reply)
            later = types.SimpleNamespace(monotonic=lambda: time.monotonic() + after_s)
            monkeypatch.setattr(httpcore._async.http11, "time", later)
            assert isinstance(await http.send(Call.RESOURCE, "POST", "/x"), Reply)
            await http.close()
            return len(peer._connections)

    assert asyncio.run(ask()) == connections


async def _silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


async def _silent_past_the_deadline(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    put_on(DEADLINE_S)
    await _silent(reader, writer)


async def _drips_past_the_deadline(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n")
    for number in itertools.count():
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.01)
        if number == 10:
            put_on(DEADLINE_S)


@pytest.mark.parametrize(
    ("serve", "cause"),
    [
        (_silent_past_the_deadline, Cause.TIMED_OUT_ANSWERING),
        (_drips_past_the_deadline, Cause.TIMED_OUT_READING),
    ],
)
def test_an_answer_that_does_not_come_in_time(serve: Serve, cause: Cause) -> None:
    assert cause_of(asked(Peer(serve=serve), DEADLINE_S)) is cause


async def _resets(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.get_extra_info("socket").setsockopt(
        1, 13, struct.pack("ii", 1, 0)
    )  # SO_LINGER: close with a reset
    writer.transport.abort()


async def _huge(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"
    )
    chunk = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
    for _ in range(2 * LARGEST_ANSWER // 0x100000):
        writer.write(chunk)
        await writer.drain()
    writer.write(b"0\r\n\r\n")


@pytest.mark.parametrize(("serve", "cause"), [(_resets, Cause.CUT_OFF), (_huge, Cause.TOO_LARGE)])
def test_a_reset_and_an_answer_without_end_are_told_apart(serve: Serve, cause: Cause) -> None:
    assert cause_of(asked(Peer(serve=serve))) is cause


@pytest.mark.parametrize("length", range(len(OK)))
def test_an_answer_cut_at_any_byte_is_broken_off(length: int) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(OK[:length])
        await writer.drain()

    assert cause_of(asked(Peer(serve=serve))) is Cause.CUT_OFF


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 3\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"x" * 10**6 + b"\r\n\r\n",
    ],
)
def test_what_is_not_http_can_not_be_read(answer: bytes) -> None:
    assert cause_of(asked(Peer(answer))) is Cause.UNREADABLE


def test_a_certificate_that_nobody_vouches_for(tmp_path: Path) -> None:
    peer = Peer(tls=_self_signed(tmp_path))
    assert cause_of(asked(peer)) is Cause.UNKNOWN_ISSUER
    assert peer.heads == [], "the request, with its token, was not sent"


def test_a_certificate_counts_for_the_name_that_is_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def ask() -> Reply | NoAnswer:
        async with Peer(tls=_self_signed(tmp_path)) as peer:
            return await get(peer.url.replace("127.0.0.1", "localhost"))

    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "server.pem"))
    assert cause_of(asyncio.run(ask())) is Cause.WRONG_NAME


@pytest.mark.parametrize("log", ["keys", "missing/keys"])
def test_the_keys_of_a_connection_are_not_logged(
    log: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    peer = Peer(tls=_self_signed(tmp_path))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "server.pem"))
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / log))
    assert isinstance(asked(peer), Reply)
    assert not (tmp_path / log).exists()


def test_the_server_s_clock_is_learned_and_nonsense_is_not() -> None:
    async def ask() -> None:
        dated = b"HTTP/1.1 200 OK\r\ndate: %s\r\ncontent-length: 0\r\n\r\n"
        async with Peer(dated % b"Sun, 17 Mar 2030 17:46:40 GMT") as peer:
            http = client(peer.url)
            await http.send(Call.SESSION, "GET", "/x")
            assert http.clock_offset_s == pytest.approx(1_900_000_000 - time.time(), abs=5)
            await http.close()
        async with Peer(dated % b"yesterday") as peer:
            http = client(peer.url)
            await http.send(Call.SESSION, "GET", "/x")
            assert http.clock_offset_s == 0.0
            await http.close()

    asyncio.run(ask())


def test_the_record_holds_no_secret() -> None:
    async def ask() -> Recorder:
        recorder = Recorder()
        async with Peer() as peer:
            http = client(peer.url, recorder=recorder)
            await http.send(
                Call.REFRESH, "POST", "/x", token=TOKEN, body=b'{"refreshToken":"secret-refresh"}'
            )
            await http.close()
        return recorder

    entries = asyncio.run(ask()).entries()
    assert [entry.target for entry in entries] == ["server", "parent"]
    assert "secret" not in repr(entries)


def test_the_session_s_own_request_does_not_wait_behind_the_application_s_calls() -> None:
    async def ask() -> None:
        asked_to_refresh = asyncio.Event()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            if peer.heads[-1].startswith(b"POST /refresh"):
                asked_to_refresh.set()
            await _silent(reader, writer)

        async with Peer(serve=serve) as peer:
            http = client(peer.url, timeout_s=60)
            sent = [
                asyncio.create_task(http.send(Call.RESOURCE, "GET", "/app"))
                for _ in range(2 * AT_ONCE)
            ]
            sent.append(
                asyncio.create_task(http.send(Call.REFRESH, "POST", "/refresh", body=b"{}"))
            )
            await asyncio.wait_for(asked_to_refresh.wait(), 20)
            assert sum(head.startswith(b"GET /app") for head in peer.heads) <= AT_ONCE
            for task in sent:
                task.cancel()
            await asyncio.gather(*sent, return_exceptions=True)
            await http.close()

    asyncio.run(ask())


def test_no_proxy_stands_before_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert isinstance(asked(Peer()), Reply)


def through(
    proxies: dict[str, str], monkeypatch: pytest.MonkeyPatch, origin: str = "https://auth.invalid"
) -> object:
    """What comes of a request to ``origin`` where the environment names these proxies and no
    others.
    """
    for name in ("HTTPS_PROXY", "ALL_PROXY", "HTTP_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name, value in proxies.items():
        monkeypatch.setenv(name, value)
    return asyncio.run(get(origin))


@pytest.mark.parametrize(
    "address",
    [
        "socks://127.0.0.1:1/",
        "socks5://ada:secret@127.0.0.1:1",
        "127.0.0.1:3128x",
        "http://[x]",
        "http://",
        "http://a\u2100b",
        "nonsense://127.0.0.1",
    ],
)
@pytest.mark.parametrize("name", ["ALL_PROXY", "HTTPS_PROXY", "all_proxy"])
def test_a_proxy_that_can_not_be_used_is_said_and_not_passed_by(
    name: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    socks = address.startswith("socks5")
    cause = Cause.PROXY_NEEDS_SOCKS if socks else Cause.PROXY_MISSPELT
    assert through({name: address}, monkeypatch) == NoAnswer(cause, variable=name)


def test_a_proxy_for_https_goes_before_one_for_all_and_is_asked_for_the_server(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def ask(address: Callable[[str], str]) -> list[bytes]:
        async with Peer(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n") as proxy:
            proxies = {
                "HTTPS_PROXY": address(proxy.url),
                "ALL_PROXY": "socks://127.0.0.1:1",
                "HTTP_PROXY": "socks://x",
            }
            await asyncio.to_thread(through, proxies, monkeypatch)
        return proxy.heads

    for address in (str, lambda url: url.removeprefix("http://")):
        (head,) = asyncio.run(ask(address))
        assert head.startswith(b"CONNECT auth.invalid:443 HTTP/1.1\r\n")
        assert TOKEN.encode() not in head


def test_a_server_that_needs_no_proxy_is_asked_without_one(monkeypatch: pytest.MonkeyPatch) -> None:
    named = {"ALL_PROXY": "socks://127.0.0.1:1", "NO_PROXY": "localhost,.invalid"}
    assert cause_of(through(named, monkeypatch)) in {Cause.NAME_UNKNOWN, Cause.NO_NAME_SERVICE}


def _self_signed(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    pem = folder / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context
