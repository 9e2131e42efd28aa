"""What every start at the terminal is looked at for while it runs.

Owns the two looks: by which name the keys are asked for, and whether the process is open to its
neighbours when a window is begun. Each says what is wrong on standard error, where the examples
compare all that is said.
"""

from __future__ import annotations

import hashlib
import os
import resource
import sys
from collections.abc import Sequence
from pathlib import Path

from refapp.lock import kernel
from refapp.trusted.keys.keychain import Keychain

_PR_GET_DUMPABLE = 3


def keys_of(keychain: Keychain, words: Sequence[str], app_id: str, *_: object) -> Keychain:
    """The keychain, which has them by the name that every version gives them: by the whole path of
    the folder that ``--home`` says, from wherever.
    """
    home = Path.cwd() / words[words.index("--home") + 1]
    if app_id != f"refapp-{hashlib.sha256(os.fsencode(home)).hexdigest()[:8]}":
        sys.stderr.write(f"Its keys are kept as {app_id}.\n")
    return keychain


def left_open() -> str:
    """What a window could see of the app by then, or the app could leave of itself."""
    dumpable = kernel.prctl(_PR_GET_DUMPABLE)
    cores = resource.getrlimit(resource.RLIMIT_CORE)
    return f"Its memory is open ({dumpable}, {cores}).\n" if dumpable or any(cores) else ""
