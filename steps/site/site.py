"""Puts the site together: reads the specification and the records, and writes every page, the style and the pictures.

Owns the reading and the writing; the pages are made by the others, which are pure.
"""

from __future__ import annotations

import re
import shutil
import tomllib
from collections.abc import Mapping
from importlib import resources
from pathlib import Path

from refapp.trusted.rules import state_diagram
from steps.gherkin import specification
from steps.gherkin.specification import Feature
from steps.site import frame, prose, record, state_page
from steps.site.feature_page import FeaturePage
from steps.site.lists import SOURCES, Lists, Rule
from steps.site.results import DRIVERS, Results


def build(checkout: Path, records: Path, out: Path) -> Results:
    """Write the site of the specification in ``checkout`` to ``out``, with the runs that ``records`` holds.

    Raises:
        RecordDamaged: a record can't be read.
        OSError: ``out`` can't be written.
    """
    folder = checkout / "features"
    guide = (folder / "README.md").read_text(encoding="utf-8")
    features = in_order(folder, guide)
    runs = {driver: record.read(records / f"{driver}.ndjson") for driver in DRIVERS}
    results = Results([feature for feature, _ in features.values()], runs, record.code_hash(checkout))
    out.mkdir(parents=True, exist_ok=True)
    for name, text in pages(features, rules_in(folder / "rules.toml"), results, guide).items():
        (out / name).write_text(text, encoding="utf-8")
    style = resources.files("refapp.tour").joinpath("page.css").read_text(encoding="utf-8")
    own = resources.files("steps.site")
    (out / "site.css").write_text(style + own.joinpath("site.css").read_text(encoding="utf-8"), encoding="utf-8")
    (out / "find.js").write_text(own.joinpath("find.js").read_text(encoding="utf-8"), encoding="utf-8")
    for run in runs.values():
        for ran in run[1] if run else ():
            if ran.picture:
                target = out / ran.picture
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(records / ran.picture, target)
    return results


def pages(
    features: Mapping[str, tuple[Feature, str]], rules: list[Rule], results: Results, guide: str
) -> dict[str, str]:
    """Every page by its file."""
    lists = Lists(features, rules, results)
    sources = {rule.name: rule.source for rule in rules}
    ordered = [feature for feature, _ in features.values()]
    found = {
        "index.html": lists.start(),
        "phases.html": lists.phases(),
        "find.html": lists.find(),
        "states.html": state_page.page(state_diagram.arrows(), state_diagram.mermaid()),
        "words.html": frame.document("Words", prose.html_of(guide, lambda word: _code(word, features)), "words.html"),
    }
    for source in SOURCES:
        found[frame.source_file(source)] = lists.source(source)
    for before, feature, after in zip([None, *ordered], ordered, [*ordered[1:], None], strict=False):
        page = FeaturePage(feature, results, sources, (before, after))
        found[frame.feature_file(feature.path.name)] = page.text()
    return found


def in_order(folder: Path, guide: str) -> dict[str, tuple[Feature, str]]:
    """The features by file name, as ``guide`` lists them, each with its words about it; what it leaves out comes last."""
    said = {name: why.strip() for name, why in re.findall(r"(?ms)^\d+\. `(\S+\.feature)`:(.*?)(?=^\d+\. |^$)", guide)}
    names = [*said, *sorted({path.name for path in folder.glob("*.feature")} - said.keys())]
    return {name: (specification.read(folder / name), said.get(name, "")) for name in names}


def rules_in(path: Path) -> list[Rule]:
    """The rules that the file at ``path`` lists."""
    listed = tomllib.loads(path.read_text(encoding="utf-8"))
    return [Rule(name, line["says"], line["from"]) for name, line in listed.items() if name != "unspecified"]


def _code(word: str, features: Mapping[str, object]) -> str:
    if word in features:
        return f'<a href="{frame.feature_file(word)}"><code>{word}</code></a>'
    return prose.code(word)
