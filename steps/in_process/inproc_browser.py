"""The browser of the in-process driver: ``fake_browser``, and the person's part done against the
server's model.

A part of ``inproc``: the same server, the same clock.
"""

from __future__ import annotations

import contextlib
import math
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from functools import partial

from steps.fakes.fake_browser import ANOTHER, FakeBrowser
from steps.programs.every_program import EveryProgram
from steps.scenario.browser_page import (
    Decision,
    Deed,
    FromPage,
    decide,
    taken_from_page,
    wrong_request,
)
from steps.scenario.people import Person
from steps.scenario.sight import Page
from steps.servers.local_server import ORIGIN, LocalServer

ASKED_WITHIN_S = 6.0
"""The app asks every five seconds what became of a code, and a little."""


class InProcessBrowser:
    """What a person does outside the window, for ``driver.Driver``."""

    browser: FakeBrowser
    local: LocalServer
    programs: EveryProgram
    sign_in_page = "/sign-in"

    @abstractmethod
    def sees(self, page: Page | None = None) -> Mapping[str, str]:
        """See ``driver.Driver``."""

    @abstractmethod
    def pass_time(self, seconds: float) -> None:
        """See ``driver.Driver``."""

    @abstractmethod
    def learn(self, secret: str) -> None:
        """See ``driver.Driver``."""

    @abstractmethod
    def paste(self, text: str) -> None:
        """See ``driver.Driver``."""

    def on_pages(self, person: Person, deed: Deed) -> None:
        raise AssertionError("only real BetterAuth has such pages: this needs the tag @desktop")

    def in_browser(self, person: Person, decision: Decision) -> None:
        with self.local.person() as client:
            leads_to = decide(client, self.link(), person, decision)
        if leads_to:
            with contextlib.suppress(ConnectionResetError):  # what the app then shows says the rest
                assert self.browser.visit(leads_to) == 200
        self.pass_time(ASKED_WITHIN_S)

    def paste_from_page(self, person: Person, what: FromPage) -> None:
        with self.local.person() as client:
            act = taken_from_page(client, self.link(), person, what)
        self.learn(act)
        self.paste(act)

    def link(self) -> str:
        return self.programs.link() or self.sees()["sign_in.link"]

    def origin(self) -> str:
        return ORIGIN

    def opened_links(self) -> Sequence[str]:
        return self.browser.links

    def knock(self, what: str) -> int | None:
        try:
            return wrong_request(self.browser.links[-1], what, self.browser.request)
        except ConnectionRefusedError:
            return None

    def knock_as_another_user(self) -> None:
        with contextlib.suppress(ConnectionResetError):
            wrong_request(
                self.browser.links[-1],
                "a wrong code",
                partial(self.browser.request, user=ANOTHER),
            )

    def sign_in_at(self, page: str) -> None:
        self.sign_in_page = page

    def delay_ports(self) -> None:
        self.browser.ports_after_s = 1.0

    def use_ipv6(self) -> None:
        self.browser.ipv6 = True

    def break_browser(self, after_s: float = 0.0) -> None:
        self.browser.works = False
        self.browser.fails_after_s = after_s

    def keep_browser(self) -> None:
        """See ``driver.InsideDriver``."""
        self.browser.fails_after_s = math.inf

    def block_ports(self) -> None:
        self.browser.ports = False
