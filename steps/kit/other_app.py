"""The driver of an app that is not refapp: plays the person, and watches server and disk itself.

Which requests came and what was written to the token file is observed. What the window shows, what
was sent to it and which tokens are stored is the adapter's to report; the tokens are then tried at
the server, and looked for where they must not be.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx

from refapp.trusted.recorder import Entry
from steps.kit.adapter import Adapter, line_of
from steps.kit.capabilities import ABOUT
from steps.kit.hello import Hello
from steps.kit.meanings import Sentences
from steps.kit.not_offered import NotOffered, not_offered
from steps.kit.observed import Observed
from steps.kit.offered import Offered, lacking
from steps.kit.reported import Reported
from steps.kit.server import KitServer, Mode
from steps.scenario.driver import DiskTrouble, DriverName, KeychainTrouble, Outage, ServerMode
from steps.scenario.effects import Effect
from steps.scenario.people import PEOPLE, Person
from steps.scenario.sight import KEYS, OF_THE_WINDOW

REST_LIMIT_S = 25.0
LOOK_EVERY_S = 0.01
NOWHERE = "http://127.0.0.1:9"
"""The features' "another server": one of the kit that can tell whether it was asked."""


class OtherApp(Offered, Reported, NotOffered):
    """One scenario, as ``driver.InsideDriver`` has it. ``known_leaks``: is this place known?"""

    name: DriverName = "sut"

    def __init__(
        self,
        folder: Path,
        adapter: Adapter,
        hello: Hello,
        sentences: Sentences,
        known_leaks: Callable[[str], bool],
        rules: Collection[str] = (),
    ) -> None:
        super().__init__(hello, sentences, rules)
        for needed in sorted({ABOUT[rule] for rule in rules if rule in ABOUT}):
            self.need(needed)
        self._known_leaks = known_leaks
        self.folder = folder / "home"
        self.folder.mkdir()
        self._adapter = adapter
        self._started = self._was_closed = False
        self._observed = Observed(self.folder, pairs="refresh" in hello.capabilities)
        self._asked: list[httpx.Request] = []
        self._away = self._was_away = False
        counted = ("observed", "did", "shows", "notices", "asked")
        self._since: Mapping[str, int] = dict.fromkeys(counted, 0)
        self._mode: Mode = "rotating" if "refresh" in self._has else "sliding"

    @functools.cached_property
    def _server(self) -> KitServer:
        # Not before it is wanted: of most scenarios an app does not offer the first step.
        return KitServer(self._saw, self._mode)

    def _saw(self, request: httpx.Request) -> None:
        name = self._named(request, self._server.origin)
        if name is not None:
            self._asked.append(request)
            self._observed.request(name)

    def _ask(self, do: str, **more: Any) -> dict[str, Any]:
        self._need_for(do, more)
        if not self._started:
            self._started = True
            self._adapter.ask("start", server=self._server.origin, home=str(self.folder))
        return self._adapter.ask(do, **more)

    def _act(self, do: str, **more: Any) -> dict[str, Any]:
        answer = self._ask(do, **more)
        self.rest()
        return answer

    def _report(self) -> dict[str, Any]:
        self._observed.look()
        report = self._whole(self._ask("report"))
        file = report.get("token_file")
        self._observed.tokens_lie_in(None if file is None else self.folder / file, report["tokens"])
        return report

    # The world.

    @property
    def server(self) -> OtherApp:
        return self

    def do(self, order: str, **details: Any) -> int:
        """One order of the server's back door."""
        if "path" in details:
            details["path"] = self._path(details["path"])
        self._need_for_server(order, str(details.get("path", "")))
        self._holds = order != "release" and (self._holds or order in ("hold_next", "hold_failure"))
        if "location" in details:
            details["location"] = details["location"].replace(NOWHERE, self._server.elsewhere)
        return self._server.do(order, **details)

    def choose_server(self, mode: ServerMode, **settings: float) -> None:
        if mode == "real BetterAuth":
            not_offered("real BetterAuth")
        if mode == "rotating":
            self.need("refresh")
        self._mode = mode
        self._close_server()
        self._server = KitServer(self._saw, mode, **settings)

    def add_account(self, person: Person) -> None:
        self._server.add_account(person)

    def answer_next(self, path: str, status: int, headers: Mapping[str, str], body: bytes) -> None:
        path = self._path(path)
        self._need_for_server("answer_next", path)
        self._server.answer_next(path, status, dict(headers), body)

    def requests(self) -> Sequence[httpx.Request]:
        elsewhere = [httpx.Request("GET", self._server.elsewhere)] * self._server.strangers
        return [*self._asked, *elsewhere]

    def cut_off(self, outage: Outage | None) -> None:
        if outage not in (None, "unreachable"):
            not_offered(f"a network where the server is {outage}")
        self._away = outage is not None
        self._was_away |= self._away
        self._server.cut_off(away=self._away)

    def trouble_keychain(self, trouble: KeychainTrouble | None) -> None:
        self._act("keychain", state=trouble or "works")

    def answer_keychain(self, *, yes: bool) -> None:
        self._act("keychain answer", yes=yes)

    def trouble_disk(self, trouble: DiskTrouble | None) -> None:
        if trouble != "full":
            not_offered(f"a disk that is {trouble or 'mended'}")
        self._act("disk_full")

    def pass_time(self, seconds: float) -> None:
        self._server.later_s += seconds
        # What an app does by itself as time passes stands for no call of the features'.
        self._called = False
        self._act("pass_time", seconds=seconds)

    # The person.

    def open(self) -> None:
        if self._was_closed and "memory" in self._has:
            lacking("a session that outlives the app")
        self._opened = True
        self._act("open")

    def open_unconfined(self) -> tuple[int, str]:
        answer = self._ask("open_unconfined")
        return int(answer["code"]), str(answer["said"])

    def close(self) -> None:
        self._was_closed = True
        self._act("close")

    def type_credentials(self, email: str, password: str) -> None:
        self._need_for_sign_in(email, password, away=self._away)
        self._act("sign_in", email=email, password=password)

    def press(self, button: str) -> None:
        if button not in OF_THE_WINDOW:
            self._act(**self._pressing(KEYS.get(button, button)))

    def press_at_once(self, *buttons: str) -> None:
        self._act("at_once", acts=[self._pressing(button) for button in buttons])

    def write_note(self, text: str) -> None:
        self._act("write_note", text=text)

    def open_copy(self) -> None:
        self._act("open", copy=2)

    def copy_signs_out(self) -> None:
        self.open_copy()
        self.begin()
        self._act("press", button="sign out", copy=2)
        self._act("pass_time", seconds=10)

    # The window's own words, and the app's.

    def say(self, method: str, **params: object) -> None:
        self.write(line_of(method, params))

    def write(self, line: bytes) -> None:
        self._act("channel", line=line.decode())

    def both_say(self, method: str, **params: object) -> None:
        act = {"do": "channel", "line": line_of(method, params).decode()}
        self._act("at_once", acts=[{**act, "copy": copy} for copy in (1, 2)])

    def misbehave(self, how: str) -> None:
        self._act("misbehave", how=how)

    def do_the_forbidden(self) -> tuple[int, str]:
        answer = self._ask("forbidden")
        return int(answer["code"]), str(answer["said"])

    def replace_key(self) -> None:
        self._act("replace_key")

    # What came of it.

    def rest(self) -> None:
        give_up = time.monotonic() + REST_LIMIT_S
        while True:
            report = self._report()
            # What the app still awaits the server holds back: else an answer is on its way.
            held = self._server.held()
            if not report["busy"] and report["waiting"] == (0 if self._away else held):
                return
            if time.monotonic() > give_up:
                seen = {name: report.get(name) for name in ("busy", "waiting", "shows", "says")}
                raise AssertionError(
                    f"the app does not come to rest: {seen}, and the server holds back {held}"
                )
            time.sleep(LOOK_EVERY_S)

    def asked(self) -> list[str]:
        return [f"{one.method} {one.url.path}" for one in self._asked[self._since["asked"] :]]

    def begin(self) -> None:
        report = self._report()
        self._was_away, self._tokens_before = self._away, report["tokens"]
        self._opened, self._called = False, self._called and bool(report["waiting"])
        counted = ("did", "shows", "notices", "sent")
        self._since = {name: len(report.get(name, ())) for name in counted}
        self._since |= {"observed": len(self._observed.effects()), "asked": len(self._asked)}

    def effects(self) -> list[Effect]:
        report = self._report()
        new = report["notices"][self._since["notices"] :]
        notices = [Effect("notice", self._own(text)) for text in new]
        observed = self._declared(self._observed.effects()[self._since["observed"] :])
        if "ledger" not in self._has:
            return [*(one for one in observed if self.can_tell(one.party, one.what)), *notices]
        did = [Effect(party, what) for party, what in report["did"][self._since["did"] :]]
        if not self._was_away:
            seen = [one.what for one in observed if one.party == "server"]
            assert seen == [one.what for one in did if one.party == "server"], (
                f"the server itself saw {seen}"
            )
        return [*did, *notices]

    def ask(self, path: str, access: str) -> dict[str, Any] | None:
        return self._server.ask(path, access)

    def send(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, bytes]:
        return self._server.send(method, path, headers, body)

    def learn(self, secret: str) -> None:
        self._server.local.secrets.add(secret)

    def origin(self) -> str:
        return self._server.origin

    def user_id(self, person: Person) -> str:
        return self._server.user_id(person)

    def secrets(self) -> set[str]:
        return {*self._server.local.secrets, *(person.password for person in PEOPLE.values())}

    def recorded(self) -> Sequence[Entry]:
        return []

    def picture(self, path: Path) -> bool:
        return False

    def finish(self) -> None:
        try:
            if self._started:
                self._adapter.ask("finish")
        finally:
            self._close_server()
            self._observed.close()

    def _close_server(self) -> None:
        if "_server" in vars(self):
            self._server.close()
