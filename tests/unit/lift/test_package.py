"""The wheel in an environment with what it requires and nothing else, and the sdist with its tests.
No network is asked.

The environment is that of whichever Python runs this (``.ci/pythons`` runs it on each): its
packages are links to those that are installed here, found from refapp's own requirements on.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
import textwrap
import venv
from email import message_from_bytes
from email.message import Message
from importlib import metadata
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement

import refapp

ROOT = Path(__file__).parents[3]
MADE_HERE = {
    ".git",
    ".venv",
    "build",
    "tour",
    "mutants",
    ".hypothesis",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
}
MAKE = (
    "import sys; sys.path.insert(0, '.ci'); import backend as it; to = sys.argv[1]; "
    "it.build_wheel(to); it.build_sdist(to)"
)
PAGE = "https://code.example/refapp"
EXAMPLES = ROOT / "refapp" / "examples"
TOOLKITS = {"PySide6": ("PySide6-Essentials", "qt"), "textual": ("textual", "textual")}
"""What an example imports beyond refapp's own requirements: its distribution and our extra."""
EXTRAS = {"socks", "http2", "demo", "qt", "textual", "test"}


def not_copied(folder: str, names: list[str]) -> set[str]:
    """What a build or a test leaves behind."""
    here = MADE_HERE if Path(folder) == ROOT else set()
    return {
        name
        for name in names
        if name in here | {"node_modules", "__pycache__"} or name.endswith(".egg-info")
    }


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the wheel and the sdist, made from a copy of the checkout."""
    folder = tmp_path_factory.mktemp("package")
    shutil.copytree(ROOT, folder / "checkout", ignore=not_copied)
    earlier = folder / "checkout" / "build" / "lib" / "refapp"
    earlier.mkdir(parents=True)
    (earlier / "gone.py").touch()
    subprocess.run(
        [sys.executable, "-c", MAKE, str(folder)],
        cwd=folder / "checkout",
        check=True,
        capture_output=True,
    )
    return folder


@pytest.fixture(scope="module")
def published(made: Path) -> Path:
    """The folder with both, made to be published at ``PAGE``."""
    done = built(made, "published", PAGE)
    assert done.returncode == 0, done.stderr
    return made / "published"


def requirements(name: str) -> set[str]:
    """What ``name`` requires here, without extras, and what that requires."""
    found, left = set(), [name]
    while left:
        for line in metadata.requires(left.pop()) or ():
            needed = Requirement(line)
            here = needed.marker is None or needed.marker.evaluate({"extra": ""})
            if here and needed.name.lower() not in found:
                found.add(needed.name.lower())
                left.append(needed.name)
    return found


def environment(place: Path, wheel: Path, packages: set[str]) -> Path:
    """The Python of a new environment at ``place`` that has the wheel and these packages as they
    are here.
    """
    venv.EnvBuilder(symlinks=True).create(place)
    python = place / "bin" / "python"
    asked = [python, "-c", "import sysconfig; print(sysconfig.get_paths()['purelib'])"]
    site = Path(subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip())
    for name in packages:
        for file in metadata.files(name) or ():
            top = Path(str(file)).parts[0]
            if top != ".." and top != "__pycache__" and not (site / top).exists():
                (site / top).symlink_to(
                    Path(str(file.locate())).parents[len(Path(str(file)).parts) - 1] / top
                )
    with ZipFile(wheel) as archive:
        archive.extractall(site)
    return python


@pytest.fixture(scope="module")
def python(made: Path) -> Path:
    """The Python of an environment that has the wheel and what it requires."""
    return environment(made / "environment", next(made.glob("*.whl")), requirements("refapp"))


def run(python: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    home = {"HOME": str(python.parents[2] / "home"), "PATH": os.environ["PATH"], **environment}
    here = python.parents[2] / "here"  # no checkout, and whoever runs this may write to it
    here.mkdir(exist_ok=True)
    return subprocess.run(
        [python, *arguments],
        env=home,
        capture_output=True,
        text=True,
        timeout=100,
        stdin=subprocess.DEVNULL,
        cwd=here,
    )


def test_a_program_is_lifted_from_it(python: Path) -> None:
    said = run(
        python,
        "-W",
        "error",
        "-c",
        "import refapp, refapp.blocking; from refapp import *; print(refapp.__file__)",
    )
    assert said.stderr == ""
    assert str(python.parents[1]) in said.stdout


@pytest.mark.parametrize(
    "command",
    ["run", "run --server https://auth.invalid", "doctor", "doctor --server https://127.0.0.1:9",
     "tour", "attack --help",
     "notes", "rotate-key", "states", "--version", "--help"],
)  # fmt: skip
def test_every_command_says_what_it_lacks(command: str, python: Path) -> None:
    said = run(python, "-m", "refapp", *command.split())
    assert "Traceback" not in said.stdout + said.stderr
    assert said.stdout + said.stderr


@pytest.mark.parametrize("command", ["run", "tour"])
def test_what_needs_the_embedded_server_names_the_extra(command: str, python: Path) -> None:
    said = run(python, "-m", "refapp", command)
    assert said.returncode != 0
    assert "refapp[demo]" in said.stderr


def programs(folder: Path) -> None:
    """Into ``folder``: each example, and the code that the README and the guide show, as files of
    somebody else's.
    """
    folder.mkdir()
    for example in EXAMPLES.glob("[!_]*.py"):
        shutil.copy(example, folder)
    readme, guide = ROOT / "README.md", ROOT / "refapp" / "guide" / "add_it.md"
    (ten,) = re.findall(r"```python\n(.*?)```", readme.read_text(encoding="utf-8"), flags=re.DOTALL)
    (folder / "ten_lines.py").write_text(
        ten.replace("async def main():", "async def main() -> None:")
    )
    ((lines, _),) = re.findall(
        r"## Without asyncio\n\n((    .*\n|\n)+)", guide.read_text(encoding="utf-8")
    )
    (folder / "without_asyncio.py").write_text(textwrap.dedent(lines))


@pytest.mark.parametrize("toolkit", ["", *sorted(TOOLKITS)])
def test_the_examples_are_strictly_typed_against_the_wheel(made: Path, toolkit: str) -> None:
    """Copies beside an environment that has the wheel,
    and the toolkit that they are made with, alone to ask.
    """
    packages = requirements("refapp")
    if toolkit:
        pytest.importorskip(toolkit, reason=f"refapp[{TOOLKITS[toolkit][1]}] is not installed")
        packages |= {TOOLKITS[toolkit][0]} | requirements(TOOLKITS[toolkit][0])
    folder = made / f"typed-{toolkit}"
    python = environment(folder, next(made.glob("*.whl")), packages)
    programs(folder / "programs")
    files = [file for file in sorted((folder / "programs").iterdir()) if made_with(file) == toolkit]
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--config-file=",
        "--python-executable",
        str(python),
    ]
    command += ["--cache-dir", str(made / "mypy"), *map(str, files)]
    said = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=100)
    found = f"{len(files)} source file{'s' if len(files) > 1 else ''}"
    assert said.stdout == f"Success: no issues found in {found}\n", said.stdout + said.stderr


def made_with(program: Path) -> str:
    """The toolkit that a program asks for, "" for none."""
    asked = set(
        re.findall(r"^\s*(?:from|import) (\w+)", program.read_text(encoding="utf-8"), re.MULTILINE)
    )
    return "".join(asked & TOOLKITS.keys())


def test_each_example_is_typed_with_one_toolkit_or_none() -> None:
    by = {example.stem: made_with(example) for example in EXAMPLES.glob("[!_]*.py")}
    assert set(by.values()) == {"", *TOOLKITS}
    assert by["qt_window"] == "PySide6"
    assert by["textual_window"] == "textual"


def test_the_metadata_says_what_it_is(made: Path) -> None:
    (wheel,) = made.glob("*.whl")
    with ZipFile(wheel) as archive:
        names = archive.namelist()
    said = about(wheel)
    assert "refapp/py.typed" in names
    assert "refapp/gone.py" not in names, "what an earlier build has left"
    assert not [name for name in names if name.startswith(("tests/", "steps/", "features/"))]
    assert not [name for name in names if name.endswith((".md", ".toml"))]
    assert said["Author"]
    assert {"Typing :: Typed", "Operating System :: POSIX :: Linux"} <= set(
        said.get_all("Classifier") or ()
    )
    assert set(said.get_all("Provides-Extra") or ()) == EXTRAS


def about(package: Path) -> Message:
    """The metadata of a wheel or an sdist."""
    if package.suffix == ".whl":
        with ZipFile(package) as wheel:
            (of,) = [name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")]
            return message_from_bytes(wheel.read(of))
    with tarfile.open(package) as sdist:
        file = sdist.extractfile(f"{package.name.removesuffix('.tar.gz')}/PKG-INFO")
        assert file is not None
        return message_from_bytes(file.read())


def links(page: str) -> list[str]:
    """Where the links and pictures of a page of Markdown lead:
    those in a line, those by reference, those in HTML.
    """
    pattern = r"\]\(([^)]*)\)|^\[[^\]]+\]:\s*(\S+)|(?:href|src)=[\"']?([^\"'> ]+)"
    return ["".join(found) for found in re.findall(pattern, page, re.MULTILINE)]


def built(made: Path, folder: str, page: str) -> subprocess.CompletedProcess[str]:
    """Builds both packages anew, published at ``page``."""
    (made / folder).mkdir()
    command = [sys.executable, "-c", MAKE, str(made / folder)]
    env = os.environ | {"REFAPP_URL": page}
    return subprocess.run(command, cwd=made / "checkout", capture_output=True, text=True, env=env)


@pytest.mark.parametrize("kind", ["*.whl", "*.tar.gz"])
def test_without_a_page_of_its_own_no_link_is_dead(made: Path, kind: str) -> None:
    (package,) = made.glob(kind)
    said = about(package)
    page = str(said.get_payload())
    assert [link for link in links(page) if not link.startswith("https://")] == []
    assert "Project-URL" not in said
    with tarfile.open(next(made.glob("*.tar.gz"))) as sdist:
        held = {name.partition("/")[2] for name in sdist.getnames()}
    named = re.findall(r"\(`([^`]+)`\)", page)
    assert "refapp/guide/add_it.md" in named
    read_me = links((ROOT / "README.md").read_text(encoding="utf-8"))
    assert [
        link
        for link in read_me
        if not link.startswith("https:") and link.partition("#")[0] not in held
    ] == []


@pytest.mark.parametrize("kind", ["*.whl", "*.tar.gz"])
def test_its_page_names_where_it_was_published_and_its_links_lead_there(
    published: Path, kind: str
) -> None:
    (package,) = published.glob(kind)
    said = about(package)
    assert f"Source, {PAGE}" in (said.get_all("Project-URL") or ())
    lead = links(str(said.get_payload()))
    assert [link for link in lead if not link.startswith("https://")] == []
    paths = [
        link.removeprefix(PAGE).partition("#")[0].split("/HEAD/")
        for link in lead
        if link.startswith(PAGE)
    ]
    assert len(paths) > 15

    def kind_of(path: str) -> str:
        return "/raw" if path.endswith(".png") else "/tree" if (ROOT / path).is_dir() else "/blob"

    assert [
        path for kind, path in paths if not (ROOT / path).exists() or kind != kind_of(path)
    ] == []


@pytest.mark.parametrize(
    "page",
    ["code.example/refapp", "http://code.example/refapp", "https://ada:secret@code.example/refapp"],
)
def test_a_page_that_is_none_builds_nothing(made: Path, page: str) -> None:
    folder = f"refused-{len(page)}"
    said = built(made, folder, page)
    assert said.returncode != 0
    assert "REFAPP_URL is the repository's page" in said.stderr
    assert "secret" not in said.stderr
    assert list((made / folder).iterdir()) == []


def test_its_version_is_the_changelogs_newest(made: Path) -> None:
    (wheel,) = made.glob("*.whl")
    version = wheel.name.split("-")[1]
    newest = re.search(
        r"^## (\S+) - \d{4}-\d\d-\d\d$",
        (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    assert newest is not None
    assert newest[1] == version == refapp.__version__


def test_the_sdist_can_run_its_tests(made: Path) -> None:
    (sdist,) = made.glob("*.tar.gz")
    (made / "unpacked").mkdir()
    subprocess.run(["tar", "-xf", sdist, "-C", made / "unpacked"], check=True)
    (folder,) = (made / "unpacked").iterdir()
    asked = ["features/sign_in.feature", "tests/unit/trusted/rules/test_session.py"]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *asked]
    said = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=100)
    assert said.returncode == 0, said.stdout
    kept = {
        path.relative_to(ROOT)
        for top in ("features", "steps", "tests")
        for path in (ROOT / top).rglob("*.py")
    }
    lost = [
        path
        for path in kept
        if not (folder / path).exists() and not {"node_modules", "mutants"} & set(path.parts)
    ]
    assert lost == []
