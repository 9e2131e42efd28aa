"""The guide's matrix: its text, and that it is of the rows and ways that there are."""

from __future__ import annotations

import re

import pytest

from steps.matrix import table
from steps.matrix.rows import ROWS
from steps.matrix.run import RELEASES, tried
from steps.matrix.ways import WAYS
from steps.servers.auth_servers import betterauth_missing

OUTCOMES = {
    "the plain one": {
        "e-mail": {"1.7": "works", "1.4": "works"},
        "code": {"1.7": "the app says: No."},
    }
}


def test_what_is_the_same_in_both_releases_is_said_once_and_sentences_below() -> None:
    assert table.text_of(OUTCOMES, ["e-mail", "code"], ["1.7", "1.4"]).splitlines() == [
        "| Plugin or option | e-mail | code |",
        "|---|---|---|",
        "| the plain one | works | 1.7: says (1); 1.4: not there |",
        "",
        "1. the app says: No.",
    ]


def test_the_guide_has_the_rows_and_ways_of_the_code() -> None:
    there = table.in_guide()
    assert table.rows_in(there) == [row.name for row in ROWS]
    assert there.splitlines()[0].split(" | ")[1:] == [*list(WAYS)[:-1], f"{list(WAYS)[-1]} |"]


def test_every_cell_of_the_guide_is_an_outcome() -> None:
    there = table.in_guide()
    sentences = [
        line for line in there.splitlines() if re.match(r"\d+\. (the app|the page) says: ", line)
    ]
    numbers = {int(number) for number in re.findall(r"says \((\d+)\)", there)}
    assert numbers == set(range(1, len(sentences) + 1))


@pytest.mark.parametrize(
    "name", ["the plugins of the list above, nothing else", "`twoFactor`, switched on"]
)
def test_a_run_of_a_row_writes_what_the_guide_has(name: str) -> None:
    missing = [
        why for release in RELEASES.values() if (why := betterauth_missing(release)) is not None
    ]
    if missing:
        pytest.skip(missing[0])
    [row] = [row for row in ROWS if row.name == name]
    new = table.text_of(tried(rows=[row]), list(WAYS), list(RELEASES))
    assert plain(new, name) == plain(table.in_guide(), name)


def plain(text: str, name: str) -> str:
    """The row of ``name``, with the sentences themselves in place of their numbers."""
    sentences = dict(re.findall(r"^(\d+)\. (.*)$", text, re.MULTILINE))
    [line] = [line for line in text.splitlines() if line.startswith(f"| {name} |")]
    return re.sub(r"says \((\d+)\)", lambda found: sentences[found[1]], line)
