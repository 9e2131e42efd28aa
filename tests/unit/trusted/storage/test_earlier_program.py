"""What a program kept beside all others goes to its own place once, and in place of nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from refapp.trusted.files import places
from refapp.trusted.storage.earlier_program import take_over
from refapp.trusted.storage.token_file import SealedFor, seal, serialise

MINE = SealedFor("net.example.program", "https://auth.example.com")


@pytest.mark.parametrize("has_own", [False, True])
def test_it_is_taken_over_unless_the_program_has_a_session_of_its_own(
    has_own: bool, tmp_path: Path
) -> None:
    former = tmp_path / f"tokens-{places.program(MINE.origin)}.json"
    own = tmp_path / f"tokens-{places.program(MINE.origin, MINE.app)}.json"
    kept = serialise(seal({"accessToken": "a"}, MINE, "k1", bytes(32), "a keychain"))
    former.write_bytes(kept)
    if has_own:
        own.write_bytes(b"newer")
    take_over(tmp_path, MINE)
    assert (former.exists(), own.read_bytes()) == (has_own, b"newer" if has_own else kept)
