"""What the windows of one copy were told, one thing after the other: a number that stands for
something stands for the same until that has gone, and nothing of one state is left in another. No
single look shows it, and a person would only wonder: what she dismisses takes another thing along,
what she has chosen is chosen no more, a field is marked as wrong and nothing says why. And whether
how the window looks is how it was left.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from refapp.snapshot import OwnSession, Phase, StateParams
from refapp.trusted.start import window_settings
from refapp.trusted.wording import window_words

if TYPE_CHECKING:
    from refapp.messages import Colours
    from steps.fakes.windows.fake_window import FakeWindow

NUMBERED = re.compile(r"[0-9a-f]{8}\.(json|lock)")
RESTARTING = "Restarting."
FORM = {Phase.SIGNED_OUT, Phase.EXPIRED, Phase.UNAVAILABLE, Phase.RESTORING}
AWAY = {Phase.OFFLINE, Phase.RESTORING, Phase.SIGNING_OUT}
PHASES = {
    "pending": {Phase.SIGNING_IN},
    "offer": FORM,
    "unverified": FORM,
    "form_error": FORM,
    "form_wrong": FORM,
    "sentence": AWAY,
    "retry_at": AWAY,
}
"""What there is in some phases alone -> in which."""
WITH_PERSON = {Phase.SIGNED_IN, Phase.SIGNING_OUT, Phase.OFFLINE, Phase.EXPIRED, Phase.RESTORING}
STATES = {
    "apart": ({"none"}, WITH_PERSON),
    "sync": ({"off", "paused"}, {Phase.SIGNED_IN, Phase.SIGNING_OUT}),
    "assistant": ({"off", "paused"}, {Phase.SIGNED_IN, Phase.SIGNING_OUT}),
    "own_sessions": ({"unknown"}, {Phase.SIGNED_IN, Phase.SIGNING_OUT, Phase.OFFLINE}),
}
"""What is in these states in all phases but some -> in which."""


def amiss(told: Iterable[StateParams]) -> list[str]:
    """What is wrong with it."""
    found = []
    notices: dict[int, str] = {}
    rows: Mapping[object, str] = {}
    for state in told:
        found += [
            f"{field} is left in the phase {state.phase.value}"
            for field, phases in PHASES.items()
            if getattr(state, field) and state.phase not in phases
        ]
        found += [
            f"{field} is {now} in the phase {state.phase.value}"
            for field, (always, phases) in STATES.items()
            if (now := getattr(state, field).state) not in always and state.phase not in phases
        ]
        if state.form_wrong and not state.form_error:
            found.append("the form is marked as wrong, and nothing says why")
        if state.notice is not None:
            number, text = state.notice.number, state.notice.text
            if text not in notices.setdefault(number, text):
                found.append("a notice has the number of another one")
            notices[number] = text
        own = state.own_sessions
        now = _rows(own.sessions)
        if any(now[row] != session for row, session in rows.items() if row in now):
            found.append("a session in the list is called by another id than before")
        rows = {} if own.state == "unknown" else {**rows, **now}
    return found


def exchanged(windows: Sequence[FakeWindow]) -> list[str]:
    """What is wrong with how one of them took another's place: somebody else's window goes by
    itself, the one in which she signed out only when she says so (SB-8, SO-6).
    """
    found = []
    for before, after in pairwise(windows):
        asked = [state.phase is Phase.AWAITING_RESTART for state in before.snapshots[-1:]]
        asks = [state.phase is Phase.AWAITING_RESTART for state in after.snapshots[:1]]
        if before.ended_for == window_words.SOMEBODY_ELSE and asks == [True]:
            found.append("a window is exchanged before the restart that is asked for")
        if before.ended_for == RESTARTING and asked != [True]:
            found.append("a window is exchanged by a restart that is not asked for")
    return found


def odd(window: FakeWindow, folder: Path, wanted: Colours) -> list[str]:
    """How it looks, if that is not how the next one would come up, and which colours it calls
    chosen, if those are not. ``wanted``: the command line's; ``folder``: where all that is kept.
    """
    if not window.snapshots:
        return []
    look, chosen = window.snapshots[-1].theme, window.colours
    found = []
    if look != window_settings.words(str(folder), wanted)[1]:
        found.append(f"it looks {look}")
    lines = (folder / window_settings.NAME).read_text(encoding="ascii").splitlines()
    kept = dict(line.split(" = ", 1) for line in lines).get("colours", "system")
    if chosen not in {kept, *({wanted} - {"system"})}:
        found.append(f"its menu says that {chosen} colours were chosen")
    return found


def unsaid(window: FakeWindow) -> list[str]:
    """What it says that somebody says, without what that is,
    and which file by a number that says nothing to a person.
    """
    said = window.texts().values() if window.snapshots else ()
    short = [
        f"it stops short: {text}" for text in said if text.rstrip().endswith(("says:", "said:"))
    ]
    return [
        *short,
        *(f"it names a file by a number: {text}" for text in said if NUMBERED.search(text)),
    ]


def _rows(sessions: Iterable[OwnSession]) -> Mapping[object, str]:
    """By what a person knows a session by; those that look the same are left out."""
    named = [((one.device, one.began_at), one.session) for one in sessions]
    often = Counter(row for row, _ in named)
    return {row: session for row, session in named if often[row] == 1}
