"""Speaks for ``keyring_app`` to the conformance kit.
The keyring is stood in for by one in memory, which can be locked.
"""

from __future__ import annotations

import json
import sys
import threading
from typing import Any

import keyring
import keyring.backend
import keyring.errors
from keyring_app import Window

Message = dict[str, Any]
HELLO: Message = {
    "protocol": 1,
    "implementation": "tokens in the keyring",
    "version": "the usual pattern in Python",
    "capabilities": ["keyring", "refresh", "password", "own calls", "time"],
    "meanings": {
        "expired": ["You have been logged out. Please log in again."],
        "wrong credentials": ["Login failed."],
        "unreachable": ["Connection error"],
        "server in trouble": ["Error 5"],
        "asked to wait": ["Error 429"],
    },
}


class InMemory(keyring.backend.KeyringBackend):
    """One computer's keyring."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise keyring.errors.PasswordDeleteError


class Adapter:
    """``window`` is open, or None. What earlier windows have shown is kept."""

    def __init__(self) -> None:
        self.server = ""
        self.shown: list[str] = []
        self.told: list[str] = []
        self.calls: list[str | None] = []
        self.window: Window | None = None

    def answer(self, order: Message) -> Message:
        match order["do"]:
            case "hello":
                return HELLO
            case "start":
                self.server, self.window = order["server"], None
                self.shown, self.told, self.calls = [], [], []
                keyring.set_keyring(InMemory())
            case "open":
                self.window = Window(self.server)
            case "close" | "finish":
                self._close()
            case "pass_time":
                pass  # It has no timer.
            case "sign_in" if self.window:
                self.window.log_in(order["email"], order["password"])
            case "press" if self.window and order["button"] == "sign out":
                self.window.log_out()
            case "call" if self.window:
                return {"outcome": self.window.call(order["method"], order["path"])}
            case "start_call" if self.window:
                self._start_call(self.window, order["method"], order["path"])
            case "report":
                return self._report()
            case do:
                return {"not offered": f"{do} {order.get('button', '')}".strip()}
        return {}

    def _start_call(self, window: Window, method: str, path: str) -> None:
        number = len(self.calls)
        self.calls.append(None)

        def call() -> None:
            self.calls[number] = window.call(method, path)

        window.threads.append(threading.Thread(target=call, daemon=True))
        window.threads[-1].start()

    def _close(self) -> None:
        if self.window is not None:
            self.window.session.close()
            self.shown += self.window.shows
            self.told += self.window.told
            self.window = None

    def _report(self) -> Message:
        window = self.window
        waiting = window.session.waiting if window else 0
        working = sum(thread.is_alive() for thread in window.threads) if window else 0
        access, refresh = (
            keyring.get_password("keyring-app", f"{name}_token") for name in ("access", "refresh")
        )
        return {
            "busy": working > waiting,
            "waiting": waiting,
            "shows": self.shown + (window.shows if window else []),
            "says": window.says if window else [],
            "notices": self.told + (window.told if window else []),
            "calls": self.calls,
            "tokens": {"access": access, "refresh": refresh or ""} if access else None,
        }


def main() -> None:
    """Answer until the standard input ends."""
    adapter = Adapter()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(adapter.answer(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
