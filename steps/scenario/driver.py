"""What a step may do and ask, whatever the scenario runs on: the ``Driver``, and the ledger of what happened.

A driver plays the person at the window and the world around the app. It never reaches into the app: what it reports is what the
window shows, what the app's recorder noted, and what lies on the disk. ``inproc`` and ``desktop`` implement it for refapp, and
``kit.OtherApp`` for any other app.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

import httpx

from steps.scenario.browser_page import Decision, Deed
from steps.scenario.long_lived import LongLived
from steps.scenario.people import Person
from steps.scenario.writing import Writing, WritingInside

if TYPE_CHECKING:
    from refapp.trusted.recorder import Entry

Party = Literal["server", "keychain", "disk", "browser", "notice"]
PARTIES: tuple[Party, ...] = ("server", "keychain", "disk", "browser", "notice")
DiskTrouble = Literal["full", "read-only", "unable to delete the tokens"]
KeychainTrouble = Literal["missing", "insecure", "locked", "silent", "failing", "forgetful", "asking"]
Outage = Literal["unreachable", "unknown name", "untrusted", "silent"]

BUTTONS = (
    "sign out", "try again", "restart", "unlock", "sync", "summarise", "delete", "dismiss",
    "where am I signed in", "sign out all others", "sign out everywhere", "add to my notes", "keep apart", "undo",
)  # fmt: skip
WAYS = (
    "sign in with the browser", "sign in with a code", "cancel", "go on", "open the link", "send a code by e-mail",
    "send the message again", "no account yet", "forgot your password",
)  # fmt: skip
FactorName = Literal["authenticator", "mail", "backup"]
DriverName = Literal["inproc", "desktop", "sut"]
ServerMode = Literal["rotating", "sliding", "real BetterAuth"]
_TIME = re.compile(r"\b\d\d:\d\d:\d\d\b")
CALLS = {
    "PUT /app/notes": "notes",
    "POST /app/summarise": "summary",
    "GET /app/me": "who am I",
    "GET /app/jwt-me": "who am I",
    "GET /api/auth/token": "JWT",
    "GET /api/auth/list-sessions": "list of sessions",
    "POST /api/auth/revoke-session": "end of a session",
    "POST /api/auth/revoke-other-sessions": "end of all others",
}
"""What the features call the requests that are made with the session's token."""


class Effect(NamedTuple):
    """One thing that the app did to the world: asked the server, used the keychain, touched the disk, told the person."""

    party: Party
    what: str


class Pair(NamedTuple):
    """What a token file holds."""

    access: str
    refresh: str


class Told(NamedTuple):
    """What the window was answered."""

    data: Any = None
    error: str | None = None


class Server(Protocol):
    """The auth server from behind."""

    def do(self, order: str, **details: Any) -> int:
        """One order of ``refapp.demo_server.control``; its count, where it counts something."""


class Driver(Writing, Protocol):
    """One scenario's world: a computer with the app on it, a keychain, a server."""

    name: DriverName
    folder: Path

    @property
    def server(self) -> Server:
        """The server from behind."""

    def asked(self) -> list[str]:
        """The requests that the server itself has seen since the When: method and path."""

    def choose_server(self, mode: ServerMode, **settings: float) -> None:
        """Which server there is; before anything else."""

    def choose_real(self, release: str, *options: str) -> None:
        """Real BetterAuth, of this release and with these options of its command line; before anything else."""

    def open(self) -> None:
        """Start the app and its window, and wait until it rests."""

    def open_unconfined(self) -> tuple[int, str]:
        """Start the app with a window that does not confine itself: the app's exit code and last words. It has to end."""

    def look_into_the_app(self) -> None:
        """From now on another program of the person's opens the app's memory as soon as the app is started, for good."""

    def looker_sees_a_secret(self) -> bool:
        """Whether that program finds anything secret there now."""

    def close(self) -> None:
        """The person closes the window; the app ends."""

    def add_account(self, person: Person) -> None:
        """Give ``person`` an account on the server, if there is none yet."""

    def type_credentials(self, email: str, password: str) -> None:
        """Fill the form and send it off."""

    def enter_code(self, factor: FactorName, code: str, *, trust: bool) -> None:
        """Answer the question for a second factor with ``code``."""

    def press(self, button: str) -> None:
        """Use a button of the window: one of ``BUTTONS`` or ``WAYS``. "summarise" and "delete" are about the newest note."""

    def in_browser(self, person: Person, decision: Decision, *, wait: bool = True) -> None:
        """Open the link that the window shows and decide there. ``wait``: until the app knows."""

    def on_pages(self, person: Person, deed: Deed) -> None:
        """Open the link and do more there than to decide; until the app knows. Real BetterAuth alone has such pages."""

    def paste_from_page(self, person: Person, *, whole: bool) -> None:
        """Sign in on the page and paste what it shows; ``whole``: the address that it leads to."""

    def paste(self, text: str) -> None:
        """Paste ``text`` as the page's code."""

    def link(self) -> str:
        """The link that the window shows."""

    def origin(self) -> str:
        """The server's."""

    def opened_links(self) -> Sequence[str]:
        """What the app has opened in the browser."""

    def knock(self, what: str) -> int | None:
        """Go to the way back from the browser with something wrong: the status that answers, None if nobody listens."""

    def break_browser(self) -> None:
        """From now on no browser opens."""

    def block_ports(self) -> None:
        """From now on no port can be had."""

    def write_note(self, text: str) -> None:
        """Write a new note and have it saved."""

    def rest(self) -> None:
        """Wait until nothing is under way that needs no more time."""

    def pass_time(self, seconds: float) -> None:
        """Let time pass, for the app and the server."""

    def need(self, what: str) -> None:
        """The scenario goes on only if the app can be asked for ``what``; elsewhere it is skipped, saying so."""

    def can_tell(self, party: Party, what: str) -> bool:
        """Whether the ledger would have ``what`` if it had happened. What can't be told is not compared."""

    def situation(self) -> str:
        """What the window shows now, in the words that ``features/README.md`` lists."""

    def situations(self) -> Sequence[str]:
        """What it has shown since the When, oldest first."""

    def services(self) -> tuple[str, str]:
        """The states of sync and of the assistant, a word each."""

    def form(self) -> tuple[str, str]:
        """The e-mail, and how long the password is, in the login form."""

    def says(self, text: str) -> bool:
        """Whether a person can read ``text`` now, on any page of the window."""

    def trouble_keychain(self, trouble: KeychainTrouble | None) -> None:
        """Let the keychain misbehave, or work again."""

    def answer_keychain(self, *, yes: bool) -> None:
        """The person answers what the keychain asks."""

    def cut_off(self, outage: Outage | None) -> None:
        """Take the network away, or bring it back."""

    def trouble_disk(self, trouble: DiskTrouble | None) -> None:
        """From now on the disk takes nothing; one that is read-only gives nothing up either. None: it works again."""

    def begin(self) -> None:
        """The When comes: the ledger starts here."""

    def effects(self) -> list[Effect]:
        """The ledger: what the app has done to the world since the When, in order."""

    def tokens(self) -> Pair | None:
        """The pair on the disk, opened with the keychain's key; None if there is none that can be opened."""

    def token_file(self) -> Path:
        """Where the tokens are, or would be."""

    def keys(self) -> list[str]:
        """The app's keys in the keychain, by their ids."""

    def ask(self, path: str, access: str) -> dict[str, Any] | None:
        """What the server says to a GET with that token, None if it refuses it. No part of the ledger."""

    def send(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        """Another program's request to the server; status and body. No part of the ledger."""

    def learn(self, secret: str) -> None:
        """Look for this secret too when the scenario ends."""

    def sign_out_one(self, device: str) -> None:
        """Choose the session with ``device`` in the list of the person's sessions, and sign it out."""

    def windows(self) -> int:
        """How many windows have been opened so far."""

    def leaks(self) -> list[str]:
        """Where a token, a key or a password stands that should not: on the disk, in a message, in the trace."""

    def secrets(self) -> Iterable[str]:
        """Every token, key and password of this scenario that the harness has seen: what is shown to people goes without them."""

    def unknown_leaks(self) -> list[str]:
        """Those of them that are not known beforehand: only another app may have known ones."""

    def recorded(self) -> Sequence[Entry]:
        """What has gone between the parts since the When, masked; from the start, if it has not come."""

    def picture(self, path: Path) -> bool:
        """Write a PNG of the window as it is now; False if there is none to be seen."""

    def finish(self) -> None:
        """End everything that the scenario started."""


class InsideDriver(Driver, WritingInside, LongLived, Protocol):
    """What no real desktop offers: the window's own words, copies of the app, calls and answers of any kind."""

    def take_over(self) -> None:
        """From now on it is Mallory who speaks through the window that is up."""

    def work_elsewhere(self) -> None:
        """The person goes to another program."""

    def press_a_key(self) -> None:
        """The person presses a key in the window."""

    def attempt(self, name: str) -> tuple[bool, tuple[int, str]]:
        """Mallory tries something with the display (``refapp.attack.attempts.display``).

        Whether it brought anything, and how the app ended: (0, "") if it did not."""

    def open_without_gate(self) -> tuple[int, str]:
        """Start the app where the display's gate can't listen; exit code and last words."""

    def open_behind_the_lock(self) -> dict[str, bool]:
        """Have a locked window open a "font" and another "file"; whether it could."""

    def say(self, method: str, **params: object) -> None:
        """Send a request of the channel as the window would, whether it is a good one or not."""

    def write(self, line: bytes) -> None:
        """Send a line as the window would."""

    def answer(self) -> Told:
        """The last answer that the window got."""

    def sent_down(self) -> Sequence[str]:
        """Every line that went down to a window since the When, but for the question whether it is alive."""

    def sign_out_own(self) -> None:
        """Have the window ask to end, from the list, the session that it belongs to."""

    def set_clock(self, ahead_s: float) -> None:
        """Set the computer's clock: so many seconds ahead of the server's."""

    def misbehave(self, how: str) -> None:
        """Let the window crash, hang or flood."""

    def crash_often(self) -> tuple[int, str]:
        """Let each window crash as soon as it is up, until the app gives up; its exit code and last words."""

    def do_the_forbidden(self) -> tuple[int, str]:
        """The kernel stops the window; the app's exit code and last words."""

    def open_copy(self) -> object:
        """Start another copy of the app beside the first."""

    def copy_signs_out(self) -> None:
        """Another copy of the app signs out; the first has time to notice. The When comes in between."""

    def copy_signs_out_beside(self, key: str) -> None:
        """The other copy signs out, and before this one has noticed its window reads ``key``."""

    def copy_renews(self) -> None:
        """The server is there for another copy of the app, which renews the tokens at its start and is closed."""

    def hold_lease(self) -> None:
        """Another copy of the app takes the lease on the token file."""

    def close_while_held(self, seconds: float) -> None:
        """The person closes the window; the lease is given back ``seconds`` later, and the app has time to end."""

    def both_say(self, method: str, **params: object) -> None:
        """Each copy's window sends the request before anything can happen in between."""

    def copy_signs_in(self, person: Person) -> None:
        """Whoever is signed in there signs out in the other copy, and ``person`` signs in there. No time passes."""

    def copy_changes_note(self, text: str) -> None:
        """Write ``text`` in place of the newest note's, in the other copy."""

    def copy_deletes_note(self) -> None:
        """Delete the newest note in the other copy."""

    def another_program_stores(self, **tokens: str) -> None:
        """Another program of this computer stores ``tokens``, by their names, and does not say whose they are."""

    def opened_by_another_program(self, person: Person) -> dict[str, str]:
        """The tokens of a session of ``person`` that another program has opened, by the names under which they are stored."""

    def last_sync(self) -> float | None:
        """The last sync that the window was told of, unix seconds."""

    def change_servers(self) -> None:
        """From now on the app is started for the other one of two servers."""

    def count_users(self) -> None:
        """From now on each server gives its users the ids 1, 2, 3 …; before anything else."""

    def knock_as_another_user(self) -> None:
        """Somebody else who uses the computer has read the link, and goes the way back with a code of his own."""

    def start_call(self, method: str, path: str, *, jwt: bool = False) -> None:
        """Let the app make a call of its own, which need not be answered yet."""

    def call_came_to(self) -> str:
        """What came of that call."""

    def notes_of(self, person: Person) -> list[str]:
        """The notes that the server holds for ``person``."""

    def sent_as(self, text: str) -> set[str]:
        """The e-mails of those whose tokens requests with ``text`` in their body carried, at whichever server."""

    def press_at_once(self, *buttons: str) -> None:
        """Use these buttons before anything can happen in between."""

    def call(self, method: str, path: str, *, jwt: bool = False, times: int = 1) -> str:
        """Let the app make a call of its own, ``times`` times at once; what came of it, if it was the same each time."""

    def user_id(self, person: Person) -> str:
        """The server's id of ``person``."""

    def holds_jwt(self) -> bool:
        """Whether the app has a JWT in its memory."""

    def replace_key(self) -> None:
        """Let the app seal its tokens under a new master key."""

    def answer_next(self, path: str, status: int, headers: Mapping[str, str], body: bytes) -> None:
        """Put an answer in place of the server's next one to ``path``."""

    def requests(self) -> Sequence[httpx.Request]:
        """Every request that the app has sent, to whichever server."""


def masked_time(text: str) -> str:
    """``text`` with every time of day as "hh:mm:ss"."""
    return _TIME.sub("hh:mm:ss", text)


def effects_of(entries: Iterable[tuple[str, str, str, Mapping[str, Any]]], since: int) -> list[Effect]:
    """What the app's own record says it did: the recorder's entries (source, target, what, detail), from entry ``since`` on."""
    found: list[Effect] = []
    notice, number = 0, -1
    for number, (source, target, what, detail) in enumerate(entries):
        if number == since:
            found.clear()
        if source == "parent" and target == "server":
            found.append(
                Effect("server", CALLS.get(detail["request"], detail["request"]) if what == "resource" else what)
            )
        elif source == "parent" and target == "keychain":
            found.append(Effect("keychain", what))
        elif source == "parent" and target == "disk":
            found.append(Effect("disk", what))
        elif source == "parent" and target == "browser":
            found.append(Effect("browser", what))
        elif target == "window" and what == "state" and detail.get("notice"):
            if detail["notice"]["number"] > notice:
                found.append(Effect("notice", masked_time(detail["notice"]["text"])))
            notice = max(notice, detail["notice"]["number"])
    return found if number >= since else []
