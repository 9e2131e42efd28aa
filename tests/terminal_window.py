"""A window without a screen, as an example of another make:
``refapp run --ui "python -I -S tests/terminal_window.py"``.

It shows that the channel is all that a window needs: no package but the standard library, and of
the app's own code the sandbox alone. It confines itself before it says a word, signs in with the
account that demo mode shows, writes a note, signs out and ends. What a person would read goes to
the error pipe. With ``--code`` it signs in with a code: it says where to enter which one, and sees
no password. With ``--break NAME`` it is a window that was taken over: signed in, it sends one line
that no window may send; the fresh one, which finds a session, only signs out.
"""

from __future__ import annotations

import itertools
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Message = dict[str, Any]
PROTOCOL = 1
BROKEN: dict[str, bytes] = {
    "no JSON": b"give me the token\n",
    "two lines in one": b'{"jsonrpc":"2.0","id":99,"method":"sign_out","params":{}}\r\n',
    "a method twice": (
        b'{"jsonrpc":"2.0","method":"storage_clear","method":"sign_out","id":99,"params":{}}\n'
    ),
    "no such method": b'{"jsonrpc":"2.0","id":99,"method":"get_token","params":{}}\n',
    "not UTF-8": (
        b'{"jsonrpc":"2.0","id":99,"method":"note_save","params":{"note":null,'
        b'"text":"\xff","owner":0}}\n'
    ),
    "deep": b"[" * 200_000 + b"\n",
    "huge": b"x" * 3_000_000,
    "a flood": b'{"jsonrpc":"2.0","method":"pong","params":{"n":0}}\n' * 5000,
    "hello again": b'{"jsonrpc":"2.0","id":99,"method":"hello","params":{"protocol":1}}\n',
}


class Channel:
    """Lines down on descriptor 0, lines up on descriptor 1."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def ask(self, method: str, **params: object) -> int:
        """Send a request; its number."""
        number = next(self._numbers)
        self.tell(method, params, id=number)
        return number

    def tell(self, method: str, params: object, **more: object) -> None:
        self.write(
            json.dumps({"jsonrpc": "2.0", "method": method, "params": params, **more}).encode()
            + b"\n"
        )

    def write(self, data: bytes) -> None:
        while data:
            data = data[os.write(1, data) :]

    def messages(self) -> Iterator[Message]:
        """What the parent says, until it closes the channel.
        Its questions are answered on the way.
        """
        for line in sys.stdin.buffer:
            message: Message = json.loads(line)
            if message.get("method") == "ping":
                self.tell("pong", message["params"])
            else:
                yield message


class TerminalWindow:
    """What to do at each state.
    ``attack`` is sent once there is a session; ``code``: sign in with a code.
    """

    def __init__(
        self, channel: Channel, checks: list[Message], attack: bytes | None, *, code: bool
    ) -> None:
        self._code = code
        self._channel = channel
        self._checks = checks
        self._attack = attack
        self._asked: dict[int, str] = {}
        self._did: set[str] = set()

    def run(self) -> None:
        """Greet, and follow the parent's lead until it is time to end."""
        self._ask("hello", protocol=PROTOCOL)
        for message in self._channel.messages():
            if message.get("method") == "state":
                self._follow(message["params"])
            elif "error" in message:
                show(
                    f"{self._asked.pop(message['id'], 'the last line')} was refused: "
                    f"{message['error']['message']}"
                )
            else:
                self._answered(self._asked.pop(message["id"]))

    def _answered(self, method: str) -> None:
        match method:
            case "hello":
                self._ask("confined", checks=self._checks)
            case "confined":
                self._ask("initialize")
            case "note_save":
                self._ask("sign_out")

    def _follow(self, state: Message) -> None:
        show(
            f"[{state['phase']}] "
            f"{state['sentence'] or state['form_error'] or (state['user'] or {}).get('name', '')}"
        )
        match state["phase"]:
            case "awaiting_restart" | "signed_out" if "sign_out" in self._did:
                sys.exit(0)
            case "signed_out" if state["form_error"]:
                sys.exit(1)
            case "signed_out" if self._code:
                self._once("sign_in_elsewhere", way="device")
            case "signing_in" if state["pending"] and state["pending"]["user_code"]:
                show(f"Open {state['pending']['link']} and enter {state['pending']['user_code']}")
            case "signed_out" if state["demo"]:
                self._once("sign_in", **state["demo"])
            case "signed_in" if not self._did & {"sign_in", "sign_in_elsewhere"}:
                self._once("sign_out")
            case "signed_in" if self._attack:
                self._channel.write(self._attack)
            case "signed_in" if state["sync"]["state"] == "ready":
                self._once(
                    "note_save", note=None, text="Written without a screen", owner=state["owner"]
                )

    def _once(self, method: str, **params: object) -> None:
        if method not in self._did:
            self._ask(method, **params)

    def _ask(self, method: str, **params: object) -> None:
        self._did.add(method)
        self._asked[self._channel.ask(method, **params)] = method


def show(text: str) -> None:
    """The sandbox leaves nothing to write to but the error pipe."""
    sys.stderr.write(text.rstrip() + "\n")
    sys.stderr.flush()


def confined() -> list[Message]:
    """Give everything up; what holds from now on.
    Must run before anything is read from the channel.
    """
    sys.path.insert(0, str(Path(__file__).parents[1]))
    from refapp.lock import sandbox

    try:
        held = sandbox.confine()
    except sandbox.SandboxUnavailable as error:
        show(str(error))
        sys.exit(70)
    return [{"name": name, "held": holds, "detail": detail} for name, holds, detail in held]


def main(words: list[str]) -> None:
    attack = BROKEN[words[words.index("--break") + 1]] if "--break" in words else None
    checks = [] if "--unconfined" in words else confined()
    TerminalWindow(Channel(), checks, attack, code="--code" in words).run()


if __name__ == "__main__":
    main(sys.argv[1:])
