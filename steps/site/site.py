"""Puts the site together: reads the specification and the records, and writes every page, the style
and the pictures.

Owns the reading and the writing; the pages are made by the others, which are pure.
"""

from __future__ import annotations

import re
import shutil
import tomllib
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path

from refapp.trusted.rules import state_diagram
from steps.gherkin import specification
from steps.gherkin.specification import Feature
from steps.kit import verdicts
from steps.site import cucumber_messages, frame, prose, record, search, single_file
from steps.site.glossary import Glossary
from steps.site.pages import (
    api_page,
    compare_page,
    guide_pages,
    peers_page,
    recipe_page,
    state_page,
)
from steps.site.pages.feature_page import FeaturePage
from steps.site.pages.lists import SOURCES, Lists, Rule
from steps.site.results import DRIVERS, Results

SINGLE = "specification.html"
"""The whole site in one file."""


def build(
    checkout: Path,
    records: Path,
    out: Path,
    against: Path | None = None,
    *,
    single: bool = False,
    reports: Sequence[Path] = (),
) -> Results:
    """Write the site of the specification in ``checkout`` to ``out``, with the runs that
    ``records`` holds.

    ``against`` holds other runs to compare with; ``single``: all of it as one file too,
    ``specification.html``. ``reports`` are the conformance kit's, of other apps.

    Raises:
        RecordDamaged, Unreadable: a record or a report can't be read.
        OSError: ``out`` can't be written.
    """
    folder = checkout / "features"
    guide = (folder / "README.md").read_text(encoding="utf-8")
    features = in_order(folder, guide)
    runs = _runs_in(records)
    read, digest = [verdicts.read(path) for path in reports], verdicts.digest(folder)
    same = [one for one in read if one.features == digest]
    results = Results(
        [feature for feature, _ in features.values()], runs, record.code_hash(checkout), same
    )
    out.mkdir(parents=True, exist_ok=True)
    flows = recipe_page.flows_in(
        tomllib.loads((folder / "recipe.toml").read_text(encoding="utf-8"))
    )
    others = [compare_page.FILE] * (against is not None)
    made = pages(features, rules_in(folder / "rules.toml"), results, guide, flows, others)
    made[peers_page.FILE] = peers_page.page(read, rules_in(folder / "rules.toml"), digest)
    made |= {api_page.FILE: api_page.page(), **guide_pages.pages(checkout / "refapp" / "guide")}
    if against is not None:
        made[compare_page.FILE] = compare_page.page(_scenarios(_runs_in(against)), _scenarios(runs))
    own = resources.files("steps.site")
    style = resources.files("refapp.tour").joinpath("page.css").read_text(encoding="utf-8")
    style += own.joinpath("site.css").read_text(encoding="utf-8")
    scripts = {
        search.FILE: search.index(feature for feature, _ in features.values()),
        "find.js": own.joinpath("find.js").read_text(encoding="utf-8"),
    }
    for name, text in {**made, "site.css": style, **scripts}.items():
        (out / name).write_text(text, encoding="utf-8")
    for ran in (ran for scenarios in _scenarios(runs).values() for ran in scenarios):
        if ran.picture:
            target = out / ran.picture
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(records / ran.picture, target)
    if single:
        (out / SINGLE).write_text(single_file.in_one(made, style, scripts, out), encoding="utf-8")
    return results


def write_messages(checkout: Path, records: Path) -> list[Path]:
    """Write each driver's record as Cucumber Messages beside it: the files that it made.

    Raises:
        RecordDamaged, OSError: a record can't be read, or a file can't be written.
    """
    made = []
    paths = sorted((checkout / "features").glob("*.feature"))
    for driver, found in _runs_in(records).items():
        if found is not None:
            text = cucumber_messages.ndjson(cucumber_messages.messages(paths, *found))
            made.append(records / f"{driver}.messages.ndjson")
            made[-1].write_text(text, encoding="utf-8")
    return made


def demand_a_record(folder: Path) -> None:
    """Raises RecordDamaged: there is none to compare with in ``folder``."""
    if not any(_runs_in(folder).values()):
        raise record.RecordDamaged(
            f"{folder} holds no record of a run ({', '.join(f'{one}.ndjson' for one in DRIVERS)}).",
            "Name a folder such as build/spec of another checkout.",
        )


def _runs_in(records: Path) -> dict[str, tuple[record.Run, list[record.Ran]] | None]:
    return {driver: record.read(records / f"{driver}.ndjson") for driver in DRIVERS}


def _scenarios(
    runs: Mapping[str, tuple[record.Run, list[record.Ran]] | None],
) -> dict[str, list[record.Ran]]:
    return {driver: run[1] if run else [] for driver, run in runs.items()}


def pages(
    features: Mapping[str, tuple[Feature, str]],
    rules: list[Rule],
    results: Results,
    guide: str,
    flows: recipe_page.Flows,
    others: Sequence[str] = (),
) -> dict[str, str]:
    """Every page by its file; ``others`` are pages that the start leads to besides."""
    lists = Lists(features, rules, results)
    glossary = Glossary(guide)
    sources = {rule.name: rule.source for rule in rules}
    ordered = [feature for feature, _ in features.values()]
    found = {
        "index.html": lists.start(others),
        "phases.html": lists.phases(),
        "find.html": lists.find(),
        "states.html": state_page.page(state_diagram.arrows(), state_diagram.mermaid()),
        "words.html": frame.document(
            "Words",
            glossary.with_places(prose.html_of(guide, lambda word: _code(word, features))),
            "words.html",
        ),
        "recipe.html": recipe_page.page(flows, lists, rules, frame.warnings(results)),
    }
    for source in SOURCES:
        found[frame.source_file(source)] = lists.source(source)
    for before, feature, after in zip(
        [None, *ordered], ordered, [*ordered[1:], None], strict=False
    ):
        page = FeaturePage(feature, results, sources, (before, after), glossary)
        found[frame.feature_file(feature.path.name)] = page.text()
    return found


def in_order(folder: Path, guide: str) -> dict[str, tuple[Feature, str]]:
    """The features by file name, as ``guide`` lists them, each with its words about it;
    what it leaves out comes last.
    """
    said = {
        name: why.strip()
        for name, why in re.findall(r"(?ms)^\d+\. `(\S+\.feature)`:(.*?)(?=^\d+\. |^$)", guide)
    }
    names = [*said, *sorted({path.name for path in folder.glob("*.feature")} - said.keys())]
    return {name: (specification.read(folder / name), said.get(name, "")) for name in names}


def rules_in(path: Path) -> list[Rule]:
    """The rules that the file at ``path`` lists."""
    listed = tomllib.loads(path.read_text(encoding="utf-8"))
    return [
        Rule(name, line["says"], line["from"], line["level"])
        for name, line in listed.items()
        if name != "unspecified"
    ]


def _code(word: str, features: Mapping[str, object]) -> str:
    if word in features:
        return f'<a href="{frame.feature_file(word)}"><code>{word}</code></a>'
    return prose.code(word)
