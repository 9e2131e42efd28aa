"""That the real window has the colours of its theme, and what is to be told by them can be: which
row and which page is chosen, what can't be pressed, where the keyboard is, and where it writes.

Reads the picture that the screen shows.
"""

from __future__ import annotations

import collections
from collections.abc import Iterator, Mapping

from refapp.tour.desktop import HEIGHT, WIDTH
from refapp.tour.framebuffer import Area
from refapp.untrusted.widgets.palette import PALETTES
from steps.on_desktop.glance.places import Lines, area

Counted = Mapping[str, collections.Counter[int]]
"""A text -> how often each colour is on it."""
RGB = 0xFFFFFF
RING = 8
"""Pixels of the accent's colour at what has the keyboard, at least."""
AROUND_A_CARD = 16
"""Pixels from a text to the outline of its card."""
BELOW = 14
"""Pixels from the menu's button to where the page begins, and a menu that is up stands."""
GREYED = frozenset({
    "notes.new", "sync.now", "assistant.summarise", "sign_in.browser", "sign_in.device",
    "sign_in.submit", "sign_in.offer", "sign_in.fill", "profile.sign_out", "sessions.ask",
    "sessions.sign_out_one", "sessions.sign_out_others", "sessions.sign_out_everywhere",
    "second_factor.send", "second_factor.submit",
})  # fmt: skip
"""Buttons with a field of another colour when they can't be pressed."""
FIRST_CHOICES = ("sign_in.browser", "second_factor.submit")
LINES = ("info", "warning", "error")
"""What a line across the window can say by its ground."""
ON_ACCOUNT = ("sign_in.", "second_factor.", "profile.", "sessions.", "account.h")
"""How the names begin of what scrolls with its page."""
BOXES = (
    "sign_in.show_password", "second_factor.trust", "second_factor.factor1",
    "second_factor.factor2", "second_factor.factor3",
)  # fmt: skip
TICKED = 12
"""Pixels of the accent's colour in a box that is ticked, at least."""
BAR = 6
"""Pixels of a scrollbar, its edges left out."""
LISTS = ("notes.list", "sessions.list")
TABLES, NOTE = (*LISTS, "inspector.checks", "inspector.messages"), "notes.editor"
USUAL_HEIGHT, ENOUGH = 30, (620, 460)
"""Pixels of the menu's button with text of the usual size, and of a window that all has room in."""
THUMB = 16
"""Pixels of what moves in a scrollbar, at least."""
TOO_LITTLE = 520, 390
"""Pixels of a window: for less it has too little room, with text of any size."""
EACH, LARGE = 24, 0.01
"""Of so many rows of pixels one is looked at, and what part of those is no letter and no edge."""
MARGIN = 40
"""Pixels beside the middle of a page, with its scrollbar."""


def amiss(seen: Mapping[str, str], counted: Counted, lines: Lines, theme: str) -> list[str]:
    """What has another colour than it should. ``counted``: of each text that can be looked at."""
    of = {
        name: int(colour[1:], 16)
        for name, colour in vars(PALETTES[theme]).items()
        if isinstance(colour, str) and colour.startswith("#")
    }
    found, accents = [], (of["accent"], of["accent_hover"])
    for name, colours in counted.items():
        ground = colours.most_common(1)[0][0] & RGB
        if ground not in of.values():
            found.append(f"{name} is on #{ground:06x}, which is no colour of {theme}")
        if name in GREYED and seen.get(f"state:{name}") == "disabled" and ground != of["hover"]:
            found.append(f"{name} can't be pressed, and looks as if it could")
        kind = "" if f"at:{name}" in seen else seen.get(f"kind:{name}", "")
        found += _of_its_kind(name, kind, colours, of)
        if name in FIRST_CHOICES and f"at:{name}" in seen and ground not in accents:
            found.append(f"{name} is what most people want, and does not stand out")
        open_page = name.startswith("nav.") and seen.get(f"state:{name}") == "selected"
        if open_page and ground != of["chosen"]:
            found.append(f"{name} is the page that is open, and does not look so")
    found += [*_rows(seen, lines, of["chosen"]), *_boxes(seen, lines, of["accent"])]
    found += _keyboard(seen, lines, of)
    return found if _menu_is_up(seen, lines, of) else [*found, *_scrollbars(seen, lines, of)]


def round_it(seen: Mapping[str, str], window: Area, lines: Lines, theme: str) -> list[str]:
    """The grounds of a whole window, and what it scrolls by: nothing if it has room for all, with
    text of the usual size, and all that is needed if it has too little, or text too large for it.
    """
    found, menu, palette = list(_strange(window, lines, theme)), area(seen, "menu"), PALETTES[theme]
    x, y, width, height = window
    usual = menu is not None and menu.height <= USUAL_HEIGHT
    roomy = width >= ENOUGH[0] and height >= ENOUGH[1]
    fits = usual and roomy
    top = menu.y + menu.height + BELOW if roomy and menu is not None else y
    right = _counted(lines, Area(x + width - BAR, top, 1, y + height - top))
    below = _counted(lines, Area(x, y + height - BAR, width, 1))
    thumb, card = (int(one[1:], 16) for one in (palette.line, palette.card))
    if fits and any(edge[thumb] + edge[card] > edge.total() // 2 for edge in (right, below)):
        found.append("a scrollbar stands beside a window that has room for all")
    low, narrow = height < TOO_LITTLE[1], width < TOO_LITTLE[0]
    if (low and right[thumb] < THUMB) or (narrow and below[thumb] < THUMB):
        found.append("a window that has too little room has no scrollbar")
    out_of_sight = [
        name for name in seen if name.startswith(ON_ACCOUNT) and f"box:{name}" not in seen
    ]
    margin = Area(x + width - MARGIN, top, MARGIN, y + height - top)
    if roomy and out_of_sight and len(_counted(lines, margin)) == 1:
        found.append(f"{out_of_sight} are out of sight, and the page has no scrollbar")
    return found


def _strange(window: Area, lines: Lines, theme: str) -> Iterator[str]:
    """A ground that is none of the theme, also where no text stands on it."""
    palette = {one for one in vars(PALETTES[theme]).values() if isinstance(one, str)}
    x, y, width, height = window
    counted = collections.Counter[int]()
    for row in range(y + EACH // 2, y + height, EACH):
        counted.update(_counted(lines, Area(x, row, width, 1)))
    for colour, number in counted.most_common(8):
        if number > LARGE * counted.total() and f"#{colour:06x}" not in palette:
            yield f"a part of the window is #{colour:06x}, which is no colour of {theme}"


def _of_its_kind(
    name: str, kind: str, colours: collections.Counter[int], of: Mapping[str, int]
) -> Iterator[str]:
    """``kind``: what the colours of a text are to say."""
    ground = colours.most_common(1)[0][0] & RGB
    if kind in LINES and ground != of[kind]:
        yield f"{name} is {kind}, and on #{ground:06x}"
    if kind == "wrong" and of[kind] not in {one & RGB for one in colours}:
        yield f"{name} says what is wrong, and not in its colour"


def _boxes(seen: Mapping[str, str], lines: Lines, accent: int) -> Iterator[str]:
    for name in BOXES:
        place = area(seen, name)
        if place is None or f"at:{name}" not in seen:
            continue
        x, y, width, height = place
        if seen[f"at:{name}"] != f"{x + width // 2},{y + height // 2}":
            continue  # a part of it is scrolled out of sight
        inside = Area(x + 3, y + 3, height, height - 6)
        ticked = _counted(lines, inside)[accent] >= TICKED
        if ticked != (seen.get(f"state:{name}") == "selected"):
            yield f"{name} is ticked, or not, and looks the other way round"


def _rows(seen: Mapping[str, str], lines: Lines, chosen: int) -> Iterator[str]:
    for name, state in seen.items():
        row = name.removeprefix("state:")
        table = row.rpartition(".")[0]
        place = area(seen, table)
        if state == "selected" and table in LISTS and place and f"at:{row}" in seen:
            x, y = map(int, seen[f"at:{row}"].split(","))
            left, top, width, height = place
            if not (left <= x <= left + width - 40 and top <= y - 6 <= top + height - 12):
                continue  # the window is small, and the list scrolled out of sight
            if _counted(lines, Area(x, y - 6, 40, 12)).most_common(1)[0][0] != chosen:
                yield f"{row} is chosen, and does not look so"


def _scrollbars(seen: Mapping[str, str], lines: Lines, of: Mapping[str, int]) -> Iterator[str]:
    """Beside a list or a note there is one while it has more than is in sight, and at no other
    time.
    """
    for name in (*TABLES, NOTE):
        place = area(seen, name)
        if place is None:
            continue
        x, y, width, height = place
        if f"{x + width // 2},{y + height // 2}" != seen.get(f"at:{name}"):
            continue  # the window is small, and a part of it scrolled out of sight
        beside = _counted(lines, Area(x + width + 1, y + 5, BAR, height - 10))
        bar = len(beside) > 1
        if bar and (of["card"] not in beside or of["page"] in beside):
            continue  # that is the whole window's, over a part that is out of sight
        if bar != (f"more:{name}" in seen):
            wrong = "all of it in sight, and a" if bar else "more than is in sight, and no"
            yield f"{name} has {wrong} scrollbar"


def _keyboard(seen: Mapping[str, str], lines: Lines, of: Mapping[str, int]) -> Iterator[str]:
    focus, note = seen.get("focus", ""), area(seen, NOTE)
    if note is not None and focus != "notes.editor":
        edge = Area(note.x - AROUND_A_CARD, note.y, AROUND_A_CARD // 2, note.height)
        if _counted(lines, edge)[of["accent"]] >= RING:
            yield f"the keyboard is at {focus}, and the note looks as if it had it"
    place = area(seen, focus)
    if place is None or f"at:{focus}" not in seen or _menu_is_up(seen, lines, of):
        return
    x, y, width, height = place
    wholly = seen[f"at:{focus}"] == f"{x + width // 2},{y + height // 2}"
    if focus == "notes.editor":  # its card has the ring
        x, y = x - AROUND_A_CARD, y - AROUND_A_CARD
        width, height = width + AROUND_A_CARD, height + AROUND_A_CARD
    ring = of["wrong"] if seen.get(f"kind:{focus}") == "wrong" else of["accent"]
    if wholly and _counted(lines, Area(x, y, width, height))[ring] < RING:
        yield f"the keyboard is at {focus}, and nothing there shows it"
    if wholly and focus in FIRST_CHOICES:
        # Its own field has the accent's colour: the ring is seen by what is within it.
        within = _counted(lines, Area(x + width // 2, y, 1, height // 4))
        if not within[of["card"]]:
            yield f"the keyboard is at {focus}, and its ring can't be told from its field"
    if cursor := area(seen, focus, "cursor"):
        x, y, _, height = cursor
        if _counted(lines, Area(x - 1, y, 3, height))[of["text"]] < height:
            yield "the cursor of the note can't be told from its ground"
    marked = area(seen, focus, "marked")
    if marked and _counted(lines, marked).most_common(1)[0][0] != of["chosen"]:
        yield "what is chosen in the note does not look so"


def _menu_is_up(seen: Mapping[str, str], lines: Lines, of: Mapping[str, int]) -> bool:
    """Then it has the keyboard, and what had it before is not told to have lost it."""
    if (menu := area(seen, "menu")) is None:
        return False
    x, y, width, height = menu
    below = _counted(lines, Area(x + width // 4, y + height + BELOW, 8, 4))
    return below[of["card"]] + below[of["chosen"]] > below.total() // 2


def _counted(lines: Lines, place: Area) -> collections.Counter[int]:
    """The colours of what of it is on the screen."""
    counted = collections.Counter[int]()
    left, top = max(0, place.x), max(0, place.y)
    right, bottom = min(WIDTH, place.x + place.width), min(HEIGHT, place.y + place.height)
    if right <= left or bottom <= top:
        return counted
    for line in lines(Area(left, top, right - left, bottom - top)):
        counted.update(one & RGB for one in memoryview(line).cast("I"))
    return counted
