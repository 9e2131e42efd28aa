"""Coverage-guided fuzzing of the channel's decoder and line reader, with atheris: half of
``make fuzz``, or for longer

    .venv/bin/python tests/fuzz/coverage_guided.py -max_total_time=3600 CORPUS_FOLDER

It stops at the first input that leads to anything but a message or a ProtocolError, and prints it.
Not part of ``make test``: it searches for as long as it is told; ``test_fuzz_channel.py`` is what
every run does.
"""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parents[2]))

with atheris.instrument_imports(include=["refapp"]):
    from refapp.wire import LIMIT, LineReader, ProtocolError, decode_down, decode_up, encode


def one_input(data: bytes) -> None:
    """Cut ``data`` at its first byte's place, as a pipe might, and decode every line that comes
    out, up and down.
    """
    reader = LineReader()
    cut = data[0] if data else 0
    try:
        lines = [*reader.feed(data[1:cut]), *reader.feed(data[max(1, cut) :] + b"\n")]
    except ProtocolError:
        return
    for line in lines:
        assert len(line) <= LIMIT
        try:
            message = decode_up(line)
        except ProtocolError:
            pass
        else:
            assert decode_up(encode(message).removesuffix(b"\n")) == message
        with contextlib.suppress(ProtocolError):
            decode_down(line)


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
