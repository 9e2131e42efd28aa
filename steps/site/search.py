"""What ``find.js`` searches: a line for each scenario, with all its words.
A script file, because no server is there to ask.

Pure: features in, a JavaScript file out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from steps.gherkin.specification import Feature, Scenario
from steps.site.frame import feature_file, slug

FILE = "scenarios.js"


def index(features: Iterable[Feature]) -> str:
    """``[name, feature, where it leads, all its words in lower case]`` for each scenario."""
    lines = [
        [
            one.name,
            feature.name,
            f"{feature_file(feature.path.name)}#{slug(one.name)}",
            " ".join(_words(feature, one)).lower(),
        ]
        for feature in features
        for one in feature.scenarios
    ]
    # In the site as one file it stands between tags, which no word of a feature may end.
    said = json.dumps(lines, ensure_ascii=False).replace("<", r"\u003c")
    return f"const scenarios = {said};\n"


def _words(feature: Feature, scenario: Scenario) -> Iterator[str]:
    yield from (feature.name, scenario.name, scenario.description)
    yield from (f"@{tag}" for tag in scenario.tags)
    if scenario.rule is not None:
        yield from (scenario.rule.name, scenario.rule.description)
    for step in scenario.steps:
        yield from step.words()
    for example in scenario.examples:
        yield from (value for _, value in example.row)
