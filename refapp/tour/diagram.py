"""A sequence diagram as one inline SVG: who sent what to whom, in the order in which it went.

Owns the drawing only. No script, no outside font or style: colours come from the page's CSS
variables, and a reader without eyes gets a title and a description with every message.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

ACTORS = ("window", "parent", "keychain", "server", "disk", "browser")
LANE, ROW, TOP, MARGIN = 190, 34, 62, 80


class Message(NamedTuple):
    """One arrow. ``answer``: it replies to an earlier one, and is drawn dashed."""

    source: str
    target: str
    text: str
    answer: bool = False


def sequence_svg(messages: Sequence[Message], title: str, name: str) -> str:
    """The diagram; ``name`` makes its ids unique on the page.
    Actors that take no part are left out.
    """
    taking_part = {actor for message in messages for actor in message[:2]}
    lanes = {
        actor: MARGIN + LANE * n for n, actor in enumerate(a for a in ACTORS if a in taking_part)
    }
    width, height = 2 * MARGIN + LANE * max(len(lanes) - 1, 0), TOP + ROW * len(messages) + 20
    said = "; ".join(f"{m.source} to {m.target}: {m.text}" for m in messages)
    parts = [
        f'<svg class="sequence" role="img" aria-labelledby="{name}-t {name}-d" viewBox="0 0 '
        f'{width} {height}" width="{width}" height="{height}" xmlns="http://www.w3.org/2000/svg">',
        f'<title id="{name}-t">{escape(title)}</title>',
        f'<desc id="{name}-d">{escape(said)}</desc>',
        f'<defs><marker id="{name}-m" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" '
        'markerHeight="8" orient="auto-start-reverse"><path d="M0 0L8 4L0 8z" '
        'class="head"/></marker></defs>',
    ]
    for actor, x in lanes.items():
        parts.append(f'<line class="life" x1="{x}" y1="40" x2="{x}" y2="{height - 8}"/>')
        parts.append(f'<rect class="actor" x="{x - 60}" y="10" width="120" height="30" rx="6"/>')
        parts.append(f'<text class="name" x="{x}" y="30">{actor}</text>')
    for number, message in enumerate(messages):
        parts += _arrow(
            lanes[message.source], lanes[message.target], TOP + ROW * number + 14, message, name
        )
    return "".join(parts) + "</svg>"


def _arrow(start: int, end: int, y: int, message: Message, name: str) -> list[str]:
    kind = "answer" if message.answer else "call"
    return [
        f'<text class="said" x="{(start + end) / 2:.0f}" y="{y - 5}">{escape(message.text)}</text>',
        (
            f'<line class="{kind}" x1="{start}" y1="{y}" x2="{end}" y2="{y}" '
            f'marker-end="url(#{name}-m)"/>'
        ),
    ]
