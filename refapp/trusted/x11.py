"""The few words of the X protocol that the parent speaks: who is there, is there an extension, an untrusted cookie please, and
what the desktop's resources say.

Owns the bytes (X Window System Protocol, appendix B; Security Extension, section 4; the authority file of libXau). It opens no
window and reads no event. Everything that goes wrong is ``NoAnswer``, a sentence for people, or OSError. Imports next to nothing,
``_socket`` instead of ``socket``: the first window waits for it.
"""

from __future__ import annotations

import _socket
import os
import struct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType

LIMIT_S = 2.0
COOKIE = b"MIT-MAGIC-COOKIE-1"
LARGEST_REPLY = 65536
_GET_PROPERTY, _RESOURCE_MANAGER, _STRING = 20, 23, 31

Cookie = tuple[bytes, bytes]
"""The authorization's name and its data; both empty where none is needed."""

_LOCAL, _WILD = 256, 65535
_REPLY = 1
_QUERY_EXTENSION = 98
_GENERATE_AUTHORIZATION, _TIMEOUT, _TRUST_LEVEL, _UNTRUSTED = 1, 1, 2, 1


class NoAnswer(Exception):
    """The X server is not there, does not let us in, or says something else; a sentence for people."""


class NotLetIn(NoAnswer):
    """It is there, and does not take our cookie."""


class Server:
    """A connection that was let in. A context manager. ``root`` is the first screen's root window, by number."""

    def __init__(self, connection: _socket.socket, root: int) -> None:
        self._connection = connection
        self._root = root

    def __enter__(self) -> Server:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def extension(self, name: bytes) -> int:
        """The major opcode of the extension, 0 if this client has none. Raises NoAnswer."""
        answer = self._ask(struct.pack("<BxHHxx", _QUERY_EXTENSION, 2 + _words(name), len(name)) + _padded(name))
        present, opcode = answer[8], answer[9]
        return opcode if present else 0

    def untrusted_cookie(self, security: int, unused_s: int) -> Cookie:
        """A new cookie for clients that are not trusted, forgotten ``unused_s`` seconds after its last one. Raises NoAnswer."""
        head = struct.pack(
            "<BBHHHI", security, _GENERATE_AUTHORIZATION, 5 + _words(COOKIE), len(COOKIE), 0, _TIMEOUT | _TRUST_LEVEL
        )
        answer = self._ask(head + _padded(COOKIE) + struct.pack("<II", unused_s, _UNTRUSTED))
        [size] = struct.unpack_from("<H", answer, 12)
        return COOKIE, answer[32 : 32 + size]

    def resources(self) -> str:
        """The X resources of this desktop, one ``name: value`` a line. Raises NoAnswer."""
        answer = self._ask(
            struct.pack("<BBHIIIII", _GET_PROPERTY, 0, 6, self._root, _RESOURCE_MANAGER, _STRING, 0, LARGEST_REPLY // 4)
        )
        [size] = struct.unpack_from("<I", answer, 16)
        return answer[32 : 32 + size].decode("latin-1")

    def _ask(self, request: bytes) -> bytes:
        self._connection.sendall(request)
        head = _read(self._connection, 32)
        if head[0] != _REPLY:
            raise NoAnswer("The X server did not take a cookie of its own.")
        [words] = struct.unpack_from("<I", head, 4)
        return head + _read(self._connection, 4 * words)


def connected(number: int, cookie: Cookie) -> Server:
    """Display ``number`` of this computer. Raises NoAnswer, OSError."""
    connection, server = _connection(number), None
    try:
        name, data = cookie
        head = struct.pack("<BxHHHHxx", ord("l"), 11, 0, len(name), len(data))
        connection.sendall(head + _padded(name) + _padded(data))
        accepted, more = struct.unpack("<B5xH", _read(connection, 8))
        said = _read(connection, 4 * more)
        if accepted != 1:
            raise NotLetIn("The X server refused the cookie.")
        server = Server(connection, _first_root(said))
    except TimeoutError:
        raise NoAnswer("The X server did not answer.") from None
    except struct.error:
        raise NoAnswer("The X server answers something else.") from None
    finally:
        if server is None:
            connection.close()
    return server


def _first_root(said: bytes) -> int:
    """From the server's greeting, which has its vendor's name and its pixel formats before the screens. Raises struct.error."""
    vendor, formats = struct.unpack_from("<16xH3xB", said)
    [root] = struct.unpack_from("<I", said, 32 + 4 * ((vendor + 3) // 4) + 8 * formats)
    return int(root)


def _connection(number: int) -> _socket.socket:
    """As libxcb does: the abstract socket first."""
    path = f"/tmp/.X11-unix/X{number}"  # noqa: S108 - the X server's place
    for address in (f"\0{path}", path):
        connection = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
        connection.settimeout(LIMIT_S)
        try:
            connection.connect(address)
        except OSError:
            connection.close()
            continue
        return connection
    raise NoAnswer("The X server does not answer.")


def _read(connection: _socket.socket, size: int) -> bytes:
    if size > LARGEST_REPLY:
        raise NoAnswer("The X server answers something else.")
    data = b""
    while len(data) < size:
        piece = connection.recv(size - len(data))
        if not piece:
            raise NotLetIn("The X server refused the cookie.")
        data += piece
    return data


def cookie_for(number: int, path: str) -> Cookie:
    """The person's own cookie for display ``number`` in the authority file ``path``; an empty one if there is none."""
    try:
        with open(path, "rb") as file:
            entries = _entries(file.read())
    except (OSError, struct.error):
        return b"", b""
    here = os.uname().nodename.encode()
    for family, address, display, name, data in entries:
        is_here = family == _WILD or (family == _LOCAL and address == here)
        if is_here and name == COOKIE and display in (b"", b"%d" % number):
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
    return struct.pack(">H", _WILD) + b"".join(struct.pack(">H", len(text)) + text for text in texts)


def _words(data: bytes) -> int:
    return (len(data) + 3) // 4


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)
