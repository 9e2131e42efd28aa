"""What is known of each scenario: the specification as it is now, against the records of the runs.

Pure. Owns the question whether a result still counts; what the pages make of it is theirs.
"""

from __future__ import annotations

import dataclasses
import enum
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from steps.gherkin.specification import Example, Feature, Scenario
from steps.kit.verdicts import Report
from steps.site.record import Key, Ran, Run, text_hash

Tally = Counter["State"]
DRIVERS = ("inproc", "desktop")


class State(enum.Enum):
    """How an example stands under a driver; the value is for people.
    Later ones weigh more when several are summed up.
    """

    ELSEWHERE = "not for this driver"
    NOT_OFFERED = "not offered"
    PASSED = "passed"
    NOT_RUN = "not run"
    CHANGED = "changed since it ran"
    KNOWN = "failed as known"
    FAILED = "failed"


@dataclasses.dataclass(frozen=True, slots=True)
class Result:
    """One example under one driver. ``ran`` is there if it ran as it is written now."""

    state: State
    ran: Ran | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Standing:
    """A driver's last run. ``run`` is None if there is no record.
    ``states`` counts the examples that are meant for the driver.

    ``new_code``: the app or the step library is not what ran, for some of them at least.
    ``gone``: how many scenarios of the record are no more.
    """

    driver: str
    run: Run | None
    states: Tally
    new_code: bool
    gone: int

    @property
    def partial(self) -> bool:
        """Whether some examples have no result that counts."""
        return bool(self.states[State.NOT_RUN] or self.states[State.CHANGED])

    @property
    def old(self) -> bool:
        """Whether something has changed since."""
        return self.run is not None and bool(
            self.new_code or self.gone or self.states[State.CHANGED]
        )


class Results:
    """The results of ``features``.
    ``records``: driver -> its last run; ``code``: the hash of the code as it is now.

    ``reports`` are of other apps, each a driver by its name, against these very features; more of
    one app are its runs.
    """

    def __init__(
        self,
        features: Sequence[Feature],
        records: Mapping[str, tuple[Run, Sequence[Ran]] | None],
        code: str,
        reports: Sequence[Report] = (),
    ) -> None:
        self._others: dict[str, dict[Key, State]] = {}
        for one in reports:
            runs = sum(name.partition(" (run ")[0] == one.name for name in self._others)
            name = f"{one.name} (run {runs + 1})" if runs else one.name
            self._others[name] = {
                (came.feature, came.scenario, came.row): State(came.state) for came in one.scenarios
            }
        self.drivers = (*DRIVERS, *self._others)
        self._ran = {
            name: {ran.key: ran for ran in found[1]} if found else {}
            for name, found in records.items()
        }
        every = [
            (feature, scenario, one)
            for feature in features
            for scenario in feature.scenarios
            for one in scenario.examples
        ]
        keys = {key_of(feature, scenario, one) for feature, scenario, one in every}
        self.standings: dict[str, Standing] = {}
        for driver, found in records.items():
            states = Tally(
                self.of(driver, feature, scenario, one).state for feature, scenario, one in every
            )
            run = found[0] if found else None
            gone = len(self._ran[driver].keys() - keys)
            new_code = found is not None and {code} != {
                found[0].code,
                *(ran.code or found[0].code for ran in found[1]),
            }
            self.standings[driver] = Standing(driver, run, states, new_code, gone)

    def of(self, driver: str, feature: Feature, scenario: Scenario, example: Example) -> Result:
        """One example under one driver."""
        if driver in self._others:
            return Result(
                self._others[driver].get(key_of(feature, scenario, example), State.NOT_RUN)
            )
        bound = [name for name in DRIVERS if name in example.tags]
        if bound and driver not in bound:
            return Result(State.ELSEWHERE)
        ran = self._ran[driver].get(key_of(feature, scenario, example))
        if ran is None:
            return Result(State.NOT_RUN)
        if ran.text != text_hash(example.steps):
            return Result(State.CHANGED)
        return Result(State.PASSED if ran.outcome == "passed" else State.FAILED, ran)

    def tally(self, driver: str, feature: Feature, scenarios: Iterable[Scenario]) -> Tally:
        """How many examples of ``scenarios`` are in each state."""
        return Tally(
            self.of(driver, feature, one, example).state
            for one in scenarios
            for example in one.examples
        )


def heaviest(tally: Tally) -> State:
    """The state that ``tally`` as a whole has."""
    return max(tally, key=list(State).index, default=State.ELSEWHERE)


def key_of(feature: Feature, scenario: Scenario, example: Example) -> Key:
    """What identifies an example in a record."""
    return feature.path.name, scenario.name, example.row
