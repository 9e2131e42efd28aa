"""``open_session``: a session for a program of one's own,
from the server's address and a few names.

Owns the settings' defaults and their check, before anything is opened, and that the session is
closed. What the session can do is ``library``'s.

    async with open_session("https://auth.acme.com", app="acme-notes", version="2.1") as session:
        if session.phase is Phase.SIGNED_OUT:
            await session.sign_in_elsewhere(Way.BROWSER, lambda it: print(it.link, it.sentence))
        async with httpx.AsyncClient(auth=session.auth("https://api.acme.com")) as api:
            items = await api.get("https://api.acme.com/items")
"""

from __future__ import annotations

import contextlib
import inspect
import os
import re
from collections.abc import AsyncIterator
from pathlib import Path

from refapp.trusted.composition.library import Session
from refapp.trusted.config import APP_ID, AUTH_PATH, Settings, data_dir as folder_of, server_of
from refapp.trusted.errors import ConfigError
from refapp.trusted.files.on_disk import on_disk
from refapp.trusted.keys.keychain import Keychain, OsKeychain
from refapp.trusted.recorder import Recorder
from refapp.trusted.sign_in.browser import Browser
from refapp.trusted.storage.earlier_program import take_over
from refapp.trusted.storage.token_file import SealedFor
from refapp.trusted.wording import setting_words

APP_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,29}")
VERSION = re.compile(r"[ -~]*")
KEYCHAIN = ("status", "unlock", "read_key", "write_key", "delete_key")


@contextlib.asynccontextmanager
async def open_session(
    server: str,
    keychain: Keychain | None = None,
    *,
    app: str = APP_ID,
    version: str = "",
    account: str = "",
    data_dir: Path | str | None = None,
    client_id: str = "",
    auth_path: str = AUTH_PATH,
    sign_in_page: str = "/sign-in",
    browser: Browser | None = None,
) -> AsyncIterator[Session]:
    """A session that has restored what is stored, closed at the end of the block.

    ``app`` names the program (letters, digits, ``._-``, 30 at the most): to the server with
    ``version``, in the keychain, and by ``client_id`` where the server knows it under another name.
    ``keychain``: the desktop's, if none is given. ``data_dir``: where the sealed tokens are, by
    default the user's data folder for ``app``. Several programs, servers and accounts may share
    one: ``account`` names one of several of a person at one server, as the program likes. Two
    sessions of one account there are one: what the one does to it, the other learns within five
    seconds.

    Raises:
        ConfigError: a setting that can't be used; nothing was opened.
    """
    _demand_strings(
        server=server,
        app=app,
        version=version,
        account=account,
        client_id=client_id,
        auth_path=auth_path,
        sign_in_page=sign_in_page,
    )
    if not APP_NAME.fullmatch(app):
        raise ConfigError(setting_words.not_an_app_name(app))
    if not VERSION.fullmatch(version):
        raise ConfigError(setting_words.not_a_version(version))
    if not client_id.isprintable():
        raise ConfigError(setting_words.not_a_client_id(client_id))
    _demand_methods("keychain", keychain, "refapp.Keychain", KEYCHAIN)
    _demand_methods("browser", browser, "a browser", ("open",))
    settings = Settings(
        origin=server_of(server, auth_path),
        data_dir=_folder(data_dir, app),
        app_id=app,
        account=account,
        client_id=client_id or app,
        auth_path=auth_path,
        sign_in_page=sign_in_page,
    )
    if keychain is None:
        keychain = OsKeychain(app, settings.keychain_deadline_s, Recorder())
    await on_disk(take_over, settings.data_dir, SealedFor(app, settings.bound_to))
    session = Session(settings, keychain, browser=browser, version=version)
    try:
        await session.restore()
        yield session
    finally:
        await session.close()


def _demand_strings(**settings: object) -> None:
    """A program without type checks may give anything. Raises ConfigError."""
    for name, value in settings.items():
        if not isinstance(value, str):
            raise ConfigError(setting_words.not_a_string(name, value))


def _demand_methods(name: str, given: object, kind: str, methods: tuple[str, ...]) -> None:
    """Of an object, or None.
    Its class is told and never its ``repr``, which is another's. Raises ConfigError.
    """
    is_class = inspect.isclass(given)
    if given is None or (
        not is_class and all(callable(getattr(given, method, None)) for method in methods)
    ):
        return
    what = (
        f"the class {given.__name__}"
        if inspect.isclass(given)
        else f"of type {type(given).__name__}"
    )
    names = ", ".join(methods)
    raise ConfigError(setting_words.lacks_methods(name, what, kind, names))


def _folder(data_dir: object, app: str) -> Path:
    """Where the files will be. Raises ConfigError: where a file is, or below one."""
    if not isinstance(data_dir, str | os.PathLike | None):
        raise ConfigError(setting_words.not_a_path(data_dir))
    if "\0" in os.fspath(data_dir or ""):
        raise ConfigError(setting_words.not_a_path(data_dir))
    folder = folder_of(None if data_dir is None else Path(data_dir), app, "data_dir")
    there = next((place for place in (folder, *folder.parents) if os.path.lexists(place)), folder)
    if there.is_file():
        raise ConfigError(setting_words.a_file_not_a_folder(there))
    return folder
