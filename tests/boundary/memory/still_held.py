"""A program with a session of the library's, which counts in its memory what is still in use:
``python still_held.py FOLDER``.

It signs in, makes calls that renew the tokens, signs out, and prints for each of these moments how
many strings there are that hold a token or the password and can be reached from anything. It keeps
what it looks for the wrong way round.
"""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import warnings
from pathlib import Path

from refapp.tour.private_server import PrivateServer
from refapp.trusted.composition.library import Session
from refapp.trusted.config import Settings
from steps.fakes.fake_keychain import FakeKeychain

TOLD_WITHIN_S = 60.0
_BYTES = (bytes, bytearray)


def in_use(backwards: set[str]) -> list[str]:
    """Who holds each string with one of these in it, by its kind.

    Looked for in a copy of this process: after such a walk Python 3.12's own collector does not
    come to an end any more.
    """
    readable, writable = os.pipe()
    with warnings.catch_warnings(action="ignore"):  # the copy goes on with none of the threads
        copy = os.fork()
    if not copy:
        code = 1
        try:
            os.write(writable, " ".join(_held_here(backwards)).encode())
            code = 0
        finally:
            os._exit(code)
    os.close(writable)
    with os.fdopen(readable) as told:
        found = told.read().split()
    assert os.waitpid(copy, 0)[1] == 0
    return found


def _held_here(backwards: set[str]) -> list[str]:
    """Found from all that may hold one: Python lists no strings."""
    gc.collect()
    wanted = [one[::-1] for one in backwards]
    waiting: list[tuple[object, object]] = [(one, None) for one in gc.get_objects()]
    own = {id(wanted), id(waiting)}
    met = set(own)
    found = []
    while waiting:
        one, holder = waiting.pop()
        if id(one) in met:
            continue
        met.add(id(one))
        if isinstance(one, str):
            hit = any(secret in one for secret in wanted)
        elif isinstance(one, _BYTES):
            hit = any(secret.encode() in one for secret in wanted)
        else:
            waiting += [(next_one, one) for next_one in gc.get_referents(one)]
            hit = False
        if hit:
            found.append(type(holder).__name__)
    return sorted(found)


async def main(folder: Path) -> None:
    """The life of one session."""
    with PrivateServer(folder / "server", "rotating") as server:
        session = Session(Settings(origin=server.url, data_dir=folder / "app"), FakeKeychain())
        await session.restore()
        tokens: set[str] = set()
        password = {server.password[::-1]}

        def note() -> None:
            held = session.store.held
            assert held is not None
            tokens.update((held.pair.access[::-1], held.pair.refresh[::-1]))

        await session.sign_in(server.email, server.password)
        server.password = ""
        note()
        say("signed in", in_use(tokens), in_use(password))
        for _ in range(3):
            server.do("expire_access", email=server.email)
            await session.fetch("GET", "/app/me")
            note()
        say("renewed", in_use(tokens), in_use(password))
        await session.sign_out()
        async with asyncio.timeout(TOLD_WITHIN_S):
            # The server is told beside the sign-out.
            while server.do("live_sessions", email=server.email) or in_use(tokens):  # noqa: ASYNC110 - another process's
                await asyncio.sleep(0.05)
        say("signed out", in_use(tokens), in_use(password))
        await session.close()


def say(when: str, tokens: list[str], passwords: list[str]) -> None:
    """One line of the result."""
    sys.stdout.write(f"{when}|{' '.join(tokens)}|{' '.join(passwords)}\n")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
