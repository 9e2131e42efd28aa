"""A pytest plugin for ``test_kit.py``: each scenario that fails, with the step and what that said,
a line of JSON each.

``REFAPP_HOW_IT_FAILED`` names the file. What fails after the last step is the ledger's.
"""

from __future__ import annotations

import json
import os
from collections.abc import Generator
from pathlib import Path

import pytest
from pytest_bdd import parser

from steps.kit.expected import _name_of

AT_THE_END = "nothing else happened"
_steps: dict[str, str] = {}


def pytest_bdd_step_error(request: pytest.FixtureRequest, step: parser.Step) -> None:
    """Note the step."""
    _steps[request.node.nodeid] = step.name


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Before the kit makes an expected failure of it, it is one."""
    report = yield
    if call.excinfo is not None and not call.excinfo.errisinstance(pytest.skip.Exception):
        said = " ".join(str(call.excinfo.value).split())
        line = [_name_of(item), _steps.get(item.nodeid, AT_THE_END), said]
        with Path(os.environ["REFAPP_HOW_IT_FAILED"]).open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
    return report
