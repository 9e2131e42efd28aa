"""Runs the rows: a server for each row and release, on it each way of signing in."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from steps.matrix.rows import ROWS, Row
from steps.matrix.table import Outcomes
from steps.matrix.ways import WAYS
from steps.servers.auth_servers import BETTERAUTH, BETTERAUTH_1_4, real_betterauth
from steps.servers.identity_provider import IdentityProvider

RELEASES = {"1.7": BETTERAUTH, "1.4": BETTERAUTH_1_4}
QUICK = ("--scrypt-cost=16", "--device-interval=0")


def tried(tell: Callable[[str], None] = lambda _: None, rows: Sequence[Row] = ROWS) -> Outcomes:
    """What came of each. ``tell``: each row's name when it begins. Raises ServerMissing."""
    outcomes: dict[str, dict[str, dict[str, str]]] = {}
    for row in rows:
        tell(row.name)
        cells: dict[str, dict[str, str]] = {way: {} for way in WAYS}
        for release in RELEASES:
            if release >= row.since:
                for way, outcome in _on(release, row).items():
                    cells[way][release] = outcome
        outcomes[row.name] = cells
    return outcomes


def _on(release: str, row: Row) -> dict[str, str]:
    with (
        IdentityProvider() as provider,
        real_betterauth(
            *QUICK, f"--provider={provider.url}", *row.options, release=RELEASES[release]
        ) as server,
    ):
        who = row.prepare(server)
        return {way: sign_in(who) for way, sign_in in WAYS.items()}
