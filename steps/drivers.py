"""Which world a scenario runs in, and the rule of the ledger:
what a scenario does not state did not happen.

``--driver=inproc`` (the default), ``desktop`` or ``all``. A scenario tagged @inproc or @desktop
runs there alone, and is shown as skipped elsewhere. ``--server=betterauth-1.7`` runs the desktop's
scenarios against the real auth server. With ``--sut`` they run against another app instead
(``kit``), which may say that it does not offer something.

When a scenario has run its last step, whatever the app did since the When and no step named is an
error; and so is any token, key or password that turns up where it must not be.
"""

from __future__ import annotations

import signal
import tomllib
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from pytest_bdd import parser

from steps.scenario.driver import Driver
from steps.scenario.ledger import Ledger

if TYPE_CHECKING:
    from steps.kit.expected import Conformance
    from steps.kit.under_test import UnderTest
    from steps.on_desktop.computer import Computer

NAMES = ("inproc", "desktop")
SERVERS = ("embedded", "betterauth-1.7", "betterauth-1.4")
FROZEN = pytest.StashKey[AbstractContextManager[None]]()
RULES = Path(__file__).parent.parent / "features" / "rules.toml"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--driver``, ``--matrix``, ``--server`` and ``--sut``."""
    group = parser.getgroup("refapp", "the specification of refapp")
    group.addoption(
        "--driver", choices=(*NAMES, "all"), default="inproc", help="where the scenarios run"
    )
    group.addoption(
        "--matrix",
        action="store_true",
        help="run what only repeats the core with other servers, too",
    )
    group.addoption(
        "--server",
        choices=SERVERS,
        default="embedded",
        help="the auth server of the desktop's scenarios",
    )
    group.addoption(
        "--sut",
        metavar="COMMAND",
        help="run them against another app, through this adapter (steps/kit)",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Make every rule's id a known tag; let apps that are started here hear SIGHUP.

    Raises:
        pytest.UsageError: options that have nothing to do with each other.
    """
    _refuse_what_changes_nothing(config)
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        # Under nohup. What is ignored is handed down, and the app keeps it so;
        # what has a handler of ours is not.
        signal.signal(signal.SIGHUP, lambda *_: None)
    for rule, line in tomllib.loads(RULES.read_text(encoding="utf-8")).items():
        if rule != "unspecified":
            config.addinivalue_line("markers", f"{rule}: {line['says']}")
    config.addinivalue_line(
        "markers", "matrix: repeats the core with other servers; runs with --matrix (make test-all)"
    )
    for name in NAMES:
        config.addinivalue_line("markers", f"{name}: the scenario runs under this driver alone")


def _refuse_what_changes_nothing(config: pytest.Config) -> None:
    driver, sut = config.getoption("--driver"), config.getoption("--sut")
    if sut and driver != NAMES[0]:
        raise pytest.UsageError("--sut is another app: it runs under no --driver of this one")
    if sut and config.getoption("--record", default=False):
        raise pytest.UsageError("--record is about this app: with --sut, --report FILE writes it")
    if config.getoption("--server") != SERVERS[0] and driver == NAMES[0]:
        raise pytest.UsageError("--server is about a real desktop: it needs --driver=desktop")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run each scenario under each driver that was asked for and that it allows."""
    if metafunc.definition.path.suffix != ".feature":
        return
    if metafunc.config.getoption("--sut"):
        metafunc.fixturenames.append("driver_name")
        metafunc.parametrize("driver_name", ["sut"])
        return
    chosen = metafunc.config.getoption("--driver")
    allowed = [name for name in NAMES if metafunc.definition.get_closest_marker(name)] or NAMES
    names = [name for name in allowed if chosen in (name, "all")]
    elsewhere = pytest.mark.skip(reason=f"runs under --driver={allowed[0]} alone")
    metafunc.fixturenames.append("driver_name")
    metafunc.parametrize("driver_name", names or [pytest.param(allowed[0], marks=elsewhere)])


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Examples can be tagged too; that is known only once each of them is an item of its own."""
    for item in items:
        if item.get_closest_marker("matrix") and not item.config.getoption("--matrix"):
            item.add_marker(pytest.mark.skip(reason="runs with --matrix (make test-all)"))
        name = _driver_of(item)
        allowed = [one for one in NAMES if item.get_closest_marker(one)]
        if name == "sut":
            if allowed == ["desktop"]:
                item.add_marker(pytest.mark.skip(reason="not offered by the kit: a real desktop"))
            continue
        if name is not None and allowed and name not in allowed:
            item.add_marker(pytest.mark.skip(reason=f"runs under --driver={allowed[0]} alone"))


def _driver_of(item: pytest.Item | None) -> str | None:
    """The driver that a scenario runs under; None: no scenario."""
    if isinstance(item, pytest.Function) and hasattr(item, "callspec"):
        return cast("str | None", item.callspec.params.get("driver_name"))
    return None


@pytest.fixture(scope="session")
def computer() -> Iterator[Computer]:
    """The private screen and keychain of this run, which ends here if there can be none."""
    from steps.on_desktop.computer import Computer, lacking

    if missing := lacking():
        pytest.exit(
            f"A real desktop's scenarios need {', '.join(missing)}, which are not here: "
            ".ci/setup tour installs them.",
            returncode=pytest.ExitCode.USAGE_ERROR,
        )
    made = Computer()
    yield made
    made.close()


@pytest.fixture
def driver(driver_name: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Driver]:
    """The world of this scenario."""
    made = _make(driver_name, tmp_path, request)
    try:
        yield made
    finally:
        made.finish()


def _make(name: str, folder: Path, request: pytest.FixtureRequest) -> Driver:
    if name == "desktop":
        from steps.on_desktop.desktop import Desktop

        return Desktop(
            folder, request.getfixturevalue("computer"), request.config.getoption("--server")
        )
    if name == "sut":
        conformance: Conformance | None = request.config.pluginmanager.get_plugin("conformance")
        under_test: UnderTest | None = request.config.pluginmanager.get_plugin("under-test")
        assert conformance is not None
        assert under_test is not None
        rules = {mark.name for mark in request.node.iter_markers()}
        return under_test.app(folder, conformance.leak_is_known, rules)
    from steps.fakes import frozen_clock
    from steps.in_process.inproc import InProcess

    if FROZEN not in request.config.stash:
        request.config.stash[FROZEN] = frozen_clock.kept_frozen()
        request.config.stash[FROZEN].__enter__()
    return InProcess(folder)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """The clock of the last scenario in process takes the one with it that was kept around all of
    them.
    """
    try:
        yield
    finally:
        if FROZEN in item.config.stash and not _may_be_frozen(nextitem):
            item.config.stash[FROZEN].__exit__(None, None, None)
            del item.config.stash[FROZEN]


def _may_be_frozen(item: pytest.Item | None) -> bool:
    """Whether it is a scenario in process, or skipped: freezing anew takes tens of milliseconds."""
    if item is None:
        return False
    return _driver_of(item) == "inproc" or item.get_closest_marker("skip") is not None


@pytest.fixture
def ledger(driver: Driver) -> Ledger:
    """What the app did since the When, and which of it the scenario has named."""
    return Ledger(driver)


def pytest_bdd_before_step(request: pytest.FixtureRequest, step: parser.Step) -> None:
    """The ledger starts when the When does."""
    if step.type == "when" and _is_ours(request):
        request.getfixturevalue("ledger").begin()


def pytest_bdd_before_step_call(request: pytest.FixtureRequest, step: parser.Step) -> None:
    """An app that goes on without end is no world that a Then could be asked of."""
    if step.type == "then" and _is_ours(request):
        request.getfixturevalue("ledger").demand_an_end()


def pytest_bdd_after_step(
    request: pytest.FixtureRequest, scenario: parser.Scenario, step: parser.Step
) -> None:
    """After the last step nothing may be left that no step named."""
    __tracebackhide__ = True
    if step is scenario.steps[-1] and _is_ours(request):
        request.getfixturevalue("ledger").close()


def _is_ours(request: pytest.FixtureRequest) -> bool:
    return "driver_name" in request.fixturenames
