"""What a step may do and ask, whatever the scenario runs on: the ``Driver``.

A driver plays the person at the window and the world around the app. It never reaches into the app:
what it reports is what the window shows, what the app's recorder noted, and what lies on the disk.
``inproc`` and ``desktop`` implement it for refapp, and ``kit.OtherApp`` for any other app.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

from steps.scenario.browser_page import Decision, Deed, FromPage
from steps.scenario.effects import Effect, Party
from steps.scenario.people import Person
from steps.scenario.sight import Looks
from steps.scenario.writing import Writing

if TYPE_CHECKING:
    from refapp.trusted.recorder import Entry

DiskTrouble = Literal[
    "full", "read-only", "unable to delete the tokens", "unable to write the profile",
    "unable to confirm a change",
]  # fmt: skip
KeychainTrouble = Literal[
    "missing", "insecure", "locked", "silent", "failing", "forgetful", "asking", "empty", "newer",
    "in memory", "another default", "unnamed", "keeping", "sandboxed", "unserved", "blank", "late",
    "without a keyring", "losing", "ending", "garbling", "opened", "doubled", "turning blank",
    "set up anew", "unwilling", "relocking", "opened ksecretd", "keeping nothing", "no text",
    "named in a file", "direct", "dying", "leaving", "unstartable", "another locked",
    "doubly garbling", "beside the named",
]  # fmt: skip
KeychainProgram = Literal["GNOME Keyring", "KeePassXC", "KWallet"]
Outage = Literal[
    "unreachable", "unknown name", "no name service", "untrusted", "silent", "half an answer"
]

BUTTONS = (
    "sign out", "try again", "restart", "unlock", "sync", "summarise", "delete", "dismiss",
    "where am I signed in", "sign out all others", "sign out everywhere", "add to my notes",
    "keep apart", "undo",
)  # fmt: skip
WAYS = (
    "sign in with the browser", "sign in with a code", "cancel", "go on", "open the link",
    "send a code by e-mail", "send the message again", "no account yet", "forgot your password",
)  # fmt: skip
FactorName = Literal["authenticator", "mail", "backup"]
DriverName = Literal["inproc", "desktop", "sut"]
ServerMode = Literal["rotating", "sliding", "real BetterAuth"]


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


class Driver(Writing, Looks, Protocol):
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
        """Real BetterAuth, of this release and with these options of its command line;
        before anything else.
        """

    def open(self) -> None:
        """Start the app and its window, and wait until it rests."""

    def open_unconfined(self) -> tuple[int, str]:
        """Start the app with a window that does not confine itself: the app's exit code and last
        words. It has to end.
        """

    def look_into_the_app(self) -> None:
        """From now on another program of the person's opens the app's memory as soon as the app is
        started, for good.
        """

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
        """Use a button of the window: one of ``BUTTONS`` or ``WAYS``.
        "summarise" and "delete" are about the newest note.
        """

    def in_browser(self, person: Person, decision: Decision) -> None:
        """Open the link that the window shows and decide there; until the app knows."""

    def on_pages(self, person: Person, deed: Deed) -> None:
        """Open the link and do more there than to decide (real BetterAuth); until the app knows."""

    def paste_from_page(self, person: Person, what: FromPage) -> None:
        """Sign in on the page and paste ``what`` is to be had there."""

    def paste(self, text: str) -> None:
        """Paste ``text`` as the page's code."""

    def link(self) -> str:
        """The link that the window shows."""

    def origin(self) -> str:
        """The server's."""

    def opened_links(self) -> Sequence[str]:
        """What the app has opened in the browser."""

    def knock(self, what: str) -> int | None:
        """Go to the way back from the browser with something wrong: the status that answers, None
        if nobody listens.
        """

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
        """The scenario goes on only if the app can be asked for ``what``;
        elsewhere it is skipped, saying so.
        """

    def can_tell(self, party: Party, what: str) -> bool:
        """Whether the ledger would have ``what`` if it had happened.
        What can't be told is not compared.
        """

    def owed(self, party: Party, happened: Sequence[str]) -> list[str]:
        """``happened``, as it is compared: without what a rule adds to it that is a should, but in
        the scenarios of that rule.
        """

    def situation(self) -> str:
        """What the window shows now, in the words that ``features/README.md`` lists."""

    def situations(self) -> Sequence[str]:
        """What it has shown since the When, oldest first."""

    def services(self) -> tuple[str, str] | None:
        """The states of sync and of the assistant, a word each;
        None if the app has no such thing.
        """

    def form(self) -> tuple[str, str] | None:
        """The e-mail, and how long the password is, in the login form;
        None if it has none that can be read.
        """

    def says(self, text: str) -> bool | None:
        """Whether a person can read ``text`` now, on any page of the window, or what means the same
        in the app's own words.

        None: a detail of refapp's windows, which is not compared for another app.
        """

    def reads(self, text: str, said: str) -> bool | None:
        """The same of ``said``, the app's last words."""

    def meant(self, what: str) -> str:
        """What the features show or say, as this app's is compared with it:
        for refapp, word by word.
        """

    def choose_keychain(self, program: KeychainProgram) -> None:
        """Whose the keychain of this desktop is; before anything else."""

    def trouble_keychain(self, trouble: KeychainTrouble | None) -> None:
        """Let the keychain misbehave, or work again."""

    def answer_keychain(self, *, yes: bool) -> None:
        """The person answers what the keychain asks."""

    def cut_off(self, outage: Outage | None) -> None:
        """Take the network away, or bring it back."""

    def trouble_disk(self, trouble: DiskTrouble | None) -> None:
        """From now on the disk takes nothing; one that is read-only gives nothing up either.
        One that is unable to confirm a change takes it all the same. None: it works again.
        """

    def begin(self) -> None:
        """The When comes: the ledger starts here."""

    def effects(self) -> list[Effect]:
        """The ledger: what the app has done to the world since the When, in order."""

    def tokens(self) -> Pair | None:
        """The pair on the disk, opened with the keychain's key;
        None if there is none that can be opened.
        """

    def token_file(self) -> Path:
        """Where the tokens are, or would be."""

    def delete_tokens(self) -> None:
        """Somebody deletes that file."""

    def stored(self) -> bytes | None:
        """What is stored of them, byte for byte, wherever that is; None if nothing is."""

    def keys(self) -> list[str]:
        """The app's keys in the keychain, by their ids."""

    def ask(self, path: str, access: str) -> dict[str, Any] | None:
        """What the server says to a GET with that token, None if it refuses it.
        No part of the ledger.
        """

    def send(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, bytes]:
        """Another program's request to the server; status and body. No part of the ledger."""

    def learn(self, secret: str) -> None:
        """Look for this secret too when the scenario ends."""

    def sign_out_one(self, device: str) -> None:
        """Choose the session with ``device`` in the list of the person's sessions, and sign it
        out.
        """

    def windows(self) -> int:
        """How many windows have been opened so far."""

    def leaks(self) -> list[str]:
        """Where a token, a key or a password stands that should not:
        on the disk, in a message, in the trace.
        """

    def secrets(self) -> Iterable[str]:
        """Every token, key and password of this scenario that the harness has seen: what is shown
        to people goes without them.
        """

    def unknown_leaks(self) -> list[str]:
        """Those of them that are not known beforehand: only another app may have known ones."""

    def recorded(self) -> Sequence[Entry]:
        """What has gone between the parts since the When, masked;
        from the start, if it has not come.
        """

    def picture(self, path: Path) -> bool:
        """Write a PNG of the window as it is now; False if there is none to be seen."""

    def finish(self) -> None:
        """End everything that the scenario started."""
