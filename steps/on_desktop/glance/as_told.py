"""That the real window shows what ``screens`` makes of what it was sent, and nothing else: texts,
colours, letters for Alt, and what can be pressed.

So a window without a screen, which shows the same ``screens``, stands for the real one. Left out is
what the window alone knows: what is typed, and what is said of that.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from refapp.params import LONGEST_SHOWN
from refapp.snapshot import StateParams
from refapp.untrusted.presentation.screens import busy_with, covered_by, screen
from refapp.untrusted.presentation.sign_in_screen import time_left
from refapp.untrusted.presentation.view import Local, Page, SignInCard
from refapp.untrusted.wording import note_words, sign_in_words
from steps.on_desktop.glance.places import area
from steps.scenario.window_texts import texts

FRAME = ("title", "unsandboxed", "banner", "notice", "account.button", "account.initials")
PAGES: Mapping[Page, Sequence[str]] = {
    "notes": ("notes", "sync", "assistant", "apart"),
    "account": ("sign_in", "second_factor", "profile", "sessions", "account"),
    "inspector": ("inspector",),
}
"""Page -> how the names of what stands there begin."""
ALWAYS = frozenset({"brand", "focus", "menu", "nav.notes", "nav.account", "nav.inspector"})
ITS_OWN = frozenset({
    "sign_in.email", "sign_in.email_label", "sign_in.password", "sign_in.password_label",
    "sign_in.caps_lock", "sign_in.error", "sign_in.pasted", "sign_in.pasted_label",
    "sign_in.left", "second_factor.code_label", "second_factor.one_time_code",
    "second_factor.send", "second_factor.sentence", "second_factor.left",
    "sessions.sign_out_one", "inspector.messages",
    "notes.editor", "notes.hint", "notes.saved", "notes.summary", "notes.hide_summary",
    "notes.delete", "notes.undo_delete", "notes.assistant",
    "account.why", "inspector.holds", "inspector.went",
})  # fmt: skip
"""What no snapshot decides."""
NO_BUTTONS = frozenset({
    "account.button", "sign_in.submit", "sign_in.link", "notes.list", "sessions.list",
    "inspector.checks",
})  # fmt: skip
"""What is pressed is not told by their ``at``."""
COLOURED = ("banner", "notice", "sessions.sentence")
USUAL_HEIGHT, WIDE = 30, 700
"""Pixels of the menu's button with text of the usual size, and from the first to the last of the
bar in a window in which nothing of that gives way.
"""
CARDS = ("sign_in", "second_factor")
"""What a sign-in that waits is shown in."""
NOT_SENT = frozenset({sign_in_words.EMAIL_MISSING, sign_in_words.PASSWORD_MISSING})
"""What the form says by itself."""
TOLD_LATE_S = 60.0
"""How old what the window told of the time may be: it is not told each second."""


def with_colours(seen: Mapping[str, str], letters: Sequence[str]) -> dict[str, str]:
    """``seen`` as a window without a screen tells it: a colour only of lines that can have several,
    a letter only of ``letters``, the buttons whose letter the page decides.
    """
    kept = {
        name: text
        for name, text in seen.items()
        if not name.startswith(("kind:", "letter:"))
        or name.removeprefix("kind:") in COLOURED
        or name.removeprefix("letter:") in letters
    }
    if "kind:sign_in.password" in seen and seen.get("sign_in.error"):
        kept["kind:sign_in.error"] = "of the password"
    return kept


def amiss(
    seen: Mapping[str, str], states: Sequence[StateParams], *, passing: bool = False
) -> list[str]:
    """What ``seen`` shows otherwise than the newest of ``states`` says; nothing if it is as told.
    Of what only the window knows, each possibility is looked at, and the likeliest is answered.
    ``passing``: it was shown for a moment, and what is waited for need not take long yet.
    """
    if "error" in seen:
        return [f"the window had an error: {seen['error']}"]
    pages = [page for page in PAGES if seen.get(f"state:nav.{page}") == "selected"]
    if len(pages) != 1 or not states:
        return [f"these pages are chosen: {pages}"]
    there = {name.partition(".")[0] for name in seen if name not in FRAME}
    if passing and there.isdisjoint(PAGES[pages[0]]):
        return []  # it has just been opened, and the display has not drawn it yet
    found = (
        sorted(_differences(seen, told, pages[0], tight=passing or _narrow(seen)))
        for told in _possible(seen, states, pages[0], passing=passing)
    )
    own = [] if passing else [*_of_its_own(seen, states[-1]), *_of_the_form(seen, states[-1])]
    return [*min(found, key=len), *own]


def not_said(before: StateParams, now: StateParams, seen: Mapping[str, str]) -> list[str]:
    """What is to be said of a sign-in since ``now``, the snapshot after ``before``, and is not
    there when that is shown: later she may have taken it away.
    """
    was, card = _card(before), _card(now)
    if card is None or card.offer is not None or "sign_in.email" not in seen:
        return []
    comes = was is None or was.error != card.error or (card.enabled and not was.enabled)
    said = seen.get("sign_in.error", "")
    return [f"the form says {said!r}, not {card.error!r}"] if comes and said != card.error else []


def _card(state: StateParams) -> SignInCard | None:
    return screen(state, Local(page="account")).account.sign_in


def _possible(
    seen: Mapping[str, str], states: Sequence[StateParams], page: Page, *, passing: bool
) -> Iterator[Mapping[str, str]]:
    local = Local(page=page)
    for one in states:
        local = msgspec.structs.replace(local, covered=covered_by(one, local))
    refusals = dict.fromkeys(("", seen.get("notice", "")))
    busy = bool(busy_with(states[-1]))
    waits = (True, False) if busy and passing else (busy,)
    for long, apart, refusal in itertools.product(waits, (False, True), refusals):
        now = msgspec.structs.replace(local, busy_long=long, apart=apart, refusal=refusal)
        yield texts(screen(states[-1], now))


def _differences(
    seen: Mapping[str, str], told: Mapping[str, str], page: Page, *, tight: bool
) -> Iterator[str]:
    """``tight``: there may be too little room in the bar."""
    names = {name for name in (*seen, *told) if ":" not in name and _is_on(name, page)}
    for name in names:
        here, said = seen.get(name, ""), told.get(name, "")[:LONGEST_SHOWN]
        if here != said and not (tight and _gives_way(name, here, said)):
            yield f"{name} shows {here!r}, not {said!r}"
        for mark in ("kind", "label", "letter", "at"):
            looks = _looks(mark, name, seen), _looks(mark, name, told)
            if looks[0] != looks[1] and here and _is_marked(mark, name, told):
                yield f"{mark}:{name} is {looks[0]!r}, not {looks[1]!r}"
    for name in seen:
        if ":" not in name and name not in ALWAYS and not _is_of(name, page):
            yield f"{name} is not of this page"


def _of_its_own(seen: Mapping[str, str], state: StateParams) -> Iterator[str]:
    """What the window alone knows, as far as the snapshot leaves it no choice."""
    can_write, full = "at:notes.new" in seen, state.full or bool(state.limit)
    if can_write and "notes.editor" in seen and "at:notes.editor" not in seen and not full:
        yield "there is room for a note, and none can be written"
    hint = seen.get("notes.hint")
    if hint not in (None, note_words.HINT, state.limit):
        yield f"the hint of an empty note is {hint!r}"
    card = next((one for one in CARDS if f"{one}.cancel" in seen), "")
    if not card or (pending := state.pending) is None or pending.other is not None:
        return
    left, now = seen.get(f"{card}.left", ""), time.time()
    could = {time_left(pending.expires_at, now - late) for late in (0.0, TOLD_LATE_S)}
    asking = pending.second_factor is not None and pending.second_factor.asking
    if left not in could and not asking:
        yield f"{card} says {left!r} of its time, not one of {could}"
    wrong = pending.sentence if not asking else ""
    if wrong and f"{card}.sentence" not in seen:
        yield f"{card} does not say {wrong!r}"


def _of_the_form(seen: Mapping[str, str], state: StateParams) -> Iterator[str]:
    """It says what came of the last sign-in, or what keeps the next one from being sent."""
    card, said = _card(state), seen.get("sign_in.error", "")
    if card is None or not said or said in NOT_SENT:
        return
    if card.offer is not None or said != card.error:
        yield f"the form says {said!r}, not {card.error!r}"
    elif ("kind:sign_in.password" in seen) != card.wrong:
        yield f"it says {said!r}, and the field of the password is marked the other way round"


def _looks(mark: str, name: str, of: Mapping[str, str]) -> str:
    said = of.get(f"{mark}:{name}", "")
    return "usable" if mark == "at" and said else said


def _is_marked(mark: str, name: str, told: Mapping[str, str]) -> bool:
    if mark == "kind":
        return name in COLOURED
    return f"{mark}:{name}" in told if mark in ("label", "letter") else name not in NO_BUTTONS


def _is_of(name: str, page: Page) -> bool:
    frame = name in FRAME or name in ("banner.action", "notice.dismiss")
    return frame or name.partition(".")[0] in PAGES[page]


def _is_on(name: str, page: Page) -> bool:
    return _is_of(name, page) and name not in ITS_OWN


def _narrow(seen: Mapping[str, str]) -> bool:
    """There may be too little room in the bar."""
    first, last = area(seen, "nav.notes"), area(seen, "menu")
    if first is None or last is None or last.height > USUAL_HEIGHT:
        return True
    return last.x + last.width - first.x < WIDE


def _gives_way(name: str, here: str, said: str) -> bool:
    """In a narrow window the name of the person does, and the state stays."""
    if name == "account.initials":
        return not here
    if name == "account.button":
        return said.endswith(f" · {here}")
    return False
