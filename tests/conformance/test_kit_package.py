"""The kit as another project gets it: two wheels from one command, in an environment with what they
require and nothing else.

Everything is run in a folder that has nothing of the checkout, and whose own ``steps`` and settings
of pytest would break it.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
import venv
from email import message_from_bytes
from importlib import metadata
from pathlib import Path
from typing import NamedTuple
from zipfile import ZipFile

import pytest
import yaml
from packaging.requirements import Requirement

from steps.kit import verdicts
from steps.kit.capabilities import CAPABILITIES
from tests.unit.lift.test_package import not_copied, requirements

CHECKOUT = Path(__file__).parents[2]
REQUIRED = {"gherkin-official", "pytest", "pytest-bdd", "refapp", "respx"}
PASSES = "for_the_first_time or mistypes"
LIMIT_S = 100
pytestmark = pytest.mark.timeout(3 * LIMIT_S)


class Project(NamedTuple):
    """Another project: its folder, the environment that it has made,
    and the wheels that it was given.
    """

    folder: Path
    programs: Path
    wheels: list[Path]

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        path = os.pathsep.join([str(self.programs), os.environ["PATH"]])
        env = {
            "PATH": path,
            "HOME": str(self.folder),
            "PYTHONPATH": str(self.folder),
            "PYTEST_ADDOPTS": "--no-such",
        }
        return subprocess.run(
            words, cwd=self.folder, env=env, capture_output=True, text=True, timeout=LIMIT_S
        )

    def kit(self, *words: str) -> subprocess.CompletedProcess[str]:
        return self.run("refapp-conformance", *words)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    top = tmp_path_factory.mktemp("kit")
    checkout, folder = top / "checkout", top / "acme"
    shutil.copytree(CHECKOUT, checkout, ignore=not_copied)
    # As the guide says it, and setuptools from here.
    make = [
        "pip",
        "wheel",
        "--no-build-isolation",
        "--no-deps",
        "--wheel-dir",
        str(folder / "conformance"),
        ".",
        ".ci/conformance",
    ]
    done = subprocess.run(
        [sys.executable, "-m", *make], cwd=checkout, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    shutil.rmtree(checkout)
    wheels = sorted((folder / "conformance").iterdir())
    venv.EnvBuilder(symlinks=True).create(folder / "kit")
    python = folder / "kit" / "bin" / "python"
    link(REQUIRED, python)
    install = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(python),
        "install",
        "--no-index",
        *map(str, wheels),
    ]
    done = subprocess.run(install, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    (folder / "steps").mkdir()
    for file in ("steps/__init__.py", "conftest.py"):
        (folder / file).write_text("raise RuntimeError('of another project')\n")
    (folder / "pytest.ini").write_text("[pytest]\naddopts = --no-such-option\n")
    return Project(folder, python.parent, wheels)


def link(names: set[str], python: Path) -> None:
    """Give ``python`` the packages ``names`` but refapp,
    and what they and refapp require, as they are here.
    """
    asked = [python, "-c", "import sysconfig; print(sysconfig.get_paths()['purelib'])"]
    site = Path(subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip())
    required = {one for name in names for one in requirements(name)}
    for name in (names | required) - {"refapp"}:
        for file in metadata.files(name) or ():
            top = Path(str(file)).parts[0]
            if top not in ("..", "__pycache__") and not (site / top).exists():
                (site / top).symlink_to(
                    Path(str(file.locate())).parents[len(Path(str(file)).parts) - 1] / top
                )


def adapter(project: Project, language: str) -> str:
    """The example in ``language``, put into a file as the guide says;
    the command that starts it.
    """
    program, file = {"python": (sys.executable, "adapter.py"), "node": ("node", "adapter.mjs")}[
        language
    ]
    if not shutil.which(program):
        pytest.skip("Node is not there")
    printed = project.kit("--print", language)
    assert printed.returncode == 0, printed.stderr
    (project.folder / "conformance" / file).write_text(printed.stdout)
    return f"{program} conformance/{file}"


def test_its_wheel_adds_one_name_and_asks_for_what_the_kit_needs(project: Project) -> None:
    refapp, kit = ZipFile(project.wheels[0]), ZipFile(project.wheels[1])
    version = project.wheels[0].name.split("-")[1]
    assert {name.partition("/")[0] for name in kit.namelist()} == {
        "refapp_conformance",
        f"refapp_conformance-{version}.dist-info",
    }
    said = message_from_bytes(kit.read(f"refapp_conformance-{version}.dist-info/METADATA"))
    assert {Requirement(line).name for line in said.get_all("Requires-Dist") or ()} == REQUIRED
    assert f"refapp=={version}" in (said.get_all("Requires-Dist") or ())
    assert "](" not in str(said.get_payload()).replace("](https://", "")
    # refapp's own wheel is its program and nothing more.
    code = [
        path for kind in ("*.py", "*.css", "py.typed") for path in (CHECKOUT / "refapp").rglob(kind)
    ]
    kept = {name for name in refapp.namelist() if ".dist-info/" not in name}
    assert kept == {path.relative_to(CHECKOUT).as_posix() for path in code}


@pytest.mark.parametrize("language", ["python", "node"])
def test_a_foreign_project_runs_the_copied_adapter_to_green(
    project: Project, language: str
) -> None:
    done = project.kit(
        "sign_in", "-k", PASSES, "--sut", adapter(project, language), "--report", "conformance.json"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 scenarios pass" in done.stdout
    report = verdicts.read(project.folder / "conformance.json")
    assert report.implementation.startswith("minimal")
    assert report.kit == project.wheels[1].name.split("-")[1]
    assert report.features == verdicts.digest(CHECKOUT / "features")
    assert [(one.feature, one.state) for one in report.scenarios] == [
        ("sign_in.feature", "passed")
    ] * 2


def test_what_its_app_gets_wrong_is_red_until_it_is_on_its_list(project: Project) -> None:
    command = adapter(project, "python")
    file = project.folder / "conformance" / "adapter.py"
    file.write_text(file.read_text().replace("self.token = found", "self.token = None and found"))
    chosen = ["sign_in", "-k", PASSES, "--sut", command, "--report", "conformance.json"]
    done = project.kit(*chosen)
    assert done.returncode == 1, done.stdout
    name = "sign_in.feature: Ada signs in for the first time on this computer"
    assert done.stdout.splitlines().count(name) == 1
    (project.folder / "known.txt").write_text(f"{name}  # it forgets the token\n")
    done = project.kit(*chosen, "--expected-failures", "known.txt")
    assert done.returncode == 0, done.stdout
    report = verdicts.read(project.folder / "conformance.json")
    assert report.known == {name: "it forgets the token"}
    assert [one.state for one in report.scenarios] == ["failed as known", "passed"]


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["--sut", "no-such-program"], 4,
         "the adapter can't be started: no-such-program: No such file"),
        (["--sut", "false"], 4, "the adapter ended before it answered hello"),
        (["--sut", "'"], 4, "is no command: No closing quotation"),
        (["--sut", """echo '{"protocol": 2}'"""], 4,
         "This kit speaks version 1 of its protocol; the adapter speaks version 2."),
        (["--sut", "x", "restroe"], 2,
         "No feature is called 'restroe'; there are: a_program_of_ones_own, boundary, "),
        (["--sut", "x", "--expected-failures", "none.txt"], 4, "none.txt: No such file"),
        (["--sut", "x", "--rule", "ZZ-1"], 2, "No rule is called 'ZZ-1'; "),
        (["--sut", "x", "--report", "conformance"], 4, "--report conformance: no file can be writ"),
        (["--sut", "x", "--report", "none/a.json"], 4, "--report none/a.json: no file can be writ"),
        ([], 2, "--sut 'COMMAND' starts its adapter"),
        (["--sut", "x", "-k", "no_such_words"], 5,
         "there is no scenario with 'no_such_words' in its name in these features."),
        (["--sut", "x", "restore", "--rule", "DG-1"], 5,
         "there is no scenario of DG-1 in these features."),
    ],
)  # fmt: skip
def test_what_it_can_not_run_is_said_in_a_sentence(
    project: Project, words: list[str], code: int, says: str
) -> None:
    done = project.kit(*words)
    assert done.returncode == code, done.stdout + done.stderr
    assert says in done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert not (project.folder / "none").exists()


def test_its_help_has_every_option_and_every_exit_code(project: Project) -> None:
    done = project.kit("--help")
    for word in (
        "--sut",
        "-k",
        "--rule",
        "--expected-failures",
        "--report",
        "--print",
        "--version",
    ):
        assert f"  {word}" in done.stdout, word
    assert [line[2] for line in done.stdout.partition("exit codes:\n")[2].splitlines()] == list(
        "012345"
    )
    listed = project.kit("--print", "capabilities").stdout
    assert [line.partition(": ")[0] for line in listed.splitlines()] == list(CAPABILITIES)
    assert "[unreachable]" in project.kit("--print", "meanings").stdout
    assert project.kit("--version").stdout.endswith(", version 1 of the protocol\n")


def test_the_workflow_is_whole_and_its_two_lines_run_as_they_stand(project: Project) -> None:
    command = adapter(project, "python")
    text = project.kit("--print", "workflow").stdout
    assert f"```yaml\n{text}```" in project.kit("--print", "guide").stdout
    workflow = yaml.safe_load(text)
    [job] = workflow["jobs"].values()
    install, run = [step["run"] for step in job["steps"] if "run" in step]
    uses = [step["uses"].partition("@")[0] for step in job["steps"] if "uses" in step]
    assert uses == ["actions/checkout", "actions/setup-python", "actions/upload-artifact"]
    kept = job["steps"][-1]
    assert kept["if"] == "always()"
    assert workflow["permissions"] == {"contents": "read"}
    # They were installed by this very line; what it would install again is what lies there.
    assert shlex.split(install)[:4] == ["python", "-m", "pip", "install"]
    assert sorted(project.folder.glob(shlex.split(install)[4])) == project.wheels
    (project.folder / "conformance" / "known.txt").touch()
    words = shlex.split(run)
    assert f"python {command.partition(' ')[2]}" in words
    done = project.run(*words, "restore", "-k", "very first_start")
    assert done.returncode == 0, done.stdout + done.stderr
    assert (
        json.loads((project.folder / kept["with"]["path"]).read_bytes())["rules"]["RS-2"]["state"]
        == "passed"
    )
