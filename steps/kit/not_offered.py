"""What the kit's protocol has no word for yet: a scenario that needs it is skipped, and says so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

import pytest

from steps.scenario.browser_page import Decision
from steps.scenario.people import Person


def not_offered(what: str) -> NoReturn:
    """Skip the scenario."""
    pytest.skip(f"not offered by the kit: {what}")


class NotOffered:
    """The part of ``driver.InsideDriver`` that is about browsers, lists of sessions, clocks, and JWTs."""

    def choose_real(self, release: str, *options: str) -> None:
        not_offered("real BetterAuth")

    def in_browser(self, person: Person, decision: Decision, *, wait: bool = True) -> None:
        not_offered("a browser")

    def paste_from_page(self, person: Person, *, whole: bool) -> None:
        not_offered("a browser")

    def paste(self, text: str) -> None:
        not_offered("a browser")

    def link(self) -> str:
        not_offered("a browser")

    def opened_links(self) -> Sequence[str]:
        not_offered("a browser")

    def knock(self, what: str) -> int | None:
        not_offered("a browser")

    def break_browser(self) -> None:
        not_offered("a browser")

    def block_ports(self) -> None:
        not_offered("a browser")

    def set_clock(self, ahead_s: float) -> None:
        not_offered("a clock of the app's own")

    def change_note(self, text: str) -> None:
        not_offered("a change of a note")

    def sign_out_one(self, device: str) -> None:
        not_offered("a list of sessions to choose from")

    def holds_jwt(self) -> bool:
        not_offered("a look into the app's memory")
