"""The site explains a failure, leads from a step's word to its meaning, follows the recipe,
compares two runs, fits one file.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import msgspec
import pytest

from steps.gherkin import specification
from steps.site import needed, record, search, site
from steps.site.glossary import Glossary
from steps.site.pages import compare_page
from steps.site.pages.happened import happened
from steps.site.record import Ran, Run, Taken, Why, text_hash
from steps.site.results import Results, State
from steps.site.why import Compared

CHECKOUT = Path(__file__).parents[3]
GUIDE = (CHECKOUT / "features" / "README.md").read_text()
STEPS = (
    Taken("Given a door", "passed"),
    Taken("When it opens", "failed"),
    Taken("Then it is open", "not reached"),
)
RAN = Ran("a.feature", "It opens", (), (), "text", "failed", STEPS, ())


def test_a_failure_shows_both_sides_line_beside_line_at_its_step() -> None:
    why = Why(
        "assert <a> == <b>",
        ("server: refresh", "disk: write tokens"),
        ("server: refresh", "disk: "),
    )
    text = happened(msgspec.structs.replace(RAN, why=why), "x")
    at, after = text.index('<li class="failure">When it opens'), text.index("Then it is open")
    assert at < text.index("What was compared") < after
    assert '<th scope="row">same</th><td><code>server: refresh</code></td>' in text
    assert (
        "<td><mark><code>disk: write tokens</code></mark></td><td><mark><code>disk: "
        "</code></mark></td>" in text
    )


def test_a_failure_that_compared_nothing_has_its_step_beside_what_it_says() -> None:
    text = happened(msgspec.structs.replace(RAN, why=Why("it does <not>", seen=("Sign in",))), "x")
    assert (
        "<code>When it opens</code></mark></td><td><mark><code>it does &lt;not&gt;</code>" in text
    )
    assert 'in the window at the end:</p><ul class="seen"><li>Sign in</li>' in text


def test_a_failure_of_which_nothing_is_known_says_where_to_look() -> None:
    assert "Why is in the output of the run." in happened(RAN, "x")


def test_sides_are_said_as_a_person_says_them() -> None:
    compared = Compared()
    compared.failed(None, b"sealed")
    why = compared.why("", ())
    assert (why.actual, why.expected) == (("nothing",), ("6 bytes with the hash c9d0036b",))
    compared.failed(True, False)
    assert compared.why("Ada is offline", ()).actual == ()


@pytest.mark.parametrize("said", ["the token t0ken!", "t0ken!t0ken!"])
def test_no_secret_of_the_scenario_is_in_the_reason(said: str) -> None:
    compared = Compared()
    compared.failed({"a": ["t0ken!", "x"]}, [said])
    assert "t0ken!" not in repr(compared.why(said, ["t0ken!", ""], [said]))


def test_words_of_a_step_lead_to_what_they_mean_once_each() -> None:
    linked = Glossary(GUIDE).linked(
        'the journal says "the journal" to <var class="hole">journal</var>, and the journal'
    )
    assert linked.count('href="words.html#the-journal"') == 1
    assert '"the journal"' in linked
    assert ">journal</var>" in linked


def test_every_word_has_its_place_on_the_page_of_words() -> None:
    glossary = Glossary(GUIDE)
    page = glossary.with_places("".join(f'<th scope="row">{cell}</th>' for cell in glossary.rows))
    assert len(glossary.rows) > 20
    assert len(re.findall(r'id="([^"]+)"', page)) == len(set(glossary.rows))


def test_the_search_knows_the_words_of_steps_tables_and_tags() -> None:
    index = search.index([specification.read(CHECKOUT / "features" / "refresh.feature")])
    line = next(line for line in index.splitlines() if line.startswith("const scenarios"))
    for words in ("write journal", "access token has run out", "@rf-1"):
        assert words in line


def test_no_word_of_a_feature_ends_the_script_that_is_searched(tmp_path: Path) -> None:
    """In one file with everything it stands between tags."""
    path = tmp_path / "a.feature"
    path.write_text(
        "Feature: f\n  Scenario Outline: It\n    Given <what>\n    When b\n    Then c\n"
        "    Examples:\n      | what |\n      | </script><!--<script> |\n"
    )
    index = search.index([specification.read(path)])
    assert "<" not in index
    words = json.loads(index.removeprefix("const scenarios = ").removesuffix(";\n"))[0][3]
    assert "</script><!--<script>" in words


def test_what_came_out_otherwise_is_listed_and_nothing_else() -> None:
    other = msgspec.structs.replace(RAN, name="It closes")
    passed = msgspec.structs.replace(RAN, outcome="passed")
    assert compare_page.differences([RAN, other], [passed, other]) == [
        (RAN.key, "failed", "passed")
    ]
    new = msgspec.structs.replace(RAN, feature="0.feature")
    assert [key for key, _, _ in compare_page.differences([RAN], [passed, new])] == [
        RAN.key,
        new.key,
    ]
    assert compare_page.differences([], [other]) == [(other.key, "not run", "failed")]
    page = compare_page.page({"inproc": [RAN]}, {"inproc": [passed]})
    assert "<td>failed</td><td>passed</td>" in page
    assert page.count("Nothing is different.") == 1


def test_the_whole_site_fits_one_file_and_every_link_in_it_leads_somewhere(tmp_path: Path) -> None:
    site.build(CHECKOUT, tmp_path / "none", tmp_path / "site", tmp_path / "none", single=True)
    assert 'href="compared.html"' in (tmp_path / "site" / "index.html").read_text()
    text = (tmp_path / "site" / site.SINGLE).read_text()
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    links = re.findall(r'href="([^"]+)"', text)
    assert len(links) > 500
    assert {link[1:] for link in links if link.startswith("#")} <= set(ids)
    assert not [link for link in links if not link.startswith(("#", "http"))]
    assert 'src="pictures' not in text


def test_every_row_of_examples_has_a_link_of_its_own(tmp_path: Path) -> None:
    site.build(CHECKOUT, tmp_path / "none", tmp_path / "site")
    for path in (CHECKOUT / "features").glob("*.feature"):
        rows = sum(len(one.examples) for one in specification.read(path).scenarios if one.outline)
        page = (tmp_path / "site" / f"{path.stem.replace('_', '-')}.html").read_text()
        assert len(set(re.findall(r'id="([\w-]+-row-\d+)"', page))) == rows


def test_two_scenarios_of_older_code_make_a_run_old(tmp_path: Path) -> None:
    path = tmp_path / "a.feature"
    path.write_text("Feature: f\n  Scenario: It opens\n    Given a\n    When b\n    Then c\n")
    feature = specification.read(path)
    text = text_hash(feature.scenarios[0].examples[0].steps)
    ran = msgspec.structs.replace(RAN, text=text, outcome="passed", code="older")
    run = Run("inproc", 0.0, "now", "Linux")
    known = Results([feature], {"inproc": (run, [ran])}, "now").standings["inproc"]
    assert known.old
    assert known.states[State.PASSED] == 1
    ran = msgspec.structs.replace(ran, code="now")
    assert not Results([feature], {"inproc": (run, [ran])}, "now").standings["inproc"].old


@pytest.mark.parametrize(("code", "runs"), [("now", False), ("older", True)])
def test_the_features_are_run_only_if_that_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, runs: bool
) -> None:
    features = tmp_path / "features"
    features.mkdir()
    (features / "a.feature").write_text(
        "Feature: f\n  Scenario: It opens\n    Given a\n    When b\n    Then c\n"
    )
    monkeypatch.setattr(record, "code_hash", lambda _: "now")
    asked: list[object] = []

    def ended(command: list[str], _folder: Path) -> int:
        asked.append(command)
        return 0

    monkeypatch.setattr(needed, "ended", ended)
    text = text_hash(specification.read(features / "a.feature").scenarios[0].examples[0].steps)
    ran = msgspec.structs.replace(RAN, text=text, outcome="passed", code=code)
    record.write(tmp_path / "records" / "inproc.ndjson", Run("inproc", 0.0, code, "Linux"), [ran])
    assert needed.run(tmp_path, tmp_path / "records") is runs
    assert len(asked) == runs
