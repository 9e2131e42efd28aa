"""Every service follows the session: one that does not would stay off, or go on for somebody who
has signed out (IN-2, EX-4).
"""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from refapp.snapshot import Phase, Service
from refapp.trusted.files.owner import Owner
from refapp.trusted.rules.session_state import State
from refapp.trusted.services.around import Around
from steps.fakes.fake_keychain import FakeKeychain
from steps.in_process.one_app import one_app

ADA = Owner("https://auth.example.com", "ada", 1)
WANTED = {
    Phase.SIGNED_IN: "ready",
    Phase.OFFLINE: "paused",
    Phase.RESTORING: "paused",
    Phase.EXPIRED: "paused",
    Phase.SIGNED_OUT: "off",
}


def states(around: Around) -> dict[str, str]:
    """What each service is, by its name in ``around``."""
    parts = {name: getattr(part, "service", None) for name, part in vars(around).items()}
    return {name: service.state for name, service in parts.items() if isinstance(service, Service)}


@pytest.mark.parametrize("before", WANTED)
@pytest.mark.parametrize("phase", WANTED)
def test_every_service_is_what_the_session_makes_it(
    before: Phase, phase: Phase, tmp_path: Path
) -> None:
    async def story() -> dict[str, str]:
        around = one_app(tmp_path, FakeKeychain(), None, lambda: 1.0).around
        for now in (before, phase):
            around.follow(State(phase=now), ADA)
        return states(around)

    found = asyncio.run(story())
    assert {"sync", "assistant"} <= set(found)
    assert set(found.values()) == {WANTED[phase]}, found


def test_no_service_keeps_anything_of_a_session_that_was_signed_out(tmp_path: Path) -> None:
    async def story() -> dict[str, str]:
        around = one_app(tmp_path, FakeKeychain(), None, lambda: 1.0).around
        around.follow(State(phase=Phase.SIGNED_IN), ADA)
        around.reset(ADA)
        return states(around)

    assert set(asyncio.run(story()).values()) == {"off"}
