"""Looks into the token file from outside, with the keychain's key in hand: what is really stored,
whatever the app says.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from refapp.trusted.errors import StorageError
from refapp.trusted.storage import token_file
from refapp.trusted.storage.token_file import SealedFor
from steps.scenario.driver import Pair


def path_in(folder: Path, origin: str | None = None, app_id: str = "refapp") -> Path:
    """The token file in ``folder``: that of ``origin`` and this program, or the one that there is.
    One set aside has a longer name.
    """
    own = origin is None or app_id.startswith("refapp")
    named = origin if own else f"{app_id}\0{origin}"
    place = "*" if named is None else hashlib.sha256(named.encode()).hexdigest()[:8]
    found = [path for path in folder.glob(f"tokens-{place}.json") if path.name.count(".") == 1]
    return found[0] if found else folder / "tokens-none.json"


def app_in(folder: Path) -> str:
    """The name of the app whose the token file in ``folder`` is; empty if that can't be read, or
    has just been deleted.
    """
    try:
        return str(json.loads(path_in(folder).read_bytes())["app"])
    except (FileNotFoundError, ValueError, KeyError):
        return ""


def pair_in(
    folder: Path, origin: str, key_of: Callable[[str], bytes | None], app_id: str = "refapp"
) -> Pair | None:
    """The pair that is stored in ``folder`` for ``origin``;
    ``key_of`` gives the key of a key id.
    """
    try:
        data = path_in(folder, origin, app_id).read_bytes()
        file = token_file.parse(data, SealedFor(app_id, origin))
        key = key_of(file.kid)
        if key is None:
            return None
        access = token_file.open_value(file, "accessToken", key)
        refresh = token_file.open_value(file, "refreshToken", key)
    except (StorageError, FileNotFoundError, IsADirectoryError, RecursionError):
        return None
    nonces = {sealed.n for sealed in file.sealed.values()}
    assert len(nonces) == len(file.sealed), "two values were sealed with one nonce"
    return Pair(access or "", refresh or "") if access or refresh else None
