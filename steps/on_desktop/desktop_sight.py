"""What the features call the real window's buttons and keys, how a real desktop's ledger is read,
and the window's process.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
from collections.abc import Iterator, Mapping
from pathlib import Path

from steps.on_desktop.computer import children, command_of
from steps.scenario.effects import Effect
from steps.scenario.sight import Page

BUTTONS: Mapping[str, tuple[Page | None, str, str]] = {
    "sign out": ("account", "profile.sign_out", "sign_out"),
    "try again": (None, "banner.action", "try_again"),
    "restart": (None, "banner.action", "restart"),
    "unlock": (None, "banner.action", "unlock_storage"),
    "keep my session in memory alone": ("account", "sign_in.offer", "keep_in_memory"),
    "sign in with the browser": ("account", "sign_in.browser", "sign_in_elsewhere"),
    "sign in with a code": ("account", "sign_in.device", "sign_in_elsewhere"),
    "go on": ("account", "sign_in.accept", "sign_in_accept"),
    "cancel": ("account", "sign_in.cancel", "sign_in_cancel"),
    "open the link": ("account", "sign_in.open_link", "sign_in_open_link"),
    "send a code by e-mail": ("account", "second_factor.send", "sign_in_send_code"),
    "send the message again": ("account", "sign_in.offer", "sign_in_send_verification"),
    "no account yet": ("account", "sign_in.no_account", "sign_in_elsewhere"),
    "forgot your password": ("account", "sign_in.forgot", "sign_in_elsewhere"),
    "sync": ("notes", "sync.now", "sync_now"),
    "summarise": ("notes", "assistant.summarise", "summarise"),
    "delete": ("notes", "notes.delete", "note_delete"),
    "add to my notes": ("notes", "apart.1", "notes_apart"),
    "keep apart": ("notes", "apart.2", "notes_apart"),
    "undo": ("notes", "apart.1", "notes_apart"),
    "where am I signed in": ("account", "sessions.ask", "list_sessions"),
    "sign out all others": ("account", "sessions.sign_out_others", "revoke_other_sessions"),
    "sign out everywhere": ("account", "sessions.sign_out_everywhere", "sign_out_everywhere"),
}
"""Button -> the page it is on, its widget, and the request that it leads to."""

KEYS: Mapping[str, str] = {
    "Enter": "Return", "Page Down": "Next", "Page Up": "Prior", "Backspace": "BackSpace",
    "Space": "space", "Caps Lock": "Caps_Lock", "+": "plus", "-": "minus", "=": "equal",
    "Keypad Plus": "KP_Add", "Keypad Minus": "KP_Subtract", "Keypad Enter": "KP_Enter",
    "Keypad 0": "KP_0", "Keypad Down": "KP_Down", "Acute": "dead_acute",
}  # fmt: skip
MOUSE: Mapping[str, str] = {"Middle Click": "2", "Wheel Up": "4", "Wheel Down": "5"}
"""What the mouse does in the middle of the window -> the button that it is for a program."""
KEYSTROKES = re.compile(
    r"(?:'(?P<text>[^']*)'(?: and at once (?P<then>[^',]+))?"
    r"|(?P<key>[^',]+?)(?: (?P<times>\d+) times)?)(?:, |$)"
)
ASKS = Effect("server", "device check")
IN_VAIN = [
    Effect("disk", "write journal"),
    Effect("server", "refresh"),
    Effect("disk", "delete journal"),
]


def without_retries(effects: list[Effect], *, store_broken: bool) -> list[Effect]:
    """``effects`` with what was in vain once only.

    On a real desktop time passes: the app tries again by itself, and asks again about a code before
    anybody has decided.
    """
    kept: list[Effect] = []
    for effect in effects:
        kept.append(effect)
        if kept[-3:] == kept[-6:-3] == IN_VAIN:
            del kept[-3:]
        elif store_broken and kept[-2:] == kept[-4:-2] == IN_VAIN[:2]:
            del kept[-2:]
        elif kept[-2:] == [ASKS, ASKS]:
            del kept[-1:]
    return kept


def named(key: str) -> str:
    """``key`` as xdotool calls it."""
    held, _, last = key.rpartition("+") if not key.endswith("++") else (key[:-2], "", "+")
    last = KEYS.get(last, last if len(last) > 1 else last.lower())
    return f"{held.lower()}+{last}" if held else last


def window_of(app: int) -> int:
    """The process of the window that the process ``app`` started."""
    # The other one is the display's gate, a fork of the app.
    [child] = [pid for pid in children(app) if b"untrusted" in command_of(pid)]
    return child


@contextlib.contextmanager
def pressed_at_once(app: int) -> Iterator[None]:
    """What is pressed now comes to the window of ``app`` together: on a busy computer it would save
    what is there half-way.
    """
    window = window_of(app)
    os.kill(window, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(window, signal.SIGCONT)


def window_status(app: int) -> dict[str, list[str]]:
    """What the kernel says of the window that the process ``app`` started: field of its status ->
    the value in each thread.
    """
    found: dict[str, list[str]] = {}
    for path in Path(f"/proc/{window_of(app)}/task").glob("*/status"):
        for line in path.read_text().splitlines():
            name, _, value = line.partition(":")
            found.setdefault(name, []).append(value.strip())
    return found
