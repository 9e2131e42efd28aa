"""The way back from the browser:
the real port and the one of the in-process scenarios keep the same contract.
"""

from __future__ import annotations

import asyncio
import dataclasses
import os
import shutil
import socket
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given, strategies as st

from refapp.trusted.sign_in import connected_user, loopback
from refapp.trusted.sign_in.loopback import Came, Denied, Outcome, ReturnPath, open_return, read
from steps.fakes.fake_browser import FakeBrowser

STATE = "the-state-of-this-sign-in"
GOOD = f"code=abc123&state={STATE}"


@dataclasses.dataclass
class Place:
    """A way back, what it brought, and how to send raw bytes to it:
    the answer, empty if there is none.
    """

    path: ReturnPath
    brought: list[Outcome]
    send: Callable[[bytes], Awaitable[bytes]]

    @property
    def netloc(self) -> str:
        return urlsplit(self.path.uri).netloc

    async def get(
        self, target: str, *, method: str = "GET", host: str | None = None, more: str = ""
    ) -> int:
        head = (
            f"{method} {target} HTTP/1.1\r\nHost: "
            f"{self.netloc if host is None else host}\r\n{more}\r\n"
        )
        answer = await self.send(head.encode())
        return int(answer.split(b" ")[1]) if answer else 0


async def real() -> Place:
    brought: list[Outcome] = []
    path = await open_return(STATE, brought.append)

    async def send(head: bytes) -> bytes:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(path.uri).port)
        except ConnectionRefusedError:
            return b""
        try:
            writer.write(head)
            writer.write_eof()
            return await reader.read()
        except OSError:
            return b""
        finally:
            writer.close()
            await asyncio.sleep(0)

    return Place(path, brought, send)


async def fake() -> Place:
    browser, brought = FakeBrowser(), []
    path = await browser.open_return(STATE, brought.append)

    async def send(head: bytes) -> bytes:
        try:
            return await browser.requested(urlsplit(path.uri).port or 0, head)
        except ConnectionRefusedError:
            return b""

    return Place(path, brought, send)


Tell = Callable[[Callable[[Place], Awaitable[None]]], None]


@pytest.fixture(params=[real, fake])
def tell(request: pytest.FixtureRequest) -> Tell:
    def run(story: Callable[[Place], Awaitable[None]]) -> None:
        async def whole() -> None:
            place = await request.param()
            try:
                await story(place)
            finally:
                place.path.close()

        asyncio.run(whole())

    return run


class TestReturnPath:
    def test_it_is_a_port_of_the_literal_loopback_address(self, tell: Tell) -> None:
        async def story(place: Place) -> None:
            parts = urlsplit(place.path.uri)
            assert (parts.scheme, parts.hostname, parts.path) == ("http", "127.0.0.1", "/callback")
            assert parts.port is not None
            assert parts.port >= 1024

        tell(story)

    @pytest.mark.parametrize("more", ["", "&", "&flag", "&iss="])
    def test_the_right_request_brings_the_code_and_closes_the_port(
        self, tell: Tell, more: str
    ) -> None:
        async def story(place: Place) -> None:
            assert await place.get(f"/callback?{GOOD}{more}") == 200
            assert place.brought == [Came("abc123")]
            assert await place.get(f"/callback?{GOOD}") == 0

        tell(story)

    def test_a_no_is_brought_too(self, tell: Tell) -> None:
        async def story(place: Place) -> None:
            assert await place.get(f"/callback?error=access_denied&state={STATE}") == 200
            assert place.brought == [Denied()]

        tell(story)

    @pytest.mark.parametrize(
        ("target", "more", "status"),
        [
            ("/callback?code=abc123&state=another", {}, 400),
            ("/callback?code=abc123", {}, 400),
            (f"/callback?state={STATE}", {}, 400),
            (f"/callback?{GOOD}&state={STATE}", {}, 400),
            (f"/callback?{GOOD}&code=two", {}, 400),
            (f"/callback?{GOOD}&error=both", {}, 400),
            (f"/callback?code=a%20b&state={STATE}", {}, 400),
            (f"/callback?code={'a' * 513}&state={STATE}", {}, 400),
            ("/callback", {}, 400),
            ("/callback?flag&", {}, 400),
            (f"/?{GOOD}", {}, 404),
            (f"/callback/?{GOOD}", {}, 404),
            (f"//evil.example/callback?{GOOD}", {}, 404),
            ("/favicon.ico", {}, 404),
            (f"/callback?{GOOD}", {"host": "evil.example"}, 404),
            (f"/callback?{GOOD}", {"host": "localhost:80"}, 404),
            (f"/callback?{GOOD}", {"more": "Host: evil.example\r\n"}, 404),
            (f"/callback?{GOOD}", {"method": "POST"}, 405),
            (f"/callback?{GOOD}", {"method": "HEAD"}, 405),
        ],
    )
    def test_anything_else_is_refused_and_the_right_one_still_comes_through(
        self, tell: Tell, target: str, more: dict[str, str], status: int
    ) -> None:
        async def story(place: Place) -> None:
            assert await place.get(target, **more) == status
            assert place.brought == []
            assert await place.get(f"/callback?{GOOD}") == 200
            assert place.brought == [Came("abc123")]

        tell(story)

    @pytest.mark.parametrize("kib", [9, 62])
    def test_the_cookies_of_other_programs_on_this_machine_come_along(
        self, tell: Tell, kib: int
    ) -> None:
        async def story(place: Place) -> None:
            assert (
                await place.get(f"/callback?{GOOD}", more=f"Cookie: {'x' * kib * 1024}\r\n") == 200
            )
            assert place.brought == [Came("abc123")]

        tell(story)

    @pytest.mark.parametrize("kib", [64, 65, 200, 2000])
    def test_more_of_them_than_are_read_is_said_and_the_right_one_still_comes_through(
        self, tell: Tell, kib: int
    ) -> None:
        async def story(place: Place) -> None:
            head = (
                f"GET /callback?{GOOD} HTTP/1.1\r\nHost: {place.netloc}\r\nCookie: "
                f"{'x' * kib * 1024}\r\n\r\n"
            )
            answer = (await place.send(head.encode())).decode()
            assert answer.startswith("HTTP/1.1 431 ")
            assert "Delete the cookies of 127.0.0.1" in answer
            assert place.brought == []
            assert await place.get(f"/callback?{GOOD}") == 200

        tell(story)

    def test_who_gave_up_listens_no_more(self, tell: Tell) -> None:
        async def story(place: Place) -> None:
            place.path.close()
            place.path.close()
            assert await place.get(f"/callback?{GOOD}") == 0
            assert place.brought == []

        tell(story)

    def test_the_answer_leads_nowhere_is_kept_nowhere_and_repeats_nothing(self, tell: Tell) -> None:
        async def story(place: Place) -> None:
            head = f"GET /callback?{GOOD} HTTP/1.1\r\nHost: {place.netloc}\r\n\r\n".encode()
            answer = (await place.send(head)).decode()
            assert "no-store" in answer
            assert "default-src 'none'" in answer
            assert "You can close this tab" in answer
            assert "abc123" not in answer
            assert STATE not in answer

        tell(story)


@given(st.binary(max_size=300))
def test_whatever_bytes_come_they_are_no_outcome_and_get_an_answer(head: bytes) -> None:
    outcome, answer = read(head, 5000, STATE)
    assert outcome is None
    assert answer.startswith(b"HTTP/1.1 4")


def test_who_sends_more_than_is_read_and_waits_is_answered_too() -> None:
    async def story() -> None:
        place = await real()
        reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(place.path.uri).port)
        writer.write(b"x" * 2 * loopback.LARGEST_HEAD)
        assert (await reader.readline()).startswith(b"HTTP/1.1 431 ")
        writer.close()
        place.path.close()

    asyncio.run(story())


@pytest.mark.parametrize(
    "junk", [b"", b"\x16\x03\x01\x02\x00", b"GET / HTTP/1.1\r\n" + b"x" * 20_000]
)
def test_who_does_not_speak_http_gets_no_answer_and_takes_no_time_from_others(junk: bytes) -> None:
    async def story() -> None:
        place = await real()
        try:
            assert await asyncio.wait_for(place.send(junk), 10) == b""
            assert await place.get(f"/callback?{GOOD}") == 200
        finally:
            place.path.close()

    asyncio.run(story())


def test_who_only_connects_is_sent_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loopback, "READ_LIMIT_S", 0.0)

    async def story() -> None:
        place = await real()
        with socket.create_connection(("127.0.0.1", urlsplit(place.path.uri).port)) as silent:
            silent.setblocking(False)
            assert await asyncio.get_running_loop().sock_recv(silent, 10) == b""
        place.path.close()

    asyncio.run(story())


def test_whoever_only_holds_the_port_makes_way_for_whoever_comes_after() -> None:
    async def story() -> None:
        place = await real()
        port = urlsplit(place.path.uri).port
        idle = [
            await asyncio.open_connection("127.0.0.1", port) for _ in range(4 * loopback.AT_ONCE)
        ]
        assert await place.get(f"/callback?{GOOD}") == 200
        assert place.brought == [Came("abc123")]
        for _, writer in idle:
            writer.close()

    asyncio.run(story())


async def another_user(
    program: str, *given: object
) -> tuple[asyncio.subprocess.Process, asyncio.StreamReader]:
    """``program`` runs until its standard input ends, and what it prints."""
    python = shutil.which("python3", path=os.defpath) or sys.executable
    started = await asyncio.create_subprocess_exec(
        *(python, "-I", "-S", "-c", program, *map(str, given)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert started.stdout is not None
    return started, started.stdout


AS_NOBODY = """
import os, socket, sys
os.setgid(65534), os.setuid(65534)
port, count = int(sys.argv[1]), int(sys.argv[2])
many = [socket.create_connection(("127.0.0.1", port)) for _ in range(count)]
try:
    many[-1].sendall(sys.argv[3].encode())
    print(len(many[-1].recv(100)))
except ConnectionError:
    print(0)
print("holding", flush=True)
sys.stdin.read()
"""
"""Connects many times as another user,
sends a good request on the last one, and says how much came back.
"""


@pytest.mark.skipif(os.getuid() != 0, reason="only root can act as another user")
def test_another_user_of_the_computer_can_neither_use_nor_hold_the_port() -> None:
    async def story() -> None:
        place = await real()
        head = f"GET /callback?code=his&state={STATE} HTTP/1.1\r\nHost: {place.netloc}\r\n\r\n"
        other, said = await another_user(
            AS_NOBODY, urlsplit(place.path.uri).port, 2 * loopback.AT_ONCE, head
        )
        assert await said.readline() == b"0\n"
        assert await said.readline() == b"holding\n"
        assert place.brought == []
        assert await place.get(f"/callback?{GOOD}") == 200
        assert place.brought == [Came("abc123")]
        await other.communicate(b"")

    asyncio.run(story())


OTHER_ADDRESS = """
import os, socket, sys
os.setgid(65534), os.setuid(65534)
port = int(sys.argv[1])
there = socket.create_server(("127.0.0.2", port))
print("listening", flush=True)
browser, (_, theirs) = there.accept()
mine = socket.socket()
mine.bind(("127.0.0.5", theirs))
mine.connect(("127.0.0.1", port))
try:
    mine.sendall(sys.argv[2].encode())
    print(len(mine.recv(100)))
except ConnectionError:
    print(0)
sys.stdout.flush()
sys.stdin.read()
"""
"""Has the person's browser connect to the same port at another address of the computer, and
connects from the same port.
"""


@pytest.mark.skipif(os.getuid() != 0, reason="only root can act as another user")
def test_the_same_ports_at_other_addresses_make_another_user_no_other() -> None:
    async def story() -> None:
        place = await real()
        port = urlsplit(place.path.uri).port
        head = f"GET /callback?code=his&state={STATE} HTTP/1.1\r\nHost: {place.netloc}\r\n\r\n"
        other, said = await another_user(OTHER_ADDRESS, port, head)
        assert await said.readline() == b"listening\n"
        _, browser = await asyncio.open_connection("127.0.0.2", port)
        assert await said.readline() == b"0\n"
        assert place.brought == []
        browser.close()
        await other.communicate(b"")
        place.path.close()

    asyncio.run(story())


def test_where_nobody_can_tell_whose_a_connection_is_no_port_is_opened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connected_user, "TABLES", (Path("/nowhere/tcp"),))
    with pytest.raises(OSError, match="can't be told"):
        asyncio.run(open_return(STATE, lambda _: None))


def test_a_connection_of_which_the_table_knows_nothing_is_anothers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tcp").write_text("  sl  local_address rem_address st\n")
    monkeypatch.setattr(connected_user, "TABLES", (tmp_path / "tcp", tmp_path / "tcp6"))

    async def story() -> None:
        place = await real()
        assert await place.get(f"/callback?{GOOD}") == 0
        assert place.brought == []
        place.path.close()

    asyncio.run(story())


def test_the_kernels_table_is_read_as_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows as proc(5) has them:
    ours, another's, one that is closed already, and one of a socket of IPv6.
    """
    me, him = os.getuid(), os.getuid() + 1
    end = "00000000:00000000 00:00000000 00000000"
    (tmp_path / "tcp").write_text(
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   "
        "uid  timeout inode\n"
        f"   0: 0100007F:1F90 0100007F:C001 01 {end}  {me}        0 11 1 0 20 4 30 10 -1\n"
        f"   1: 0100007F:C001 0100007F:1F90 01 {end}  {him}        0 12 1 0 20 4 30 10 -1\n"
        f"   1: 0100007F:C001 0200007F:1F90 01 {end}  {me}        0 12 1 0 20 4 30 10 -1\n"
        f"   1: 0100007F:C005 0100007F:1F90 01 {end}  {me}        0 12 1 0 20 4 30 10 -1\n"
        f"   2: 0100007F:C002 0100007F:1F90 05 {end}     0        0 0 1 0 20 4 30 10 -1\n"
    )
    v6 = "0000000000000000FFFF00000100007F"
    (tmp_path / "tcp6").write_text(
        f"  sl\n   0: {v6}:C003 {v6}:1F90 01 {end}  {me}        0 13 1 0 20 4 30 10 -1\n"
    )
    monkeypatch.setattr(connected_user, "TABLES", (tmp_path / "tcp", tmp_path / "tcp6"))
    ours = ("127.0.0.1", 0x1F90)
    own = [
        port
        for port in range(0xC001, 0xC007)
        if connected_user.is_own_connection(("127.0.0.1", port), ours)
    ]
    assert own == [0xC003, 0xC005]
    assert not connected_user.is_own_connection(("127.0.0.5", 0xC005), ours)


def test_a_port_at_which_another_user_listens_too_is_not_ones_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    me, him = os.getuid(), os.getuid() + 1
    listens = "00000000:00000000 00:00000000 00000000"
    own = f"   0: {'0' * 32}:{{:04X}} {'0' * 32}:0000 0A {listens}  {me}        0 11 1 0 20\n"
    his = f"   0: 0100007F:1F91 00000000:0000 0A {listens}  {him}        0 12 1 0 20\n"
    (tmp_path / "tcp").write_text(f"  sl\n{his}")
    (tmp_path / "tcp6").write_text(f"  sl\n{own.format(0x1F90)}{own.format(0x1F91)}")
    monkeypatch.setattr(connected_user, "TABLES", (tmp_path / "tcp", tmp_path / "tcp6"))
    ports = (0x1F90, 0x1F91, 0x1F92)
    assert [connected_user.is_own_listener(port) for port in ports] == [True, False, False]


def test_who_is_still_connected_at_the_end_of_the_program_is_no_mistake_of_it() -> None:
    said: list[object] = []
    idle: list[socket.socket] = []

    async def story() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: said.append(context))
        place = await real()
        idle.append(socket.create_connection(("127.0.0.1", urlsplit(place.path.uri).port)))
        while not place.path._open:  # type: ignore[attr-defined]  # noqa: ASYNC110 - it tells nobody
            await asyncio.sleep(0)
        place.path.close()

    asyncio.run(story())
    idle.pop().close()
    assert said == []
