"""The specification's site in a real browser: nothing is wider than a phone, and everything can be
read, light and dark.
"""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from refapp.trusted.recorder import Entry
from steps.gherkin import specification
from steps.site import record, results
from steps.site.site import build

PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
BROWSER = next(filter(None, map(shutil.which, PROGRAMS)), None)
MEASURE = Path(__file__).with_name("measure.html")
LIMIT_S = 100
SCHEMES = {"light": 1, "dark": 0}
CHECKOUT = Path(__file__).parents[2]
SENT = (
    Entry(1.0, "window", "parent", "sign_in", {"email": "ada@example.com", "password": "…"}),
    Entry(
        2.0,
        "parent",
        "server",
        "sign-in",
        {"request": "POST /api/auth/sign-in/email", "authorised": False},
    ),
)

pytestmark = pytest.mark.skipif(
    BROWSER is None, reason="no Chromium on the PATH: `make test` installs one, but on Ubuntu"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real specification's,
    with a record in which everything passed and the same two messages went.
    """
    folder = tmp_path_factory.mktemp("record")
    for driver in results.DRIVERS:
        everything = [
            record.Ran(
                path.name,
                one.name,
                example.row,
                example.tags,
                record.text_hash(example.steps),
                "passed",
                (),
                SENT,
                "",
            )
            for path in sorted((CHECKOUT / "features").glob("*.feature"))
            for one in specification.read(path).scenarios
            for example in one.examples
        ]
        run = record.Run(driver, 0.0, record.code_hash(CHECKOUT), "Linux")
        record.write(folder / f"{driver}.ndjson", run, everything)
    build(CHECKOUT, folder, folder / "site")
    shutil.copy(MEASURE, folder / "site")
    return folder / "site"


def opened(site: Path, page: str, scheme: str = "light") -> str:
    """What the browser makes of ``page``, its scripts run."""
    assert BROWSER is not None
    command = [
        BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files",
        "--dump-dom", "--virtual-time-budget=60000",
        f"--blink-settings=preferredColorScheme={SCHEMES[scheme]}",
        f"--user-data-dir={site / scheme}", f"file://{site}/{page}",
    ]  # fmt: skip
    return subprocess.run(
        command, capture_output=True, text=True, timeout=LIMIT_S, check=True
    ).stdout


def measured(site: Path, scheme: str) -> list[dict[str, Any]]:
    pages = " ".join(sorted(path.name for path in site.glob("*.html") if path.name != MEASURE.name))
    text = opened(site, f"{MEASURE.name}#{quote(pages)}", scheme)
    found = re.search(r'<pre id="found">(.*?)</pre>', text, re.DOTALL)
    assert found is not None
    assert found[1], "the browser did not come to an end"
    read: list[dict[str, Any]] = json.loads(html.unescape(found[1]))
    assert len(read) == len(pages.split())
    return read


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_page_fits_a_phone_and_can_be_read(site: Path, scheme: str) -> None:
    found = measured(site, scheme)
    assert all(page["dark"] == (scheme == "dark") for page in found)
    assert [page["name"] for page in found if page["width"] > page["room"]] == []
    assert {page["name"]: page["faint"] for page in found if page["faint"]} == {}


def test_a_word_finds_rules_and_tags(site: Path) -> None:
    typed = """<script>addEventListener("load", () => {
        const box = document.getElementById("filter");
        box.value = "@inproc"; box.dispatchEvent(new Event("input")); });</script>"""
    # Not among the pages that are measured.
    asked = site / "asked" / "find.html"
    asked.parent.mkdir()
    for name in ("find.js", "scenarios.js", "site.css"):
        shutil.copy(site / name, asked.parent)
    asked.write_text((site / "find.html").read_text().replace("</body>", f"{typed}</body>"))
    text = opened(site, "asked/find.html")
    shown = re.findall(r'<div class="found"><h3 id="tag-([^"]+)"', text)
    assert shown == ["inproc"]
    assert re.search(r"<output>\d+ scenarios; 1 of \d+ rules and tags</output>", text)
