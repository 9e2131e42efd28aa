"""The channel between window and parent: round trips beside bare pipes, all on one processor.

Unpinned, a ping-pong over pipes has two speeds, by whether both ends happen to share a processor;
ratios then mean nothing.
"""

from __future__ import annotations

import statistics
import subprocess
import venv
from collections.abc import Callable
from pathlib import Path

from refapp.tour.desktop import PrivateDesktop
from tests.benchmarks.one_arm import arm
from tests.benchmarks.rows import Row, interleaved

# A window's request is never longer than a note: of the million bytes only the answer is one.
SIZES = (
    ("100 B", 100, 100, 2000, 2.0),
    ("10 KB", 10_000, 10_000, 1000, 3.0),
    ("1 MB down", 100, 1_000_000, 60, 4.5),
)
INSTALL_LIMIT_S = 180
PEERS_ARM = Path(__file__).parents[1] / "arms" / "peers_arm.py"


def measure(*, quick: bool, out: Path) -> list[Row]:
    """Rows of the channel."""
    rows: list[Row] = []
    peer = _mcp(out)
    with PrivateDesktop() as desktop:
        for name, up, down, count, goal in SIZES:
            tails: list[float] = []

            def times(kind: str, up: int = up, down: int = down, count: int = count) -> list[float]:
                found: list[float] = arm(desktop.env, "channel_arm", kind, up, down, count)
                return found

            def ours(
                times: Callable[[str], list[float]] = times, tails: list[float] = tails
            ) -> float:
                found = times("app")
                tails.append(statistics.quantiles(found, n=100)[98] / statistics.median(found))
                return statistics.median(found)

            arms = {"ours": ours, "raw": lambda times=times: statistics.median(times("raw"))}
            if peer is not None and not rows:
                arms["peer"] = peer
            found = interleaved(3 if quick else 7, arms)  # type: ignore[arg-type]
            what = f"round trip {name}, p50"
            rows.append(Row(what, "us", found["ours"], "pipe + Tk", found["raw"], goal))
            rows.append(Row(f"round trip {name}, p99 / p50", "x", tails, goal=4.0))
            if "peer" in found:
                beside = "call of an MCP server's tool"
                rows.append(Row(what, "us", found["ours"], beside, found["peer"], 0.15))
    if peer is None:
        rows.append(Row("against an MCP server over stdio", "", not_here="it can't be installed"))
    return rows


def _mcp(out: Path) -> Callable[[], float] | None:
    """Installed by this alone, apart from all else, and only if that is possible here."""
    there = out / "peers"
    python = str(there / "bin" / "python")
    command = [python, "-P", str(PEERS_ARM), "mcp", "100", "500"]
    install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "mcp>=2,<3"]

    def run(*words: str) -> bytes:
        done = subprocess.run(words, check=True, capture_output=True, timeout=INSTALL_LIMIT_S)
        return done.stdout

    try:
        if not (there / "bin" / "python").exists():
            venv.create(there, with_pip=True)
        run(python, *install)
    except (OSError, subprocess.SubprocessError):
        return None
    return lambda: float(run(*command))
