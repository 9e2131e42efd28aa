"""The programs of a scenario, by the features' names for them and for what they do.

Owns both tables. A deed that no row names is a mistake of the feature.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine, Mapping, Sequence
from functools import partial
from urllib.parse import urlsplit

from refapp import Factor, Phase, RefappError, Way
from refapp.trusted.files import places
from steps.fakes.fake_keychain import FakeKeychain
from steps.programs import mistaken_calls
from steps.programs.around_it import API, ELSEWHERE, FILES, Around, OtherServers
from steps.programs.mistaken_keychain import ANSWERS, MistakenKeychain
from steps.programs.program import Program, told
from steps.programs.script import Script
from steps.scenario.around_it import Outcome
from steps.scenario.driver import FactorName
from steps.scenario.people import BOB
from steps.servers.local_server import ORIGIN

Deed = Callable[[Program], Coroutine[None, None, str]]
SERVERS = {
    urlsplit(API).netloc: "its API",
    urlsplit(FILES).netloc: "its other server",
    urlsplit(ELSEWHERE).netloc: "a stranger",
    urlsplit(ORIGIN).hostname: "the server",
}
"""Host -> what the features call it."""

ALAN = "Alan's program"
SCRIPT = "Alan's script"
NAMES: Mapping[str, tuple[str, str]] = {
    ALAN: ("acme-notes", ""),
    "another copy of Alan's program": ("acme-notes", ""),
    "another program of Alan's": ("acme-mail", ""),
    "Alan's program for her other account": ("acme-notes", "work"),
}
"""Which program -> its name, and which account it is opened for."""

DEEDS: Mapping[str, Deed] = {
    "opens the session": Program.open,
    "closes the session": Program.close,
    "closes the session once more": Program.close_again,
    "follows the session": Program.follow,
    "opens the session with callbacks that fail": Program.open_with_callbacks,
    "asks how it is now": Program.hear,
    "follows the session slowly": partial(Program.follow, takes_s=4),
    "signs Ada in": Program.sign_in,
    "signs Bob in": partial(Program.sign_in, who=BOB),
    "signs Ada in, and can ask her for a code": Program.sign_in_asking,
    "signs Ada in with the browser": partial(Program.sign_in_elsewhere, way=Way.BROWSER),
    "signs Ada in with a code": partial(Program.sign_in_elsewhere, way=Way.DEVICE),
    "gives the sign-in up": Program.cancel,
    "waits for the answer no more": Program.leave,
    "opens the link": Program.open_link,
    "asks for a code by e-mail": Program.send_code,
    "signs Ada out": Program.sign_out,
    "signs Ada out and closes the session at once": Program.sign_out_and_close,
    "signs Ada in while her sign-out is under way": Program.sign_in_meanwhile,
    "tries again": Program.try_again,
    "lists her sessions": Program.list_sessions,
    "signs her out everywhere else": Program.end_others,
    "calls the server": Program.fetch,
    "calls the server with a JWT": partial(Program.fetch, jwt=True),
    "calls the server with a client of its own": Program.call_the_server,
    "calls its API": Program.call,
    "calls its API 20 times at once": partial(Program.call, times=20),
    "sends its API what can be read only once": partial(Program.call, read_once=True),
    "calls what its API has moved to its other server": partial(Program.call, url=f"{API}/moved"),
    "calls another server": partial(Program.call, url=f"{ELSEWHERE}/items"),
    "calls the server with the client for its API": partial(Program.call, url=f"{ORIGIN}/app/me"),
    "calls its API in a way that would hold up the session": Program.hold_up,
    **mistaken_calls.DEEDS,
}
SAYING: Mapping[str, Callable[[Program, str], Coroutine[None, None, str]]] = {
    "signs Ada in with the password": Program.sign_in,
    "calls the server at": Program.fetch,
    "calls its API as": Program.call_named,
    "signs her out of": Program.end_one,
}
"""With what they say."""
SPELLED = "gives the server's address "
SPELLINGS: Mapping[str, Callable[[str], str]] = {
    "with a slash": lambda origin: f"{origin}/",
    "in capitals": str.upper,
    "with the port of https": lambda origin: f"{origin}:443",
    "with the port of http": lambda origin: f"{origin}:80",
    "with a dot at its end": lambda origin: f"{origin}.",
    "in wide letters": lambda origin: origin.replace("a", "\uff41"),
}
"""Of an origin without a port."""
SETTINGS: Mapping[str, Callable[[Program], None]] = {
    "goes on as whoever signs in": lambda program: setattr(program, "goes_on", True),
    "hesitates when somebody else signs in": lambda program: setattr(program, "hesitates", True),
    "fails to show a link": lambda program: setattr(program, "fails", True),
    "has kept the session as its first version did": Program.age,
    "has kept another session as its first version did": partial(Program.age, beside=True),
    "gives the path /sso, where its server is": partial(Program.move, path="/sso"),
    "gives the page /welcome to sign in at": partial(Program.give, sign_in_page="/welcome"),
    "gives no other name to the server": partial(Program.give, client_id=""),
    "gives the name ../elsewhere": partial(Program.give, app="../elsewhere"),
    "gives the server http://auth.example.com": partial(
        Program.give, server="http://auth.example.com"
    ),
    "gives the class of a keychain": partial(Program.give, keychain=FakeKeychain),
    "gives a number for the browser": partial(Program.give, browser=7),
    "gives a version that is not ASCII": partial(Program.give, version="2.1é"),
    "gives a client id that nobody can read": partial(Program.give, client_id="acme\u200bnotes"),
    "gives a file for the folder": partial(Program.give, data_dir="/proc/version"),
    "gives a folder that no system has": partial(Program.give, data_dir="a\0b"),
    "gives no path to its server": partial(Program.give, auth_path=""),
    "gives no page to sign in at": partial(Program.give, sign_in_page=""),
    "gives a number for the account": partial(Program.give, account=7),
    "gives /api/auth/ as the path": partial(Program.give, auth_path="/api/auth/"),
    "gives an account name of 200 letters": partial(Program.give, account="é" * 200),
    **{
        f"brings a keychain that {does}": partial(Program.give, keychain=MistakenKeychain(answer))
        for does, answer in ANSWERS.items()
    },
}
"""What it is like, before it does anything."""
IN_ANOTHER_LOOP = " in another event loop"
SCRIPTED: Mapping[str, Callable[[Script], str]] = {
    "opens the session": Script.open,
    "closes the session": Script.close,
    "signs Ada in": Script.sign_in,
    "calls the server": Script.fetch,
    "signs Ada out": Script.sign_out,
    "calls its API": Script.call,
    "calls its API, and signs Ada out before the answer": Script.call_and_sign_out,
    "sends its API what can be read only once": partial(Script.call, read_once=True),
    "calls its API from 8 threads at once": Script.call_from_threads,
    "calls its API from an event loop of its own": Script.call_in_a_loop,
    "drops the session": Script.drop,
    "lets Bob sign in with the browser, and says that he goes on": Script.goes_on_as_bob,
    "lists her sessions, and closes the session in another thread": Script.closed_in_a_call,
    "signs Ada in with a code, and closes the session in another thread": Script.closed_upon,
    "signs Ada in with a code, and gives that up in another thread": Script.given_up,
    "signs Ada in with a code, and fails to show the link": Script.fails_to_show,
    "follows the session in a thread, signs Ada in and closes it": Script.follow_to_the_end,
}
PRESENT = {
    "asked": "asks", "called": "calls", "closed": "closes", "given": "gives",
    "listed": "lists", "opened": "opens", "signed": "signs", "tried": "tries",
    "waited": "waits",
}  # fmt: skip


class EveryProgram:
    """See ``inside_driver.Programs``.
    ``kept_by``: whose the tokens are that a scenario is about.
    """

    def __init__(self, around: Around) -> None:
        self.kept_by = "refapp"
        self._around = around
        self._servers = OtherServers(around.server)
        self._made: dict[str, Program] = {}
        self._script = Script(around, self._servers)

    def do(self, who: str, deed: str) -> None:
        """See ``inside_driver.Programs``."""
        done = re.fullmatch(r"has (\w+) (.+)", deed)
        if done is not None and deed not in SETTINGS:
            deed = f"{PRESENT[done[1]]} {done[2]}"
        if who == SCRIPT:
            self.kept_by = Script.name
            self._script.ask(SCRIPTED[deed])
            return
        program = self._of(who)
        if deed.startswith(SPELLED):
            origin = self._around.server().model.origin
            program.give(server=SPELLINGS[deed.removeprefix(SPELLED)](origin))
        elif deed in SETTINGS:
            SETTINGS[deed](program)
        elif deed.endswith(IN_ANOTHER_LOOP):
            program.ask_in_another_loop(_deed(deed.removesuffix(IN_ANOTHER_LOOP)))
        else:
            program.ask(_deed(deed))

    def _of(self, who: str) -> Program:
        if who not in self._made:
            name, account = NAMES[who]
            self._made[who] = Program(self._around, self._servers, name, account)
            self.kept_by = NAMES[ALAN][0]
        return self._made[who]

    def outcome(self, who: str) -> Outcome:
        """See ``inside_driver.Programs``, as for all of these."""
        came = self._script.outcome() if who == SCRIPT else self._made[who].outcome()
        if isinstance(came, str):
            return Outcome(came)
        named = type(came).__name__, str(came)
        if not isinstance(came, RefappError):
            return Outcome(None, *named)
        printed, families = f"{came!r} {vars(came)}", [one.__name__ for one in type(came).__mro__]
        return Outcome(None, *named, came.cure, True, printed, families)

    def sees(self, who: str) -> tuple[str, str, str]:
        state = (self._script.used if who == SCRIPT else self._made[who].used).state
        return told(state), state.sentence, state.cure

    def told(self, who: str) -> list[tuple[str, str]]:
        program = self._made[who]
        changes = [(told(change), change.sentence) for change in program.changes]
        return changes if program.follows_still() else [*changes, ("the end", "")]

    def shown(self, who: str) -> list[str]:
        return [pending.sentence for pending in self._made[who].shown]

    def sent(self) -> list[tuple[str, str]]:
        return [(SERVERS[one.host], one.token) for one in self._servers.seen]

    def left_in_the_old_place(self) -> list[str]:
        place = places.program(self._around.server().model.origin)
        return [path.name for path in self._around.folder.glob(f"*-{place}.json")]

    def api_answers(self, statuses: Sequence[int]) -> None:
        self._servers.answers.extend(statuses)

    def hold_api(self, *, held: bool) -> None:
        if held:
            self._servers.hold()
        else:
            self._servers.release()
            self._around.time.settle()

    def enter_code(self, code: str, factor: FactorName, *, trust: bool) -> bool:
        """A person enters ``code``; whether there is a program that has asked for one."""
        deed = partial(Program.enter_code, code=code, factor=Factor(factor), trust=trust)
        return self._passed_on(deed)

    def paste(self, text: str) -> bool:
        """A person pastes ``text``; whether there is a program that waits for it."""
        return self._passed_on(partial(Program.paste, text=text))

    def _passed_on(self, deed: Deed) -> bool:
        asking = [program for program in self._made.values() if program.shown]
        for program in asking:
            program.ask(deed)
        return bool(asking)

    def link(self) -> str:
        """The link that a program was to show last; empty if there was none."""
        shown = [one for program in self._made.values() for one in program.shown]
        return shown[-1].link if shown else ""

    def waiting(self) -> int:
        """In how many of their sessions a sign-in is under way."""
        sessions = [one.session for one in self._made.values() if one.session is not None]
        return sum(one.state.phase is Phase.SIGNING_IN for one in sessions)

    def heard(self) -> str:
        """All that the programs were told: no token may be in it."""
        return repr([(one.changes, one.shown) for one in self._made.values()])

    def close(self) -> None:
        """The scenario is over."""
        self._script.close()
        for program in self._made.values():
            closing = self._around.time.start(program.close())
            self._around.time.advance(5)
            closing.result()


def _deed(deed: str) -> Deed:
    said = re.fullmatch(r'([^"]+) "([^"]+)"( \w+)?', deed)
    if said is None:
        return DEEDS[deed]
    return lambda program: SAYING[said[1] + (said[3] or "")](program, said[2])
