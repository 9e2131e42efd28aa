"""The channel between window and parent:
round trips and one way, beside bare pipes, all on one processor.

Unpinned, a ping-pong over pipes has two speeds, by whether both ends happen to share a processor;
ratios then mean nothing.
"""

from __future__ import annotations

import statistics
import subprocess
import venv
from pathlib import Path

from refapp.tour.desktop import PrivateDesktop
from tests.benchmarks.rows import Row, interleaved
from tests.benchmarks.screen import arm

# A window's request is never longer than a note: of the million bytes only the answer is one.
SIZES = (
    ("100 B", 100, 100, 2000, 2.0),
    ("10 KB", 10_000, 10_000, 1000, 3.0),
    ("1 MB down", 100, 1_000_000, 60, 4.5),
)
ONE_WAY = 50_000
INSTALL_LIMIT_S = 180


def measure(*, quick: bool, out: Path) -> list[Row]:
    """Rows of the channel."""
    rounds = 3 if quick else 7
    rows: list[Row] = []
    beside: list[float] = []
    with PrivateDesktop() as desktop:
        for name, up, down, count, goal in SIZES:
            tails: list[float] = []

            def ours(
                up: int = up, down: int = down, count: int = count, tails: list[float] = tails
            ) -> float:
                times = arm(desktop, "channel_arm", "app", str(up), str(down), str(count))
                tails.append(statistics.quantiles(times, n=100)[98] / statistics.median(times))
                return statistics.median(times)

            def raw(up: int = up, down: int = down, count: int = count) -> float:
                return statistics.median(
                    arm(desktop, "channel_arm", "raw", str(up), str(down), str(count))
                )

            found = interleaved(rounds, {"ours": ours, "raw": raw})
            beside = beside or found["ours"]
            rows.append(
                Row(f"round trip {name}, p50", "us", found["ours"], "pipe + Tk", found["raw"], goal)
            )
            rows.append(Row(f"round trip {name}, p99 / p50", "x", tails, "", (), 4.0))
        one_way = interleaved(
            rounds,
            {
                kind: lambda kind=kind: (
                    arm(desktop, "channel_arm", kind, "100", "0", str(ONE_WAY)) / 1000
                )  # type: ignore[misc]
                for kind in ("app", "raw")
            },
        )
    rows.append(
        Row(
            "one way 100 B, up",
            "k/s",
            one_way["app"],
            "a write each",
            one_way["raw"],
            0.45,
            at_least=True,
        )
    )
    return [*rows, _beside_mcp(out, beside)]


def _beside_mcp(out: Path, ours: list[float]) -> Row:
    """Installed by this alone, apart from all else, and only if that is possible here."""
    name, there = "round trip 100 B, p50", out / "peers"
    try:
        if not (there / "bin" / "python").exists():
            venv.create(there, with_pip=True)
        install = [
            str(there / "bin" / "pip"),
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "mcp>=2,<3",
        ]
        subprocess.run(install, check=True, capture_output=True, timeout=INSTALL_LIMIT_S)
        command = [
            str(there / "bin" / "python"),
            "-P",
            str(Path(__file__).with_name("arms") / "peers_arm.py"),
            "mcp",
            "100",
            "500",
        ]
        theirs = [
            float(
                subprocess.run(
                    command, check=True, capture_output=True, timeout=INSTALL_LIMIT_S
                ).stdout
            )
            for _ in ours
        ]
    except (OSError, subprocess.SubprocessError):
        return Row("against an MCP server over stdio", "", not_here="it can't be installed")
    return Row(name, "us", ours, "call of an MCP server's tool", theirs, 0.15)
