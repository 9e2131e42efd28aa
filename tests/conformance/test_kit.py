"""The conformance kit, proved on two apps:
refapp passes from outside, and the recipe's own code is found out.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from refapp.tour.secret_service import missing_programs

CHECKOUT = Path(__file__).parents[2]
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
"""What `make test` tries of it; `make test-all` tries whatever a real desktop can show."""


def kit(app: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--sut",
        f"{sys.executable} {app}",
        "--tb=short",
        "-p",
        "no:cacheprovider",
    ]
    return subprocess.run(
        [*command, *words],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=LIMIT_S,
        check=False,
    )


@pytest.mark.timeout(LIMIT_S)
def test_it_finds_everything_that_the_recipes_own_code_does_wrong() -> None:
    done = kit(
        NAIVE / "adapter.py", "features", "--expected-failures", str(NAIVE / "known_failures.txt")
    )
    assert done.returncode == 0, done.stdout[-5000:]
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
    assert "secrets in what the window was sent" in said
    assert "not offered by the app under test: press unlock" in said


@pytest.mark.skipif(
    bool(missing_programs()), reason="a private Secret Service needs dbus and gnome-keyring"
)
def test_refapp_itself_passes_from_outside() -> None:
    done = kit(REFAPP, "features", "-k", " or ".join(WITH_REFAPP_ITSELF))
    assert done.returncode == 0, done.stdout[-5000:]
    assert f"{len(WITH_REFAPP_ITSELF)} scenarios pass" in done.stdout


@pytest.mark.matrix
@pytest.mark.timeout(LIMIT_S)
@pytest.mark.skipif(
    bool(missing_programs()), reason="a private Secret Service needs dbus and gnome-keyring"
)
def test_refapp_itself_passes_whatever_a_real_desktop_can_show() -> None:
    done = kit(REFAPP, "features", "-m", "not inproc")
    assert done.returncode == 0, done.stdout[-5000:]
