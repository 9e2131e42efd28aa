"""The tour's page: one HTML file with everything in it, readable without scripts, in light and
dark, on paper and on a phone.

Pure: results in, text out.
Owns the words and the look of the page; ``diagram`` draws, ``walk`` says what the steps are.
"""

from __future__ import annotations

import base64
import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from importlib import resources

import msgspec

from refapp.tour import wording
from refapp.tour.diagram import Message, sequence_svg
from refapp.trusted.recorder import Entry

LONGEST_DETAIL = 240
UNDRAWN = frozenset({"shown", "ping", "pong"})


@dataclasses.dataclass(frozen=True, slots=True)
class Result:
    """How one step went.
    ``failure`` is empty if it did what it should; ``picture`` is a PNG, empty if there is none.
    """

    name: str
    did: str
    came: str
    seconds: float
    failure: str
    picture: bytes
    entries: Sequence[Entry]


def page(results: Sequence[Result], planned: int, about: Mapping[str, str]) -> str:
    """The page. ``planned``: how many steps there are, gone or not;
    ``about``: what the run stood on, name -> value.
    """
    good = sum(not result.failure for result in results)
    style = resources.files("refapp.tour").joinpath("page.css").read_text(encoding="utf-8")
    verdict = wording.EVERY_STEP if good == planned else wording.NOT_EVERY_STEP
    contents = "".join(
        f'<li><a href="#step-{n}">{escape(result.name)}</a> {_badge(result)}</li>'
        for n, result in enumerate(results, 1)
    )
    facts = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in about.items()
    )
    steps = "".join(_section(n, result) for n, result in enumerate(results, 1))
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>refapp: the tour</title><style>{style}</style></head><body>"
        '<a class="skip" href="#steps">To the steps</a>'
        "<header><h1>refapp: the tour</h1><p>The real app, with its sandboxed window, on a "
        f"screen, a keychain and a server of its own. <strong>{good} of {planned} steps did what "
        f"they should.</strong> {verdict}</p>"
        f'<dl class="about">{facts}</dl>'
        f'<nav aria-label="Steps"><ol>{contents}</ol></nav></header><main id="steps">{steps}</main>'
        "<footer><p>The messages are those that the app recorded, with every secret masked where "
        "it was recorded.</p></footer></body></html>\n"
    )


def _badge(result: Result) -> str:
    return '<span class="bad">failed</span>' if result.failure else '<span class="good">ok</span>'


def _section(number: int, result: Result) -> str:
    failure = (
        f'<p class="failure"><strong>Failed.</strong> {escape(result.failure)}</p>'
        if result.failure
        else ""
    )
    return (
        f'<section id="step-{number}" aria-labelledby="h-{number}">'
        f'<h2 id="h-{number}">{number}. {escape(result.name)} {_badge(result)}</h2>'
        f"<p><strong>What is done:</strong> {escape(result.did)}</p>"
        f"<p><strong>What must come of it:</strong> {escape(result.came)}</p>{failure}"
        f"{_picture(result)}{_diagram(number, result)}{_table(result.entries)}</section>"
    )


def _picture(result: Result) -> str:
    if not result.picture:
        return ""
    data = base64.b64encode(result.picture).decode()
    return (
        f'<figure><img src="data:image/png;base64,{data}" alt="The window after the step '
        f'{escape(result.name)}: {escape(window_text(result.entries))}"><figcaption>The window '
        f"after {result.seconds:.1f} s.</figcaption></figure>"
    )


def window_text(entries: Sequence[Entry]) -> str:
    """What the window showed last, as text for those who don't see the picture."""
    for entry in reversed(entries):
        widgets = entry.detail.get("widgets")
        if entry.what == "shown" and isinstance(widgets, Mapping):
            return "; ".join(
                str(text)
                for name, text in widgets.items()
                if text and ":" not in name and not name.startswith("focus")
            )
    return ""


def messages(entries: Iterable[Entry]) -> list[Message]:
    """The entries as arrows.
    What says the same as the arrow before it is counted, not drawn again.
    """
    arrows: list[tuple[Message, int]] = []
    for entry in entries:
        if entry.what in UNDRAWN:
            continue
        answer = entry.what == "answer" or entry.source == "server"
        message = Message(entry.source, entry.target, _said(entry), answer)
        if arrows and arrows[-1][0] == message:
            arrows[-1] = (message, arrows[-1][1] + 1)
        else:
            arrows.append((message, 1))
    return [m if times == 1 else m._replace(text=f"{m.text} (x{times})") for m, times in arrows]


def _said(entry: Entry) -> str:
    detail = entry.detail
    match entry.source, entry.what:
        case _, "state":
            return f"state: {str(detail.get('phase', '')).replace('_', ' ')}"
        case "server", _:
            return str(detail.get("answer", entry.what))
        case _, "answer":
            error = detail.get("error")
            return f"refused: {error.get('reason')}" if isinstance(error, Mapping) else "done"
        case _:
            return str(detail.get("request", entry.what))


def _diagram(number: int, result: Result) -> str:
    drawn = messages(result.entries)
    if not drawn:
        return ""
    svg = sequence_svg(drawn, wording.messages_of(result.name), f"d{number}")
    return (
        f"<figure><figcaption>Who told whom what</figcaption>"
        f'<div class="wide" role="region" aria-label="Sequence of {escape(result.name)}" '
        f'tabindex="0">{svg}</div></figure>'
    )


def _table(entries: Sequence[Entry]) -> str:
    if not entries:
        return ""
    start = entries[0].at
    rows = "".join(
        f"<tr><td>{(entry.at - start) * 1000:.0f}</td><td>{entry.source}</td><td>"
        f"{entry.target}</td><td>{escape(entry.what)}</td><td><code>"
        f"{escape(_short(entry))}</code></td></tr>"
        for entry in entries
    )
    return (
        f"<details><summary>All {len(entries)} messages</summary>"
        '<div class="wide" role="region" aria-label="Messages" tabindex="0"><table>'
        '<thead><tr><th scope="col">ms</th><th scope="col">from</th><th scope="col">to</th><th '
        'scope="col">what</th><th '
        f'scope="col">detail</th></tr></thead><tbody>{rows}</tbody></table></div></details>'
    )


def _short(entry: Entry) -> str:
    text = msgspec.json.encode(entry.detail).decode() if entry.detail else ""
    return text if len(text) <= LONGEST_DETAIL else f"{text[:LONGEST_DETAIL]}…"
