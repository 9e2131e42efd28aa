"""The documents for who adds refapp to a program: their code runs, their numbers hold, and the site
has them with every name.
"""

from __future__ import annotations

import inspect
import json
import re
import subprocess
import sys
import textwrap
from functools import partial
from pathlib import Path

import httpx
import pytest

import refapp
from refapp import blocking
from refapp.messages import PROTOCOL
from refapp.testing import MemoryKeychain, ModelServer, SessionSettings
from refapp.trusted.window import ui_process
from refapp.trusted.window.confinement import _LIMITS, _NO_CAPABILITIES
from steps.site.pages import api_page, guide_pages

pytest_plugins = ["refapp.testing", "pytester"]
DOCS = Path(__file__).parents[3] / "refapp" / "guide"


def test_the_lines_without_asyncio_are_a_program(
    refapp_settings: SessionSettings, refapp_server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = re.search(r"## Without asyncio\n\n((?:    .*\n|\n)+)", (DOCS / "add_it.md").read_text())
    assert shown is not None
    code = textwrap.dedent(shown[1]).replace(
        "https://api.acme.com/items", f"{refapp_server.url}/app/me"
    )
    code = code.replace("https://api.acme.com", refapp_server.url)
    settings = {name: value for name, value in refapp_settings.items() if name != "server"}
    opens = partial(blocking.open_session, **settings)  # type: ignore[arg-type]
    monkeypatch.setattr(blocking, "open_session", opens)
    said: list[str] = []
    code = code.replace("https://auth.acme.com", refapp_server.url)
    code = code.replace("lambda it: print(it.link, it.sentence)", "lambda it: session.open_link()")
    for _ in range(2):
        exec(compile(code, "add_it.md", "exec"), {"print": said.append})
    assert len(said) == 2
    assert refapp_server.email in said[1]
    assert refapp_server.sessions == 1


def test_the_lines_for_tests_are_a_test(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = re.search(r"## In your tests\n\n((?:    .*\n|\n)+)", (DOCS / "add_it.md").read_text())
    assert shown is not None
    plugins, _, test = textwrap.dedent(shown[1]).partition("\n\n")
    pytester.makeconftest(plugins)
    pytester.makepyfile(test)
    monkeypatch.setenv("PYTHONPATH", str(DOCS.parents[1]))
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=1)


def test_the_server_to_try_it_with_answers_as_it_says(tmp_path: Path) -> None:
    page = (DOCS / "add_it.md").read_text()
    shown = re.search(r"`python (-m refapp\.demo_server --data) DIR`", page)
    assert shown is not None
    command = [sys.executable, *shown[1].split(), str(tmp_path / "server"), "--exit-with-stdin"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        ready = json.loads(server.stdout.readline().removeprefix("READY "))
        with blocking.open_session(
            ready["url"], keychain=MemoryKeychain(), data_dir=tmp_path / "app"
        ) as session:
            session.sign_in(ready["email"], ready["password"])
            with httpx.Client(auth=session.auth(ready["url"])) as api:
                assert ready["email"] in api.get(f"{ready['url']}/app/me").text
        server.stdin.close()
        assert server.wait(30) == 0
    assert "`/app/me` answers to the session's token" in page


def test_the_page_about_windows_has_the_parent_s_own_numbers() -> None:
    page = (DOCS / "windows.md").read_text()
    assert f"`protocol` {PROTOCOL}" in page
    assert f"{ui_process.LINES_PER_S:.0f} messages a second" in page
    assert f"with {ui_process.BURST:.0f} at once" in page
    assert all(f"`{name}`" in page for name in _NO_CAPABILITIES)
    assert all(word in page for word in ("core files", "written files", "processes"))
    assert len(_LIMITS) == 3


def test_the_site_has_every_document_and_its_links_stay_in_it() -> None:
    made = guide_pages.pages(DOCS)
    assert {"add-it.html", "windows.html", "platforms.html", "troubleshooting.html"} == set(made)
    for text in made.values():
        for link in re.findall(r'href="([^"#:]+)"', text):
            assert not link.endswith(".md"), link
    assert 'href="windows.html"' in made["add-it.html"]


def test_the_page_of_names_has_each_of_them_and_what_it_says() -> None:
    page = api_page.page()
    for name in refapp.__all__:
        assert re.search(rf'<h3 id="[^"]+"><code>{name}\b', page), name
    for kind in (refapp.Session, blocking.Session):
        for name, thing in vars(kind).items():
            if inspect.isfunction(thing) and not name.startswith("_"):
                assert re.search(rf"<h4><code>(async )?{name}\(", page), name
    assert "The session&#x27;s token" in page or "the session's token" in page
    assert "``" not in page
