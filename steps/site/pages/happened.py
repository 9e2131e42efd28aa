"""What happened in one run of a scenario: which step failed, the messages as a sequence diagram,
and the window at its end.

Pure. The messages are those that the app's recorder noted while the scenario ran,
from its When to its end.
"""

from __future__ import annotations

from html import escape
from itertools import zip_longest

from refapp.tour.diagram import sequence_svg
from refapp.tour.page import messages, window_text
from steps.site.frame import table, wide
from steps.site.record import Ran, Why

LONGEST = 60
"""A flood has thousands of messages; the first ones say what it is."""


def happened(ran: Ran, name: str) -> str:
    """The part of a page about ``ran``; ``name`` makes its ids unique."""
    title = ", ".join(f"{column} {value}" for column, value in ran.row)
    head = f"<h4>{escape(title)}</h4>" if title else ""
    return f'<div class="happened">{head}{_failure(ran)}{_picture(ran)}{_diagram(ran, name)}</div>'


def _failure(ran: Ran) -> str:
    if ran.outcome == "passed":
        return ""
    lines = "".join(
        f"<li>{escape(step.text)}: <strong>{step.status}</strong></li>" for step in ran.steps
    )
    return (
        f'<p class="failure"><strong>It failed.</strong> {_said(ran.why)} '
        "At the last step it may also be that something happened which no step names.</p>"
        f'{_compared(ran.why)}<ol class="taken">{lines}</ol>'
    )


def _said(why: Why | None) -> str:
    return (
        f"<code>{escape(why.says)}</code>"
        if why and why.says
        else "Why is in the output of the run."
    )


def _compared(why: Why | None) -> str:
    """Both sides, line beside line; a line that is not the same is marked, in words too."""
    if why is None or not (why.expected or why.actual):
        return ""
    rows = [
        [
            "differs" if one != other else "same",
            _line(one, one != other),
            _line(other, one != other),
        ]
        for one, other in zip_longest(why.expected, why.actual, fillvalue="")
    ]
    return table("What was compared", ["", "expected", "actual"], rows, "compared")


def _line(text: str, differs: bool) -> str:
    shown = f"<code>{escape(text)}</code>" if text else "nothing"
    return f"<mark>{shown}</mark>" if differs else shown


def _picture(ran: Ran) -> str:
    if not ran.picture:
        return ""
    seen = window_text(ran.entries) or "a person sees no text"
    return (
        f'<figure><img loading="lazy" src="{escape(ran.picture)}" alt="The window at the end: '
        f'{escape(seen)}">'
        "<figcaption>The window at the end.</figcaption></figure>"
    )


def _diagram(ran: Ran, name: str) -> str:
    drawn = messages(ran.entries)
    if not drawn:
        return "<p>No message went between the parts.</p>"
    title = f"Messages of: {ran.name}"
    cut = f" The first {LONGEST} of {len(drawn)} messages." if len(drawn) > LONGEST else ""
    svg = sequence_svg(drawn[:LONGEST], title, name)
    return f"<figure><figcaption>Who told whom what.{cut}</figcaption>{wide(title, svg)}</figure>"
