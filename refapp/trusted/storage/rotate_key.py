"""``refapp rotate-key``:
what is stored is sealed under a new master key (SS-17), whether or not the app runs.

Owns the command's sentences and exit codes: 0 the key was replaced, or nothing is stored; 1 it
could not be, or the old one could not be deleted. How a key is replaced so that a crash loses
nothing is ``vault``'s. A copy of the app that runs meanwhile finds the new key by its id.
"""

from __future__ import annotations

import asyncio
import time
from typing import TextIO

from refapp.trusted.config import Settings
from refapp.trusted.errors import StorageError, WriteNotDurable
from refapp.trusted.keys.keychain import Keychain, OsKeychain, item_of
from refapp.trusted.recorder import Recorder
from refapp.trusted.storage.secure_storage import SecureStorage
from refapp.trusted.storage.token_service import TokenService
from refapp.trusted.wording import storage_words

DONE, FAILED = 0, 1


def run(settings: Settings, out: TextIO, server: str = "") -> int:
    """Replace the key in the desktop's keychain; the exit code.
    ``server``: its name for people, if not its address.
    """
    recorder = Recorder()
    keychain = OsKeychain(settings.app_id, settings.keychain_deadline_s, recorder)
    return asyncio.run(rotate(settings, keychain, recorder, out, server))


async def rotate(
    settings: Settings, keychain: Keychain, recorder: Recorder, out: TextIO, server: str = ""
) -> int:
    """``run`` on any keychain."""
    storage = SecureStorage(
        settings.data_dir,
        settings.bound_to,
        settings.app_id,
        keychain,
        recorder,
        time.time,
        settings.lock_deadline_s,
    )
    tokens = TokenService(storage)
    server = server or settings.origin

    def asked() -> None:
        if keychain.prompts.waiting:
            out.write(f"{keychain.prompts.waiting}\n")
            out.flush()

    keychain.prompts.changed = asked
    try:
        rotated = await tokens.rotate_key() if tokens.on_file() else None
    except WriteNotDurable as error:
        out.write(storage_words.key_replaced_unconfirmed(error.sentence))
        return FAILED
    except StorageError as error:
        out.write(storage_words.key_not_replaced(error.sentence, error.cure))
        return FAILED
    if rotated is None:
        out.write(storage_words.no_key_to_replace(server))
        return DONE
    done = storage_words.sealed_anew(server)
    if rotated.old_is_gone:
        out.write(storage_words.key_replaced(done))
        return DONE
    out.write(storage_words.old_key_stays(done, item_of(rotated.old), settings.app_id))
    return FAILED
