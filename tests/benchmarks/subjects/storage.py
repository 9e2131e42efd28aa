"""Saving and loading the pair of tokens, beside the disk itself and beside an item of the keyring
for each token.
"""

from __future__ import annotations

import os
import statistics
import tempfile
from pathlib import Path

from refapp.tour.secret_service import PrivateSecretService, missing_programs
from tests.benchmarks.one_arm import arm
from tests.benchmarks.rows import Row, interleaved

COUNTS = {
    "save": 40, "disk": 40, "cold": 20, "warm": 200, "keyring-save": 20, "keyring-load": 20,
}  # fmt: skip
DISK, KEYRING = "same bytes, fsync + rename + fsync of the folder", "keyring per token"


def measure(*, quick: bool, out: Path) -> list[Row]:
    """Rows of the storage.
    In ``out``: /tmp may be memory, on which nothing durable costs anything.
    """
    missing = missing_programs()
    if missing:
        return [Row("storage", "", not_here=f"not installed: {', '.join(missing)}")]
    with PrivateSecretService() as keychain, tempfile.TemporaryDirectory(dir=out) as folder:
        env = keychain.environment(os.environ)

        def median(which: str) -> float:
            return statistics.median(arm(env, "storage_arm", which, folder, COUNTS[which]))

        arms = {which: lambda which=which: median(which) for which in COUNTS}  # type: ignore[misc]
        found = interleaved(3 if quick else 9, arms)
        asked = arm(env, "storage_arm", "asked", folder, 1)
    loaded = found["keyring-load"]
    return [
        Row("save a pair", "ms", found["save"], DISK, found["disk"], 1.6),
        Row("save a pair", "ms", found["save"], KEYRING, found["keyring-save"]),
        Row("load a pair, cold", "ms", found["cold"], KEYRING, loaded, 0.7),
        Row("load a pair, warm: the key in memory", "ms", found["warm"], KEYRING, loaded),
        Row("keychain asked in a start with two loads and a save", "", asked, goal=1),
    ]
