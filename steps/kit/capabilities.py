"""What an app may or may not have: the closed list that its adapter declares from, and what each
thing is needed for.

Pure. What needs something that was not declared is "not offered": a command, an order to the
server, a row of the ledger, a sentence, a whole scenario. What was not declared and happens all the
same is a fault: then the declaration is not true.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

CAPABILITIES: Mapping[str, str] = {
    "token file": (
        "its tokens lie in a file below `home`, so what becomes of them is seen on the disk"
    ),
    "keyring": (
        "its tokens lie in the system's keyring, and what becomes of them is what "
        "the adapter reports"
    ),
    "memory": "its tokens lie in memory alone: no session outlives the app",
    "refresh": "it renews its tokens with a refresh token, at POST /api/auth/refresh",
    "notes": (
        "it keeps notes, and sends them to the server while somebody is signed in: its sync "
        "and its assistant"
    ),
    "own calls": "it makes calls of its own with its token, and can be asked for one",
    "offline": (
        "it shows when it can't tell whether the session is good; without that the person is "
        "shown as signed in"
    ),
    "password": (
        "people type e-mail and password into the app; without it they sign in in the browser, and "
        "the adapter is both"
    ),
    "form": "it has a form for e-mail and password, whose contents can be read",
    "restart": "after some sign-outs it has to be started again",
    "window process": (
        "its window is a process of its own, which is trusted with nothing and talks to "
        "the app in lines"
    ),
    "several copies": "it can be open more than once on one computer",
    "keychain": "it needs a keychain, which can be taken away, locked or broken",
    "full disk": "its disk can be filled",
    "time": "time can be made to pass for it, so that what it does by itself is seen",
    "ledger": (
        "it tells all that it does by the features' names, and not only what the kit "
        "sees from outside"
    ),
    "keys": "its keys in the keychain can be counted and replaced",
    "refapp's files": "its files are those of refapp",
    "refapp's words": "its sentences are those of refapp, character by character",
}
"""Name -> what the app has."""

STORES = ("token file", "keyring", "memory")
"""Where tokens can lie. An app has exactly one of these."""

COMMANDS: Mapping[str, str] = {
    "open_unconfined": "window process",
    "channel": "window process",
    "misbehave": "window process",
    "forbidden": "window process",
    "write_note": "notes",
    "call": "own calls",
    "start_call": "own calls",
    "keychain": "keychain",
    "keychain answer": "keychain",
    "replace_key": "keys",
    "disk_full": "full disk",
    "pass_time": "time",
}
"""Command -> what it needs; the others need nothing."""

BUTTONS: Mapping[str, str] = {
    "sync": "notes",
    "summarise": "notes",
    "delete": "notes",
    "restart": "restart",
}
"""Button -> what it needs."""

ELSEWHERE = ("sign in with the browser", "sign in with a code")
"""Buttons that lead to where the kit can't go: a browser, another device."""

REQUESTS: Mapping[str, str] = {
    "refresh": "refresh",
    "notes": "notes",
    "summary": "notes",
    "who am I": "own calls",
}
"""What the ledger calls a request -> what an app needs to make it."""

PATHS: Mapping[str, str] = {
    "/api/auth/sign-in": "password",
    "/api/auth/refresh": "refresh",
    "/app/notes": "notes",
    "/app/summarise": "notes",
}
"""Where the server is told to answer otherwise -> who can notice."""

ABOUT: Mapping[str, str] = {
    **{f"SB-{number}": "window process" for number in range(1, 9)},
    **{f"IN-{number}": "notes" for number in (1, 2, 6, 7, 8, 9)},
    **{f"NT-{number}": "notes" for number in range(1, 6)},
    **{f"PG-{number}": "refapp's words" for number in range(1, 10)},
    "EX-3": "notes", "EX-4": "notes", "NM-3": "notes", "OW-7": "notes", "OW-8": "notes",
}  # fmt: skip
"""What a rule is about -> who has such a thing; for others none of its scenarios says anything."""

MEANINGS: Mapping[str, str] = {
    "paused": "notes", "notes not taken": "notes", "no room for notes": "notes",
    "notes without an owner": "notes",
    "notes not shown": "notes",
}  # fmt: skip
"""What a sentence can be about -> who has such a thing; for others it is not compared."""

ADDED: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "SI-17": ("after", ("sign-in",)),
    "OF-10": ("after", ("notes",)),
    "RS-4": ("before", ("refresh",)),
}
"""A rule that is a should -> beside which requests it decides whether there is a session check.
An app without it need not do the same, but in the scenarios of that rule.
"""

WITHOUT: Mapping[str, tuple[str, str]] = {"that a restart is needed": ("restart", "the login form")}
"""What the window shows -> what it needs, and what an app without that shows in its place."""


def complaint(declared: Iterable[str]) -> str:
    """What is wrong with a declaration, in a sentence; empty if nothing is."""
    names = list(declared)
    unknown = [name for name in names if name not in CAPABILITIES]
    if unknown:
        return f"no capability is called {unknown[0]!r}; there are: {', '.join(CAPABILITIES)}."
    stores = [name for name in names if name in STORES]
    if len(stores) != 1:
        return (
            f"an app keeps its tokens in one place: one of {', '.join(STORES)} has to be "
            f"declared, not {len(stores)}."
        )
    return ""
