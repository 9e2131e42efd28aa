"""A command line tool: ``python -m refapp.examples.command_line SERVER FOLDER [E-MAIL PASSWORD]``.

It prints what the application's API says of who is signed in. Without a password it signs in with a
code; the second time that it runs it needs neither, since the session is restored from the folder.
Its requests are httpx's own.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path

import httpx

from refapp import Keychain, PendingSignIn, Phase, RefappError, Way, open_session


async def who_am_i(
    server: str,
    folder: Path,
    *credentials: str,
    keychain: Keychain | None = None,
    show: Callable[[PendingSignIn], None] = lambda it: print(it.link, it.user_code, it.sentence),  # noqa: T201
) -> str:
    """What the application's API at ``server`` says of who is signed in;
    signs in if nothing is stored. Raises RefappError.
    """
    # The example servers know one client, by the name of refapp.
    async with open_session(
        server, keychain, app="refapp-example", version="1.0", client_id="refapp", data_dir=folder
    ) as session:
        if session.phase is not Phase.SIGNED_IN and credentials:
            await session.sign_in(*credentials)
        elif session.phase is not Phase.SIGNED_IN:
            await session.sign_in_elsewhere(Way.DEVICE, show)
        async with httpx.AsyncClient(base_url=server, auth=session.auth(server)) as api:
            return (await api.get("/app/me")).raise_for_status().text


def main() -> None:
    """Run it as a program."""
    if len(sys.argv) not in (3, 5):
        sys.stderr.write(
            "usage: python -m refapp.examples.command_line SERVER FOLDER [E-MAIL PASSWORD]\n"
        )
        sys.exit(2)
    server, folder, *credentials = sys.argv[1:]
    try:
        print(asyncio.run(who_am_i(server, Path(folder), *credentials)))  # noqa: T201 - its output
    except RefappError as error:
        sys.exit(f"{error.sentence} {error.cure}".strip())
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
