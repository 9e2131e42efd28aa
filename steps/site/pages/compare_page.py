"""Two runs side by side: what came out otherwise, what is new and what is gone. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from steps.site import frame
from steps.site.record import Key, Ran

FILE = "compared.html"
Runs = Mapping[str, Sequence[Ran]]


def page(before: Runs, now: Runs) -> str:
    """The page. Driver -> its scenarios, of the earlier runs and of those that the site shows."""
    parts = [_of(driver, before.get(driver, ()), now.get(driver, ())) for driver in frame.NAMES]
    body = f"<h1>What is different from the other run</h1>{''.join(parts)}"
    return frame.document("Compared", body, FILE)


def differences(before: Sequence[Ran], now: Sequence[Ran]) -> list[tuple[Key, str, str]]:
    """Each scenario that did not come out alike, with both outcomes, or "not run".
    Those that ran twice come first.
    """
    then, today = ({ran.key: ran.outcome for ran in runs} for runs in (before, now))
    keys = sorted(then.keys() | today.keys())
    pairs = [(key, then.get(key, "not run"), today.get(key, "not run")) for key in keys]
    return sorted(
        (pair for pair in pairs if pair[1] != pair[2]), key=lambda pair: "not run" in pair
    )


def _of(driver: str, before: Sequence[Ran], now: Sequence[Ran]) -> str:
    found = differences(before, now)
    rows = [
        [
            f'<a href="{frame.feature_file(file)}#{frame.slug(name)}">{escape(name)}</a>',
            escape(", ".join(value for _, value in row)),
            old,
            new,
        ]
        for (file, name, row), old, new in found
    ]
    table = frame.table(
        f"Different {frame.NAMES[driver]}",
        ["scenario", "example", "before", "now"],
        rows,
        "stacked compared-runs",
    )
    return (
        f"<h2>{frame.NAMES[driver].capitalize()}</h2>"
        f"{table if rows else '<p>Nothing is different.</p>'}"
    )
