"""That a person can read what the real window shows: no text lies over another, each can be told
from its ground, and nothing moves when a scrollbar comes.

Reads where the widgets say that they are, and the picture that the screen shows there.
"""

from __future__ import annotations

import collections
import itertools
from collections.abc import Iterator, Mapping, Sequence

from refapp.tour.framebuffer import Area
from steps.on_desktop.glance import in_colours
from steps.on_desktop.glance.in_numbers import contrast
from steps.on_desktop.glance.places import Lines, area

LEAST_CONTRAST = 3.0
"""Of the strongest pixel of a text; the colours themselves have 4.5, but letters are thin."""
LEAST_WIDTH, LEAST_HEIGHT = 4, 11
"""Pixels of a text that is looked at: of less there may be no letter in it."""
TOUCHES = 2
"""Pixels that two lines of text may share: letters do not reach their edges."""
BESIDE = 5
IN_CIRCLES = ("account.initials", "profile.initials")
CIRCLE = 35
"""Pixels across; it does not grow with the text."""
INSIDE = 9, 6
"""Pixels from the edge of a button to its text: its outline and round corners."""
NESTED = frozenset({("notes.editor", "notes.hint"), ("notes.list", "notes.empty")})
STAYS = ("notes.editor", "notes.list", "inspector.checks", "inspector.messages")
"""What has a scrollbar that comes and goes."""


def in_the_middle(place: Area | None, window: Area) -> bool:
    """As much of ``window`` is to the left of it as to the right."""
    assert place is not None
    return abs(2 * place.x + place.width - 2 * window.x - window.width) <= BESIDE


def amiss(
    seen: Mapping[str, str], before: Sequence[Mapping[str, str]], lines: Lines, theme: str
) -> list[str]:
    """What can't be read, is elsewhere than it was in ``before``, or has no colour of ``theme``."""
    colours = counted(seen, lines)
    found = [*_covered(seen), *_pale(colours), *in_colours.amiss(seen, colours, lines, theme)]
    found += [one for then in (*before, seen) for one in _out_of_round(then)]
    found += [one for then in before for one in _moved(then, seen)]
    return sorted(set(found))


def _texts(seen: Mapping[str, str]) -> Iterator[tuple[str, Area]]:
    for name, text in seen.items():
        place = area(seen, name)
        if place is not None and text.strip() and not text.endswith(": 0 characters"):
            yield name, place


def _covered(seen: Mapping[str, str]) -> Iterator[str]:
    for (one, a), (other, b) in itertools.combinations(_texts(seen), 2):
        across = min(a.x + a.width, b.x + b.width) - max(a.x, b.x)
        down = min(a.y + a.height, b.y + b.height) - max(a.y, b.y)
        if across > TOUCHES and down > TOUCHES and {(one, other), (other, one)}.isdisjoint(NESTED):
            yield f"{one} and {other} lie one over the other"


def _out_of_round(seen: Mapping[str, str]) -> Iterator[str]:
    for name in IN_CIRCLES:
        place = area(seen, name)
        if place is not None and place.width > CIRCLE + TOUCHES:
            yield f"{name} stand out of their circle: {place}"
        if place is not None and not seen[name]:
            yield f"{name}: a circle stands there without a letter"


def counted(seen: Mapping[str, str], lines: Lines) -> dict[str, collections.Counter[int]]:
    """How often each colour is on each text of which there is enough to be seen."""
    found = {}
    for name, place in _texts(seen):
        inside = place
        if f"letter:{name}" in seen or f"at:{name}" in seen or f"state:{name}" in seen:
            across, down = INSIDE
            inside = Area(
                place.x + across,
                place.y + down,
                place.width - 2 * across,
                place.height - 2 * down,
            )
        if inside.height < LEAST_HEIGHT or inside.width < LEAST_WIDTH:
            continue  # scrolled out of sight, but for an edge
        colours = found[name] = collections.Counter[int]()
        for line in lines(inside):
            colours.update(memoryview(line).cast("I"))
    return found


def _pale(counted_of: Mapping[str, collections.Counter[int]]) -> Iterator[str]:
    for name, colours in counted_of.items():
        ground = colours.most_common(1)[0][0]
        if (most := max(contrast(ground, one) for one in colours)) < LEAST_CONTRAST:
            yield f"{name} can't be told from its ground: a contrast of {most:.1f}"


def _moved(before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    """In a window of the same size, with text of the same size."""
    if "box:menu" not in now or before.get("box:menu") != now["box:menu"]:
        return
    for name in STAYS:
        was, is_ = area(before, name), area(now, name)
        if was and is_ and was.x + was.width != is_.x + is_.width:
            yield f"the right edge of {name} moved: {was}, {is_}"
