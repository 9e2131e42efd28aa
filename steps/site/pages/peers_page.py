"""The page of peers: a matrix of implementations, rule by rule, from the reports of the conformance
kit that the site was given.

Pure. Nothing stands here that no run has measured;
a report of other features than the site's says so.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from html import escape

from steps.kit.verdicts import LEVELS, STATES, Report, State, tally
from steps.site import frame
from steps.site.pages.lists import Rule

FILE = "peers.html"
SIGNS: Mapping[State, tuple[str, str]] = {
    "failed": ("✗", "failed"),
    "failed as known": ("✗", "changed"),
    "passed": ("✓", "passed"),
    "not offered": ("–", "elsewhere"),
    "not run": ("○", "not-run"),
}
"""State -> its sign, and its class in the style."""
NONE = (
    "<p>No report was given. The conformance kit writes them, for any app in any language: "
    "<code>refapp-conformance --sut COMMAND --report FILE</code>; <code>python -m steps.site "
    "--reports FILE...</code> shows them here, and on every page beside refapp's own runs.</p>"
)


def page(reports: Sequence[Report], rules: Sequence[Rule], features: str) -> str:
    """The page. ``features`` is the digest of the specification that the site shows."""
    if not reports:
        return frame.document(
            "Implementations", f"<h1>Implementations, side by side</h1>{NONE}", FILE
        )
    names = [escape(one.name) for one in reports]
    old = [
        f"<li>{name}: of other features than these, so it stands on this page alone.</li>"
        for name, one in zip(names, reports, strict=True)
        if one.features != features
    ]
    warning = (
        f'<aside class="warning" aria-label="About the reports"><ul>{"".join(old)}</ul></aside>'
        if old
        else ""
    )
    body = (
        f"<h1>Implementations, side by side</h1>{warning}<p>The specification, run against each of "
        "them by its conformance kit. A <em>must</em> is what every app owes its people, a "
        "<em>should</em> is good to have. What an app does not have is not offered, and no "
        "failure.</p>"
        f"{_sums(reports, names)}{_rules(reports, names, rules)}{_known(reports, names)}"
    )
    return frame.document("Implementations", body, FILE)


def _sums(reports: Sequence[Report], names: Sequence[str]) -> str:
    rows = [
        [
            name,
            time.strftime("%Y-%m-%d", time.gmtime(one.at)) if one.at else "",
            escape(one.kit),
            *(
                ", ".join(f"{found[state]} {state}" for state in STATES if found[state])
                for level in LEVELS
                for found in [tally(one.rules.values(), level)]
            ),
            escape(", ".join(one.capabilities)),
            escape(
                ", ".join(
                    f"{place}, after {count} scenarios" for place, count in one.secrets.items()
                )
            )
            or "none",
        ]
        for name, one in zip(names, reports, strict=True)
    ]
    return "<h2>Rules in all</h2>" + frame.table(
        "Rules in all",
        ["", "run", "kit", *LEVELS, "it has", "secrets in the open"],
        rows,
        "stacked",
    )


def _rules(reports: Sequence[Report], names: Sequence[str], rules: Sequence[Rule]) -> str:
    rows = [
        [
            f"{rule.name}: {escape(rule.says)}",
            rule.level,
            *(_sign(one, rule.name) for one in reports),
        ]
        for rule in rules
    ]
    return "<h2>Rule by rule</h2>" + frame.table("Rule by rule", ["rule", "level", *names], rows)


def _sign(report: Report, rule: str) -> str:
    found = report.rules.get(rule)
    state: State = found.state if found else "not run"
    sign, kind = SIGNS[state]
    return f'<span class="state {kind}"><span aria-hidden="true">{sign} </span>{state}</span>'


def _known(reports: Sequence[Report], names: Sequence[str]) -> str:
    parts = []
    for name, one in zip(names, reports, strict=True):
        reasons = sorted(set(one.known.values()))
        lines = "".join(
            f"<li>{escape(reason)} "
            f"({sum(why == reason for why in one.known.values())} scenarios)</li>"
            for reason in reasons
        )
        parts.append(f"<h3>{name}</h3><ul>{lines}</ul>" if lines else "")
    return f"<h2>What is known to fail, and why</h2>{''.join(parts)}"
