"""The window that is started at a glance has what the command line says, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from refapp.trusted.start import first_window

SANDBOX, GATE = "--allow-unsandboxed-ui", "--allow-ungated-display"


@pytest.mark.parametrize(("words", "off"), [([], set()), ([SANDBOX], {SANDBOX}), ([GATE], {GATE})])
def test_each_protection_is_switched_off_by_its_own_word_alone(
    words: Sequence[str], off: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[dict[str, object]] = []
    monkeypatch.setattr(first_window, "of_the_app", lambda **how: started.append(how))
    first_window.if_plain(words)
    [how] = started
    assert (how["unsandboxed"], how["ungated"]) == (SANDBOX in off, GATE in off)
