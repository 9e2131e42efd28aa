"""What the window of ``terminal`` says and understands: messages of the channel in, lines of text
out, and the other way round.

It has no screen, and shows that the channel is all that a window needs: the standard library, and
no code of the app. Each message is one line, said once, when it is new. Nobody types a password
here: sign-in is by a code that is entered in a browser. The notes that are written are
``line_notes``'.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable

from refapp.examples.line_notes import NOBODY, LineNotes, Message

PROTOCOL = 1
NO_MORE = "\x04"
"""A line from the front: there is no keyboard any more."""
COMMANDS = """\
sign in: get a code, to be entered in a browser on any device. cancel: give that up. \
go on: as who has signed in.
notes: list the notes. read 2: read the second one. \
write: begin a note, up to a line with a single dot.
add 2: go on with the second note. delete 2: delete it. sync: send and get changes now.
join, keep, undo: what becomes of notes that were written on this computer outside your account.
state: say everything again. retry: try again what did not work. sign out. quit."""
SAID = {
    "unavailable": "Signing in is not possible: there is no secure storage",
    "signed_out": "Nobody is signed in", "signing_in": "Signing in",
    "restoring": "Asking the server about your session", "signed_in": "Signed in",
    "offline": "Offline, and still signed in", "expired": "Your session has expired",
    "signing_out": "Signing out", "awaiting_restart": "Signed out",
}  # fmt: skip
PLAIN = {
    "cancel": "sign_in_cancel",
    "go on": "sign_in_accept",
    "sync": "sync_now",
    "sign out": "sign_out",
    "retry": "try_again",
}


class TerminalWindow:
    """``write`` sends a line up, ``say`` says one; ``heard`` and ``typed`` are its two senses."""

    def __init__(
        self, write: Callable[[bytes], None], say: Callable[[str], None], checks: list[Message]
    ) -> None:
        self._write, self._say, self._checks = write, say, checks
        self._asked: dict[int, tuple[Callable[[Message], None], Callable[[Message], None]]] = {}
        self._number = 0
        self._state: Message | None = None
        self._said: dict[str, str] = {}
        self._notes = LineNotes(self._ask, say)
        self._early: list[str] | None = None
        self._leaving = False
        self._held_back = ""
        self.ended = False

    def begin(self) -> None:
        """Greet the parent; its answers lead on."""
        self._ask(
            "hello",
            lambda _: self._ask("confined", lambda _: self._ask("initialize"), checks=self._checks),
            protocol=PROTOCOL,
            leaves=True,
        )

    def heard(self, message: Message) -> None:
        """One message of the parent."""
        method = message.get("method")
        if method == "ping":
            self._send({"method": "pong", "params": message["params"]})
        elif method == "leave":
            self._leave()
        elif method == "state":
            self._state = message["params"]
            self._tell_news()
        else:
            then, refused = self._asked.pop(message["id"])
            if "error" in message:
                self._say(f"Not done: {message['error']['message']}")
                refused(message["error"])
            else:
                then(message["result"])
            self._end_if_done()

    def typed(self, line: str) -> None:
        """One line of the person's."""
        if line == NO_MORE:
            self._leave()
            return
        if self._early is not None:
            self._early.append(line)  # the note that it goes on with is not here yet
            return
        if self._notes.open is not None:
            self._notes.enter(line)
            return
        word, _, rest = line.strip().partition(" ")
        whole = line.strip()
        if self._holds_back(whole):
            return
        if whole == "retry":
            self._notes.try_again()
        if whole in PLAIN:
            self._ask(PLAIN[whole])
        elif whole == "sign in":
            self._ask("sign_in_elsewhere", way="device")
        elif whole in ("join", "keep", "undo"):
            if whole == "join":
                self._notes.join(self._owner)
            self._ask("notes_apart", lambda _: self._say("Done."), answer=whole)
        elif whole == "quit":
            self._leave()
        elif whole == "state":
            self._said.clear()
            self._tell_news()
        elif whole == "notes":
            self._list()
        elif whole == "write":
            self._begin_note()
        elif word in ("read", "add", "delete") and (note := self._numbered(rest)):
            self._do(word, note)
        elif whole:
            for said in COMMANDS.splitlines():
                self._say(said)

    def _holds_back(self, word: str) -> bool:
        """Whether ``word`` would cost a note that could not be saved: only the first time."""
        costs = word in ("sign out", "quit") and self._notes.refused and word != self._held_back
        self._held_back = word if costs else ""
        if costs:
            self._say(
                "A note is not saved, and is tried again now. "
                f"Enter {word} once more to give it up."
            )
            self._notes.try_again()
        return costs

    def _do(self, word: str, note: Message) -> None:
        match word:
            case "read":
                self._ask("note_open", lambda found: self._read(found["text"]), note=note["note"])
            case "add":
                self._go_on_with(note["note"])
            case "delete":
                self._ask(
                    "note_delete",
                    lambda _: self._say(f"Deleted: {note['title']}"),
                    note=note["note"],
                )

    def _begin_note(self) -> None:
        if self._state is not None and self._state["limit"]:
            self._say(self._state["limit"])
            if self._state["full"]:
                return
        self._notes.begin(self._owner)

    def _go_on_with(self, note: str) -> None:
        """What is entered before its text is here waits, and becomes a new note if that can't be
        had.
        """
        self._early, owner = [], self._owner

        def begin(note: str | None, text: str) -> None:
            early, self._early = self._early or [], None  # one of the lines may have others wait
            if note is None and all(line.strip() in ("", ".") for line in early):
                return
            self._notes.begin(owner, note, text)
            for line in early:
                self.typed(line)

        def opened(found: Message) -> None:
            begin(note, found["text"])

        def refused(_: Message) -> None:
            begin(None, "")

        self._ask("note_open", opened, refused, note=note)

    @property
    def _owner(self) -> int:
        """Whose notes are shown now: a note that is begun is that person's for good."""
        return int((self._state or {}).get("owner", NOBODY))

    def _leave(self) -> None:
        """What was entered is saved, line by line; only an answer may still be on its way."""
        self._leaving = True
        self._notes.try_at_the_end()
        self._end_if_done()

    def _end_if_done(self) -> None:
        waiting = self._notes.waiting or self._early is not None
        self.ended = self.ended or (self._leaving and not waiting)

    def _list(self) -> None:
        notes = (self._state or {}).get("notes", [])
        self._say(f"Notes: {len(notes)}.")
        for number, note in enumerate(notes, 1):
            self._say(f"{number}. {note['title']}, {_day(note['changed_at'])}")

    def _read(self, text: str) -> None:
        for line in text.split("\n"):
            self._say(line)
        self._say("End of the note.")

    def _numbered(self, word: str) -> Message | None:
        notes: list[Message] = (self._state or {}).get("notes", [])
        if word.isdecimal() and 0 < int(word) <= len(notes):
            return notes[int(word) - 1]
        self._say(f"There is no note {word}. Notes: {len(notes)}.")
        return None

    def _tell_news(self) -> None:
        """Each part of the state whose sentence is another one than before."""
        if self._state is None:
            return
        for part, sentence in sentences(self._state).items():
            if sentence and self._said.get(part) != sentence:
                self._say(sentence)
            self._said[part] = sentence
        if self._state["phase"] == "awaiting_restart":
            self._ask("restart")

    def _ask(
        self,
        method: str,
        then: Callable[[Message], None] = lambda _: None,
        refused: Callable[[Message], None] = lambda _: None,
        **params: object,
    ) -> None:
        self._number += 1
        self._asked[self._number] = then, refused
        self._send({"method": method, "id": self._number, "params": params})

    def _send(self, message: Message) -> None:
        self._write(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")


def sentences(state: Message) -> dict[str, str]:
    """What there is to say of a snapshot, by what it is about."""
    user, pending = state["user"] or {}, state["pending"] or {}
    storage, sync = state["storage"], state["sync"]
    name = user.get("name") or user.get("email", "")
    given = pending.get("user_code", "")
    code = " ".join(given[at : at + 4] for at in range(0, len(given), 4))
    until = (
        f" It is good until {_clock(pending['expires_at'])}." if pending.get("expires_at") else ""
    )
    other = _known_as(pending.get("other"))
    before = _known_as(pending.get("before")) or "somebody else"
    demo = state.get("demo") if code else None
    apart = state["apart"]
    question = (
        f"Notes that were written on this computer outside your account: {apart['count']}. "
        "Enter join or keep."
    )
    synced = f"Synced at {_clock(sync['done_at'])}." if sync["done_at"] else ""
    return {
        "state": f"{SAID[state['phase']]}{name and f', {name}'}. {state['sentence']}".strip(),
        "boundary": "" if state["boundary"]["verified"] else "This window is not confined.",
        "error": f"Not signed in: {state['form_error']}" if state["form_error"] else "",
        "code": f"Open {pending['link']} in a browser on any device, and enter the "
        f"code {code}.{until}"
        if code and not other
        else "",
        "demo": f"This is a demo server: its page takes {demo['email']} with the password "
        f"{demo['password']}"
        if demo
        else "",
        "whose": f"{other} signed in; before it was {before}. Nothing has been stored "
        "or synced. Enter go on or cancel."
        if other and pending["link"]
        else "",
        "pending": pending.get("sentence", ""),
        "storage": f"{storage['sentence']} {storage['cure']}".strip(),
        "waiting": storage["waiting"],
        "notice": (state["notice"] or {}).get("text", ""),
        "sync": {"ready": synced, "failed": f"Not synced: {sync['sentence']}"}.get(
            sync["state"], sync["sentence"]
        ),
        "apart": question if apart["state"] == "asked" else "",
    }


def _known_as(user: Message | None) -> str:
    return f"{user['email']} ({user['name']})" if user else ""


def _clock(at: float) -> str:
    return time.strftime("%H:%M", time.localtime(at))


def _day(at: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(at))
