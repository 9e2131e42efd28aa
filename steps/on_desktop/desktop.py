"""The desktop driver: a real parent process, a real window on a private screen, real keys, a real
keychain, a real server.

About two seconds a scenario. What the window shows is what its widgets told the parent (``shown``
in the trace), never what they were sent; what happened is the parent's own record, as far as
``desktop_witness`` bears it out. Nothing sleeps for luck: each act waits for the message that it
leads to, and then until every question in the trace has its answer and the newest snapshot is
drawn.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from refapp.tour.running_app import app_behind
from refapp.trusted.recorder import Entry
from steps.on_desktop.computer import Computer, app_sleeps
from steps.on_desktop.desktop_browser import DesktopBrowser
from steps.on_desktop.desktop_hands import DesktopHands
from steps.on_desktop.desktop_looks import HANDS, TITLE
from steps.on_desktop.desktop_sight import BUTTONS, window_status, without_retries
from steps.on_desktop.desktop_storage import DesktopStorage
from steps.on_desktop.desktop_typing import DesktopTyping
from steps.on_desktop.desktop_witness import DesktopWitness
from steps.on_desktop.looker import Looker
from steps.on_desktop.trace import Trace
from steps.scenario.driver import DriverName, Outage, ServerMode
from steps.scenario.effects import Effect, effects_of
from steps.scenario.people import Person
from steps.scenario.sight import OwnWindow, Page, is_text
from steps.servers.real_server import AnyServer, RealServer, made

LIMIT_S = 20.0
QUIET_S = 0.15
LOOK_EVERY_S = 0.02


class Desktop(DesktopTyping, DesktopHands, DesktopBrowser, DesktopStorage, OwnWindow):
    """One scenario on ``computer``, as ``driver.Driver`` has it. ``folder``: the app's home."""

    name: DriverName = "desktop"

    def __init__(self, folder: Path, computer: Computer, server: str = "embedded") -> None:
        self.folder = folder / "refapp"
        self._data = folder / "server"
        self._computer = computer
        self.links = folder / "links"
        self.trace = Trace(folder / "trace.ndjson")
        self._since = self._asked_since = 0
        self._server_kind = server
        self.server: AnyServer = made(server, self._data, "rotating")
        self._app: subprocess.Popen[bytes] | None = None
        self._looks_in = False
        self._looker: Looker | None = None
        self._rested_at = -1
        self._troubled = False
        self._amiss_before: list[str] = []
        self._keys: dict[str, bytes] = {}
        self._tokens: set[str] = set()
        self._keys_before = set(computer.keys())
        self._witness = DesktopWitness(
            self.folder, computer.keyring.folder / "home", lambda: set(computer.keys())
        )

    def choose_server(self, mode: ServerMode, **settings: float) -> None:
        self.server = made(self._server_kind, self._data, mode, **settings)

    def choose_real(self, release: str, *options: str) -> None:
        self.server = RealServer(release, *options)

    def add_account(self, person: Person) -> None:
        self.server.add_account(person)

    def open(self, *options: str) -> None:
        shown = self.trace.count("shown")
        self._start(*options)
        self.until(lambda: self.trace.count("shown") > shown, "the window showed nothing")
        self.rest()
        self._computer.screen.wait_for_window(TITLE)

    def _start(self, *options: str) -> None:
        command = [*self._before, sys.executable, "-m", "refapp"]
        command += ["run", "--server", self.server.origin, *options]
        # In the field a call off the list fails; here it ends the window, so that none goes
        # unnoticed. And this machine's own colours are nobody's here.
        command += ["--on-violation", "kill", "--theme", "light"]
        command += self.browser_options()
        command += ["--home", str(self.folder), "--trace", str(self.trace.path)]
        self._app = self._computer.screen.start(command, stderr=subprocess.PIPE)
        self._looker = Looker(self._app.pid) if self._looks_in else None

    def look_into_the_app(self) -> None:
        self._looks_in = True

    def looker_sees_a_secret(self) -> bool:
        assert self._looker is not None
        return self._looker.sees(self.secrets())

    def open_unconfined(self) -> tuple[int, str]:
        """Start it with a window that does not confine itself; exit code and last words."""
        program = Path(__file__).with_name("unconfined_window.py")
        self._start("--ui", f"{sys.executable} {program}")
        assert self._app is not None
        _, said = self._app.communicate(timeout=LIMIT_S)
        code, self._app = self._app.returncode, None
        return code, said.decode()

    def window_status(self) -> dict[str, list[str]]:
        """Of /proc/PID/status of the window: field -> its value in every thread."""
        assert self._app is not None
        return window_status(app_behind(self._app.pid))

    def close(self) -> None:
        assert self._app is not None
        self._computer.screen.key("alt+F4")
        self.until(
            lambda: self._app is None or self._app.poll() is not None,
            "the app did not end with its window",
        )
        assert self._app.returncode == 0, self._app.returncode
        self._app = None

    def press(self, button: str) -> None:
        if button in HANDS:
            self.by_hand(button)
            return
        page, widget, request = BUTTONS[button]
        self.need_its_plugin(button)
        if button == "unlock":
            # The person answers the desktop's question for the keychain's password.
            self._computer.keyring.unlock()
        if page is not None:
            self.sees(page)
        if button == "cancel" and "at:second_factor.cancel" in self.trace.shown()[-1]:
            widget = "second_factor.cancel"  # each card has its own
        self._act(lambda: self._click(widget), request)

    def rest(self) -> None:
        if self._held or (self.trace.size() == self._rested_at and self._answered()):
            return
        quiet_since, size = time.monotonic(), -1
        give_up = quiet_since + LIMIT_S
        while time.monotonic() - quiet_since < QUIET_S or not self._answered():
            self._witness.look()
            if self.trace.size() != size:
                quiet_since, size = time.monotonic(), self.trace.size()
            if time.monotonic() > give_up:
                raise AssertionError(f"the app does not come to rest: {self.trace.tail()}")
            time.sleep(LOOK_EVERY_S)
        self._rested_at = self.trace.size()
        self.look_at_rest()

    def _answered(self) -> bool:
        """Each request is answered or held, the newest snapshot is drawn, and the app sleeps."""
        if self._app is None or self._app.poll() is not None:
            return True
        if self.trace.busy(self.server.held):
            return False
        return (
            self.trace.open_requests() <= self.server.held
            and self.trace.drawn()
            and not self.browser_runs()
            and app_sleeps(self._app.pid)
        )

    def pass_time(self, seconds: float) -> None:
        raise AssertionError(
            f"{seconds} seconds don't pass on a real desktop: the scenario needs the tag @inproc"
        )

    def sees(self, page: Page | None = None) -> Mapping[str, str]:
        self.rest()
        seen = self.trace.shown()[-1]
        if page is not None and seen.get(f"state:nav.{page}") != "selected":
            shown = self.trace.count("shown")
            self._click(f"nav.{page}")
            self.until(lambda: self.trace.count("shown") > shown, f"the page {page} did not come")
            self.rest()
            seen = self.trace.shown()[-1]
        return {name: text for name, text in seen.items() if is_text(name)}

    def says(self, text: str) -> bool:
        return any(
            text in shown for page in (None, "notes", "account") for shown in self._texts(page)
        )

    def _texts(self, page: Page | None) -> list[str]:
        if page is not None and "at:nav.notes" not in self.trace.shown()[-1]:
            return []
        return list(self.sees(page).values())

    def shown(self) -> Sequence[Mapping[str, str]]:
        return self.trace.shown(self._since)

    def cut_off(self, outage: Outage | None) -> None:
        assert outage in (None, "unreachable"), "the scenario needs the tag @inproc"
        if outage is None:
            self.server.start()
        else:
            self.server.stop()

    def begin(self) -> None:
        self._witness.begin()
        self._since = self.trace.size()
        self.seen_before = len(self.trace.shown())
        self._asked_since = len(self.server.log())

    def effects(self) -> list[Effect]:
        self._rested_at = -1
        while True:
            self.rest()
            lines, size = self.trace.entries(), self.trace.size()
            disk, asked = self._witness.disk(), self.asked()
            if self.trace.size() == size and self._answered():
                break  # else a next try came between one look and the other
        happened = self._witness.compare(
            effects_of(lines, self._since), lines[self._since :], asked, disk
        )
        return without_retries(happened, store_broken=self.server.store_broken)

    def asked(self) -> list[str]:
        return self.server.log()[self._asked_since :]

    def ask(self, path: str, access: str) -> dict[str, Any] | None:
        return self.server.ask(path, access)

    def send(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, bytes]:
        return self.server.send(method, path, headers, body)

    def sign_out_one(self, device: str) -> None:
        rows = self.sees("account")["sessions.list"].split("\n")
        place = [row.split(" | ")[0] for row in rows].index(device) + 1
        self._seen_after(lambda: self._click(f"sessions.list.{place}"))
        self._act(lambda: self._click("sessions.sign_out_one"), "revoke_session")

    def windows(self) -> int:
        return self.trace.count("hello")

    def recorded(self) -> Sequence[Entry]:
        return self.trace.recorded(self._since)

    def picture(self, path: Path) -> bool:
        screen = self._computer.screen
        screen.put_mouse_away()
        window = screen.window(TITLE)
        if window is not None:
            screen.picture(path, screen.area(window))
        return window is not None

    def finish(self) -> None:
        # Whatever fails, the next example has its keychain, and no app of this one on its screen.
        with contextlib.ExitStack() as stack:
            stack.callback(self.mend_computer)
            stack.callback(self._witness.close)
            stack.callback(self.server.end)
            if self._looker is not None:
                stack.callback(self._looker.close)
            self.let_go()
            if self._app is not None and self._app.poll() is None:
                stack.callback(self._app.kill)
                self._app.terminate()
                self._app.wait(LIMIT_S)

    def _act(self, do: Callable[[], None], request: str) -> None:
        before = self.trace.count(request)
        do()
        self.until(
            lambda: self.trace.count(request) > before, f"the window did not ask for {request}"
        )
        self.rest()

    def _click(self, widget: str) -> None:
        self.rest()
        seen = self.trace.shown()[-1]
        assert f"at:{widget}" in seen, f"{widget} can't be used now: {seen}"
        x, y = seen[f"at:{widget}"].split(",")
        self._computer.screen.click(int(x), int(y))

    def until(self, done: Callable[[], bool], complaint: str) -> None:
        give_up = time.monotonic() + LIMIT_S
        while not done():
            if self._app is not None and self._app.poll() not in (None, 0):
                assert self._app.stderr is not None
                raise AssertionError(
                    f"{complaint}: the app ended: {self._app.stderr.read().decode()}"
                )
            self._witness.look()
            if time.monotonic() > give_up:
                raise AssertionError(f"{complaint}: {self.trace.tail()}")
            time.sleep(LOOK_EVERY_S)
