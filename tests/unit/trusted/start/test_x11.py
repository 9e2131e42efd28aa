"""The person's own cookie is found as libXau finds it, whatever the file holds, and no server can
hold the start up.

What the real X server makes of it: tests/boundary/test_display.
"""

from __future__ import annotations

import contextlib
import os
import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from refapp.trusted.start import x11

HERE = os.uname().nodename.encode()
LOCAL, WILD, INTERNET = 256, 65535, 0
NONE = (b"", b"")


def entry(
    family: int, address: bytes, display: bytes, data: bytes, name: bytes = x11.COOKIE
) -> bytes:
    texts = (address, display, name, data)
    return struct.pack(">H", family) + b"".join(
        struct.pack(">H", len(text)) + text for text in texts
    )


@pytest.mark.parametrize(
    ("entries", "found"),
    [
        ([entry(LOCAL, HERE, b"7", b"mine")], b"mine"),
        ([entry(WILD, b"", b"", b"any")], b"any"),
        ([entry(LOCAL, b"elsewhere", b"7", b"no"), entry(LOCAL, HERE, b"7", b"mine")], b"mine"),
        ([entry(LOCAL, HERE, b"8", b"no")], b""),
        ([entry(INTERNET, HERE, b"7", b"no")], b""),
        ([entry(LOCAL, HERE, b"7", b"no", name=b"XDM-AUTHORIZATION-1")], b""),
        ([entry(LOCAL, HERE, b"7", b"mine")[:-2]], b""),
        ([b"\xff" * 40], b""),
        ([], b""),
    ],
)
def test_the_cookie_for_a_display(tmp_path: Path, entries: list[bytes], found: bytes) -> None:
    path = tmp_path / "authority"
    path.write_bytes(b"".join(entries))
    assert x11.cookie_for(7, str(path), (LOCAL, HERE)) == ((x11.COOKIE, found) if found else NONE)


def test_a_display_on_another_computer_has_a_cookie_by_its_address(tmp_path: Path) -> None:
    path = tmp_path / "authority"
    path.write_bytes(
        entry(LOCAL, HERE, b"7", b"no") + entry(INTERNET, bytes([10, 0, 0, 1]), b"7", b"theirs")
    )
    assert x11.cookie_for(7, str(path), (INTERNET, bytes([10, 0, 0, 1]))) == (x11.COOKIE, b"theirs")


@pytest.mark.parametrize(
    ("name", "parts", "local"),
    [
        (":0", ("", 0), True), ("unix:7.1", ("unix", 7), True),
        ("here/unix:3", ("here/unix", 3), True), ("127.0.0.1:98", ("127.0.0.1", 98), False),
        ("localhost:10.0", ("localhost", 10), False), ("[::1]:10.0", ("::1", 10), False),
        ("::1:10", ("::1", 10), False), ("tcp/elsewhere:1", ("elsewhere", 1), False),
    ],
)  # fmt: skip
def test_the_names_of_displays(name: str, parts: tuple[str, int], *, local: bool) -> None:
    assert x11._parts(name) == parts
    assert x11._is_local(parts[0]) == local


@pytest.mark.parametrize("name", ["", ":", "0", "host:", ":1.x", "; touch x", ":123456", ":-1"])
def test_names_that_name_no_display(name: str) -> None:
    with pytest.raises(x11.NoXServer, match="names no display"):
        x11.connected(name, "")


@pytest.mark.parametrize("host", ["\udcff", "a" * 300])
def test_a_name_that_no_computer_can_have_is_not_known(host: str) -> None:
    with pytest.raises(x11.NoXServer, match="is not known") as raised:
        x11.connected(f"{host}:1", "")
    assert str(raised.value).isascii()


def test_without_a_file_there_is_none(tmp_path: Path) -> None:
    assert x11.cookie_for(7, str(tmp_path / "nothing"), (LOCAL, HERE)) == NONE


def test_what_is_written_is_found_again(tmp_path: Path) -> None:
    path = tmp_path / "authority"
    path.write_bytes(x11.authority((x11.COOKIE, b"secret")))
    assert x11.cookie_for(3, str(path), (LOCAL, HERE)) == (x11.COOKIE, b"secret")


@pytest.mark.parametrize(
    "answer", [b"", b"\0", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\1" + b"\xff" * 7]
)
def test_a_server_that_hangs_or_says_something_else_is_given_up(
    answer: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = 40_000 + os.getpid() % 10_000
    monkeypatch.setattr(x11, "LIMIT_S", 0.2)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"\0/tmp/.X11-unix/X{number}")
        server.listen()
        talk = threading.Thread(target=_says, args=(server, answer))
        talk.start()
        with pytest.raises((x11.NoXServer, OSError)):
            x11.connected(f":{number}", "")
        talk.join()


def _says(server: socket.socket, answer: bytes) -> None:
    """Whoever gives it up may do so before it has said that, and with some of it unread: the end of
    the connection is a reset then, or a broken pipe.
    """
    connection, _ = server.accept()
    with connection, contextlib.suppress(ConnectionError):
        connection.sendall(answer)
        while connection.recv(4096):
            pass


ROOT = 0x123


def configured(width: int, height: int, *, window: int = ROOT, code: int = 22) -> bytes:
    return struct.pack("<BBHIIIhhHHHBx4x", code, 0, 7, window, window, 0, 0, 0, width, height, 0, 0)


def answered(width: int, height: int) -> bytes:
    return struct.pack("<BBHIIhhHHH10x", 1, 24, 2, 0, ROOT, 0, 0, width, height, 0)


@pytest.fixture
def pair() -> Iterator[tuple[x11.Server, socket.socket]]:
    """A connection that was let in, and the X server's end of it."""
    ours, theirs = socket.socketpair()
    yield x11.Server(ours, ROOT), theirs
    ours.close()
    theirs.close()


def test_the_sizes_of_the_screen_are_read_from_whole_events_of_the_servers_own(
    pair: tuple[x11.Server, socket.socket],
) -> None:
    server, theirs = pair
    theirs.sendall(configured(1, 1) + answered(1280, 800))
    assert server.watch_root() == (1280, 800)
    assert theirs.recv(100) == struct.pack(
        "<BBHIIIBBHI", 2, 0, 4, ROOT, 0x800, 0x20000, 14, 0, 2, ROOT
    )
    theirs.sendall(configured(640, 480)[:-1])
    assert server.root_sizes() == [(1, 1)], "what came before the answer"
    theirs.sendall(
        configured(640, 480)[-1:] + configured(2, 2, window=5) + configured(3, 3, code=22 | 0x80)
    )
    assert server.root_sizes() == [(640, 480)]
    assert server.root_sizes() == []
    theirs.close()
    with pytest.raises(x11.NoXServer, match="has ended"):
        server.root_sizes()
