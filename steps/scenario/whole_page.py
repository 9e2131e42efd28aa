"""One page of the window as a person reads it, from top to bottom: every text and every button, and
nothing else.

Owns what the features call the places of a page. Reads the texts by their widgets' names, as
``window_texts`` and a real window have them; what a real window does not tell of itself is left out
on both sides (``seen_from_outside``). What differs from run to run has a word: the server's
address, the version, the code of a sign-in.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple, get_args

WholePage = Literal["notes", "account", "inspector"]
WHOLE_PAGES: Sequence[WholePage] = get_args(WholePage)
Row = tuple[str, str, str]
"""A place, what it says, and which buttons there can be pressed and which can't."""


class Place(NamedTuple):
    """``texts`` and ``buttons`` are widgets; each line of a text is a row."""

    called: str
    texts: tuple[str, ...] = ()
    buttons: tuple[str, ...] = ()


FRAME = (
    Place("state", ("title", "account.initials", "account.button")),
    Place("unsandboxed", ("unsandboxed",)),
    Place("banner", ("banner",), ("banner.action",)),
    Place("notice", ("notice",), ("notice.dismiss",)),
)
FORM = tuple(f"sign_in.{name}" for name in ("show_password", "submit", "forgot", "no_account"))
PROFILE = tuple(f"profile.row{number}" for number in (1, 2, 3, 4))
PAGES: Mapping[WholePage, Sequence[Place]] = {
    "notes": (
        Place("notes apart", ("apart",), ("apart.1", "apart.2")),
        Place("list", ("notes.empty",), ("notes.new",)),
        Place("note", ("notes.list",)),
        Place("editor", ("notes.editor", "notes.hint")),
        Place("summary", ("notes.summary",), ("notes.hide_summary",)),
        Place("saved", ("notes.saved",), ("notes.delete", "notes.undo_delete")),
        Place("sync", ("sync.state", "sync.detail"), ("sync.now",)),
        Place("assistant", ("assistant.state", "assistant.detail"), ("assistant.summarise",)),
    ),
    "account": (
        Place("heading", ("sign_in.heading",)),
        Place("heading", ("sign_in.pending_heading",)),
        Place("heading", ("second_factor.heading",)),
        Place("ways", (), ("sign_in.browser", "sign_in.device")),
        Place("error of a way", ("sign_in.way_error",)),
        Place("offer", (), ("sign_in.offer",)),
        Place("or", ("sign_in.or",)),
        Place("form", ("sign_in.email",), FORM),
        Place("error", ("sign_in.error",)),
        Place("demo", ("sign_in.demo",), ("sign_in.fill",)),
        Place("filled in", ("filled in",)),
        Place("busy", ("sign_in.busy",), ("sign_in.cancel_password",)),
        Place("text", ("sign_in.pending_text",)),
        Place("code", ("sign_in.code",), ("sign_in.copy_code",)),
        Place("copied", ("copied.code",)),
        Place("link", ("sign_in.link",), ("sign_in.open_link", "sign_in.copy_link")),
        Place("paste", ("sign_in.pasted_label",), ("sign_in.use_code",)),
        Place("error", ("sign_in.sentence",)),
        Place("time left", ("sign_in.left",), ("sign_in.accept", "sign_in.cancel")),
        Place("text", ("second_factor.text",)),
        Place("code from", (), tuple(f"second_factor.factor{number}" for number in (1, 2, 3))),
        Place("code", (), ("second_factor.send", "second_factor.trust", "second_factor.submit")),
        Place("error", ("second_factor.sentence",)),
        Place("time left", ("second_factor.left",), ("second_factor.cancel",)),
        Place("reason", ("account.history",)),
        Place("profile", ("profile.initials", "profile.name", "profile.email")),
        Place("profile", PROFILE, ("profile.sign_out",)),
        Place("busy", ("profile.busy",)),
        Place("session", ("sessions.list",)),
        Place("sessions", ("sessions.sentence",)),
        Place("sessions", (), ("sessions.sign_out_others", "sessions.sign_out_everywhere")),
        Place("sessions", ("sessions.busy",), ("sessions.ask",)),
        Place("heading", ("account.heading",)),
        Place("message", ("account.message",)),
        Place("kept", ("account.kept",)),
    ),
    "inspector": (
        Place("verdict", ("inspector.verdict",)),
        Place("check", ("inspector.checks",)),
        Place("display", ("inspector.display",)),
        Place("kept", ("inspector.kept",)),
    ),
}
ROWS_APART = frozenset({"notes.list", "sessions.list", "account.history", "inspector.checks"})
"""Texts of several rows."""
LETTERED = (
    "banner.action", "apart.1", "apart.2", "sign_in.offer", "sessions.ask",
    *(f"second_factor.factor{number}" for number in (1, 2, 3)),
)  # fmt: skip
"""Buttons whose letter the page decides."""
SEEN_ELSEWHERE = frozenset({
    "focus", "menu", "nav.notes", "nav.account", "nav.inspector", "sign_in.email_label",
    "sign_in.password_label", "sign_in.password", "sign_in.pasted", "second_factor.code_label",
    "second_factor.one_time_code", "sessions.sign_out_one", "inspector.messages",
    "brand", "account.why", "notes.assistant", "inspector.holds", "inspector.went",
})  # fmt: skip
"""What has no place in a table: the way to each page, fields, what they are called, headings."""


@functools.cache
def _differs() -> Sequence[tuple[re.Pattern[str], str]]:
    """What differs from run to run, and the word for it. The app is not imported before a run."""
    from refapp import __version__

    return (
        (re.compile(r"http://127\.0\.0\.1:\d+"), "http://server"),
        (re.compile(r"127\.0\.0\.1:\d+"), "server"),
        (re.compile(rf"refapp {re.escape(__version__)} on .+?(?= ·|$)"), "this app"),
        (re.compile(re.escape(__version__)), "x.y.z"),
        (re.compile(r"\b[A-Z0-9]{4} [A-Z0-9]{4}\b"), "ABCD EFGH"),
        (re.compile(r"\b[A-Z0-9]{8}\b"), "ABCDEFGH"),
        (re.compile(r"\?\S+"), "?…"),
    )


def rows(seen: Mapping[str, str], page: WholePage) -> list[Row]:
    """The page, from ``seen``: the texts by their widgets' names."""
    placed = [row for place in (*FRAME, *PAGES[page]) for row in _rows(seen, place)]
    return [*placed, *(("no place", f"{name}: {seen[name]}", "") for name in _without_place(seen))]


def _without_place(seen: Mapping[str, str]) -> Iterator[str]:
    """What would go unread."""
    places = (*FRAME, *(place for page in PAGES.values() for place in page))
    known = {name for place in places for name in (*place.texts, *place.buttons)}
    return (name for name in seen if ":" not in name and name not in known | SEEN_ELSEWHERE)


def seen_from_outside(page: Sequence[Row]) -> list[Row]:
    """``page`` without what a real window does not tell, and what is another's on a real desktop:
    times, and the keychain's name.
    """
    return [
        (
            called,
            _anybody_s(said),
            buttons.replace("can be signed out", ""),
        )
        for called, said, buttons in page
        if called not in ("copied", "filled in")
    ]


def _anybody_s(said: str) -> str:
    said = re.sub(r"\b(Signed in at|State|Kind of session|Version): ", "", said)
    said = re.sub(r"\d\d:\d\d", "hh:mm", said)
    return re.sub(r"kept by [^.]+", "kept by Test Keychain", said)


def _rows(seen: Mapping[str, str], place: Place) -> Iterator[Row]:
    buttons = _buttons(seen, place.buttons)
    kind = next(filter(None, (seen.get(f"kind:{name}") for name in place.texts)), "")
    called = f"{place.called}, {kind}" if kind else place.called
    if set(place.texts) & ROWS_APART:
        [name] = place.texts
        for number, line in enumerate(filter(None, seen.get(name, "").split("\n")), start=1):
            end = seen.get(f"at:{name}.{number}", "")
            yield called, _said(line), "can be signed out" if end else ""
        return
    if "notes.editor" in place.texts and "at:notes.editor" not in seen:
        buttons = "can't: write"
    said = " · ".join(_labelled(seen, name) for name in place.texts if seen.get(name))
    if said or buttons:
        yield called, _said(said), buttons


def _labelled(seen: Mapping[str, str], name: str) -> str:
    label = seen.get(f"label:{name}")
    return f"{label}: {seen[name]}" if label else seen[name]


def _said(text: str) -> str:
    text = re.sub(r"\s*\n\s*", " ", text).replace(" | ", " · ")
    for differs, word in _differs():
        text = differs.sub(word, text)
    return re.sub(r"  +", " · ", text)


def _buttons(seen: Mapping[str, str], names: Sequence[str]) -> str:
    can = [_button(seen, name) for name in names if name in seen and f"at:{name}" in seen]
    can_t = [_button(seen, name) for name in names if name in seen and f"at:{name}" not in seen]
    said = (f"can: {', '.join(can)}" if can else "", f"can't: {', '.join(can_t)}" if can_t else "")
    return "; ".join(filter(None, said))


def _button(seen: Mapping[str, str], name: str) -> str:
    letter = seen.get(f"letter:{name}")
    return f"{seen[name]} ({letter})" if letter else seen[name]
