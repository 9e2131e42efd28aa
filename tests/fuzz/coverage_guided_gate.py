"""Coverage-guided fuzzing of the channel's gate and its handlers, in every phase of the session:
the other half of ``make fuzz``.

    .venv/bin/python tests/fuzz/coverage_guided_gate.py -max_total_time=3600 CORPUS_FOLDER

The first byte chooses the phase, the second a request with the parameters that it takes, and the
rest is written over the end of its line, or is a line of its own if there is no such request. What
a line may do is ``behind_the_gate``'s; it stops at the first that does more, or that breaks
anything. Some dozens of lines a second: the app behind the gate is whole.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

sys.path.insert(0, str(Path(__file__).parents[2]))

with atheris.instrument_imports(
    include=["refapp.trusted.window", "refapp.trusted.rules", "refapp.wire"]
):
    from refapp.snapshot import Phase
    from tests.boundary.test_channel_attacks import PARAMS, line, tag
    from tests.fuzz.behind_the_gate import Besieged

BESIEGED = [Besieged(phase) for phase in Phase]
KINDS = list(PARAMS)


def one_input(data: bytes) -> None:
    """Say one line in one phase."""
    if len(data) < 2:
        return
    phase, kind, rest = data[0], data[1], data[2:].replace(b"\n", b" ")
    whole = rest
    if kind < len(KINDS):
        whole = line(tag(KINDS[kind]), PARAMS[KINDS[kind]])
        whole = whole[: len(whole) - len(rest)] + rest
    BESIEGED[phase % len(BESIEGED)].say(whole)


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
