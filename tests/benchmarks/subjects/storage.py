"""Saving and loading the pair of tokens, beside the disk itself and beside an item of the keyring
for each token.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from refapp.tour.secret_service import PrivateSecretService, missing_programs
from tests.benchmarks.rows import Row


def measure(*, quick: bool, out: Path) -> list[Row]:
    """Rows of the storage.
    In ``out``: /tmp may be memory, on which nothing durable costs anything.
    """
    missing = missing_programs()
    if missing:
        return [Row("storage", "", not_here=f"not installed: {', '.join(missing)}")]
    with PrivateSecretService() as keychain, tempfile.TemporaryDirectory(dir=out) as folder:
        command = [
            sys.executable,
            "-m",
            "tests.benchmarks.arms.storage_arm",
            folder,
            "2" if quick else "7",
        ]
        done = subprocess.run(
            command, env=keychain.environment(os.environ), stdout=subprocess.PIPE, check=True
        )
    found = json.loads(done.stdout)
    return [
        Row(
            "save a pair",
            "ms",
            found["save"],
            "same bytes, fsync + rename + fsync of the folder",
            found["disk"],
            1.6,
        ),
        Row("save a pair", "ms", found["save"], "keyring per token", found["keyring save"]),
        Row(
            "load a pair, the first time",
            "ms",
            found["first load"],
            "keyring per token",
            found["keyring load"],
            1,
        ),
        Row(
            "load a pair, the key in memory",
            "ms",
            found["load"],
            "keyring per token",
            found["keyring load"],
        ),
        Row("keychain asked in a start with two loads and a save", "", found["asked"], goal=1),
    ]
