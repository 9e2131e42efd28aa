"""That what a person works at is to be seen, and all else to its end: where the keyboard is, the
cursor of a text, the row that is chosen. And that a page stands in its order, from top to bottom
and from left to right.

Owns that order.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence

from steps.on_desktop.glance.as_drawn import TOUCHES
from steps.on_desktop.glance.places import area

LISTS = ("notes.list", "sessions.list", "inspector.checks", "inspector.messages")
OF_ANY_LENGTH = frozenset({"inspector.checks", "inspector.messages"})
"""What others wrote stands there."""
TO_BE_READ = frozenset({"notes.editor", "sign_in.email", "sign_in.password"})
"""Where the keyboard may stay while nothing can be written."""
IN_A_BUTTON = 6
"""Pixels above and below its text that a row need not have."""
ASKING = "sessions.ask"
"""A button that can't be pressed until its answer comes, and keeps the keyboard for then."""
FROM_TOP: Sequence[Sequence[str]] = (
    ("nav.notes", "unsandboxed", "banner", "notice"),
    ("nav.notes", "apart", "notes.new", "notes.list"),
    ("apart", "notes.editor", "notes.summary", "notes.saved", "sync.state", "sync.detail"),
    ("notes.list", "assistant.state", "assistant.detail"),
    (
        "nav.account", "sign_in.heading", "sign_in.browser", "sign_in.device", "sign_in.way_error",
        "sign_in.offer", "sign_in.or", "sign_in.email_label", "sign_in.email",
        "sign_in.password_label", "sign_in.password", "sign_in.show_password", "sign_in.caps_lock",
        "sign_in.error", "sign_in.submit", "sign_in.busy", "sign_in.cancel_password",
        "sign_in.forgot", "sign_in.demo", "account.history", "profile.name", "profile.email",
        "profile.row1", "profile.row2", "profile.row3", "profile.row4", "profile.sign_out",
        "sessions.list", "sessions.sentence", "sessions.sign_out_others", "sessions.ask",
        "account.heading", "account.message", "account.kept",
    ),
    (
        "sign_in.pending_heading", "sign_in.pending_text", "sign_in.code", "sign_in.link",
        "sign_in.open_link", "sign_in.pasted_label", "sign_in.pasted", "sign_in.sentence",
        "sign_in.cancel", "account.history",
    ),
    (
        "second_factor.heading", "second_factor.text", "second_factor.factor1",
        "second_factor.factor2", "second_factor.factor3", "second_factor.send",
        "second_factor.code_label", "second_factor.one_time_code", "second_factor.trust",
        "second_factor.sentence", "second_factor.submit", "second_factor.cancel",
    ),
    (
        "nav.inspector", "inspector.verdict", "inspector.checks", "inspector.display",
        "inspector.kept", "inspector.messages",
    ),
)  # fmt: skip
FROM_LEFT: Sequence[Sequence[str]] = (
    ("nav.notes", "nav.account", "nav.inspector", "account.initials", "account.button", "menu"),
    ("banner", "banner.action"),
    ("notice", "notice.dismiss"),
    ("apart", "apart.1", "apart.2"),
    ("notes.list", "notes.editor"),
    ("notes.saved", "notes.undo_delete", "notes.delete"),
    ("notes.summary", "notes.hide_summary"),
    ("sync.state", "sync.now", "assistant.state", "assistant.summarise"),
    ("sign_in.forgot", "sign_in.no_account"),
    ("sign_in.code", "sign_in.copy_code"),
    ("sign_in.open_link", "sign_in.copy_link"),
    ("sign_in.pasted", "sign_in.use_code"),
    ("profile.initials", "profile.name"),
    ("sessions.sign_out_one", "sessions.sign_out_others", "sessions.sign_out_everywhere"),
)


def amiss(seen: Mapping[str, str]) -> list[str]:
    """What is out of sight, cut off, or not in its place."""
    found = [
        f"{name.removeprefix('cut:')} has too little room for {text!r}"
        for name, text in seen.items()
        if name.startswith("cut:") and name.removeprefix("cut:") not in OF_ANY_LENGTH
    ]
    focus = seen.get("focus", "")
    asked = focus == ASKING and "sessions.busy" in seen
    if f"at:{focus}" not in seen and focus not in TO_BE_READ and not asked:
        found.append(f"the keyboard is at {focus or 'nothing'}, where it is of no use")
    if focus and f"box:{focus}" not in seen:
        found.append(f"the keyboard is at {focus}, which is out of sight")
    if focus == "notes.editor" and f"at:{focus}" in seen and f"cursor:{focus}" not in seen:
        found.append("the cursor of the note is out of sight")
    found += [
        f"{name.removeprefix('state:')} is chosen and out of sight"
        for name, text in seen.items()
        if text == "selected"
        and name.removeprefix("state:").rpartition(".")[0] in LISTS
        and name.replace("state:", "at:") not in seen
    ]
    found += _low_rows(seen)
    for edge, orders in ((1, FROM_TOP), (0, FROM_LEFT)):
        found += [wrong for order in orders for wrong in _out_of_order(seen, order, edge)]
    return found


def _low_rows(seen: Mapping[str, str]) -> Iterator[str]:
    """Each has room for a line of the text, as the word for a page has in the bar."""
    line = area(seen, "nav.notes")
    for table in LISTS:
        at = [int(text.split(",")[1]) for name, text in seen.items() if _is_row(name, table)]
        lowest = min((b - a for a, b in itertools.pairwise(at)), default=None)
        if line is not None and lowest is not None and lowest < line.height - IN_A_BUTTON:
            yield f"the rows of {table} are {lowest} pixels high, and cut off"


def _is_row(name: str, table: str) -> bool:
    return name.startswith(f"at:{table}.")


def _out_of_order(seen: Mapping[str, str], order: Sequence[str], edge: int) -> Iterator[str]:
    """``edge``: 0 from left to right, 1 from top to bottom."""
    there = [(name, place) for name in order if (place := area(seen, name)) is not None]
    for (one, a), (other, b) in itertools.pairwise(there):
        if a[edge] + a[edge + 2] > b[edge] + TOUCHES:
            yield f"{one} does not stand before {other}: {a}, {b}"
