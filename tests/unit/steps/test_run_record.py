"""``--record`` writes down what a run did: an inner run of two scenarios, and a scenario of the
real specification.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import msgspec
import pytest

from steps.in_process.inproc import InProcess
from steps.scenario.people import PEOPLE
from steps.site import record, site

pytest_plugins = ["pytester"]

CHECKOUT = Path(__file__).parents[3]
STEPS = """
    import pytest
    from pytest_bdd import given, parsers, then, when
    from refapp.trusted.errors import RefappError
    from refapp.trusted.recorder import Entry

    from steps.scenario.sight import OwnWindow
    screenless = False

    class World(OwnWindow):
        name = "inproc"

        def shown(self):
            return [{"title": "An older one"}, {"title": "Sign in with k3y", "at:title": "1,2"}]

        def recorded(self):
            return [Entry(1.0, "window", "parent", "sign_in", {"password": "…"})]

        def secrets(self):
            return {"k3y"}

        def picture(self, path):
            if screenless:
                raise RefappError("no screen")
            path.write_bytes(b"PNG")
            return True

    @pytest.fixture
    def driver(driver_name):
        return World()

    @pytest.fixture(params=["inproc"])
    def driver_name(request):
        return request.param

    @given("a")
    def _(driver): pass

    @when(parsers.parse("w {what}"))
    def _(what):
        assert {"word": what, "token": ["k3y", "x"]} == {"word": "good", "token": ["k3y", "x"]}

    @then("t")
    def _(): pass
"""
FEATURE = """
    Feature: f
      Rule: r
        @known
        Scenario Outline: one <x>
          Given a
          When w <x>
          Then t
          Examples: some
            | x    |
            | good |
            | bad  |
"""


def run(
    pytester: pytest.Pytester,
    *args: str,
    steps: str = STEPS,
    driver: str = "inproc",
    outcomes: Mapping[str, int] = MappingProxyType({"passed": 1, "failed": 1}),
) -> pytest.RunResult:
    pytester.makeconftest(
        textwrap.dedent(steps)
        + textwrap.dedent(f"""
        def pytest_addoption(parser):
            parser.addoption("--server", default="embedded")

        def pytest_generate_tests(metafunc):
            if metafunc.definition.path.suffix == ".feature":
                metafunc.fixturenames.append("driver_name")
                metafunc.parametrize("driver_name", ["{driver}"])
    """)
    )
    pytester.makeini("[pytest]\nmarkers =\n    known: a tag\n")
    folder = pytester.mkdir("features")
    (folder / "f.feature").write_text(textwrap.dedent(FEATURE))
    plugins = [
        "pytest_bdd.plugin",
        "steps.gherkin.collector",
        "steps.gherkin.enforce",
        "steps.gherkin.report",
        "steps.site.run_record",
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        result = pytester.runpytest_inprocess(
            *(part for name in plugins for part in ("-p", name)), "features", *args
        )
    result.assert_outcomes(**outcomes)
    return result


def test_what_ran_is_written_down_step_by_step(pytester: pytest.Pytester) -> None:
    run(pytester, "--record")
    folder = pytester.path / "build" / "spec"
    found = record.read(folder / "inproc.ndjson")
    assert found is not None
    done, (good, bad) = found
    assert done.driver == "inproc"
    assert done.code == record.code_hash(pytester.path)
    assert good.key == ("f.feature", "one <x>", (("x", "good"),))
    assert (good.outcome, bad.outcome) == ("passed", "failed")
    assert good.rules == ("known",)
    assert [step.status for step in good.steps] == ["passed"] * 3
    assert [(step.text, step.status) for step in bad.steps] == [
        ("Given a", "passed"),
        ("When w bad", "failed"),
        ("Then t", "not reached"),
    ]
    assert [entry.what for entry in good.entries] == ["sign_in"]
    assert (folder / good.picture).read_bytes() == (folder / bad.picture).read_bytes() == b"PNG"
    assert good.picture != bad.picture
    assert good.text != bad.text
    assert good.why is None
    assert bad.why is not None
    assert (bad.why.expected, bad.why.actual) == (
        ("word: good", "token: …, x"),
        ("word: bad", "token: …, x"),
    )
    assert bad.why.seen == ("Sign in with …",)
    assert "k3y" not in repr(bad)


def test_a_failure_at_the_terminal_says_what_could_be_read_in_the_window(
    pytester: pytest.Pytester,
) -> None:
    said = run(pytester).stdout.str()
    story, _, seen = said.partition("What could be read in the window:")
    assert "FAILED  When w bad" in story
    assert seen.splitlines()[1] == "  Sign in with …"


@pytest.mark.parametrize(
    ("fixture", "outcomes", "failed"),
    [
        (
            "yield World(); raise OSError('the end of k3y')",
            {"passed": 1, "failed": 1, "errors": 2},
            2,
        ),
        ("raise OSError('no world')", {"failed": 2}, 0),
    ],
)
def test_a_world_that_can_t_begin_or_end_is_a_failure(
    pytester: pytest.Pytester, fixture: str, outcomes: Mapping[str, int], failed: int
) -> None:
    """What passed before stands in the record no more."""
    run(pytester, "--record")
    (pytester.path / "features" / "f.feature").unlink()
    (pytester.path / "features").rmdir()
    run(
        pytester,
        "--record",
        steps=STEPS.replace("        return World()", f"        {fixture}"),
        outcomes=outcomes,
    )
    found = record.read(pytester.path / "build" / "spec" / "inproc.ndjson")
    assert found is not None
    good, bad = found[1]
    assert (good.outcome, bad.outcome) == ("failed", "failed")
    assert [step.status for step in good.steps].index("failed") == failed
    assert good.why is None or good.why.says == "OSError: the end of …"
    assert "k3y" not in repr(found)


def test_a_window_in_which_nothing_could_be_read_is_said(pytester: pytest.Pytester) -> None:
    said = run(pytester, steps=STEPS.replace('return [{"title": "An', 'return []; [{"title": "An'))
    assert "What could be read in the window: nothing" in said.stdout.str()


def test_a_first_step_that_fails_is_explained_too(pytester: pytest.Pytester) -> None:
    fails = STEPS.replace(
        "    def _(driver): pass", '    def _(driver): assert driver.name == "another"'
    )
    run(pytester, "--record", steps=fails, outcomes={"failed": 2})
    found = record.read(pytester.path / "build" / "spec" / "inproc.ndjson")
    assert found is not None
    for ran in found[1]:
        assert ran.why is not None
        assert (ran.why.expected, ran.why.actual) == (("another",), ("inproc",))
        assert ran.entries
        assert ran.picture


def test_what_an_earlier_step_compared_is_not_taken_for_the_reason(
    pytester: pytest.Pytester,
) -> None:
    caught = """def _(driver):
        with pytest.raises(AssertionError):
            assert driver.name == "another"
    """
    steps = STEPS.replace("def _(driver): pass", textwrap.indent(caught, "    ").strip())
    steps = steps.replace(
        "    def _(what):\n",
        """    def _(what):
        if what == "bad": raise RuntimeError("the door is stuck")
""",
    )
    run(pytester, "--record", steps=steps)
    found = record.read(pytester.path / "build" / "spec" / "inproc.ndjson")
    assert found is not None
    why = found[1][1].why
    assert why is not None
    assert (why.says, why.expected) == ("RuntimeError: the door is stuck", ())


def test_a_run_of_one_scenario_leaves_what_is_known_of_the_others(
    pytester: pytest.Pytester,
) -> None:
    run(pytester, "--record")
    path = pytester.path / "build" / "spec" / "inproc.ndjson"
    before = record.read(path)
    assert before is not None
    other = msgspec.structs.replace(before[1][0], name="another", code="older")
    record.write(path, before[0], [other, *before[1]])
    (pytester.path / "features" / "f.feature").unlink()
    (pytester.path / "features").rmdir()
    run(pytester, "--record")
    after = record.read(path)
    assert after is not None
    assert [(one.name, one.code) for one in after[1]] == [
        ("another", "older"),
        *[("one <x>", after[0].code)] * 2,
    ]


def test_a_screen_that_fails_costs_the_picture_alone(pytester: pytest.Pytester) -> None:
    run(pytester, "--record", steps=STEPS.replace("screenless = False", "screenless = True"))
    found = record.read(pytester.path / "build" / "spec" / "inproc.ndjson")
    assert found is not None
    assert [(ran.outcome, ran.picture) for ran in found[1]] == [("passed", ""), ("failed", "")]


@pytest.mark.parametrize(
    ("driver", "server", "said"),
    [
        ("desktop", "betterauth-1.7", True),
        ("desktop", "embedded", False),
        ("inproc", "betterauth-1.7", False),
    ],
)
def test_a_record_says_which_real_server_the_desktop_was_run_with(
    pytester: pytest.Pytester, driver: str, server: str, said: bool
) -> None:
    run(pytester, "--record", f"--server={server}", driver=driver)
    found = record.read(pytester.path / "build" / "spec" / f"{driver}.ndjson")
    assert found is not None
    assert found[0].on.endswith(f", server {server}") == said


def test_a_run_that_is_not_asked_to_record_writes_nothing(pytester: pytest.Pytester) -> None:
    run(pytester)
    assert not (pytester.path / "build").exists()


def test_the_record_of_the_real_app_holds_messages_and_no_secret(pytester: pytest.Pytester) -> None:
    for name in ("features", "refapp", "steps"):
        (pytester.path / name).symlink_to(CHECKOUT / name)
    pytester.makeini("[pytest]\npythonpath = .\n")
    result = pytester.runpytest_subprocess("-p", "steps", "--record", "features/sign_in.feature")
    assert result.ret == pytest.ExitCode.OK
    path = pytester.path / "build" / "spec" / "inproc.ndjson"
    found = record.read(path)
    assert found is not None
    assert {"sign_in", "write key", "write tokens"} <= {
        entry.what for ran in found[1] for entry in ran.entries
    }
    site.build(CHECKOUT, path.parent, path.parent / "site")
    written = path.read_text() + "".join(
        page.read_text() for page in (path.parent / "site").glob("*.html")
    )
    assert "POST /api/auth/sign-in/email" in written
    assert not [person for person in PEOPLE.values() if person.password in written]


@pytest.mark.parametrize("damage", ["no json", '{"type":"run"}', "", '{"type":"other"}'])
def test_what_is_no_record_is_said_and_not_guessed_at(tmp_path: Path, damage: str) -> None:
    (tmp_path / "inproc.ndjson").write_text(damage)
    with pytest.raises(record.RecordDamaged):
        record.read(tmp_path / "inproc.ndjson")


def test_no_record_is_no_error(tmp_path: Path) -> None:
    assert record.read(tmp_path / "inproc.ndjson") is None


def test_a_scenario_at_whose_end_no_app_runs_can_be_written_down(tmp_path: Path) -> None:
    """Each scenario is asked at its end what the window has shown."""
    world = InProcess(tmp_path)
    try:
        assert list(world.shown()) == []
        world.open()
        assert world.shown()
        world.close()
        assert list(world.shown()) == []
    finally:
        world.finish()
