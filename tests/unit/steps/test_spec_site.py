"""The specification's site says what ran and what did not,
every link leads somewhere, and it needs no script.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import msgspec
import pytest

from refapp.trusted.recorder import Entry
from refapp.trusted.rules import state_diagram
from steps.gherkin import specification
from steps.gherkin.specification import Feature
from steps.site import frame, prose, record, site
from steps.site.__main__ import main
from steps.site.pages import state_page
from steps.site.record import Ran, Run, Taken, text_hash
from steps.site.results import DRIVERS, Results, State, heaviest

CHECKOUT = Path(__file__).parents[3]
FEATURE = """
Feature: Doors

  Why there are doors.

  @R-1
  Rule: A door opens

    Scenario: It is open
      Given a door
      When somebody pushes <it>
      Then it opens:
        | door | opened |

    @inproc
    Scenario Outline: It is <how>
      Given a door
      When it is <how>
      Then it opens

      Examples: of the usual
        | how  |
        | big  |
        | blue |
"""
ENTRIES = (
    Entry(1.0, "window", "parent", "sign_in", {"password": "…"}),
    Entry(1.1, "parent", "server", "sign-in", {"request": "POST /sign-in"}),
    Entry(1.2, "window", "parent", "shown", {"widgets": {"title": "A <door>"}}),
)
GUIDE = """# W

## Words

| word | what it means |
| --- | --- |
| the hinge, lock | what holds a door |

## End
"""
FLOWS = {"Opening": [("It opens", ["R-1"]), ("It closes", [])]}
VOID = {"meta", "link", "img", "br", "input"}


@pytest.fixture
def feature(tmp_path: Path) -> Feature:
    path = tmp_path / "doors.feature"
    path.write_text(FEATURE)
    return specification.read(path)


def ran(feature: Feature, number: int, row: int = 0, **changes: object) -> Ran:
    scenario = feature.scenarios[number]
    example = scenario.examples[row]
    steps = tuple(Taken(step.text, "passed") for step in example.steps)
    made = Ran(
        "doors.feature",
        scenario.name,
        example.row,
        ("R-1",),
        text_hash(example.steps),
        "passed",
        steps,
        ENTRIES,
    )
    return msgspec.structs.replace(made, **changes)


def results(
    feature: Feature, inproc: Sequence[Ran], desktop: Sequence[Ran] | None = None, code: str = "c"
) -> Results:
    records = {
        "inproc": (Run("inproc", 0.0, "c", "Linux"), inproc),
        "desktop": None if desktop is None else (Run("desktop", 0.0, "c", "Linux"), desktop),
    }
    return Results([feature], records, code)


def pages(feature: Feature, known: Results) -> dict[str, str]:
    return site.pages(
        {"doors.feature": (feature, "what they do.")},
        [site.Rule("R-1", "It opens.", "phase 1")],
        known,
        GUIDE,
        FLOWS,
    )


class Page(HTMLParser):
    """A page's elements and text;
    ``unclosed`` is what was opened and not closed, or closed in the wrong order.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.handlers: list[str] = []
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append(tag)
        self.handlers += [name for name in found if name.startswith("on")]
        if found.get("id"):
            self.ids.append(found["id"] or "")
        self.links += [found[name] or "" for name in ("href", "src") if name in found]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data: str) -> None:
        self.words += data


def test_a_scenario_has_its_result_under_each_driver(feature: Feature) -> None:
    known = results(
        feature, [ran(feature, 0), ran(feature, 1), ran(feature, 1, 1, outcome="failed")], []
    )
    plain, outline = feature.scenarios
    assert [known.of("inproc", feature, outline, one).state for one in outline.examples] == [
        State.PASSED,
        State.FAILED,
    ]
    assert heaviest(known.tally("inproc", feature, [plain])) is State.PASSED
    assert heaviest(known.tally("inproc", feature, [plain, outline])) is State.FAILED
    assert heaviest(known.tally("desktop", feature, [plain])) is State.NOT_RUN
    assert heaviest(known.tally("desktop", feature, [outline])) is State.ELSEWHERE
    assert "in one process: 1 failed, 1 passed" in pages(feature, known)["doors.html"]


def test_a_whole_run_of_now_is_neither_old_nor_partial(feature: Feature) -> None:
    known = results(
        feature, [ran(feature, 0), ran(feature, 1), ran(feature, 1, 1)], [ran(feature, 0)]
    )
    assert not [one for one in known.standings.values() if one.old or one.partial]
    assert frame.warnings(known) == ""


def test_a_partial_run_says_so(feature: Feature) -> None:
    text = pages(feature, results(feature, [ran(feature, 0)], [ran(feature, 0)]))["doors.html"]
    assert "The last run in one process: it is partial, 2 examples have no result." in text
    assert "The last run on a desktop" not in text


def test_a_driver_that_never_ran_says_so(feature: Feature) -> None:
    assert "not been run on a desktop yet" in frame.warnings(results(feature, []))


def test_a_run_of_older_code_says_so_and_keeps_its_results(feature: Feature) -> None:
    known = results(
        feature,
        [ran(feature, 0), ran(feature, 1), ran(feature, 1, 1)],
        [ran(feature, 0)],
        code="newer",
    )
    assert frame.warnings(known).count("the code has changed since") == 2
    assert heaviest(known.tally("inproc", feature, feature.scenarios)) is State.PASSED


def test_a_scenario_that_was_rewritten_after_it_ran_has_no_result(feature: Feature) -> None:
    known = results(feature, [ran(feature, 0, text="another", outcome="failed")], [])
    assert heaviest(known.tally("inproc", feature, feature.scenarios[:1])) is State.CHANGED
    assert "1 examples have been rewritten since" in frame.warnings(known)


def test_a_scenario_that_is_gone_is_counted(feature: Feature) -> None:
    known = results(feature, [ran(feature, 0, name="It was here")], [])
    assert "1 of its examples are not in the specification any more" in frame.warnings(known)


def test_the_text_of_a_step_s_table_counts_as_its_text(feature: Feature) -> None:
    steps = feature.scenarios[0].examples[0].steps
    other = (*steps[:-1], dataclasses.replace(steps[-1], table=(("door", "closed"),)))
    assert text_hash(steps) != text_hash(other)


def test_a_feature_s_page_shows_its_steps_tables_examples_and_messages(feature: Feature) -> None:
    known = results(
        feature,
        [ran(feature, 0), ran(feature, 1), ran(feature, 1, 1)],
        [ran(feature, 0, picture="p/1.png")],
    )
    text = pages(feature, known)["doors.html"]
    words = Page(text).words
    for said in (
        "Why there are doors.",
        "A door opens",
        "somebody pushes it",
        "opened",
        "of the usual",
        "blue",
        "From Phase 1",
    ):
        assert said in words
    assert text.count("<svg") == 4
    assert "POST /sign-in" in words
    assert 'src="p/1.png" alt="The window at the end: A &lt;door&gt;"' in text


def test_a_failure_names_its_step_and_is_open(feature: Feature) -> None:
    steps = (
        Taken("Given a door", "passed"),
        Taken("When it bites", "failed"),
        Taken("Then t", "not reached"),
    )
    text = pages(feature, results(feature, [ran(feature, 0, outcome="failed", steps=steps)]))[
        "doors.html"
    ]
    assert '<li class="failure">When it bites: <strong>failed</strong>' in text
    assert text.count("<details open>") == 1


def test_what_failed_is_listed_first_and_a_click_away(feature: Feature) -> None:
    known = results(
        feature, [ran(feature, 0), ran(feature, 1), ran(feature, 1, 1, outcome="failed")]
    )
    found = pages(feature, known)
    place = "it-is-how-inproc-2"
    assert f'href="doors.html#{place}">It is blue</a>, in Doors' in found["index.html"]
    assert found["index.html"].index("What failed") < found["index.html"].index("The last runs")
    assert f'<a href="#{place}">' in found["doors.html"]
    opened, closed = (
        found["doors.html"].index("failed: 1 of 2"),
        found["doors.html"].index("passed: 1 of 2"),
    )
    assert opened < found["doors.html"].index(f'id="{place}"') < closed
    assert found["doors.html"].count("<details open>") == 1


def test_where_nothing_failed_no_failure_is_listed(feature: Feature) -> None:
    assert "What failed" not in pages(feature, results(feature, [ran(feature, 0)]))["index.html"]


def test_a_flood_is_cut_and_says_so(feature: Feature) -> None:
    flood = tuple(Entry(float(n), "window", "parent", f"word {n}", {}) for n in range(500))
    text = pages(feature, results(feature, [ran(feature, 0, entries=flood)]))["doors.html"]
    assert "The first 60 of 500 messages." in text
    assert "word 59" in text
    assert "word 60" not in text


def test_a_phase_s_page_has_its_rules_with_their_state(feature: Feature) -> None:
    found = pages(feature, results(feature, [ran(feature, 0)]))
    words = Page(found["from-phase-1.html"]).words
    assert "R-1" in words
    assert "It opens." in words
    assert "in one process: 2 not run, 1 passed" in words
    assert 'href="doors.html#it-is-open"' in found["from-phase-1.html"]


def test_every_tag_can_be_found(feature: Feature) -> None:
    text = pages(feature, results(feature, []))["find.html"]
    assert 'id="tag-inproc"' in text
    assert 'href="doors.html#it-is-how"' in text


def test_the_drawing_of_the_states_has_every_transition() -> None:
    arrows = state_diagram.arrows()
    drawing = ElementTree.fromstring(state_page.states_svg(arrows))
    assert len([one for one in drawing.iter() if one.get("class") == "arc"]) == len(arrows)
    assert len([one for one in drawing.iter() if one.get("class") == "phase"]) == 9
    words = Page(state_page.page(arrows, "stateDiagram")).words
    assert all(name in words for names in arrows.values() for name in names)


def test_no_two_arcs_of_the_states_lie_on_each_other() -> None:
    drawing = ElementTree.fromstring(state_page.states_svg(state_diagram.arrows()))
    upright = [
        re.findall(r"[-\d.]+", one.get("d") or "")
        for one in drawing.iter()
        if one.get("class") == "arc"
    ]
    places = [(x, *sorted((float(y), float(end)))) for _, y, x, end, _ in upright]
    for number, (x, top, bottom) in enumerate(places):
        for other_x, other_top, other_bottom in places[number + 1 :]:
            assert x != other_x or bottom < other_top or top > other_bottom


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("## A *b*", "<h2>A <em>b</em></h2>"),
        ("one **two**\nthree", "<p>one <strong>two</strong>\nthree</p>"),
        ("- a\n  b\n- c", "<ul><li>a\n  b</li><li>c</li></ul>"),
        ("1. a\n2. `b*`", "<ol><li>a</li><li><code>b*</code></li></ol>"),
        ("    a < b\n    c", "<pre>a &lt; b\nc</pre>"),
        ("[a](b.html) <script>", '<p><a href="b.html">a</a> &lt;script&gt;</p>'),
        ("[a](http://b:1/#c)", '<p><a href="http://b:1/#c">a</a></p>'),
        ("[a](javascript:b)", "<p>[a](javascript:b)</p>"),
        ('[a](b"onclick=c)', '<p>[a](b"onclick=c)</p>'),
    ],
)
def test_prose(text: str, html: str) -> None:
    assert prose.html_of(text) == html


def test_a_table_in_prose() -> None:
    assert '<tr><th scope="row">1</th><td>2</td></tr>' in prose.html_of(
        "| a | b |\n| --- | --- |\n| 1 | 2 |"
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Page]:
    """The site of the real specification, with a record in which everything passed."""
    folder = tmp_path_factory.mktemp("site")
    for driver in DRIVERS:
        everything = [
            Ran(
                path.name,
                one.name,
                example.row,
                example.tags,
                text_hash(example.steps),
                "passed",
                (),
                ENTRIES,
                "pictures/1.png",
            )
            for path in sorted((CHECKOUT / "features").glob("*.feature"))
            for one in specification.read(path).scenarios
            for example in one.examples
        ]
        record.write(
            folder / f"{driver}.ndjson",
            Run(driver, 0.0, record.code_hash(CHECKOUT), "Linux"),
            everything,
        )
    (folder / "pictures").mkdir()
    (folder / "pictures" / "1.png").write_bytes(b"PNG")
    site.build(CHECKOUT, folder, folder / "site")
    return {path.name: Page(path.read_text()) for path in (folder / "site").glob("*.html")} | {
        name: Page("")
        for name in ("site.css", "find.js", "scenarios.js", "pictures/1.png")
        if (folder / "site" / name).exists()
    }


def test_every_link_of_the_real_site_leads_somewhere(built: dict[str, Page]) -> None:
    assert len(built) > 25
    for name, page in built.items():
        for link in page.links:
            file, _, place = link.partition("#")
            target = built.get(file or name)
            assert target is not None, f"{name}: {link}"
            assert not place or place in target.ids, f"{name}: {link}"


def test_the_real_site_is_well_formed_and_runs_without_scripts(built: dict[str, Page]) -> None:
    for name, page in built.items():
        assert page.wrong == page.open == [], name
        assert page.handlers == [], name
        assert len(page.ids) == len(set(page.ids)), name
        assert page.tags.count("script") == (2 if name == "find.html" else 0), name
        assert page.tags.count("h1") == (1 if name.endswith(".html") else 0), name


def test_the_real_site_shows_every_rule_and_every_scenario(built: dict[str, Page]) -> None:
    for rule in site.rules_in(CHECKOUT / "features" / "rules.toml"):
        assert rule.name in built["find.html"].words
        assert rule.says in built[frame.source_file(rule.source)].words
    for path in (CHECKOUT / "features").glob("*.feature"):
        page = built[frame.feature_file(path.name)]
        for scenario in specification.read(path).scenarios:
            assert scenario.name in page.words


def test_the_real_site_lists_its_features_in_reading_order(built: dict[str, Page]) -> None:
    words = built["index.html"].words
    places = [
        words.index(name)
        for name in ("Signing in:", "Starting again:", "How a server's answers are read:")
    ]
    assert places == sorted(places)
    assert "About the runs" not in words


def test_the_command_builds_the_site(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--out", str(tmp_path / "site")]) in (0, 1)
    assert (tmp_path / "site" / "index.html").exists()
    assert "The site: file://" in capsys.readouterr().out


def test_the_command_says_what_never_ran_and_where_the_messages_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(record, "PLACE", tmp_path)
    record.write(tmp_path / "inproc.ndjson", Run("inproc", 0.0, "c", "Linux"), [])
    assert main(["--messages", "--out", str(tmp_path / "site")]) == 0
    said = capsys.readouterr().out
    assert "in one process: 0 passed, 0 failed; old; partial\n" in said
    assert "on a desktop: never run (pytest features --driver=desktop --record)\n" in said
    assert f"Cucumber Messages: {(tmp_path / 'inproc.messages.ndjson').as_uri()}\n" in said
    assert "desktop.messages" not in said


def test_the_command_s_help_has_its_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    said = capsys.readouterr().out
    assert "Builds the site" in said
    assert "Exit codes: 0 built, and nothing that ran failed" in said
    assert "``" not in said


def test_a_folder_that_can_t_be_written_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    assert main(["--out", str(tmp_path / "file")]) == 2
    assert str(tmp_path / "file") in capsys.readouterr().err
