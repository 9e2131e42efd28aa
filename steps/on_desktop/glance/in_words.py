"""That what always says the same does: headings, labels and buttons that no snapshot decides. And
that each button has a letter, which a person without a mouse presses it by, and the pointer says
what a click does, to a person with one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

WORDS: Mapping[str, str] = {
    "brand": "refapp", "menu": "Menu", "notice.dismiss": "Dismiss",
    "nav.notes": "Notes", "nav.account": "Account", "nav.inspector": "Inspector",
    "notes.delete": "Delete", "notes.undo_delete": "Undo delete", "notes.assistant": "Assistant",
    "notes.hide_summary": "Hide",
    "sign_in.email_label": "E-mail", "sign_in.password_label": "Password",
    "sign_in.caps_lock": "Caps Lock is on.",
    "sign_in.pasted_label": "Does the page show a code? Paste it here:",
    "second_factor.code_label": "Code", "sessions.sign_out_one": "Sign out selected",
    "account.why": "Why was I signed out?",
    "inspector.holds": "What holds this window", "inspector.went": "What went over the channel",
    "heads:inspector.checks": "Restriction | State | Detail",
    "heads:inspector.messages": "Time | Direction | Message | Bytes",
}  # fmt: skip
POINTERS: Mapping[str, str] = {"account.initials": "hand2", "notes.hint": "xterm"}
"""A text that can be clicked -> the pointer over it. Over others, and over all else, it is the
desktop's own; fields and lists have their own way with it.
"""
FIELDS: Mapping[str, str] = {
    "sign_in.email": "sign_in.email_label",
    "sign_in.password": "sign_in.password_label",
    "sign_in.pasted": "sign_in.pasted_label",
    "second_factor.one_time_code": "second_factor.code_label",
}
"""A field -> what has its letter."""
BY_TAB = frozenset({
    "account.button", "menu", "notes.editor", "notes.list", "sessions.list", "sign_in.link",
    "inspector.checks", "inspector.messages",
})  # fmt: skip
"""What is reached by Tab, or has a key of its own."""


def amiss(seen: Mapping[str, str]) -> list[str]:
    """What says something else than always, what has no letter, and what a wrong pointer."""
    return [*_other_words(seen), *_without_letter(seen), *_pointers(seen)]


def _pointers(seen: Mapping[str, str]) -> Iterator[str]:
    for name in (one for one in seen if ":" not in one):
        pointer = seen.get(f"pointer:{name}", "")
        if pointer != POINTERS.get(name, ""):
            yield f"the pointer over {name} is {pointer or 'the usual one'}"


def _other_words(seen: Mapping[str, str]) -> Iterator[str]:
    for name, words in WORDS.items():
        if seen.get(name, words) != words:
            yield f"{name} says {seen[name]!r}, not {words!r}"


def _without_letter(seen: Mapping[str, str]) -> Iterator[str]:
    for place in seen:
        name = place.removeprefix("at:")
        by_tab = name in BY_TAB or name.rpartition(".")[0] in BY_TAB
        if name != place and not by_tab and f"letter:{FIELDS.get(name, name)}" not in seen:
            yield f"{name} has no letter"
