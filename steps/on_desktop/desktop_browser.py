"""The browser of the desktop driver: ``browser_command`` notes the links, and the person's part is
done over HTTP.

A part of ``desktop``: the same server, the same trace.
"""

from __future__ import annotations

import socket
import subprocess
import sys
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import httpx
import pytest

from steps.on_desktop.computer import children, command_of
from steps.on_desktop.trace import Trace
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
from steps.servers import more_pages
from steps.servers.real_server import AnyServer

PROGRAM = Path(__file__).with_name("browser_command.py")


class DesktopBrowser:
    """``links`` is the file that the browser writes what it opens into."""

    server: AnyServer
    links: Path
    trace: Trace
    _browser = ""
    _app: subprocess.Popen[bytes] | None

    @abstractmethod
    def sees(self, page: Page | None = None) -> Mapping[str, str]:
        """See ``driver.Driver``."""

    @abstractmethod
    def rest(self) -> None:
        """See ``driver.Driver``."""

    @abstractmethod
    def until(self, done: Callable[[], bool], complaint: str) -> None:
        """Wait for ``done``."""

    def need_its_plugin(self, button: str) -> None:
        """Skip, where the server can't have what ``button`` asks for."""
        if button == "sign in with the browser" and not self.server.browser_flow:
            pytest.skip("BetterAuth 1.4 has no plugin for the browser flow")

    def browser_options(self) -> list[str]:
        """What the app is started with, to open links here."""
        program = self._browser or f"{sys.executable} {PROGRAM} {self.links}"
        return ["--browser", program]

    def in_browser(self, person: Person, decision: Decision) -> None:
        before = self.trace.size()
        self._go_back(decide(self.server.start().client, self.link(), person, decision))
        self.until(lambda: self._has_ended(before), "the app did not hear of the decision")

    def on_pages(self, person: Person, deed: Deed) -> None:
        before = self.trace.size()
        self._go_back(more_pages.do(self.server.start(), self.link(), person, deed))
        self.until(lambda: self._has_ended(before), "the app did not hear of it")

    def _go_back(self, leads_to: str) -> None:
        if leads_to:
            assert httpx.get(leads_to, trust_env=False).status_code == httpx.codes.OK

    def _has_ended(self, since: int) -> bool:
        """The app has heard of the decision:
        the sign-in has ended, or whoever it was is asked about (SI-18).
        """
        states = [detail for _, _, what, detail in self.trace.entries()[since:] if what == "state"]
        return bool(states) and (
            states[-1]["phase"] != "signing_in" or states[-1]["pending"]["other"] is not None
        )

    @abstractmethod
    def paste(self, text: str) -> None:
        """See ``driver.Driver``."""

    def paste_from_page(self, person: Person, what: FromPage) -> None:
        self.paste(taken_from_page(self.server.start().client, self.link(), person, what))

    def link(self) -> str:
        return self.sees("account")["sign_in.link"]

    def origin(self) -> str:
        return self.server.origin

    def opened_links(self) -> Sequence[str]:
        self.until(self.links.exists, "no link was opened")
        self.rest()
        return self.links.read_text().splitlines()

    def browser_runs(self) -> bool:
        """Whether the app waits for one that it has started: it has not noted its link yet, or the
        app has not heard that it could not.
        """
        assert self._app is not None
        for app in children(self._app.pid):
            for child in children(app):
                # The display's gate is a fork of the app, and the rest is the window.
                if (said := command_of(child)) != command_of(app) and b"untrusted" not in said:
                    return True
        return False

    def knock(self, what: str) -> int | None:
        def send(port: int, head: bytes) -> bytes:
            with socket.create_connection(("127.0.0.1", port)) as there:
                there.sendall(head)
                return there.makefile("rb").read()

        try:
            return wrong_request(self.opened_links()[-1], what, send)
        except ConnectionRefusedError:
            return None

    def break_browser(self) -> None:
        self._browser = "false"

    def block_ports(self) -> None:
        raise AssertionError("a computer without ports needs the tag @inproc")
