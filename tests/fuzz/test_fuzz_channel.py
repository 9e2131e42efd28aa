"""Random lines against the decoder and against a whole app behind its gate: nothing crashes, hangs,
or changes by a refused line.

The lines come from three sources: any bytes, real messages that were damaged, and JSON that
resembles a message. A longer run: ``REFAPP_FUZZ=100 pytest tests/fuzz`` tries a hundred times as
many.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

import msgspec
import pytest
from hypothesis import example, given, settings, strategies as st

from refapp import messages as m
from refapp.wire import LIMIT, LineReader, ProtocolError, decode_up, encode
from steps.in_process.inproc import InProcess
from steps.scenario.people import ADA
from tests.fuzz.behind_the_gate import say, understood

pytestmark = pytest.mark.usefixtures("clock_kept_frozen")

TIMES = int(os.environ.get("REFAPP_FUZZ", "1"))
CODES = {-32700, -32600, -32601, -32602}

METHODS = [str(kind.__struct_config__.tag) for kind in m.Up.__args__]
KEYS = [
    "jsonrpc",
    "method",
    "id",
    "params",
    "key",
    "note",
    "text",
    "email",
    "password",
    "result",
    "error",
]

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(METHODS)
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner),
    max_leaves=8,
)
params = st.dictionaries(st.sampled_from(KEYS), values, max_size=4)
alike = st.builds(
    lambda method, number, given, more: json.dumps(
        {"jsonrpc": "2.0", "method": method, "id": number, "params": given, **more}
    ).encode(),
    st.sampled_from(METHODS) | st.text(max_size=10), st.integers() | values, params,
    st.just({}) | params,
)  # fmt: skip
real = st.sampled_from(
    [
        encode(m.Hello("2.0", 0, m.HelloParams(1))),
        encode(m.SignIn("2.0", 1, m.SignInParams(ADA.email, ADA.password))),
        encode(m.SignOut("2.0", 2, m.Nothing())),
        encode(m.NoteSave("2.0", 3, m.NoteSaveParams(None, "Grüße \U0001f600", 0))),
        encode(m.StorageSet("2.0", 4, m.StorageSetParams("accessToken", "value"))),
        encode(m.Shown("2.0", m.ShownParams(1, {"title": "refapp"}))),
    ]
)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A real line of which a piece was replaced, dropped or doubled."""
    line = draw(real).rstrip(b"\n")
    start = draw(st.integers(0, len(line)))
    end = draw(st.integers(start, min(len(line), start + 12)))
    return (
        line[:start]
        + draw(st.binary(max_size=6) | st.just(line[start:end] * 2) | st.just(b""))
        + line[end:]
    )


@st.composite
def doubled(draw: st.DrawFn) -> bytes:
    """A real line that says one of its fields a second time, in another place."""
    line = draw(real).rstrip(b"\n")
    key = draw(
        st.sampled_from([b'"id":5', b'"jsonrpc":"2.0"', b'"method":"sign_out"', b'"params":{}'])
    )
    return b"{" + key + b"," + line[1:] if draw(st.booleans()) else line[:-1] + b"," + key + b"}"


lines = st.binary(max_size=300) | damaged() | doubled() | alike


def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    assert len(dict(pairs)) == len(pairs), "a line that says something twice was taken"
    return dict(pairs)


@given(lines)
@settings(max_examples=750 * TIMES, deadline=None)
def test_a_line_is_a_message_or_a_protocol_error(line: bytes) -> None:
    message = understood(line)
    if isinstance(message, ProtocolError):
        assert message.code in CODES
        assert message.id is None or 0 <= message.id <= 2**53
        return
    again = msgspec.json.encode(message)
    assert decode_up(again) == message
    # What was understood is all that was said: both readers see the same message.
    assert json.loads(line, object_pairs_hook=once) == json.loads(again)


@given(st.lists(st.binary(max_size=40) | st.just(b"\n"), max_size=30))
@settings(max_examples=150 * TIMES, deadline=None)
def test_lines_do_not_depend_on_where_the_chunks_end(chunks: list[bytes]) -> None:
    together, apart = LineReader(), LineReader()
    assert [line for chunk in chunks for line in apart.feed(chunk)] == together.feed(
        b"".join(chunks)
    )


@given(st.integers(0, 200_000))
@settings(max_examples=30, deadline=None)
def test_depth_is_no_crash(depth: int) -> None:
    for opening in (
        b"[",
        b'{"a":',
        b'{"jsonrpc":"2.0","method":"note_open","id":1,"params":{"note":' + b"[",
    ):
        with pytest.raises(ProtocolError):
            decode_up((opening * depth)[: LIMIT - 1] + b"x")


@given(st.lists(lines, min_size=1, max_size=6), st.booleans())
@example([encode(m.Restart("2.0", 0, m.Nothing()))], False)
@example([encode(m.Restart("2.0", 0, m.Nothing()))], True)
@example([encode(m.SignOut("2.0", 0, m.Nothing())), encode(m.Restart("2.0", 1, m.Nothing()))], True)
@settings(max_examples=60 * TIMES, deadline=None)
def test_a_refused_line_changes_nothing(said: list[bytes], signed_in: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        computer = InProcess(Path(folder))
        try:
            computer.open()
            if signed_in:
                computer.type_credentials(ADA.email, ADA.password)
                computer.pass_time(1)
            for line in said:
                _say(computer, line)
        finally:
            computer.finish()


def _say(computer: InProcess, line: bytes) -> None:
    assert not computer.copy.running.done() or computer.windows() > 3
    if not computer.copy.running.done():
        say(computer, line)
        computer.pass_time(5)
