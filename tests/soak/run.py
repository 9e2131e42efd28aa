"""``make soak``: the real app for a while, as a person uses it and as computers treat it;
what grew, as a table and a picture.

The real window on a private screen, a real keychain on a private bus, and a server whose tokens
live for seconds. Exit codes: 0 nothing that was measured grew, 1 something did or did not go on as
it must (said which), 2 wrong arguments or too few rounds to tell.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[0] = str(ROOT)

from refapp.tour.desktop import PrivateDesktop  # noqa: E402 - the path above is what they are found by
from refapp.tour.private_server import PrivateServer  # noqa: E402
from refapp.tour.running_app import RunningApp  # noqa: E402
from refapp.tour.secret_service import PrivateSecretService  # noqa: E402
from refapp.tour.walk import sign_in  # noqa: E402
from refapp.trusted.errors import RefappError  # noqa: E402
from tests.soak.gauges import Gauges  # noqa: E402
from tests.soak.growth import table  # noqa: E402
from tests.soak.picture import svg  # noqa: E402
from tests.soak.rounds import Rounds  # noqa: E402

MINUTES = 10.0
TOKENS = ("--expires-in", "4", "--reuse-window", "60", "--scrypt-cost", "1024")
SETTLED_S = 2.0
BAD, TOO_SHORT = 1, 2


def main() -> int:
    """Run it; the exit code."""
    parser = argparse.ArgumentParser(description="Use the app for a while: does anything grow?")
    parser.add_argument(
        "minutes",
        type=float,
        nargs="?",
        default=MINUTES,
        help=f"how long; {MINUTES:.0f} if not said",
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=ROOT / "build" / "soak",
        metavar="DIR",
        help="for table and picture",
    )
    options = parser.parse_args()
    os.environ["PYTHONPATH"] = str(ROOT)
    options.out.mkdir(parents=True, exist_ok=True)
    try:
        return soak(options.minutes, options.out)
    except RefappError as error:
        sys.stderr.write(f"refapp: {error.sentence}\n")
        return BAD


def soak(minutes: float, out: Path) -> int:
    """Soak for ``minutes``; the exit code.
    Raises RefappError if the app does not go on as it must.
    """
    with (
        tempfile.TemporaryDirectory(prefix="refapp-soak-", ignore_cleanup_errors=True) as name,
        PrivateServer(Path(name) / "server", "rotating", *TOKENS) as server,
        PrivateSecretService() as keychain,
    ):
        folder, runtime = Path(name), Path(keychain.env["XDG_RUNTIME_DIR"])
        for own in ("tmp", "other"):
            (folder / own).mkdir()
        env = {**keychain.env, "TMPDIR": str(folder / "tmp")}
        with PrivateDesktop(env) as screen, PrivateDesktop(env) as another_screen:
            stays = RunningApp(screen, server.url, folder)
            other = RunningApp(another_screen, server.url, folder / "other", home=stays.home)
            sign_in(stays, server)
            gauges = Gauges(stays, server, keychain, (stays.home, folder / "tmp", runtime))
            rounds = Rounds(stays, other, server, keychain)
            _go_round(rounds, gauges, folder / "trace.ndjson", minutes * 60)
            if (code := stays.quit()) != 0:
                raise RefappError(f"The app ended with code {code} when its window was closed.")
            said = [
                line
                for app in (stays, other)
                for line in app.log.read_text().splitlines()
                if "Traceback" in line
            ]
    return _report(gauges, said, out)


def _go_round(rounds: Rounds, gauges: Gauges, trace: Path, seconds: float) -> None:
    began, number = time.monotonic(), 0
    while time.monotonic() - began < seconds:
        harm = rounds.one(number, sign_out=time.monotonic() - began < seconds / 2)
        time.sleep(SETTLED_S)  # for nothing that is awaited: what is measured is the app at rest
        gauges.look(trace)
        number += 1
        sys.stderr.write(f"{time.monotonic() - began:5.0f} s, round {number}: {harm}\n")


def _report(gauges: Gauges, said: list[str], out: Path) -> int:
    found = gauges.measured()
    rounds = len(found[0].values)
    title = f"{rounds} rounds of a soak, {time.strftime('%Y-%m-%d')}"
    (out / "soak.md").write_text(table(found) + "\n")
    (out / "soak.svg").write_text(svg(found, title))
    (out / "soak.json").write_text(
        json.dumps({one.name: one.values for one in found}, indent=1) + "\n"
    )
    sys.stdout.write(f"{table(found)}\n\n{title}: {out / 'soak.svg'}\n")
    bad = [
        f"{one.name}: {one.answer()}" for one in found if one.answer() in ("grew", "over its bound")
    ]
    bad += [f"an exception at the top, {len(said)} times"] if said else []
    for one in bad:
        sys.stderr.write(f"refapp: {one}\n")
    unknown = [one.name for one in found if one.answer() == "not measured"]
    if unknown:
        sys.stderr.write(f"refapp: not measured, which may need root: {', '.join(unknown)}\n")
    if bad:
        return BAD
    return TOO_SHORT if any(one.answer() == "too few rounds" for one in found) else 0


if __name__ == "__main__":
    sys.exit(main())
