"""``open_session``: a session for a program of one's own, from the server's address and a few names.

Owns the settings' defaults and their check, before anything is opened, and that the session is closed. What the session can do
is ``library``'s.

    async with open_session("https://auth.acme.com", app="acme-notes", version="2.1") as session:
        if session.phase is Phase.SIGNED_OUT:
            await session.sign_in_elsewhere(Way.BROWSER, lambda pending: print(pending.link))
        async with httpx.AsyncClient(auth=session.auth("https://api.acme.com")) as api:
            items = await api.get("https://api.acme.com/items")
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import AsyncIterator
from pathlib import Path

from refapp.trusted.composition.library import Session
from refapp.trusted.config import APP_ID, AUTH_PATH, Settings, data_dir as folder_of, origin_of
from refapp.trusted.errors import ConfigError
from refapp.trusted.keys.keychain import Keychain, OsKeychain
from refapp.trusted.recorder import Recorder
from refapp.trusted.sign_in.browser import Browser

APP_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,29}")


@contextlib.asynccontextmanager
async def open_session(
    server: str,
    keychain: Keychain | None = None,
    *,
    app: str = APP_ID,
    version: str = "",
    account: str = "",
    data_dir: Path | None = None,
    client_id: str = "",
    auth_path: str = AUTH_PATH,
    sign_in_page: str = "/sign-in",
    browser: Browser | None = None,
) -> AsyncIterator[Session]:
    """A session that has taken up what is stored, closed at the end of the block.

    ``app`` names the program (letters, digits, ``._-``, 30 at the most): to the server with ``version``, in the keychain, and by
    ``client_id`` where the server knows it under another name. ``keychain``: the desktop's, if none is given. ``data_dir``: where
    the sealed tokens are, by default the user's data folder for ``app``. Several programs, servers and accounts may share one:
    ``account`` names one of several of a person at one server, as the program likes.

    Raises:
        ConfigError: a setting that can't be used; nothing was opened.
    """
    if not APP_NAME.fullmatch(app):
        raise ConfigError(f"app={app!r}: give a name of letters, digits, dots and dashes, 30 at the most.")
    settings = Settings(
        origin=origin_of(server),
        data_dir=folder_of(data_dir, app),
        app_id=app,
        account=account,
        client_id=client_id or app,
        auth_path=auth_path,
        sign_in_page=sign_in_page,
    )
    keychain = keychain or OsKeychain(app, settings.keychain_deadline_s, Recorder())
    session = Session(settings, keychain, browser=browser, version=version)
    try:
        await session.restore()
        yield session
    finally:
        await session.close()
