"""``python -m steps.in_process.copy_process FOLDER ORIGIN [DEADLINE]``: a copy of the app without a
window, told what to do by lines. DEADLINE: how long it waits for one that hangs, in seconds.

Words are apart by tabs: ``in EMAIL PASSWORD`` signs in, ``restore`` starts from what is stored,
``call`` makes one authenticated request, ``out`` signs out, ``phase`` answers the phase. Each line
is answered by one line: a status, a phase or an error's code.
"""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path

from refapp.trusted.composition.app import App
from refapp.trusted.errors import CallError
from refapp.trusted.keys.prompts import Prompts
from refapp.trusted.keys.storage_state import READY, StorageState
from refapp.trusted.rules import events as ev
from steps.in_process.one_app import one_app, signed_in, until


class FolderKeychain:
    """A keychain that several processes share: a file a key.
    For tests alone, it encrypts nothing.
    """

    def __init__(self, folder: Path) -> None:
        self.prompts = Prompts()
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    async def status(self) -> StorageState:
        return StorageState(READY, "Shared test keychain")

    async def unlock(self) -> StorageState:
        return await self.status()

    async def read_key(self, kid: str) -> bytes | None:
        try:
            return (self._folder / kid).read_bytes()
        except FileNotFoundError:
            return None

    async def write_key(self, kid: str, key: bytes) -> None:
        with (self._folder / kid).open("xb") as file:
            file.write(key)

    async def delete_key(self, kid: str) -> None:
        (self._folder / kid).unlink(missing_ok=True)


async def obey(app: App, order: list[str]) -> str:
    """Carry out one line."""
    match order:
        case ["in", email, password]:
            await signed_in(app, email, password)
        case ["restore"]:
            app.store.dispatch(ev.InitialiseAsked())
            await until(app, lambda a: a.store.state.phase.value != "restoring")
        case ["call"]:
            try:
                return str((await app.api.fetch("GET", "/app/me")).status)
            except CallError as error:
                return error.code
        case ["out"]:
            app.store.dispatch(ev.SignOutAsked())
            await until(
                app, lambda a: a.store.state.phase.value in ("signed_out", "awaiting_restart")
            )
    return app.store.state.phase.value


async def main(folder: Path, origin: str, deadline_s: float) -> None:
    """Answer lines until standard input ends."""
    keychain = FolderKeychain(folder.with_name("keychain"))
    app = one_app(folder, keychain, None, time.time, origin, lock_deadline_s=deadline_s)
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        sys.stdout.write(await obey(app, line.decode().rstrip("\n").split("\t")) + "\n")
        sys.stdout.flush()
    await app.close()


if __name__ == "__main__":
    asyncio.run(
        main(Path(sys.argv[1]), sys.argv[2], float(sys.argv[3]) if len(sys.argv) > 3 else 20.0)
    )
