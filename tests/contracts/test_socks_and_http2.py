"""What httpx brings as extras, on real sockets:
a SOCKS proxy before the server, and a server that speaks HTTP/2.

Where an extra is missing, SOCKS is named (``test_proxies``), and HTTP/1.1 is spoken.
"""

from __future__ import annotations

import asyncio
import importlib.util
import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import h2.config
import h2.connection
import h2.errors
import h2.events
import pytest

from refapp.demo_server.model import AuthServerModel, ServerSettings
from refapp.snapshot import Phase
from refapp.trusted.composition.library import Session
from refapp.trusted.composition.session_words import SignInFailed
from refapp.trusted.config import Settings
from refapp.trusted.network.no_answer import Cause, NoAnswer
from refapp.trusted.network.no_answer_words import told
from steps.fakes.fake_keychain import FakeKeychain
from steps.fakes.fake_resolver import resolver
from steps.network.authority import HOST, Authority
from steps.network.faulty_server import FaultyServer
from steps.network.listener import Listener, pass_on
from steps.scenario.people import ADA

NO_METHOD, BY_PASSWORD, NO_PASSWORD = 0xFF, 0x02, 0x00
_LENGTHS = {0x01: 4, 0x04: 16}

NO_HTTP_2 = {
    "speaks HTTP/1.1 all the same": b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n",
    "speaks no HTTP": b"* OK mail.test ready.\r\n",
    "says zeros": bytes(64),
    "damages its head": b"\0\0\0\x04\0\0\0\0\0" + b"\0\0\2\x01\x04\0\0\0\x01\xff\xff",
}
"""What a server says after HTTP/2 was agreed on, byte for byte;
then it closes, or waits if the fault ends in AND_WAITS.
"""
AND_WAITS = ", and waits"


class SocksProxy(Listener):
    """A SOCKS 5 proxy (RFC 1928, RFC 1929) that leads every name to loopback.
    ``asked``: the names it was asked for.

    Faults: "does not answer", "speaks no SOCKS", or the number of a refusal.
    """

    def __init__(self, password: bytes = b"") -> None:
        self.asked: list[tuple[str, int]] = []
        self.refusal = 0
        self._password = password
        super().__init__()
        self.at = f"127.0.0.1:{self.port}"

    def serve(self, connection: socket.socket) -> None:
        """One connection: the greeting, the password if there is one,
        the name, and then everything passed on.
        """
        with connection.makefile("rwb", buffering=0) as line:
            if self.fault == "speaks no SOCKS":
                line.write(b"SSH-2.0-OpenSSH_9.2\r\n")
                return
            _, count = line.read(2) or b""
            offered = line.read(count) or b""
            if self.fault == "does not answer":
                line.read(1)
                return
            wanted = BY_PASSWORD if self._password else NO_PASSWORD
            line.write(bytes([5, wanted if wanted in offered else NO_METHOD]))
            if wanted not in offered or (self._password and not self._is_right(line)):
                return
            _, _, _, kind = line.read(4) or b""
            length = _LENGTHS.get(kind) or (line.read(1) or b"")[0]
            name = (line.read(length) or b"").decode()
            port = int.from_bytes(line.read(2) or b"", "big")
            self.asked.append((name, port))
            line.write(bytes([5, self.refusal, 0, 1, 0, 0, 0, 0, 0, 0]))
            if self.refusal == 0:
                with socket.create_connection(("127.0.0.1", port), 20) as server:
                    pass_on(connection, server)

    def _is_right(self, line: socket.SocketIO) -> bool:
        _, length = line.read(2) or b""
        name = line.read(length) or b""
        given = line.read((line.read(1) or b"")[0])
        right = (name, given) == (b"ada", self._password)
        line.write(bytes([1, 0 if right else 1]))
        return right


class BothVersions(FaultyServer):
    """An auth server that speaks HTTP/2 to whom can, and HTTP/1.1 to others.
    ``spoken``: which, once a connection.

    Faults of HTTP/2: "resets the stream", "says goodbye",
    "breaks off its answer", and those of ``NO_HTTP_2``.
    """

    def __init__(self, authority: Authority, model: AuthServerModel) -> None:
        self.spoken: list[str | None] = []
        self.paths: list[str] = []
        authority.context().set_alpn_protocols(["h2", "http/1.1"])
        super().__init__(authority, model)

    def serve(self, connection: socket.socket) -> None:
        """One connection, in the version that the client chose."""
        with self._authority.context().wrap_socket(connection.dup(), server_side=True) as secure:
            self.spoken.append(secure.selected_alpn_protocol())
            secure.settimeout(20)
            if (said := NO_HTTP_2.get((self.fault or "").removesuffix(AND_WAITS))) is not None:
                secure.sendall(said)
                if not str(self.fault).endswith(AND_WAITS):
                    secure.shutdown(socket.SHUT_WR)
                while secure.recv(2**16):
                    pass
            elif self.spoken[-1] == "h2":
                self._speak_http2(secure)
            else:
                self._answer_each(secure, self._speak)

    def _speak_http2(self, secure: ssl.SSLSocket) -> None:
        http = h2.connection.H2Connection(
            h2.config.H2Configuration(client_side=False, header_encoding="utf-8")
        )
        http.initiate_connection()
        secure.sendall(http.data_to_send())
        asked: dict[int, tuple[dict[str, str], bytearray]] = {}
        while got := secure.recv(2**16):
            for event in http.receive_data(got):
                if isinstance(event, h2.events.RequestReceived):
                    asked[event.stream_id] = (
                        {str(name): str(value) for name, value in event.headers},
                        bytearray(),
                    )
                elif isinstance(event, h2.events.DataReceived):
                    asked[event.stream_id][1].extend(event.data)
                elif isinstance(event, h2.events.StreamEnded):
                    self._answer(http, event.stream_id, *asked.pop(event.stream_id))
            secure.sendall(http.data_to_send())
            if self.fault in ("breaks off its answer", "says goodbye"):
                return

    def _answer(
        self,
        http: h2.connection.H2Connection,
        stream: int,
        headers: dict[str, str],
        body: bytearray,
    ) -> None:
        method, path = headers.pop(":method"), headers.pop(":path")
        self.paths.append(path)
        if self.fault == "resets the stream":
            http.reset_stream(stream, h2.errors.ErrorCodes.INTERNAL_ERROR)
        elif self.fault == "says goodbye":
            http.close_connection()
        elif self.fault == "breaks off its answer":
            http.send_headers(stream, [(":status", "200"), ("content-type", "application/json")])
        elif self.fault is None:
            given = {**headers, "host": headers.pop(":authority")}
            answer = self._model.handle(method, path, given, bytes(body))
            http.send_headers(
                stream,
                [(":status", str(answer.status)), *answer.headers],
                end_stream=not answer.body,
            )
            if answer.body:
                http.send_data(stream, answer.body, end_stream=True)


class Place:
    """Ada's computer: a folder, and a server in order."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.monkeypatch = folder, monkeypatch
        self.limit_s = 20.0
        authority = Authority(folder / "authority")
        self.model = AuthServerModel(ServerSettings(mode="rotating", scrypt_n=2), clock=time.time)
        self.model.add_user(ADA.name, ADA.email, ADA.password)
        self.server = BothVersions(authority, self.model)
        monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))

    def session(self) -> Session:
        settings = Settings(
            origin=self.server.url,
            data_dir=self.folder / "app",
            connect_timeout_s=self.limit_s,
            request_timeout_s=self.limit_s,
        )
        return Session(settings, FakeKeychain())

    def without(self, extra: str) -> None:
        """As if what brings ``extra`` were not installed."""
        real = importlib.util.find_spec
        self.monkeypatch.setattr(
            importlib.util, "find_spec", lambda name: None if name == extra else real(name)
        )

    def signs_in_and_out(self) -> None:
        async def go() -> None:
            session = self.session()
            await session.restore()
            await session.sign_in(ADA.email, ADA.password)
            assert session.phase is Phase.SIGNED_IN
            assert (await session.fetch("GET", "/app/me")).status == 200
            await session.sign_out()
            await session.close()

        asyncio.run(asyncio.wait_for(go(), 60))

    def why_no_sign_in(self) -> str:
        async def go() -> str:
            session = self.session()
            await session.restore()
            with pytest.raises(SignInFailed) as failed:
                await session.sign_in(ADA.email, ADA.password)
            await session.close()
            return failed.value.sentence

        return asyncio.run(asyncio.wait_for(go(), 60))


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    made = Place(tmp_path, monkeypatch)
    with resolver({HOST: "127.0.0.1"}):
        yield made
    made.server.close()
    made.model.close()


@pytest.mark.parametrize(
    ("scheme", "password"),
    [("socks5", ""), ("socks5h", ""), ("socks5", "secret"), ("socks5h", "secret")],
)
def test_everything_goes_through_a_socks_proxy(scheme: str, password: str, place: Place) -> None:
    proxy = SocksProxy(password.encode())
    given = f"ada:{password}@" if password else ""
    place.monkeypatch.setenv("ALL_PROXY", f"{scheme}://{given}{proxy.at}")
    with resolver({HOST: socket.EAI_NONAME}):  # the proxy is given the name itself
        place.signs_in_and_out()
    proxy.close()
    assert set(proxy.asked) == {(HOST, place.server.port)}
    assert len(proxy.asked) == len(place.server.spoken)


@pytest.mark.parametrize(
    ("password", "fault", "refusal", "cause", "said"),
    [
        ("other", None, 0, Cause.PROXY_PASSWORD, ""),
        ("", None, 1, Cause.PROXY_FAILS, "General SOCKS server failure"),
        ("", None, 2, Cause.PROXY_FORBIDS, "Connection not allowed by ruleset"),
        ("", None, 4, Cause.PROXY_FAILS, "Host unreachable"),
        ("", None, 5, Cause.PROXY_FAILS, "Connection refused"),
        ("", "speaks no SOCKS", 0, Cause.PROXY_GARBLED, ""),
        ("", "does not answer", 0, Cause.PROXY_SILENT, ""),
        ("", "is not there", 0, Cause.PROXY_DOWN, ""),
    ],
)
@pytest.mark.parametrize(
    "given", ["", "ada:secret@"], ids=["no password given", "a password given"]
)
def test_a_socks_proxy_that_does_not_let_through_is_named(
    given: str,
    password: str,
    fault: str | None,
    refusal: int,
    cause: Cause,
    said: str,
    place: Place,
) -> None:
    proxy = SocksProxy(password.encode() or (b"secret" if given else b""))
    proxy.refusal = refusal
    proxy.fault = fault
    place.limit_s = 2.0 if cause is Cause.PROXY_SILENT else 20.0
    place.monkeypatch.setenv("ALL_PROXY", f"socks5://{given}{proxy.at}")
    text = place.why_no_sign_in()
    proxy.close()
    assert told(NoAnswer(cause, proxy.at, "ALL_PROXY", said)) in text
    assert "secret" not in text
    assert place.server.spoken == []


def test_a_socks_proxy_is_not_bypassed_where_the_extra_is_missing(place: Place) -> None:
    place.without("socksio")
    place.monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:1")
    assert told(NoAnswer(Cause.PROXY_NEEDS_SOCKS, variable="ALL_PROXY")) in place.why_no_sign_in()
    assert place.server.spoken == []


def test_http_2_is_spoken_where_the_extra_is_installed(place: Place) -> None:
    place.signs_in_and_out()
    assert set(place.server.spoken) == {"h2"}
    assert place.server.heads == []
    assert place.server.paths[0] == "/api/auth/sign-in/email"
    assert {"/api/auth/get-session", "/app/me", "/api/auth/sign-out"} <= set(place.server.paths)


def test_http_1_is_spoken_where_it_is_not(place: Place) -> None:
    place.without("h2")
    place.signs_in_and_out()
    assert "h2" not in place.server.spoken
    assert len(place.server.heads) >= 4


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        ("resets the stream", Cause.CUT_OFF),
        ("says goodbye", Cause.CUT_OFF),
        ("breaks off its answer", Cause.CUT_OFF),
        *((fault, Cause.UNREADABLE) for fault in NO_HTTP_2),
        *((fault + AND_WAITS, Cause.UNREADABLE) for fault in NO_HTTP_2),
    ],
)
def test_an_answer_over_http_2_that_does_not_come(fault: str, cause: Cause, place: Place) -> None:
    place.server.fault = fault
    assert told(NoAnswer(cause, f"{HOST}:{place.server.port}")) in place.why_no_sign_in()
    assert set(place.server.spoken) == {"h2"}


def test_a_kept_http_2_connection_that_the_server_closed_is_no_failure_of_a_call(
    place: Place,
) -> None:
    async def go() -> None:
        session = place.session()
        await session.restore()
        await session.sign_in(ADA.email, ADA.password)
        assert (await session.fetch("GET", "/app/me")).status == 200
        before = len(place.server.spoken)
        place.server.fault = None  # closes what is open
        assert (await session.fetch("GET", "/app/me")).status == 200
        assert len(place.server.spoken) > before
        assert session.phase is Phase.SIGNED_IN
        await session.close()

    asyncio.run(asyncio.wait_for(go(), 60))
