"""Every state is told by words or signs: what a person reads differs from state to state, whatever
the colours are.
"""

from __future__ import annotations

import itertools
from typing import get_args

import msgspec
import pytest

from refapp.snapshot import Boundary, Check, NoticeKind, OwnSessions, Phase, Service, Storage
from refapp.untrusted.frame.menu import CHOSEN, COLOURS
from refapp.untrusted.presentation.screens import screen
from refapp.untrusted.presentation.view import Local
from tests.unit.untrusted.presentation.test_screens import state

COLOUR_ALONE = ("kind", "wrong", "enabled", "editable", "usable")
"""What decides about colours, and about what can be pressed, and is no text."""
WAITED = Local(busy_long=True)


def read(shown: object) -> str:
    """All that can be read of it."""
    if isinstance(shown, dict):
        return " ".join(read(part) for name, part in shown.items() if name not in COLOUR_ALONE)
    if isinstance(shown, list | tuple):
        return " ".join(map(read, shown))
    return shown if isinstance(shown, str) else ""


def words(part: object) -> str:
    return read(msgspec.to_builtins(part))


def test_each_phase_has_words_of_its_own_in_the_title_and_beside_the_account() -> None:
    shown = {phase: screen(state(phase), WAITED) for phase in Phase}
    for one, other in itertools.combinations(Phase, 2):
        assert shown[one].title != shown[other].title
        assert words(shown[one].header) != words(shown[other].header)


@pytest.mark.parametrize("service", ["sync", "assistant"])
def test_each_state_of_a_service_has_a_word(service: str) -> None:
    told = [
        getattr(
            screen(state(Phase.SIGNED_IN, **{service: Service(one)}), WAITED).services, service
        ).state
        for one in ("off", "paused", "ready", "busy", "failed")
    ]
    assert len(set(told)) == len(told)


def test_a_refused_sign_in_and_sessions_that_could_not_be_had_are_sentences() -> None:
    refused = state(Phase.SIGNED_OUT, form_error="Invalid email or password", form_wrong=True)
    assert "Invalid email or password" in words(screen(refused, WAITED).account)
    failed = state(
        Phase.SIGNED_IN, own_sessions=OwnSessions("failed", "The server broke off its answer.")
    )
    assert "The server broke off its answer." in words(screen(failed, WAITED).account)


def test_what_stands_in_each_kind_of_colour_is_a_sentence() -> None:
    kinds = set()
    for phase in Phase:
        banner = screen(state(phase), WAITED).banner
        if banner is not None:
            kinds.add(banner.kind)
            assert banner.text
    waiting = state(Phase.SIGNED_IN, storage=Storage("ready", "x", waiting="KeePassXC asks."))
    banner = screen(waiting, WAITED).banner
    assert banner is not None
    assert kinds | {banner.kind} == set(get_args(NoticeKind))


def test_what_is_enforced_and_what_is_not_have_signs() -> None:
    checks = [Check("System calls", held=True), Check("Files", held=False)]
    rows = screen(
        state(Phase.SIGNED_IN, boundary=Boundary(True, checks, "")), WAITED
    ).inspector.checks
    assert [word for _, word, _ in rows] == ["✓ enforced", "✗ NOT enforced"]


def test_the_colours_that_are_chosen_have_a_sign() -> None:
    assert CHOSEN
    assert len({text for _, text, _ in COLOURS}) == len(COLOURS)
