"""The conformance kit, proved on two apps:
refapp passes from outside, and the recipe's own code is found out.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from refapp.tour.secret_service import missing_programs
from steps.kit import verdicts

CHECKOUT = Path(__file__).parents[2]
GUIDE = CHECKOUT / "steps" / "kit" / "README.md"
NAIVE = CHECKOUT / "tests" / "naive"
REFAPP = CHECKOUT / "tests" / "conformance" / "refapp_adapter.py"
LIMIT_S = 600

WITH_REFAPP_ITSELF = (
    "ada_signs_in_for_the_first_time",
    "never_flashes_a_login_form",
    "ada_syncs_after_a_coffee",
    "ended_from_elsewhere_while_she_works",
    "grace_is_told_that_it_does_not_know",
    "only_says_that_it_is_confined",
    "mallory_asks_for_the_token",
    "the_kernel_had_to_stop",
)
"""What `make test` tries of it; `make peers` tries whatever a real desktop can show."""


def kit(app: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--sut",
        f"{sys.executable} {app}",
        "--tb=line",
        "-p",
        "no:cacheprovider",
    ]
    return subprocess.run(
        [*command, *words],
        cwd=CHECKOUT, env={**os.environ, **environment}, capture_output=True, text=True,
        timeout=LIMIT_S, check=False,
    )  # fmt: skip


def untrue(how: Path, listed: str, reasons: dict[str, str]) -> list[str]:
    """The failures in the file ``how`` that do not look like their reason in the list, and what is
    on the list alone.
    """
    why = dict(
        line.split("  # ")
        for line in listed.splitlines()
        if "  # " in line and not line.startswith(("#", "secrets"))
    )
    seen = {}
    for name, step, said in map(json.loads, how.read_text().splitlines()):
        seen[name] = f"{step} -> {said}"
    wrong = [
        f"{name}: {why[name]}? {looks}"
        for name, looks in seen.items()
        if not re.search(reasons.get(why[name], "(?!)"), looks)
    ]
    return [*wrong, *sorted(why.keys() - seen.keys())]


def asked_of_none() -> set[str]:
    """The rules that the guide says no app is asked."""
    listed = GUIDE.read_text(encoding="utf-8").partition("## What no app is asked yet")[2]
    ranges = re.findall(r"([A-Z]{2})-(\d+)(?: to [A-Z]{2}-(\d+))?", listed)
    return {
        f"{name}-{one}"
        for name, first, last in ranges
        for one in range(int(first), int(last or first) + 1)
    }


@pytest.mark.timeout(LIMIT_S)
def test_it_finds_everything_that_the_recipes_own_code_does_wrong(tmp_path: Path) -> None:
    listed, how = NAIVE / "known_failures.txt", tmp_path / "how.ndjson"
    options = ("--expected-failures", str(listed), "-vv", "-p", "tests.naive.how_it_failed")
    options = (*options, "--report", str(tmp_path / "naive.json"))
    done = kit(NAIVE / "adapter.py", "features", *options, REFAPP_HOW_IT_FAILED=str(how))
    assert done.returncode == 0, done.stdout[-5000:]
    assert (
        untrue(how, listed.read_text(), tomllib.loads((NAIVE / "reasons.toml").read_text())) == []
    )
    rules = verdicts.read(tmp_path / "naive.json").rules
    assert {rule for rule in asked_of_none() if rules[rule].state != "not offered"} == set()
    said = done.stdout
    for fault in (
        "200 null is not taken for an ended session",
        "the network failing is taken for an expiry",
        "a 403 ends the session, whatever it is about",
        "the pair is written in two writes",
        "a token is in the window's process",
        "two copies refresh at once: there is no lease",
        "a sign-out does not end the refresh under way, and its answer is stored",
        "a second refresh for a token that was replaced",
        "a redirect is followed elsewhere",
    ):
        assert f"  # {fault}" in said, fault
    assert "not offered by the kit: a disk that is mended" in said
    assert "secrets in what the window was sent" in said
    assert "not offered by the app under test: press unlock" in said


@pytest.mark.skipif(
    bool(missing_programs()), reason="a private Secret Service needs dbus and gnome-keyring"
)
@pytest.mark.timeout(LIMIT_S)
def test_refapp_itself_passes_from_outside() -> None:
    done = kit(REFAPP, "features", "-k", " or ".join(WITH_REFAPP_ITSELF))
    assert done.returncode == 0, done.stdout[-5000:]
    assert f"{len(WITH_REFAPP_ITSELF)} scenarios pass" in done.stdout
