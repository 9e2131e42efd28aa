"""Bytes to messages and back, for both ends:
one JSON object a line, UTF-8, at most ``LIMIT`` bytes.

Owns the line assembly, the size limit and the total decoders; what the messages are is in
``messages``. Nothing but ``ProtocolError`` comes out of here, and its sentence never quotes the
line: a line may hold a password.

A repeated key in what the window sends is an error although JSON parsers take the last one: two
readers of one line must not see two messages. The usual line costs no second parse for that: a line
that equals its own re-encoding can't repeat a key. What the trusted parent sends is not looked
through for that.
"""

from __future__ import annotations

import functools
from typing import Literal, TypeVar

import msgspec
from msgspec import UNSET, Raw, UnsetType

from refapp.messages import Answer, ErrorDetail, Leave, Ping, Snapshot, Up
from refapp.snapshot import Closed, Id

LIMIT = 1024 * 1024
"""Bytes in one line, without its newline."""

NOT_JSON, NOT_A_REQUEST, UNKNOWN_METHOD, BAD_PARAMS = -32700, -32600, -32601, -32602
"""JSON-RPC 2.0, section 5.1."""

Reason = Literal[
    "too_long",
    "empty",
    "line_end",
    "not_json",
    "duplicate_key",
    "not_a_message",
    "unknown_method",
    "bad_params",
]

_SENTENCES: dict[Reason, tuple[int, str]] = {
    "too_long": (NOT_A_REQUEST, "The line is longer than 1 MiB."),
    "empty": (NOT_JSON, "The line is empty."),
    "line_end": (NOT_JSON, "The line does not end with a newline alone."),
    "not_json": (NOT_JSON, "The line is not JSON."),
    "duplicate_key": (NOT_A_REQUEST, "The message has the same key twice."),
    "not_a_message": (NOT_A_REQUEST, "The line is JSON, but not a message of this protocol."),
    "unknown_method": (UNKNOWN_METHOD, "The protocol has no such method."),
    "bad_params": (BAD_PARAMS, "The parameters are not what the method takes."),
}


class ProtocolError(Exception):
    """The other end broke the protocol.
    ``code`` is JSON-RPC's; ``id`` is the request's, where it could be read.
    """

    def __init__(self, reason: Reason, request: int | None = None) -> None:
        self.reason = reason
        self.code, self.sentence = _SENTENCES[reason]
        self.id = request
        super().__init__(self.sentence)


class ArrivedAnswer(Closed, frozen=True):
    """An ``Answer`` as it arrives: which type ``result`` has only the caller knows (``result_as``).
    Empty means none.
    """

    id: Id | None
    jsonrpc: Literal["2.0"]
    result: Raw = Raw()
    error: ErrorDetail | UnsetType = UNSET


NO_RESULT = Raw()
Down = Snapshot | Ping | Leave | ArrivedAnswer
T = TypeVar("T")

_WITHOUT_ID = ("shown", "pong")


@functools.cache
def _up() -> msgspec.json.Decoder[Up]:
    """Made when it is first used: the window never uses it, and its start has no time to spare."""
    return msgspec.json.Decoder(Up)


_unasked: msgspec.json.Decoder[Snapshot | Ping | Leave] = msgspec.json.Decoder(
    Snapshot | Ping | Leave
)
_replies = msgspec.json.Decoder(ArrivedAnswer)


def encode(message: Up | Snapshot | Ping | Leave | Answer) -> bytes:
    """The message as one line with its newline.

    Raises:
        ProtocolError: the line would be longer than ``LIMIT``.
    """
    line = msgspec.json.encode(message)
    if len(line) > LIMIT:
        raise ProtocolError("too_long")
    return line + b"\n"


def decode_up(line: bytes) -> Up:
    """What the window sent. ``line`` comes without its newline.

    Raises:
        ProtocolError: anything but a valid message. Total: no input leads to another error.
    """
    _check_line(line)
    try:
        message = _up().decode(line)
    except msgspec.ValidationError:
        raise _refusal(line) from None
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        raise ProtocolError("not_json") from None
    if msgspec.json.encode(message) != line:
        _parse_strictly(line)
    return message


def decode_down(line: bytes) -> Down:
    """What the parent sent. ``line`` comes without its newline.

    Raises:
        ProtocolError: anything but a valid message, such as an answer with both result and error.
    """
    _check_line(line)
    try:
        if line.startswith(b'{"method":'):
            return _unasked.decode(line)
        reply = _replies.decode(line)
    except msgspec.ValidationError:
        raise ProtocolError("not_a_message") from None
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        raise ProtocolError("not_json") from None
    if (reply.result == NO_RESULT) == (reply.error is UNSET):
        raise ProtocolError("not_a_message", reply.id)
    return reply


def result_as(raw: Raw, wanted: type[T]) -> T:
    """The result of a ``ArrivedAnswer`` as the type that the request promised.

    Raises:
        ProtocolError: it is something else.
    """
    try:
        return msgspec.json.decode(raw, type=wanted)
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        raise ProtocolError("not_a_message") from None


class LineReader:
    """Puts lines together from chunks.
    Holds at most ``LIMIT`` bytes and one chunk, whatever the other end sends.
    """

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._held = 0

    def feed(self, data: bytes) -> list[bytes]:
        """The lines that ``data`` completed, without their newlines.

        Raises:
            ProtocolError: a line is longer than ``LIMIT``, finished or not.
            The reader is of no use afterwards.
        """
        # What is no more than that in all has no line that is.
        may_be_too_long = self._held + len(data) > LIMIT
        # Most chunks of a long line hold no newline:
        # looking for one is a tenth of the price of a split.
        *lines, rest = data.split(b"\n") if b"\n" in data else (data,)
        if lines and self._parts:
            lines[0] = b"".join([*self._parts, lines[0]])
            self._parts.clear()
            self._held = 0
        if rest:
            self._parts.append(rest)
            self._held += len(rest)
        if may_be_too_long and (self._held > LIMIT or any(len(line) > LIMIT for line in lines)):
            self._parts.clear()
            raise ProtocolError("too_long")
        return lines

    def end(self) -> None:
        """The stream ended.

        Raises:
            ProtocolError: in the middle of a line.
        """
        if self._parts:
            raise ProtocolError("line_end")


def _check_line(line: bytes) -> None:
    if len(line) > LIMIT:
        raise ProtocolError("too_long")
    if line.endswith((b"\r", b"\n")):
        raise ProtocolError("line_end")
    if not line.strip():
        raise ProtocolError("empty")


def _refusal(line: bytes) -> ProtocolError:
    """Say what is wrong with a line that is JSON but no message,
    as exactly as JSON-RPC has codes for it.
    """
    try:
        found = _parse_strictly(line)
    except ProtocolError as error:
        return error
    if not isinstance(found, dict):
        return ProtocolError("not_a_message")
    number = found.get("id")
    request = number if type(number) is int and 0 <= number <= 2**53 else None
    method = found.get("method")
    if (
        found.get("jsonrpc") != "2.0"
        or not isinstance(method, str)
        or found.keys() - {"jsonrpc", "method", "id", "params"}
    ):
        return ProtocolError("not_a_message", request)
    if method not in _methods():
        return ProtocolError("unknown_method", request)
    misnumbered = "id" in found if method in _WITHOUT_ID else request is None
    if "params" not in found or misnumbered:
        return ProtocolError("not_a_message", request)
    return ProtocolError("bad_params", request)


def _methods() -> frozenset[str]:
    return frozenset(message.__struct_config__.tag for message in Up.__args__)


def _parse_strictly(line: bytes) -> object:
    """Parse once more, with the standard library, which can see repeated keys.
    Rare, and never the window's own lines.
    """
    import json

    try:
        found: object = json.loads(
            line.decode(), object_pairs_hook=_once, parse_constant=_no_constant
        )
    except (ValueError, RecursionError):
        raise ProtocolError("not_json") from None
    return found


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ProtocolError("duplicate_key")
    return found


def _no_constant(name: str) -> object:
    raise ValueError(name)
