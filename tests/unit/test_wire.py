"""Bytes to messages and back: total, strict, bounded."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from hypothesis import given, strategies as st

from refapp import wire
from refapp.messages import (
    Answer,
    Done,
    ErrorDetail,
    Hello,
    HelloParams,
    NoteSave,
    NoteSaveParams,
    NoteText,
    Ping,
    PingParams,
    Shown,
    ShownParams,
    SignIn,
    SignInParams,
    Summary,
    Up,
    Welcome,
)
from refapp.wire import LIMIT, LineReader, ProtocolError

MESSAGES: list[Up] = [
    Hello(jsonrpc="2.0", id=1, params=HelloParams(protocol=1)),
    SignIn(jsonrpc="2.0", id=2, params=SignInParams(email="ada@example.com", password='p"ä\n\\')),
    NoteSave(jsonrpc="2.0", id=3, params=NoteSaveParams(note=None, text="α\u2028🙂\x00", owner=0)),
    Shown(jsonrpc="2.0", params=ShownParams(revision=4, widgets={"title": "refapp"})),
]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: type(message).__name__)
def test_what_is_sent_up_arrives(message: Up) -> None:
    assert wire.decode_up(wire.encode(message).removesuffix(b"\n")) == message


def test_a_line_of_any_other_json_writer_is_read_too() -> None:
    line = json.dumps(
        {"id": 1, "params": {"protocol": 1}, "method": "hello", "jsonrpc": "2.0"}
    ).encode()
    assert wire.decode_up(line) == MESSAGES[0]


HELLO = '{"method":"hello","jsonrpc":"2.0","id":7,"params":%s}'


@pytest.mark.parametrize(
    ("line", "reason", "code", "request_id"),
    [
        ("", "empty", -32700, None),
        ("  ", "empty", -32700, None),
        ("\f", "empty", -32700, None),
        (HELLO % '{"protocol":1}' + "\r", "line_end", -32700, None),
        (HELLO % '{"protocol":1}' + "\n", "line_end", -32700, None),
        ("nonsense", "not_json", -32700, None),
        ("NaN", "not_json", -32700, None),
        (HELLO % '{"protocol":NaN}', "not_json", -32700, None),
        (HELLO % '{"protocol":Infinity}', "not_json", -32700, None),
        ("[NaN]", "not_json", -32700, None),
        (
            '{"method":"eval","jsonrpc":"2.0","id":7,"params":{"x":-Infinity}}',
            "not_json",
            -32700,
            None,
        ),
        (HELLO % ('{"protocol":' + "1" * 5000 + "}"), "not_json", -32700, None),
        ("\ufeff" + HELLO % '{"protocol":1}', "not_json", -32700, None),
        ("[" * 100_000, "not_json", -32700, None),
        ('{"a":' * 100_000, "not_json", -32700, None),
        (HELLO % ("[" * 200_000 + "]" * 200_000), "not_json", -32700, None),
        ("[1]", "not_a_message", -32600, None),
        ("null", "not_a_message", -32600, None),
        ("{}", "not_a_message", -32600, None),
        (
            '{"method":"hello","jsonrpc":"1.0","id":7,"params":{"protocol":1}}',
            "not_a_message",
            -32600,
            7,
        ),
        (
            '{"method":"hello","jsonrpc":"2.0","params":{"protocol":1}}',
            "not_a_message",
            -32600,
            None,
        ),
        (
            '{"method":"hello","jsonrpc":"2.0","id":"7","params":{"protocol":1}}',
            "not_a_message",
            -32600,
            None,
        ),
        (
            '{"method":"hello","jsonrpc":"2.0","id":-7,"params":{"protocol":1}}',
            "not_a_message",
            -32600,
            None,
        ),
        (
            '{"method":"hello","jsonrpc":"2.0","id":true,"params":{"protocol":1}}',
            "not_a_message",
            -32600,
            None,
        ),
        (
            '{"method":"hello","jsonrpc":"2.0","id":7.0,"params":{"protocol":1}}',
            "not_a_message",
            -32600,
            None,
        ),
        ('{"method":"hello","jsonrpc":"2.0","id":7}', "not_a_message", -32600, 7),
        (
            '{"method":["hello"],"jsonrpc":"2.0","id":7,"params":{"protocol":1}}',
            "not_a_message",
            -32600,
            7,
        ),
        ('{"method":"pong","jsonrpc":"2.0","id":7,"params":{"n":1}}', "not_a_message", -32600, 7),
        (
            '{"method":"pong","jsonrpc":"2.0","id":-7,"params":{"n":1}}',
            "not_a_message",
            -32600,
            None,
        ),
        (
            '{"method":"pong","jsonrpc":"2.0","id":null,"params":{"n":1}}',
            "not_a_message",
            -32600,
            None,
        ),
        (
            '{"method":"shown","jsonrpc":"2.0","id":"7","params":{"revision":1}}',
            "not_a_message",
            -32600,
            None,
        ),
        (
            '{"method":"hello","jsonrpc":"2.0","id":7,"params":{"protocol":1},"extra":1}',
            "not_a_message",
            -32600,
            7,
        ),
        ('{"method":"eval","jsonrpc":"2.0","id":7,"params":{}}', "unknown_method", -32601, 7),
        (HELLO % '{"protocol":"1"}', "bad_params", -32602, 7),
        (HELLO % '{"protocol":1,"extra":1}', "bad_params", -32602, 7),
        (HELLO % "[]", "bad_params", -32602, 7),
        (
            '{"method":"shown","jsonrpc":"2.0","params":{"revision":"1"}}',
            "bad_params",
            -32602,
            None,
        ),
        ('{"method":"pong","jsonrpc":"2.0","params":{"n":-1}}', "bad_params", -32602, None),
        (HELLO % '{"protocol":1,"protocol":1}', "duplicate_key", -32600, None),
        ('{"method":"eval",' + (HELLO % '{"protocol":1}')[1:], "duplicate_key", -32600, None),
    ],
)
def test_what_is_no_message_is_refused_with_the_right_code(
    line: str, reason: str, code: int, request_id: int | None
) -> None:
    with pytest.raises(ProtocolError) as caught:
        wire.decode_up(line.encode())
    assert (caught.value.reason, caught.value.code, caught.value.id) == (reason, code, request_id)


@pytest.mark.parametrize("number", [0, 1, 2**53])
def test_a_request_of_any_number_that_json_keeps_is_heard_and_its_refusal_carries_the_number(
    number: int,
) -> None:
    hello = Hello(jsonrpc="2.0", id=number, params=HelloParams(protocol=1))
    line = wire.encode(hello)[:-1]
    assert wire.decode_up(line) == hello
    with pytest.raises(ProtocolError) as caught:
        wire.decode_up(line.replace(b"hello", b"eval"))
    assert (caught.value.reason, caught.value.id) == ("unknown_method", number)


@pytest.mark.parametrize("number", [-1, 2**53 + 1, 2**64])
def test_a_number_that_json_may_not_keep_is_none(number: int) -> None:
    with pytest.raises(ProtocolError) as caught:
        wire.decode_up(
            b'{"method":"hello","jsonrpc":"2.0","id":%d,"params":{"protocol":1}}' % number
        )
    assert (caught.value.reason, caught.value.id) == ("not_a_message", None)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (b" " * (LIMIT + 1), "The line is longer than 1 MiB."),
        (b"", "The line is empty."),
        (b"{}\r", "The line does not end with a newline alone."),
        (b"{", "The line is not JSON."),
        (b'{"id":1,"id":1}', "The message has the same key twice."),
        (b"{}", "The line is JSON, but not a message of this protocol."),
        (
            b'{"method":"eval","jsonrpc":"2.0","id":1,"params":{}}',
            "The protocol has no such method.",
        ),
        (
            b'{"method":"hello","jsonrpc":"2.0","id":1,"params":{}}',
            "The parameters are not what the method takes.",
        ),
    ],
    ids=[
        "too long",
        "empty",
        "line end",
        "not JSON",
        "repeated key",
        "not a message",
        "method",
        "parameters",
    ],
)
def test_a_refusal_says_in_a_sentence_what_was_wrong(line: bytes, sentence: str) -> None:
    with pytest.raises(ProtocolError) as caught:
        wire.decode_up(line)
    assert str(caught.value) == caught.value.sentence == sentence


@pytest.mark.parametrize(
    "text", [b"\xff", b"\xed\xa0\x80", rb"\ud800"], ids=["broken", "surrogate", "lone escape"]
)
def test_text_that_is_not_unicode_is_refused(text: bytes) -> None:
    line = (
        b'{"method":"sign_in","jsonrpc":"2.0","id":1,"params":{"email":"%s","password":"p"}}' % text
    )
    with pytest.raises(ProtocolError, match="not JSON"):
        wire.decode_up(line)


def test_a_repeated_key_in_a_free_dictionary_is_refused() -> None:
    line = b'{"method":"shown","jsonrpc":"2.0","params":{"revision":1,"widgets":{"a":"1","a":"2"}}}'
    with pytest.raises(ProtocolError, match="same key twice"):
        wire.decode_up(line)


def test_a_line_over_the_limit_is_refused_both_ways() -> None:
    with pytest.raises(ProtocolError, match="1 MiB"):
        wire.decode_up(b" " * (LIMIT + 1))
    with pytest.raises(ProtocolError, match="1 MiB"):
        wire.encode(Answer(id=1, result=NoteText(note="0" * 12, text="x" * LIMIT)))


def test_a_line_of_exactly_one_mebibyte_passes_both_ways() -> None:
    assert LIMIT == 1_048_576
    usual = wire.encode(Answer(id=1, result=Summary(note="0" * 12, text="")))
    full = Summary(note="0" * 12, text="x" * (LIMIT - len(usual[:-1])))
    line = wire.encode(Answer(id=1, result=full))
    assert len(line) == LIMIT + 1
    reply = wire.decode_down(line[:-1])
    assert isinstance(reply, wire.ArrivedAnswer)
    assert wire.result_as(reply.result, Summary) == full
    assert wire.decode_up(wire.encode(MESSAGES[0])[:-1].ljust(LIMIT)) == MESSAGES[0]
    with pytest.raises(ProtocolError, match="1 MiB"):
        wire.encode(Answer(id=1, result=Summary(note="0" * 12, text=full.text + "x")))


def test_no_error_quotes_the_line() -> None:
    line = b'{"method":"sign_in","jsonrpc":"2.0","id":1,"params":{"email":7,"password":"hunter2"}}'
    with pytest.raises(ProtocolError) as caught:
        wire.decode_up(line)
    assert "hunter2" not in f"{caught.value!r} {caught.value.__cause__!r}"
    assert caught.value.__suppress_context__


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4)
    ),
    max_leaves=8,
)
ENVELOPES = st.fixed_dictionaries(
    {},
    optional={
        "jsonrpc": st.just("2.0") | JSON,
        "method": st.sampled_from(["hello", "sign_in", "shown", "note_save"]) | JSON,
        "id": st.integers() | JSON,
        "params": JSON,
    },
)


@given(
    st.binary(max_size=200)
    | JSON.map(lambda value: json.dumps(value).encode())
    | ENVELOPES.map(lambda value: json.dumps(value).encode())
)
def test_the_decoders_are_total(line: bytes) -> None:
    for decode in (wire.decode_up, wire.decode_down):
        try:
            decode(line)
        except ProtocolError:
            continue


def test_what_is_sent_down_arrives() -> None:
    ping = Ping(params=PingParams(n=3))
    assert wire.decode_down(wire.encode(ping).removesuffix(b"\n")) == ping
    reply = wire.decode_down(
        wire.encode(Answer(id=4, result=Welcome(protocol=1, theme="dark")))[:-1]
    )
    assert isinstance(reply, wire.ArrivedAnswer)
    assert wire.result_as(reply.result, Welcome) == Welcome(protocol=1, theme="dark")
    with pytest.raises(ProtocolError):
        wire.result_as(reply.result, NoteText)


def test_an_answer_is_either_a_result_or_an_error() -> None:
    detail = ErrorDetail(code=-32000, message="Not now.", reason="phase")
    refused = wire.decode_down(wire.encode(Answer(id=4, error=detail))[:-1])
    assert isinstance(refused, wire.ArrivedAnswer)
    assert refused.error == detail
    for line in (wire.encode(Answer(id=4)), wire.encode(Answer(id=4, result=Done(), error=detail))):
        with pytest.raises(ProtocolError, match="not a message") as caught:
            wire.decode_down(line[:-1])
        assert caught.value.id == 4


@given(
    st.lists(st.binary(max_size=30).map(lambda line: line.replace(b"\n", b"")), max_size=6),
    st.data(),
)
def test_lines_come_out_as_they_went_in_however_they_are_cut(
    lines: list[bytes], data: st.DataObject
) -> None:
    stream = b"".join(line + b"\n" for line in lines)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    reader = LineReader()
    found: list[bytes] = []
    for start, stop in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        found += reader.feed(stream[start:stop])
    assert found == lines
    reader.end()


def test_a_flood_without_a_newline_is_ended_at_the_limit() -> None:
    reader = LineReader()
    chunk = b"x" * 65_536
    for _ in range(LIMIT // len(chunk)):
        assert reader.feed(chunk) == []
    with pytest.raises(ProtocolError, match="1 MiB"):
        reader.feed(chunk)
    with pytest.raises(ProtocolError, match="1 MiB"):
        LineReader().feed(b"x" * (LIMIT + 1) + b"\n")
    assert LineReader().feed(b"x" * LIMIT + b"\n") == [b"x" * LIMIT]


def test_a_line_that_came_in_pieces_takes_nothing_from_the_room_of_the_next() -> None:
    reader = LineReader()
    assert reader.feed(b"{") == []
    assert reader.feed(b"}\n") == [b"{}"]
    assert reader.feed(b"x" * LIMIT) == []
    assert reader.feed(b"\n") == [b"x" * LIMIT]


def test_a_stream_that_ends_inside_a_line_is_an_error() -> None:
    reader = LineReader()
    reader.feed(b"{")
    with pytest.raises(ProtocolError):
        reader.end()


def test_a_usual_line_is_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """As below, seen from inside the process, for a run in which something else has loaded the
    standard library's parser.
    """

    def second_parse(*_arguments: object, **_more: object) -> object:
        raise AssertionError

    monkeypatch.setattr(json, "loads", second_parse)
    for message in MESSAGES:
        assert wire.decode_up(wire.encode(message)[:-1]) == message


def test_the_usual_lines_need_no_second_parser() -> None:
    """The window loads nothing once it is locked,
    and the standard library's parser costs start-up time.
    """
    script = (
        "import sys\n"
        "from refapp import wire\n"
        f"for line in {[wire.encode(message)[:-1] for message in MESSAGES]!r}: "
        "wire.decode_up(line)\n"
        f"wire.decode_down({wire.encode(Ping(params=PingParams(n=1)))[:-1]!r})\n"
        "assert 'json' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
