"""The pages that lead to the others:
the start, the phases of the recipe, and the place to find a rule or a tag.

Pure. A rule's state is the weightiest among its scenarios, wherever they stand.
"""

from __future__ import annotations

import dataclasses
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from html import escape
from typing import Literal

from steps.gherkin.specification import Feature, Scenario
from steps.site import frame, prose, search
from steps.site.results import DRIVERS, Results, Standing, State, Tally

SOURCES: Mapping[str, tuple[str, str]] = {
    "phase 1": ("Phase 1: secure storage", "Where the tokens lie."),
    "phase 2": ("Phase 2: the bridge to the window", "What the window can ask for."),
    "phase 3": ("Phase 3: the token service", "One way to the tokens, whoever needs them."),
    "phase 4": ("Phase 4: the client of the auth server", "How the server is talked to."),
    "phase 5": ("Phase 5: the auth store", "Signing in, restoring, expiring, signing out."),
    "phase 6": (
        "Phase 6: calls with a token",
        "What they carry, and what happens when it is refused.",
    ),
    "phase 7": ("Phase 7: the trusted part's own calls", "Calls that are made without the window."),
    "pattern": ("Key patterns", "What the recipe wants to see in every implementation."),
    "gotcha": ("Gotchas", "What goes wrong, as the recipe warns."),
    "flow": ("Data flows", "What follows on what."),
    "points": ("Integration points", "What depends on the session."),
    "model": ("The security model", "Who is kept away from the secrets."),
    "RFC 7636": ("PKCE (RFC 7636)", "Who may trade a code for a session."),
    "RFC 8252": ("OAuth for native apps (RFC 8252)", "How a browser leads back to an app."),
    "RFC 8628": ("The device flow (RFC 8628)", "Signing in with a code on another device."),
    "decision": (
        "Decisions",
        "The recipe is silent here or contradicts itself, so the project decided.",
    ),
}


@dataclasses.dataclass(frozen=True, slots=True)
class Rule:
    """One rule of rules.toml."""

    name: str
    says: str
    source: str
    level: Literal["must", "should"] = "must"


class Lists:
    """Writes these pages.
    ``features`` are in reading order, each with the words that introduce it.
    """

    def __init__(
        self, features: Mapping[str, tuple[Feature, str]], rules: Sequence[Rule], results: Results
    ) -> None:
        self._features = features
        self._rules = rules
        self._results = results
        self._scenarios: dict[str, list[tuple[Feature, Scenario]]] = defaultdict(list)
        for feature, _ in features.values():
            for scenario in feature.scenarios:
                for tag in scenario.tags:
                    self._scenarios[tag].append((feature, scenario))

    def start(self, others: Sequence[str] = ()) -> str:
        """The first page; ``others`` are pages that not every site has."""
        rows = "".join(
            f'<li><a href="{frame.feature_file(name)}">{escape(feature.name)}</a>: '
            f"{prose.line_of(why)}"
            f"{self._tallies(feature)}</li>"
            for name, (feature, why) in self._features.items()
        )
        signs = [[frame.sign(one), text] for one, text in MEANINGS.items()]
        meanings = frame.table("Results", ["result", "meaning"], signs)
        body = (
            "<h1>How signing in from a desktop app works</h1>"
            "<p>This is the specification of refapp, the reference for signing in from a desktop "
            "app. It is made of rules, and of examples that show what each rule means. Every "
            "example is run against the app, and its result stands beside it, with the messages "
            "that really went between the parts of the app. What an example does not mention "
            f"did not happen.</p>{frame.warnings(self._results)}{self._failures()}<h2>The last "
            f"runs</h2>{self._runs()}"
            f'<h2>In reading order</h2><ol class="order">{rows}</ol>'
            "<h2>Other ways in</h2><ul>"
            '<li><a href="phases.html">By phase of the recipe</a>: what it asks for, and '
            'whether it holds.</li><li><a href="find.html">Find</a> a rule, a tag or '
            'a scenario.</li><li><a href="states.html">The states of a session</a>, drawn '
            'from the code.</li><li><a href="recipe.html">The recipe, step by step</a>: its flows, '
            'what it has one validate, what it warns of.</li><li><a href="words.html">Words '
            "and people</a> in "
            "the examples.</li>"
            '<li><a href="peers.html">Implementations, side by side</a>: what other apps do, '
            "rule by rule.</li>"
            f"{''.join(OTHERS[name] for name in others)}</ul>"
            "<h2>What the results mean</h2>"
            f"{meanings}"
        )
        return frame.document("Start", body, "index.html")

    def _failures(self) -> str:
        """Everything that failed, with the way to what happened;
        this is what the site is opened for when something is red.
        """
        lines = "".join(
            f"<li>{frame.sign(State.FAILED, frame.NAMES[driver])} <a "
            f'href="{frame.feature_file(name)}#{frame.happened_in(one.name, driver, number)}">'
            f"{escape(example.name)}</a>, "
            f"in {escape(feature.name)}</li>"
            for driver in DRIVERS
            for name, (feature, _) in self._features.items()
            for one in feature.scenarios
            for number, example in enumerate(one.examples, 1)
            if self._results.of(driver, feature, one, example).state is State.FAILED
        )
        return f'<h2 id="failed">What failed</h2><ul class="order">{lines}</ul>' if lines else ""

    def _tallies(self, feature: Feature) -> str:
        tally = self._results.tally
        return frame.badges(
            {one: tally(one, feature, feature.scenarios) for one in self._results.drivers}
        )

    def _runs(self) -> str:
        head = ["where", "when", "passed", "failed", "no result", "on"]
        return frame.table(
            "The last runs", head, [_run(one) for one in self._results.standings.values()]
        )

    def phases(self) -> str:
        """The list of everything that rules come from."""
        rows = [
            [
                f'<a href="{frame.source_file(source)}">{escape(title)}</a>',
                escape(about),
                str(len(self._of(source))),
                self.badges(*self._of(source)) if self._of(source) else "no rule is from it alone",
            ]
            for source, (title, about) in SOURCES.items()
        ]
        text = (
            "<p>The rules come from a recipe for desktop sign-in, which builds it in seven phases "
            "and adds patterns, warnings and a security model. Where it is silent or contradicts "
            "itself, the project decided. Each has a page with its rules.</p>"
        )
        table = frame.table(
            "Where the rules come from",
            ["from", "what it is about", "rules", "state"],
            rows,
            "stacked",
        )
        body = f"<h1>By phase</h1>{frame.warnings(self._results)}{text}{table}"
        return frame.document("By phase", body, "phases.html")

    def source(self, source: str) -> str:
        """The page of one phase, or of another source."""
        title, about = SOURCES[source]
        rules = self._of(source)
        rows = [
            [rule.name, escape(rule.says), self.badges(rule), self.places(rule.name)]
            for rule in rules
        ]
        table = frame.table(
            f"The rules of: {title}", ["rule", "what it says", "state", "examples"], rows, "stacked"
        )
        body = (
            f"<h1>{escape(title)}</h1>{frame.warnings(self._results)}<p>{escape(about)}</p>"
            f"{table if rules else NO_RULE}"
            '<p><a href="phases.html">All phases</a></p>'
        )
        return frame.document(title, body, frame.source_file(source))

    def find(self) -> str:
        """Every rule and every tag with their scenarios."""
        rules = [
            [rule.name, f"{escape(rule.says)}{self.places(rule.name)}", self.badges(rule)]
            for rule in self._rules
        ]
        known = {rule.name for rule in self._rules}
        tags = "".join(
            '<div class="found"><h3 '
            f'id="tag-{frame.slug(tag)}">@{escape(tag)}</h3>{self.places(tag)}</div>'
            for tag in sorted(self._scenarios)
            if tag not in known
        )
        head = ["rule", "what it says, and its scenarios", "state"]
        table = frame.table("Rules", head, rules, "stacked")
        body = (
            f'<h1>Find</h1>{frame.warnings(self._results)}<p id="search">Every rule, with the '
            "scenarios that show it. The browser's own search finds any word. <a "
            'href="#tags">Tags</a> come after the rules.</p>'
            f"<h2>Rules</h2>{table}"
            f'<h2 id="tags">Tags</h2>{tags}'
        )
        return frame.document("Find", body, "find.html", scripts=[search.FILE, "find.js"])

    def _of(self, source: str) -> list[Rule]:
        return [rule for rule in self._rules if rule.source == source]

    def badges(self, *rules: Rule) -> str:
        """How these rules stand, under every driver."""
        pairs = [pair for rule in rules for pair in self._scenarios[rule.name]]
        return frame.badges(
            {
                driver: sum(
                    (self._results.tally(driver, feature, [one]) for feature, one in pairs), Tally()
                )
                for driver in self._results.drivers
            }
        )

    def places(self, tag: str) -> str:
        """The scenarios with this tag, as links."""
        links = "".join(
            "<li><a "
            f'href="{frame.feature_file(feature.path.name)}#{frame.slug(scenario.name)}">'
            f"{escape(scenario.name)}</a></li>"
            for feature, scenario in self._scenarios[tag]
        )
        return f'<ul class="places">{links}</ul>'


OTHERS = {
    "compared.html": '<li><a href="compared.html">What is different</a> from the other run.</li>'
}
"""A page that not every site has -> how the start leads to it."""
NO_RULE = "<p>No rule comes from it alone: the others show what it builds.</p>"
MEANINGS: Mapping[State, str] = {
    State.PASSED: "It ran as it is written here, and the app did what it says.",
    State.FAILED: "It ran as it is written here, and the app did something else.",
    State.CHANGED: "It was rewritten after it ran, so there is no result.",
    State.NOT_RUN: "The last run left it out.",
    State.KNOWN: (
        "Another app did something else, as its list says; the reason is on the page of "
        "implementations."
    ),
    State.NOT_OFFERED: (
        "Another app does not have what it is about, or can't be asked for it from outside."
    ),
    State.ELSEWHERE: (
        "It needs what only the other driver has: hours that pass in a moment, or a real desktop."
    ),
}


def _run(standing: Standing) -> list[str]:
    states, run = standing.states, standing.run
    lacking = states[State.NOT_RUN] + states[State.CHANGED]
    when = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(run.at)) if run else "never"
    return [
        frame.NAMES[standing.driver],
        when,
        str(states[State.PASSED]),
        str(states[State.FAILED]),
        str(lacking),
        escape(run.on) if run else "",
    ]
