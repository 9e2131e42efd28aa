"""The least that the kit can work with: an app that signs in, shows who it is, and signs out;
and its adapter. Copy it.

``App`` stands for yours: its tokens are in memory, and what it does runs in a thread, as work in a
window does. ``Adapter`` is what you write: one JSON object a line comes in, one goes out. Read
steps/kit/README.md beside it.
"""

from __future__ import annotations

import json
import sys
import threading
import urllib.error
import urllib.request
from typing import Any

Message = dict[str, Any]


class App:
    """``shows`` is everything that its window has shown;
    ``says`` what a person can read there now.
    """

    def __init__(self, server: str, shows: list[str]) -> None:
        self.server = server
        self.shows = shows
        self.says: list[str] = []
        self.token: str | None = None
        self.waiting = 0
        self.show("the login form")

    def show(self, what: str, *says: str) -> None:
        self.shows.append(what)
        self.says = [*says, "Log in"] if what == "the login form" else list(says)

    def fetch(self, method: str, path: str, body: Message | None = None) -> tuple[int, Any]:
        headers = {"content-type": "application/json"} | (
            {"authorization": f"Bearer {self.token}"} if self.token else {}
        )
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.server + path, data, headers, method=method)
        self.waiting += 1
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, None
        finally:
            self.waiting -= 1

    def sign_in(self, email: str, password: str) -> None:
        self.show("that a sign-in is under way")
        try:
            status, found = self.fetch(
                "POST", "/api/auth/sign-in/email", {"email": email, "password": password}
            )
            if status != 200:
                self.show("the login form", "Wrong e-mail or password.")
                return
            self.token = found["token"]
            user = self.fetch("GET", "/api/auth/get-session")[1]["user"]
            self.show(f"{user['name'].split()[0]} signed in", user["name"], user["email"])
        except OSError:
            self.show("the login form", "The server is not there.")

    def sign_out(self) -> None:
        self.fetch("POST", "/api/auth/sign-out", {})
        self.token = None
        self.show("the login form")


class Adapter:
    app: App | None = None
    work: threading.Thread | None = None

    def __init__(self) -> None:
        self.server = ""
        self.shows: list[str] = []

    def answer(self, order: Message) -> Message:
        match order["do"]:
            case "hello":
                return {
                    "protocol": 1,
                    "implementation": "minimal",
                    "version": "1",
                    "capabilities": ["memory", "password"],
                    "meanings": {
                        "wrong credentials": ["Wrong e-mail or password."],
                        "unreachable": ["The server is not there."],
                    },
                }
            case "start":
                self.server, self.shows = order["server"], []
            case "open":
                self.app = App(self.server, self.shows)
            case "close" | "finish":
                self.app = None
            case "sign_in" if self.app:
                self.begin(self.app.sign_in, order["email"], order["password"])
            case "press" if self.app and order["button"] == "sign out":
                self.begin(self.app.sign_out)
            case "report":
                return self.report()
            case do:
                return {"not offered": f"{do} {order.get('button', '')}".strip()}
        return {}

    def begin(self, act: Any, *values: str) -> None:
        self.work = threading.Thread(target=act, args=values, daemon=True)
        self.work.start()

    def report(self) -> Message:
        app = self.app
        waiting = app.waiting if app else 0
        at_work = self.work is not None and self.work.is_alive()
        token = app.token if app else None
        return {
            "busy": at_work and not waiting,
            "waiting": waiting,
            "shows": self.shows,
            "says": app.says if app else [],
            "notices": [],
            "tokens": {"access": token, "refresh": token} if token else None,
        }


def main() -> None:
    """Answer until the standard input ends."""
    adapter = Adapter()
    for line in sys.stdin:
        print(json.dumps(adapter.answer(json.loads(line))), flush=True)  # noqa: T201 - the protocol


if __name__ == "__main__":
    main()
