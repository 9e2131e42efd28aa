"""The report of a run goes through a file unchanged, and the site's page of peers shows what stands
in it, and nothing else.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from steps.kit import verdicts
from steps.kit.verdicts import Report, Unreadable
from steps.site.pages import peers_page
from steps.site.pages.lists import Rule

RULES = verdicts.verdicts(
    {"A-1": "must", "A-2": "should"},
    [("A-1", "failed as known"), ("A-1", "passed"), ("A-2", "not offered")],
)
REPORT = Report(
    1,
    1,
    "0.2",
    "an <app>",
    "3",
    ("keyring",),
    "sha256:1",
    RULES,
    {"a.feature: One": "why <so>"},
    {"a log": 2},
)
KNOWN = [
    Rule("A-1", "It holds.", "decision", "must"),
    Rule("A-2", "It helps.", "decision", "should"),
]


def test_a_report_is_read_as_it_was_written(tmp_path: Path) -> None:
    verdicts.write(tmp_path / "app.json", REPORT)
    assert verdicts.read(tmp_path / "app.json") == REPORT


@pytest.mark.parametrize(
    "text", [b"", b"{}", b"[]", msgspec.json.encode(msgspec.structs.replace(REPORT, report=2))]
)
def test_what_is_no_report_is_named(text: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_bytes(text)
    with pytest.raises(Unreadable, match=r"x\.json is .*Run it again with --report"):
        verdicts.read(tmp_path / "x.json")


def test_another_rule_makes_another_digest(tmp_path: Path) -> None:
    for name in ("a.feature", "rules.toml", "meanings.toml"):
        (tmp_path / name).write_text(name)
    before = verdicts.digest(tmp_path)
    (tmp_path / "rules.toml").write_text("one more")
    assert verdicts.digest(tmp_path) != before


def test_the_page_of_peers_counts_musts_apart_and_says_why() -> None:
    text = peers_page.page([REPORT], KNOWN, "sha256:1")
    assert "an &lt;app&gt; (3)" in text
    assert "<td>1 failed as known</td><td>1 not offered</td>" in text
    assert "why &lt;so&gt; (1 scenarios)" in text
    assert "a log, after 2 scenarios" in text
    assert "of other features" not in text


def test_a_report_of_other_features_says_so() -> None:
    assert "of other features than these" in peers_page.page([REPORT], KNOWN, "sha256:2")


def test_the_guide_shows_a_whole_report(tmp_path: Path) -> None:
    guide = (Path(verdicts.__file__).parent / "README.md").read_text(encoding="utf-8")
    text = guide.partition("The report of `--report`:\n\n")[2].partition("\n\n| field |")
    (tmp_path / "shown.json").write_text(text[0])
    shown = verdicts.read(tmp_path / "shown.json")
    fields = {
        name
        for line in text[2].splitlines()
        for name in line.partition(" | ")[0].replace("`", "").strip("| ").split(", ")
    }
    assert set(msgspec.structs.asdict(shown)) <= fields
    assert shown.scenarios[0].state == shown.rules["RS-2"].state == "passed"
