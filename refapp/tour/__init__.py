"""The tour: the real app, driven on a virtual screen, against a real server and a real keychain,
all private to the run.

``run`` walks the steps of ``walk`` and writes one page about them. Exit codes: 0 every step did
what it should, 1 one did not or the tour could not be made (the sentence says which and why), 2
wrong arguments.
"""

from __future__ import annotations

import platform
import sys
import tempfile
import time
from pathlib import Path

from refapp import __version__
from refapp.tour import wording
from refapp.tour.desktop import PrivateDesktop
from refapp.tour.page import Result, page
from refapp.tour.private_server import PrivateServer
from refapp.tour.running_app import RunningApp
from refapp.tour.secret_service import PrivateSecretService, missing_programs
from refapp.tour.walk import STEPS, Step
from refapp.trusted.errors import RefappError

MODE = "rotating"
USAGE = 2
PACKAGES = {"dbus-daemon": "dbus", "gnome-keyring-daemon": "gnome-keyring"}


class TourError(RefappError):
    """The tour can't be made on this machine."""

    code = "tour"


def run(out: Path) -> int:
    """Walk, write ``out``/index.html, and say how each step went while it goes; the exit code."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        # Seven steps are not taken for a page that nobody can get.
        tempfile.TemporaryFile(dir=out).close()
    except OSError as error:
        sys.stderr.write(wording.out_unusable(out, error.strerror))
        return USAGE
    try:
        results = walk(STEPS)
    except RefappError as error:
        sys.stderr.write(f"refapp: {error.sentence}\n")
        return 1
    place = out / "index.html"
    place.write_text(page(results, len(STEPS), _about()), encoding="utf-8")
    sys.stdout.write(wording.the_page(place.absolute().as_uri()))
    failed = [result.name for result in results if result.failure]
    if failed:
        sys.stderr.write(f"refapp: a step did not do what it should: {failed[0]}\n")
    return 1 if failed else 0


def walk(steps: tuple[Step, ...]) -> list[Result]:
    """Walk ``steps`` up to the first that fails: each stands on the one before.
    Raises RefappError if nothing can start.
    """
    lacking = missing_programs()
    if lacking:
        names = " ".join(PACKAGES[program] for program in lacking)
        raise TourError(wording.keychain_needs(names))
    results: list[Result] = []
    with (
        tempfile.TemporaryDirectory(prefix="refapp-tour-") as name,
        PrivateServer(Path(name) / "server", MODE) as server,
        PrivateSecretService() as keychain,
        PrivateDesktop(keychain.env) as desktop,
    ):
        app = RunningApp(desktop, server.url, Path(name))
        for number, step in enumerate(steps, 1):
            sys.stdout.write(wording.at_step(number, len(steps), step.name))
            sys.stdout.flush()
            result = _take(step, app, server, Path(name) / "picture.png")
            sys.stdout.write(f"{'FAILED' if result.failure else 'ok'} ({result.seconds:.1f} s)\n")
            results.append(result)
            if result.failure:
                sys.stdout.write(f"    {result.failure}\n")
                break
    return results


def _take(step: Step, app: RunningApp, server: PrivateServer, picture: Path) -> Result:
    since, started, failure = len(app.trace.entries()), time.monotonic(), ""
    try:
        step.walk(app, server)
    except RefappError as error:
        failure = error.sentence
    seconds = time.monotonic() - started
    picture.unlink(missing_ok=True)
    try:
        app.picture(picture)
    except RefappError as error:
        failure = failure or error.sentence
    entries = tuple(app.trace.entries()[since:])
    shot = picture.read_bytes() if picture.exists() else b""
    return Result(step.name, step.did, step.came, seconds, failure, shot, entries)


def _about() -> dict[str, str]:
    return {
        "refapp": __version__,
        "Python": platform.python_version(),
        "System": f"{platform.system()} {platform.release()}",
        "Made": time.strftime("%Y-%m-%d %H:%M:%S %Z"),
        "Server": f"the embedded one, {MODE} tokens",
    }
