"""Master keys in the Secret Service: which keyring is used, whether it may hold a key, and when a
key is safe there.

Owns the decisions about keyrings (the service calls them collections) and items;
the wire is ``secret_service``'s.

Invariants:

- ``unlock`` alone asks for a keyring's password; everything else looks whether it is locked first
  (SS-13). Whether the app may use an item is another question: KeePassXC asks it at each start.
- A keyring that lives in memory, or lies unencrypted on the disk, gets no key (SS-8).
- An item is looked for in every keyring that is open: which one is the default may have changed
  since it was made.
- Locked keyrings are never searched: KeePassXC would ask for their passwords.
- A key that could not be made whole is taken away again.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast

from refapp.trusted.errors import StorageError, StorageFault, StorageInsecure, StorageLocked
from refapp.trusted.keys.keychain_backend import told_apart
from refapp.trusted.keys.prompts import Prompts
from refapp.trusted.keys.secret_service import (
    NOTHING,
    Conversation,
    conversation,
)
from refapp.trusted.keys.secret_session import SERVICE_PATH, ServiceRefused
from refapp.trusted.wording import keychain_words

TITLE = "Secret Service"
MEMORY_ONLY = "/org/freedesktop/secrets/collection/session"
APPLICATION = "Python keyring library"
"""Items are marked as ``keyring`` marks them,
so that its own programs and earlier versions of the app find them.
"""
WRITES_LATER_S = {"KWallet": 7.0, "KeePassXC": 3.0}
"""Who answers before its file is written, and when it is: KWallet waits for five seconds, KeePassXC
derives a key anew.
"""
SEEN_WITHIN_S = 20.0
"""The same of a file that is seen to change: a busy computer writes late."""
UNSEEN = 0, 0
NO_GROUP = (
    keychain_words.KEEPASSXC_SHOWS_NO_GROUP,
    keychain_words.CURE_KEEPASSXC_GROUP,
)


class SecretServiceKeychain:
    """Blocks nobody: every wait is the loop's.
    ``deadline_s`` is for one answer of the service, not of a person.

    ``keeper`` is the program that was last spoken to, and its default keyring.
    """

    def __init__(self, deadline_s: float, prompts: Prompts) -> None:
        self._deadline_s = deadline_s
        self._prompts = prompts
        self.keeper = ""

    async def check(self) -> str:
        """Who keeps the keys, as a name for people.
        Raises StorageError if nobody can now; never prompts.
        """
        self.keeper = ""
        async with self._conversation() as talk:
            self.keeper = talk.program
            keyring = await _default_keyring(talk)
            # A database of KeePassXC may have no name.
            if keyring is not None and (label := await talk.get(keyring, "Collection", "Label")):
                self.keeper += f', keyring "{label}"'
            await _open_keyring(talk)
            return TITLE

    async def read(self, service: str, user: str) -> list[str]:
        """What the items of this name hold, in any keyring that is open. Raises StorageError."""
        async with self._conversation() as talk:
            keyring = await _open_keyring(talk)
            found = []
            for item in await _items(talk, keyring, service, user):
                with contextlib.suppress(ServiceRefused):
                    if await talk.get(item, "Item", "Locked"):
                        _, prompt = await talk.call(SERVICE_PATH, "Service", "Unlock", "ao", [item])
                        await talk.answered(prompt, keychain_words.WHETHER_TO_USE)
                    found.append((await talk.secrets.opened(item)).decode(errors="replace"))
            return found

    async def write(self, service: str, user: str, text: str) -> None:
        """Add the item, read it back, and see it to the service's own file.
        Raises StorageError: then it is not there.
        """
        async with self._conversation() as talk:
            keyring = await _open_keyring(talk)
            properties = {
                "org.freedesktop.Secret.Item.Label": ("s", f"Password for '{user}' on '{service}'"),
                "org.freedesktop.Secret.Item.Attributes": (
                    "a{ss}",
                    {**_named(service, user), "application": APPLICATION},
                ),
            }
            made, prompt = await talk.secrets.sealed(
                text,
                lambda secret: talk.call(
                    keyring, "Collection", "CreateItem", "a{sv}(oayays)b", properties, secret, False
                ),
            )
            item = str(await talk.answered(prompt, keychain_words.WHETHER_TO_ADD) or made)
            async with contextlib.AsyncExitStack() as undo:
                undo.push_async_callback(_undone, talk, item)
                if (await talk.secrets.opened(item)).decode(errors="replace") != text:
                    raise StorageFault(keychain_words.NOT_KEPT)
                # The keyring's file may be only as old as this item.
                _check_encrypted(keyring)
                if talk.program in WRITES_LATER_S:
                    await _on_the_disk(talk, keyring)
                undo.pop_all()

    async def delete(self, service: str, user: str) -> None:
        """Delete the items of this name in every keyring that is open; none is fine.
        Raises StorageError.
        """
        async with self._conversation() as talk:
            keyring = await _open_keyring(talk)
            for item in await _items(talk, keyring, service, user):
                await _deleted(talk, item)

    async def unlock(self) -> None:
        """Have the desktop ask for the keyring's password, or make the first keyring of a new user.
        Raises StorageError.
        """
        async with self._conversation() as talk:
            keyring = await _default_keyring(talk)
            if keyring is None:
                label = {"org.freedesktop.Secret.Collection.Label": ("s", "Default")}
                _, prompt = await talk.call(
                    SERVICE_PATH, "Service", "CreateCollection", "a{sv}s", label, "default"
                )
                await talk.answered(prompt, keychain_words.TO_MAKE_A_KEYRING)
            elif await talk.get(keyring, "Collection", "Locked"):
                _, prompt = await talk.call(SERVICE_PATH, "Service", "Unlock", "ao", [keyring])
                await talk.answered(prompt, keychain_words.FOR_THE_PASSWORD)
            await _open_keyring(talk)

    @contextlib.asynccontextmanager
    async def _conversation(self) -> AsyncIterator[Conversation]:
        # Whatever owns the service's name may answer anything.
        with told_apart():
            try:
                async with conversation(self._deadline_s, self._prompts) as talk:
                    yield talk
            except ServiceRefused as error:
                raise StorageFault(keychain_words.failed(error.name)) from None


async def _default_keyring(talk: Conversation) -> str | None:
    (path,) = await talk.call(SERVICE_PATH, "Service", "ReadAlias", "s", "default")
    return None if path == NOTHING else str(path)


async def _open_keyring(talk: Conversation) -> str:
    """Where a new key goes. Raises StorageError if it can't go there now."""
    keyring = await _default_keyring(talk)
    if keyring is None and talk.program == "KeePassXC":
        raise StorageLocked(*NO_GROUP)
    if keyring is None:
        raise StorageLocked(keychain_words.NO_KEYRING_YET)
    _check_encrypted(keyring)
    if await _is_locked(talk, keyring):
        raise StorageLocked(keychain_words.LOCKED)
    return keyring


async def _is_locked(talk: Conversation, keyring: str) -> bool:
    locked = bool(await talk.get(keyring, "Collection", "Locked"))
    if not locked or talk.program != "KWallet":
        return locked
    # A wallet that the log-in has opened is called locked until somebody asks for it: then it opens
    # without a word.
    label = await talk.get(keyring, "Collection", "Label")
    with contextlib.suppress(ServiceRefused, StorageFault):
        (is_open,) = await talk.call(
            f"/modules/{talk.process}", "org.kde.KWallet", "isOpen", "s", label
        )
        if is_open:
            _, prompt = await talk.call(SERVICE_PATH, "Service", "Unlock", "ao", [keyring])
            await talk.settled(prompt)
            locked = bool(await talk.get(keyring, "Collection", "Locked"))
    return locked


async def _items(talk: Conversation, opened: str, service: str, user: str) -> list[str]:
    """In ``opened``, which is open, and in every other keyring that is."""
    others = cast("list[str]", await talk.get(SERVICE_PATH, "Service", "Collections"))
    found: list[str] = []
    for keyring in dict.fromkeys([opened, *others]):
        if keyring != opened and await _is_locked(talk, keyring):
            continue
        (items,) = await talk.call(
            keyring, "Collection", "SearchItems", "a{ss}", _named(service, user)
        )
        found += cast("list[str]", items)
    return found


def _named(service: str, user: str) -> dict[str, str]:
    return {"service": service, "username": user}


async def _deleted(talk: Conversation, item: str) -> None:
    with contextlib.suppress(ServiceRefused):
        (prompt,) = await talk.call(item, "Item", "Delete")
        await talk.answered(prompt, keychain_words.WHETHER_TO_DELETE)


async def _undone(talk: Conversation, item: str) -> None:
    """Take a new item away again, cancelled or not, as far as that needs no person.
    What stays is ``stray_keys``' business.
    """

    async def delete() -> None:
        (prompt,) = await talk.call(item, "Item", "Delete")
        await talk.settled(prompt)

    task = asyncio.ensure_future(delete())
    while not task.done():
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait([task])
    with contextlib.suppress(StorageError, ServiceRefused):
        task.result()


async def _on_the_disk(talk: Conversation, keyring: str) -> None:
    """Wait until the new item is in the service's own file;
    where KeePassXC has its file nobody tells, nor may a sandbox show KWallet's: then for a while.
    """
    name = await talk.get(keyring, "Collection", "Label") if talk.program == "KWallet" else ""
    file = _data_folder() / "kwalletd" / f"{name}.kwl"
    before = _changed_at(file)
    seconds = WRITES_LATER_S[talk.program] if before == UNSEEN else SEEN_WITHIN_S
    await talk.waited(keychain_words.IS_WRITING, lambda: _changed_at(file) != before, seconds)


def _changed_at(file: Path) -> tuple[int, int]:
    try:
        found = file.stat()
    except (OSError, ValueError):
        return UNSEEN
    return found.st_ino, found.st_mtime_ns


def _data_folder() -> Path:
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share")


def _check_encrypted(keyring: str) -> None:
    """Best effort: another service may own the name, and then no file of GNOME Keyring's bears this
    keyring's name.
    """
    if keyring == MEMORY_ONLY:
        raise StorageInsecure(keychain_words.KEYRING_IN_MEMORY)
    escaped = keyring.rsplit("/", 1)[1]
    name = re.sub("_([0-9a-fA-F]{2})", lambda found: chr(int(found[1], 16)), escaped)
    try:
        with (_data_folder() / "keyrings" / f"{name}.keyring").open("rb") as file:
            start = file.read(16)
    except (OSError, ValueError):
        return
    # GNOME Keyring writes a keyring whose password is blank as an INI file, secrets and all.
    if start.startswith(b"[keyring]"):
        raise StorageInsecure(keychain_words.KEYRING_BLANK)
