"""A program of its own that uses the session as a library: `python tests/example_library_use.py SERVER FOLDER [E-MAIL PASSWORD]`.

It has no window and no Tk, and without a password it signs in with a code. The second time that it runs it needs neither: the
session is taken up from the folder.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path

from refapp.trusted import PendingSignIn, Phase, SignInFailed, Way, open_session
from refapp.trusted.config import Settings, origin_of
from refapp.trusted.keys.keychain import Keychain, OsKeychain
from refapp.trusted.recorder import Recorder


async def who_am_i(settings: Settings, keychain: Keychain, email: str, password: str) -> str:
    """The server's answer to an authenticated call, as text; signs in if nothing is stored."""
    async with open_session(settings, keychain) as session:
        if session.phase is not Phase.SIGNED_IN:
            await session.sign_in(email, password)
        return (await session.fetch("GET", "/app/me")).body.decode()


async def who_am_i_by_code(settings: Settings, keychain: Keychain, show: Callable[[PendingSignIn], None]) -> str:
    """The same, for a program that never sees a password; ``show`` says where a person enters which code."""
    async with open_session(settings, keychain) as session:
        if session.phase is not Phase.SIGNED_IN:
            await session.sign_in_elsewhere(Way.DEVICE, show)
        return (await session.fetch("GET", "/app/me")).body.decode()


def show(pending: PendingSignIn) -> None:
    """Where to go with which code, and what is wrong meanwhile."""
    print(f"Open {pending.link} and enter {pending.user_code}. {pending.sentence}")  # noqa: T201 - its output


def main() -> None:
    """Run it as a program."""
    server, folder, *credentials = sys.argv[1:]
    settings = Settings(origin=origin_of(server), data_dir=Path(folder), app_id="refapp-example")
    keychain = OsKeychain(settings.app_id, settings.keychain_deadline_s, Recorder())
    try:
        asked = (
            who_am_i(settings, keychain, *credentials) if credentials else who_am_i_by_code(settings, keychain, show)
        )
        print(asyncio.run(asked))  # noqa: T201 - its output
    except SignInFailed as error:
        sys.exit(error.sentence)


if __name__ == "__main__":
    main()
