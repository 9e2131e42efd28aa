"""All that there is to see of the real window, put together: at each rest what it tells of itself,
at the end the picture that the screen shows as well, and what it has shown for a moment.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

from refapp.snapshot import StateParams
from refapp.tour.framebuffer import Area
from refapp.untrusted.presentation.screens import page_of
from steps.on_desktop.glance import (
    as_drawn,
    as_told,
    in_colours,
    in_sight,
    in_step,
    in_time,
    in_words,
)
from steps.on_desktop.glance.places import Lines

States = Sequence[StateParams]
Seen = Mapping[str, str]


def told(states: States, shown: Sequence[Seen]) -> list[str]:
    """What is amiss in what the window tells of itself. ``states`` is what it was sent, ``shown``
    what it has shown, each oldest first; of an app that is not observed that is nothing.
    """
    if not states or not shown or not shown[-1]:
        return []
    now = shown[-1]
    found = [*as_told.amiss(now, states), *in_sight.amiss(now), *in_step.amiss(now)]
    return [*found, *in_time.amiss(shown), *in_words.amiss(now)]


def seen(states: States, shown: Sequence[Seen], lines: Lines, window: Area | None) -> list[str]:
    """And on the screen, where ``window`` is."""
    if not states or not shown or not shown[-1]:
        return []
    now, theme = shown[-1], states[-1].theme
    drawn = as_drawn.amiss(now, shown[:-1], lines, theme)
    if window is not None:
        drawn += in_colours.round_it(now, window, lines, theme)
    return [*told(states, shown), *drawn]


def for_a_moment(passing: Sequence[tuple[States, Seen]]) -> list[str]:
    """What was shown otherwise than told, each with what had been sent by then."""
    found = [
        one
        for states, shown in passing
        if shown
        for one in as_told.amiss(shown, states, passing=True)
    ]
    for (before, _), (states, shown) in itertools.pairwise(passing):
        if shown and len(states) == len(before) + 1:
            found += as_told.not_said(before[-1], states[-1], shown)
    return [f"for a moment: {one}" for one in [*found, *_not_led(passing)]]


def _not_led(passing: Sequence[tuple[States, Seen]]) -> list[str]:
    """Where what was sent leads to another page, that is what is shown at first, whatever she had
    chosen before; who writes a note may stay with it.
    """
    found, known = [], 0
    for states, seen in passing:
        if 0 < known < len(states):
            pages = [page_of(one) for one in states[known - 1 :]]
            shown = [seen.get(f"state:nav.{page}") for page in (pages[-1], "notes")]
            if len(set(pages)) > 1 and seen and "selected" not in shown:
                found.append(f"it led to the page {pages[-1]}, which was not shown")
        known = max(known, len(states))
    return found
