"""A program of its own that uses the session as a library: `python tests/example_library_use.py SERVER FOLDER E-MAIL PASSWORD`.

It has no window and no Tk. The second time that it runs it needs no password: the session is taken up from the folder.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from refapp.trusted import Phase, SignInFailed, open_session
from refapp.trusted.config import Settings, origin_of
from refapp.trusted.keychain import Keychain, OsKeychain
from refapp.trusted.recorder import Recorder


async def who_am_i(settings: Settings, keychain: Keychain, email: str, password: str) -> str:
    """The server's answer to an authenticated call, as text; signs in if nothing is stored."""
    async with open_session(settings, keychain) as session:
        if session.phase is not Phase.SIGNED_IN:
            await session.sign_in(email, password)
        return (await session.fetch("GET", "/app/me")).body.decode()


def main() -> None:
    """Run it as a program."""
    server, folder, email, password = sys.argv[1:]
    settings = Settings(origin=origin_of(server), data_dir=Path(folder), app_id="refapp-example")
    keychain = OsKeychain(settings.app_id, settings.keychain_deadline_s, settings.unlock_deadline_s, Recorder())
    try:
        print(asyncio.run(who_am_i(settings, keychain, email, password)))  # noqa: T201 - its output
    except SignInFailed as error:
        sys.exit(error.sentence)


if __name__ == "__main__":
    main()
