"""What every page of the site has: its head, the way to the other pages, and how a result looks.

Pure: texts in, HTML out. Pages lie in one folder and name each other by file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape

from steps.site.results import Results, Standing, State, Tally, heaviest

NAMES: Mapping[str, str] = {"inproc": "in one process", "desktop": "on a desktop"}
MENU: Mapping[str, str] = {
    "index.html": "Start",
    "phases.html": "By phase",
    "find.html": "Find",
    "states.html": "States",
    "words.html": "Words",
    "recipe.html": "Recipe",
    "peers.html": "Implementations",
    "add-it.html": "Add it",
    "api.html": "Library",
    "troubleshooting.html": "Troubleshooting",
}
SIGNS: Mapping[State, str] = {
    State.ELSEWHERE: "–",
    State.NOT_OFFERED: "–",
    State.PASSED: "✓",
    State.NOT_RUN: "○",
    State.CHANGED: "↻",
    State.KNOWN: "✗",
    State.FAILED: "✗",
}


def document(title: str, body: str, here: str, scripts: Sequence[str] = ()) -> str:
    """One page. ``here`` is its file;
    ``scripts`` are files that it can do without, in their order.
    """
    current = ' aria-current="page"'
    menu = "".join(
        f'<li><a href="{file}"{current if file == here else ""}>{name}</a></li>'
        for file, name in MENU.items()
    )
    source = "".join(f'<script src="{script}" defer></script>' for script in scripts)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(title)} · refapp</title><link rel="stylesheet" '
        f'href="site.css">{source}</head><body><a class="skip" href="#content">To the content</a>'
        '<nav class="menu" aria-label="Site"><strong>refapp, the '
        f"specification</strong><ul>{menu}</ul></nav><main "
        f'id="content">{body}</main></body></html>\n'
    )


def name_of(driver: str) -> str:
    """A driver's name as HTML; another app has its own."""
    return escape(NAMES.get(driver, driver))


def sign(state: State, words: str = "") -> str:
    """A result, in words and not by colour alone."""
    kind = state.name.lower().replace("_", "-")
    return (
        f'<span class="state {kind}"><span aria-hidden="true">{SIGNS[state]} '
        f"</span>{words or state.value}</span>"
    )


def badges(tallies: Mapping[str, Tally]) -> str:
    """How something with one example or many stands under every driver."""
    shown = "".join(
        sign(heaviest(tally), f"{name_of(driver)}: {_counted(tally)}")
        for driver, tally in tallies.items()
    )
    return f'<span class="states">{shown}</span>'


def _counted(tally: Tally) -> str:
    meant = {
        state: tally[state]
        for state in reversed(State)
        if tally[state] and state is not State.ELSEWHERE
    }
    if len(meant) < 2:
        return next(iter(meant), State.ELSEWHERE).value
    return ", ".join(f"{number} {state.value}" for state, number in meant.items())


def slug(text: str) -> str:
    """``text`` as the name of a place on a page."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def row_of(scenario: str, number: int) -> str:
    """The place of a scenario's example ``number`` (from 1)."""
    return f"{slug(scenario)}-row-{number}"


def happened_in(scenario: str, driver: str, number: int) -> str:
    """The place of what happened in a scenario's example ``number`` (from 1) under ``driver``."""
    return f"{slug(scenario)}-{driver}-{number}"


def feature_file(name: str) -> str:
    """The page of the feature file ``name``."""
    return f"{name.removesuffix('.feature').replace('_', '-')}.html"


def source_file(source: str) -> str:
    """The page of the rules that come from ``source``, as rules.toml names it."""
    return f"from-{slug(source)}.html"


def wide(label: str, inside: str) -> str:
    """Something that may be wider than the page, and can be scrolled with the keyboard."""
    return (
        f'<div class="wide" role="region" aria-label="{escape(label)}" tabindex="0">{inside}</div>'
    )


def table(
    label: str, head: Sequence[str], rows: Sequence[Sequence[str]], kind: str = "cells"
) -> str:
    """A table of cells that are HTML already; the first of each row names it.
    ``kind`` is its class in the style.
    """
    tops = "".join(f'<th scope="col">{cell}</th>' for cell in head)
    body = "".join(
        f'<tr><th scope="row">{row[0]}</th>{"".join(f"<td>{cell}</td>" for cell in row[1:])}</tr>'
        for row in rows
    )
    first = f"<thead><tr>{tops}</tr></thead>" if head else ""
    return wide(label, f'<table class="{kind}">{first}<tbody>{body}</tbody></table>')


def warnings(results: Results) -> str:
    """What the reader must know about the runs before trusting a result;
    empty if they are whole and of now.
    """
    found = "".join(
        f"<li>{warning(one)}</li>" for one in results.standings.values() if one.old or one.partial
    )
    return (
        f'<aside class="warning" aria-label="About the runs"><ul>{found}</ul></aside>'
        if found
        else ""
    )


def warning(standing: Standing) -> str:
    """What is wrong with a run, in a sentence or two."""
    name = NAMES[standing.driver]
    if standing.run is None:
        return f"The specification has not been run {name} yet, or not with <code>--record</code>."
    words = []
    if missing := standing.states[State.NOT_RUN]:
        words.append(f"it is partial, {missing} examples have no result")
    if changed := standing.states[State.CHANGED]:
        words.append(f"{changed} examples have been rewritten since")
    if standing.gone:
        words.append(f"{standing.gone} of its examples are not in the specification any more")
    if standing.new_code:
        words.append("the code has changed since, so its results are of an older app")
    return f"The last run {name}: {'; '.join(words)}."
