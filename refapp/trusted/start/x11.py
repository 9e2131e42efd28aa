"""The few words of the X protocol that the parent speaks: where a display is, how it is greeted,
what the desktop's resources say, and how large the screen is.

Owns the bytes (X Window System Protocol, appendix B; the authority file of libXau). It opens no
window, and of events it reads that the screen has another size. Everything that goes wrong is
``NoXServer``, a sentence for people, or OSError. Imports next to nothing, ``_socket`` instead of
``socket``: the first window waits for it.
"""

from __future__ import annotations

import _socket
import os
import struct

from refapp.trusted.wording import start_words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

LIMIT_S = 10.0
"""It answers at once, but where a computer that has just come up has everything to do."""
COOKIE = b"MIT-MAGIC-COOKIE-1"
LARGEST_REPLY = 65536
_GET_PROPERTY, _RESOURCE_MANAGER, _STRING = 20, 23, 31
_CHANGE_ATTRIBUTES, _EVENT_MASK, _STRUCTURE_NOTIFY = 2, 0x800, 0x20000
_GET_GEOMETRY, _CONFIGURE_NOTIFY, _EVENT_SIZE = 14, 22, 32

Cookie = tuple[bytes, bytes]
"""The authorization's name and its data; both empty where none is needed."""

_LOCAL, _WILD, _INTERNET, _INTERNET6 = 256, 65535, 0, 6
_ERROR, _REPLY = 0, 1


class NoXServer(Exception):
    """The X server is not there, does not let us in, or says something else;
    a sentence for people.
    """


class NotLetIn(NoXServer):
    """It is there, and does not take our cookie."""


class Server:
    """A connection that was let in. A context manager.
    ``root`` is the first screen's root window, by number.
    """

    def __init__(self, connection: _socket.socket, root: int) -> None:
        self._connection = connection
        self._root = root
        self._unread = b""

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the connection."""
        self._connection.close()

    def fileno(self) -> int:
        """The connection's descriptor."""
        return self._connection.fileno()

    def watch_root(self) -> tuple[int, int]:
        """Width and height of the root window in pixels; ``root_sizes`` has what they become.
        Raises NoAnswer, OSError.
        """
        words = (_CHANGE_ATTRIBUTES, 0, 4, self._root, _EVENT_MASK, _STRUCTURE_NOTIFY)
        answer = self._ask(
            struct.pack("<BBHIII", *words) + struct.pack("<BBHI", _GET_GEOMETRY, 0, 2, self._root)
        )
        width, height = struct.unpack_from("<HH", answer, 16)
        self._connection.setblocking(False)
        return width, height

    def root_sizes(self) -> list[tuple[int, int]]:
        """What the root window's width and height have become by now, in turn.
        Raises NoAnswer, OSError.
        """
        try:
            piece = self._connection.recv(LARGEST_REPLY)
        except BlockingIOError:
            return []
        if not piece:
            raise NoXServer(start_words.X_SERVER_ENDED)
        self._unread += piece
        whole = len(self._unread) - len(self._unread) % _EVENT_SIZE
        events, self._unread = self._unread[:whole], self._unread[whole:]
        sizes = []
        for at in range(0, whole, _EVENT_SIZE):
            # What another program sends as if it were the server's has a bit of its own in the
            # code.
            code, _, _, _, window, _, _, _, width, height = struct.unpack_from(
                "<BBHIIIhhHH", events, at
            )
            if (code, window) == (_CONFIGURE_NOTIFY, self._root):
                sizes.append((width, height))
        return sizes

    def resources(self) -> str:
        """The X resources of this desktop, one ``name: value`` a line. Raises NoAnswer."""
        answer = self._ask(
            struct.pack(
                "<BBHIIIII",
                _GET_PROPERTY,
                0,
                6,
                self._root,
                _RESOURCE_MANAGER,
                _STRING,
                0,
                LARGEST_REPLY // 4,
            )
        )
        [size] = struct.unpack_from("<I", answer, 16)
        return answer[32 : 32 + size].decode("latin-1")

    def _ask(self, request: bytes) -> bytes:
        self._connection.sendall(request)
        head = _read(self._connection, _EVENT_SIZE)
        while head[0] not in (_ERROR, _REPLY):
            self._unread += head  # an event
            head = _read(self._connection, _EVENT_SIZE)
        if head[0] != _REPLY:
            raise NoXServer(start_words.X_SERVER_ANSWERS_ELSE)
        [words] = struct.unpack_from("<I", head, 4)
        return head + _read(self._connection, 4 * words)


def reached(name: str, authority_file: str) -> tuple[_socket.socket, bytes]:
    """The display ``name``, as DISPLAY names it, and the words to greet it with, the person's own
    cookie in them. Raises NoAnswer.
    """
    host, number = _parts(name)
    connection = _local(number) if _is_local(host) else _remote(host, number)
    proof, data = cookie_for(number, authority_file, _peer(connection))
    head = struct.pack("<BxHHHHxx", ord("l"), 11, 0, len(proof), len(data))
    return connection, head + _padded(proof) + _padded(data)


def connected(name: str, authority_file: str) -> Server:
    """The display ``name``, which has let us in. Raises NoAnswer, OSError."""
    connection, greeting = reached(name, authority_file)
    server = None
    try:
        connection.sendall(greeting)
        accepted, more = struct.unpack("<B5xH", _read(connection, 8))
        said = _read(connection, 4 * more)
        if accepted != 1:
            raise NotLetIn(start_words.COOKIE_REFUSED)
        server = Server(connection, _first_root(said))
    except TimeoutError:
        raise NoXServer(start_words.X_SERVER_DOES_NOT_ANSWER) from None
    except struct.error:
        raise NoXServer(start_words.X_SERVER_ANSWERS_ELSE) from None
    finally:
        if server is None:
            connection.close()
    return server


def _first_root(said: bytes) -> int:
    """From the server's greeting, which has its vendor's name and its pixel formats before the
    screens. Raises struct.error.
    """
    vendor, formats = struct.unpack_from("<16xH3xB", said)
    [root] = struct.unpack_from("<I", said, 32 + 4 * ((vendor + 3) // 4) + 8 * formats)
    return int(root)


def _parts(name: str) -> tuple[str, int]:
    """Host and display number of ``name``: [[tcp/]host]:number[.screen], where host may be "unix"
    or a socket's path.
    """
    host, colon, rest = name.rpartition(":")
    number, _, screen = rest.partition(".")
    if not colon or not all(
        word.isascii() and word.isdigit() and len(word) < 6 for word in (number, screen or "0")
    ):
        raise NoXServer(start_words.no_such_display(name))
    return host.removeprefix("tcp/").removeprefix("[").removesuffix("]"), int(number)


def _is_local(host: str) -> bool:
    return host in ("", "unix") or host.endswith("/unix")


def _local(number: int) -> _socket.socket:
    """As libxcb does: the abstract socket first."""
    path = f"/tmp/.X11-unix/X{number}"  # noqa: S108 - the X server's place
    return _first_of([(_socket.AF_UNIX, f"\0{path}"), (_socket.AF_UNIX, path)])


def _remote(host: str, number: int) -> _socket.socket:
    try:
        found = _socket.getaddrinfo(host, 6000 + number, 0, _socket.SOCK_STREAM)
    except (OSError, UnicodeError):  # the second: of a name that no computer can have
        raise NoXServer(start_words.no_such_computer(host)) from None
    connection = _first_of([(family, address) for family, _, _, _, address in found])
    connection.setsockopt(_socket.IPPROTO_TCP, _socket.TCP_NODELAY, 1)
    return connection


def _first_of(addresses: Sequence[tuple[int, str | tuple[object, ...]]]) -> _socket.socket:
    for family, address in addresses:
        connection = _socket.socket(family, _socket.SOCK_STREAM)
        connection.settimeout(LIMIT_S)
        try:
            connection.connect(address)
        except OSError:
            connection.close()
            continue
        return connection
    raise NoXServer(start_words.X_SERVER_DOES_NOT_ANSWER)


def _peer(connection: _socket.socket) -> tuple[int, bytes]:
    """Family and address of the display as an authority file has them.
    A forwarded display counts as this computer's.
    """
    here = _LOCAL, os.uname().nodename.encode()
    if connection.family == _socket.AF_UNIX:
        return here
    host = connection.getpeername()[0]
    address = _socket.inet_pton(connection.family, host.partition("%")[0])
    loopback = address[0] == 127 if len(address) == 4 else address == bytes(15) + b"\1"
    return here if loopback else (_INTERNET if len(address) == 4 else _INTERNET6, address)


def _read(connection: _socket.socket, size: int) -> bytes:
    if size > LARGEST_REPLY:
        raise NoXServer(start_words.X_SERVER_ANSWERS_ELSE)
    data = b""
    while len(data) < size:
        piece = connection.recv(size - len(data))
        if not piece:
            raise NotLetIn(start_words.COOKIE_REFUSED)
        data += piece
    return data


def cookie_for(number: int, path: str, peer: tuple[int, bytes]) -> Cookie:
    """The person's own cookie for display ``number`` at ``peer``, in the authority file ``path``;
    an empty one without.
    """
    try:
        with open(path, "rb") as file:
            entries = _entries(file.read())
    except (OSError, struct.error):
        return b"", b""
    for family, address, display, name, data in entries:
        if (
            (family == _WILD or (family, address) == peer)
            and name == COOKIE
            and display in (b"", b"%d" % number)
        ):
            return name, data
    return b"", b""


def _entries(authority: bytes) -> list[tuple[int, bytes, bytes, bytes, bytes]]:
    """Family, address, display number, protocol and data of every entry. Raises struct.error."""
    found, at = [], 0
    while at < len(authority):
        [family] = struct.unpack_from(">H", authority, at)
        at += 2
        texts = []
        for _ in range(4):
            [size] = struct.unpack_from(">H", authority, at)
            texts.append(authority[at + 2 : at + 2 + size])
            at += 2 + size
        if at > len(authority):
            raise struct.error("the last entry is cut off")
        address, display, name, data = texts
        found.append((family, address, display, name, data))
    return found


def authority(cookie: Cookie) -> bytes:
    """An authority file with this one cookie, for whatever display it is used on."""
    texts = (b"", b"", *cookie)
    return struct.pack(">H", _WILD) + b"".join(
        struct.pack(">H", len(text)) + text for text in texts
    )


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)
