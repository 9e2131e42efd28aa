"""The page about the states of a session:
a drawing and a table, both asked from the rules themselves.

Pure. The drawing is a column of the phases;
an arc on the right leads down the column, one on the left leads up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from refapp.snapshot import Phase
from refapp.trusted.rules.session_state import State
from steps.site import frame

BOX_W, BOX_H, ROW, TOP = 170, 52, 92, 14
STEP = 24
MARGIN = 24

Arrows = Mapping[tuple[str, str], set[str]]


def page(arrows: Arrows, mermaid: str) -> str:
    """The page."""
    rows = [
        [
            str(number),
            _words(here),
            _words(there),
            ", ".join(f"<code>{escape(name)}</code>" for name in sorted(names)),
        ]
        for number, ((here, there), names) in enumerate(
            ((pair, arrows[pair]) for pair in _ordered(arrows)), 1
        )
    ]
    table = frame.table("Transitions", ["no.", "from", "to", "when this happens"], rows, "names")
    body = (
        "<h1>The states of a session</h1>"
        "<p>A session is always in one of nine phases, and only what is drawn here leads from one "
        "to another. Nothing is listed by hand: the code that decides was asked what each event "
        "does in each phase. What comes too late changes nothing.</p><figure><figcaption>Arcs on "
        "the right lead down, arcs on the left lead up. The numbers are those of the table. A "
        "session begins in "
        f"{_words(State().phase.value)}.</figcaption>"
        f"{frame.wide('The states', states_svg(arrows))}</figure><h2>Every "
        f"transition</h2>{table}<details><summary>The same as "
        f"Mermaid</summary><pre>{escape(mermaid)}</pre></details>"
    )
    return frame.document("The states of a session", body, "states.html")


def states_svg(arrows: Arrows) -> str:
    """The drawing."""
    rank = {phase.value: n for n, phase in enumerate(Phase)}
    ordered = _ordered(arrows)
    down = [pair for pair in ordered if rank[pair[1]] > rank[pair[0]]]
    up = [pair for pair in ordered if rank[pair[1]] < rank[pair[0]]]
    tracks = {**_tracks(down, rank), **_tracks(up, rank)}
    reach = {
        side: STEP * (max((tracks[p] for p in pairs), default=0) + 1)
        for side, pairs in (("up", up), ("down", down))
    }
    left = MARGIN + reach["up"] + 20
    width, height = (
        left + BOX_W + reach["down"] + 20 + MARGIN,
        TOP + ROW * (len(Phase) - 1) + BOX_H + TOP,
    )
    parts = [
        '<svg class="states-drawing" role="img" aria-labelledby="states-t states-d" viewBox="0 0 '
        f'{width} {height}" width="{width}" height="{height}" xmlns="http://www.w3.org/2000/svg">'
        '<title id="states-t">The states of a session</title>'
        "<desc "
        'id="states-d">'
        f"{escape('; '.join(f'{_words(a)} to {_words(b)}' for a, b in ordered))}</desc>"
        '<defs><marker id="states-m" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" class="head"/></marker></defs>'
    ]
    ports = _ports(ordered, rank)
    for number, pair in enumerate(ordered, 1):
        side = 1 if pair in down else -1
        edge = left + (BOX_W if side > 0 else 0)
        parts.append(_arc(edge, edge + side * (20 + STEP * tracks[pair]), ports[pair], number))
    for name, n in rank.items():
        y = TOP + ROW * n
        parts.append(
            f'<rect class="phase" x="{left}" y="{y}" width="{BOX_W}" height="{BOX_H}" rx="8"/>'
        )
        parts.append(
            f'<text class="name" x="{left + BOX_W / 2:.0f}" '
            f'y="{y + BOX_H // 2 + 5}">{_words(name)}</text>'
        )
    return "".join(parts) + "</svg>"


def _arc(edge: int, far: int, heights: tuple[float, float], number: int) -> str:
    start, end = heights
    middle = (start + end) / 2
    return (
        f'<path class="arc" d="M{edge} {start:.0f}H{far}V{end:.0f}H{edge}" '
        f'marker-end="url(#states-m)"/><circle class="dot" cx="{far}" cy="{middle:.0f}" r="10"/>'
        f'<text class="number" x="{far}" y="{middle + 4:.0f}">{number}</text>'
    )


def _tracks(
    pairs: Sequence[tuple[str, str]], rank: Mapping[str, int]
) -> dict[tuple[str, str], int]:
    """How far out each arc goes, so that no two lie on each other: short ones inside."""
    taken: list[list[tuple[int, int]]] = []
    found: dict[tuple[str, str], int] = {}
    for pair in sorted(pairs, key=lambda p: abs(rank[p[0]] - rank[p[1]])):
        low, high = sorted((rank[pair[0]], rank[pair[1]]))
        for number, track in enumerate(taken):
            if all(high < other_low or low > other_high for other_low, other_high in track):
                track.append((low, high))
                found[pair] = number
                break
        else:
            found[pair] = len(taken)
            taken.append([(low, high)])
    return found


def _ports(
    ordered: Sequence[tuple[str, str]], rank: Mapping[str, int]
) -> dict[tuple[str, str], tuple[float, float]]:
    """At which heights each arc leaves and arrives: the arcs of a box share its side."""
    ends: dict[tuple[str, bool], list[tuple[int, tuple[str, str], int]]] = {}
    for pair in ordered:
        downwards = rank[pair[1]] > rank[pair[0]]
        for end in (0, 1):
            ends.setdefault((pair[end], downwards), []).append((rank[pair[1 - end]], pair, end))
    heights: dict[tuple[tuple[str, str], int], float] = {}
    for (phase, _), found in ends.items():
        for number, (_, pair, end) in enumerate(sorted(found), 1):
            heights[pair, end] = TOP + ROW * rank[phase] + BOX_H * number / (len(found) + 1)
    return {pair: (heights[pair, 0], heights[pair, 1]) for pair in ordered}


def _ordered(arrows: Arrows) -> list[tuple[str, str]]:
    ranks = [phase.value for phase in Phase]
    return sorted(arrows, key=lambda pair: (ranks.index(pair[0]), ranks.index(pair[1])))


def _words(phase: str) -> str:
    return phase.replace("_", " ")
