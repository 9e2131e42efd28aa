"""The record of a run as Cucumber Messages: newline-delimited JSON that the ecosystem's own
reporters and formatters read.

Pure: features and a record in, messages out. The documents and pickles are Gherkin's own; a test
checks all of it with the official schema and has Cucumber's HTML formatter render it. Durations
were not recorded and are zero.
"""

from __future__ import annotations

import itertools
import json
import platform
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from gherkin.ast_builder import AstBuilder
from gherkin.parser import Parser
from gherkin.pickles.compiler import Compiler
from gherkin.stream.id_generator import IdGenerator

from steps.gherkin import specification
from steps.site.record import Ran, Run, Taken

PROTOCOL = "34.2.1"
MEDIA_TYPE = "text/x.cucumber.gherkin+plain"
_STATUS: Mapping[str, str] = {"passed": "PASSED", "failed": "FAILED", "not reached": "SKIPPED"}
_NOTHING = {"seconds": 0, "nanos": 0}
_Message = dict[str, Any]


def messages(paths: Sequence[Path], run: Run, scenarios: Sequence[Ran]) -> Iterator[_Message]:
    """The messages of ``run``, whose scenarios are those of the feature files at ``paths``."""
    identify = IdGenerator()
    ran = {one.key: one for one in scenarios}
    yield {"meta": _meta(run)}
    pickles: list[tuple[_Message, Ran | None]] = []
    for path in paths:
        text, uri = path.read_text(encoding="utf-8"), f"features/{path.name}"
        yield {"source": {"uri": uri, "data": text, "mediaType": MEDIA_TYPE}}
        document: Any = {**Parser(AstBuilder(identify)).parse(text), "uri": uri}
        yield {"gherkinDocument": document}
        compiled: Any = Compiler(identify).compile(document)
        for pickle, key in zip(compiled, _keys(path), strict=True):
            yield {"pickle": pickle}
            pickles.append((pickle, ran.get(key)))
    began = _time(run.at)
    started = str(next(_numbers))
    yield {"testRunStarted": {"timestamp": began, "id": started}}
    for pickle, one in pickles:
        if one is not None:
            yield from _case(pickle, one, started, began)
    success = all(one.outcome == "passed" for one in scenarios)
    yield {"testRunFinished": {"success": success, "timestamp": began, "testRunStartedId": started}}


def ndjson(found: Iterator[_Message]) -> str:
    """One message a line."""
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in found)


_numbers = itertools.count(1_000_000)


def _keys(path: Path) -> list[tuple[str, str, tuple[tuple[str, str], ...]]]:
    """What identifies each pickle of the file, in their order."""
    return [
        (path.name, scenario.name, example.row)
        for scenario in specification.read(path).scenarios
        for example in scenario.examples
    ]


def _meta(run: Run) -> _Message:
    return {
        "protocolVersion": PROTOCOL,
        "implementation": {"name": f"refapp, {run.driver}", "version": run.code},
        "runtime": {"name": platform.python_implementation(), "version": run.on},
        "os": {"name": run.on.partition(",")[0]},
        "cpu": {"name": platform.machine() or "unknown"},
    }


def _case(pickle: _Message, ran: Ran, run: str, at: _Message) -> Iterator[_Message]:
    case, attempt = str(next(_numbers)), str(next(_numbers))
    steps = [(str(next(_numbers)), step) for step in pickle["steps"]]
    planned = [
        {"id": number, "pickleStepId": step["id"], "stepDefinitionIds": []}
        for number, step in steps
    ]
    yield {
        "testCase": {
            "id": case,
            "pickleId": pickle["id"],
            "testSteps": planned,
            "testRunStartedId": run,
        }
    }
    yield {"testCaseStarted": {"id": attempt, "testCaseId": case, "attempt": 0, "timestamp": at}}
    for (number, _), taken in zip(steps, ran.steps, strict=False):
        yield {
            "testStepStarted": {"testCaseStartedId": attempt, "testStepId": number, "timestamp": at}
        }
        finished = {"testCaseStartedId": attempt, "testStepId": number, "timestamp": at}
        yield {"testStepFinished": finished | {"testStepResult": _result(taken, ran)}}
    yield {
        "testCaseFinished": {"testCaseStartedId": attempt, "timestamp": at, "willBeRetried": False}
    }


def _result(taken: Taken, ran: Ran) -> _Message:
    found: _Message = {"status": _STATUS[taken.status], "duration": _NOTHING}
    if taken.status == "failed" and ran.why is not None:
        sides = [f"expected: {line}" for line in ran.why.expected] + [
            f"actual: {line}" for line in ran.why.actual
        ]
        found["message"] = "\n".join([ran.why.says, *sides])
    return found


def _time(at: float) -> _Message:
    return {"seconds": int(at), "nanos": int(at % 1 * 1e9)}
