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
from steps.site.record import Ran, Taken, Why

LONGEST = 60
"""A flood has thousands of messages; the first ones say what it is."""


def happened(ran: Ran, name: str) -> str:
    """The part of a page about ``ran``; ``name`` is its place, and makes its ids unique."""
    title = ", ".join(f"{column} {value}" for column, value in ran.row)
    head = f"<h4>{escape(title)}</h4>" if title else ""
    return (
        '<div class="happened" '
        f'id="{name}">{head}{_failure(ran)}{_picture(ran)}{_diagram(ran, name)}</div>'
    )


def _failure(ran: Ran) -> str:
    if ran.outcome == "passed":
        return ""
    lines = "".join(_step(step, ran.why, last=step is ran.steps[-1]) for step in ran.steps)
    return (
        '<p class="failure"><strong>It failed.</strong></p><ol '
        f'class="taken">{lines}</ol>{_seen(ran.why)}'
    )


def _step(step: Taken, why: Why | None, *, last: bool) -> str:
    """A step and how it went; with the failed one what was expected beside what came."""
    said = f"{escape(step.text.removesuffix(':'))}: <strong>{step.status}</strong>"
    if step.status != "failed":
        return f"<li>{said}</li>"
    hint = (
        "<p>At the last step it may also be that something happened which no step names.</p>"
        if last
        else ""
    )
    return f'<li class="failure">{said}{_compared(step, why)}{hint}</li>'


def _compared(step: Taken, why: Why | None) -> str:
    """Both sides, line beside line; a line that is not the same is marked, in words too."""
    if why is None or not why.says:
        return "<p>Why is in the output of the run.</p>"
    expected, actual = why.expected, why.actual
    if not (expected or actual):
        # It compared nothing that a person could read: what it says is what was expected.
        expected, actual = (step.text,), (why.says,)
    rows = [
        [
            "differs" if one != other else "same",
            _line(one, one != other),
            _line(other, one != other),
        ]
        for one, other in zip_longest(expected, actual, fillvalue="")
    ]
    return table("What was compared", ["", "expected", "actual"], rows, "compared")


def _line(text: str, differs: bool) -> str:
    shown = f"<code>{escape(text)}</code>" if text else "nothing"
    return f"<mark>{shown}</mark>" if differs else shown


def _seen(why: Why | None) -> str:
    texts = "".join(f"<li>{escape(text)}</li>" for text in why.seen) if why else ""
    return (
        f'<p>What could be read in the window at the end:</p><ul class="seen">{texts}</ul>'
        if texts
        else ""
    )


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
