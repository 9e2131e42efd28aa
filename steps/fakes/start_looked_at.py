"""What every start at the terminal is looked at for while it runs.

Owns the three looks: by which name the keys are asked for, whether the process is open to its
neighbours when a window is begun, and whether another start could take that window's cookie away.
Each says what is wrong on standard error, where the examples compare all that is said.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import resource
import sys
from collections.abc import Mapping, Sequence
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


def left_to_others(env: Mapping[str, str]) -> str:
    """Whether the next start would take the cookie of the window that is begun in ``env`` for that
    of a start that was killed, and delete it.
    """
    place = Path(env.get("XAUTHORITY", "")).parent
    if not place.name.startswith("refapp-"):
        return ""
    fd = os.open(place, os.O_RDONLY)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return ""
    finally:
        os.close(fd)
    return "Its cookie is nobody's.\n"
