"""Which keychain the desktop offers, whether it may hold the master key, and what its failures mean. Blocking: see ``keychain``.

Owns the one seam to ``keyring`` and ``SecretStorage``. Every function here may hang for ever (a stopped service, an open
prompt), so only ``keychain_thread`` may run them.

Invariants:

- A keychain is used only if its class *is* one of ``ALLOWED`` (SS-8). ``keyring``'s own measure, a priority of 1 or more,
  passes back ends that keep plain text, keep nothing, or belong to whoever wrote ``keyringrc.cfg``.
- The instance that was checked is the instance that is called, never ``keyring.get_password``, which asks a whole chain.
- What a person configured is refused if it is not on the list; it is neither overridden nor replaced by a fall-back.
- ``unlock`` alone may show a prompt; everything else asks whether the keyring is locked first (SS-13).
"""

from __future__ import annotations

import contextlib
import importlib
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from refapp.trusted.errors import (
    StorageError,
    StorageFault,
    StorageInsecure,
    StorageLocked,
    StorageTimeout,
    StorageUnavailable,
)

if TYPE_CHECKING:
    import secretstorage
    from keyring.backend import KeyringBackend

ALLOWED = {
    "linux": {
        ("keyring.backends.SecretService", "Keyring"): "Secret Service",
        ("keyring.backends.libsecret", "Keyring"): "Secret Service (libsecret)",
        ("keyring.backends.kwallet", "DBusKeyring"): "KWallet",
    },
    "darwin": {("keyring.backends.macOS", "Keyring"): "macOS Keychain"},
    "win32": {("keyring.backends.Windows", "WinVaultKeyring"): "Windows Credential Locker"},
}
MEMORY_ONLY = "/org/freedesktop/secrets/collection/session"
NO_SERVICE = "No keychain service answers on this desktop."
LOCKED = "Your keychain is locked."


def backend_name() -> str:
    """The name of the keychain that would be used; asked without a prompt and without reading an item.

    Raises:
        StorageError: it can't be used now; the class says why.
    """
    with told_apart():
        backend = _chosen()
        _check_open(backend)
        return _name(backend)


def read(service: str, user: str) -> str | None:
    """The item's text, None if there is no such item. Raises StorageError."""
    with told_apart():
        backend = _chosen()
        _check_open(backend)
        return backend.get_password(service, user)


def write(service: str, user: str, text: str) -> None:
    """Add the item and read it back: that it came back is the proof that this keychain keeps what it is given.

    Raises:
        StorageError: nothing usable was stored.
    """
    with told_apart():
        backend = _chosen()
        _check_open(backend)
        backend.set_password(service, user, text)
        if backend.get_password(service, user) != text:
            raise StorageFault("The keychain did not keep what it was given.")
        try:
            # The keyring's file may be only as old as this item.
            _check_open(backend)
        except StorageInsecure:
            backend.delete_password(service, user)
            raise


def delete(service: str, user: str) -> None:
    """Delete the item; one that is not there is fine. Raises StorageError."""
    from keyring.errors import PasswordDeleteError

    with told_apart():
        backend = _chosen()
        _check_open(backend)
        with contextlib.suppress(PasswordDeleteError):
            backend.delete_password(service, user)


def unlock(deadline_s: float) -> None:
    """Let the desktop ask for the keychain's password, and wait for the answer. Raises StorageError."""
    with told_apart():
        backend = _chosen()
        if not _speaks_secret_service(backend):
            return
        import secretstorage

        with contextlib.closing(secretstorage.dbus_init()) as connection:
            # Creates the first keyring of a new user, which also asks for a password.
            collection = secretstorage.get_default_collection(connection)
            if collection.is_locked() and collection.unlock(timeout=deadline_s):
                raise StorageLocked(LOCKED)


def _chosen() -> KeyringBackend:
    """The one back end to call. Deletes ``KEYRING_PROPERTY_*`` from os.environ. Raises StorageUnavailable, StorageInsecure."""
    # `KEYRING_PROPERTY_*` can set any attribute of any back end, even a collection that lives in memory alone.
    for name in [name for name in os.environ if name.startswith("KEYRING_PROPERTY_")]:
        del os.environ[name]
    # Asked first: keyring loads whatever any installed package calls a back end, and looks for services once a process.
    found = None if _is_configured() else _best_allowed()
    return found or _chosen_by_keyring()


def _chosen_by_keyring() -> KeyringBackend:
    """What a person configured, or what stands in the place of a keychain."""
    import keyring
    from keyring.backends import chainer, fail

    found = keyring.get_keyring()
    if type(found) is chainer.ChainerBackend and found.backends:
        found = found.backends[0]
    if _is_allowed(found):
        if vars(found):
            raise StorageInsecure(f"The settings of the keychain {_name(found)} were changed for this run.")
        return found
    if type(found) is fail.Keyring:
        raise StorageUnavailable(NO_SERVICE)
    kind = f"{type(found).__module__}.{type(found).__qualname__}"
    raise StorageInsecure(f"The keyring {kind} is not known to encrypt what it keeps.")


def _is_configured() -> bool:
    """Did a person choose a back end, by environment or by ``keyringrc.cfg``?"""
    from keyring.util.platform_ import config_root

    return bool(os.environ.get("PYTHON_KEYRING_BACKEND")) or Path(config_root(), "keyringrc.cfg").exists()


def _allowed_classes() -> Iterator[tuple[type[KeyringBackend], str]]:
    for (module, name), title in ALLOWED.get(sys.platform, {}).items():
        yield getattr(importlib.import_module(module), name), title


def _is_allowed(backend: object) -> bool:
    return any(type(backend) is allowed for allowed, _ in _allowed_classes())


def _name(backend: object) -> str:
    return next(title for allowed, title in _allowed_classes() if type(backend) is allowed)


def _best_allowed() -> KeyringBackend | None:
    """Of those that can work now, the one that ``keyring`` would prefer."""
    viable = [allowed for allowed, _ in _allowed_classes() if allowed.viable]
    if not viable:
        return None
    best = max(viable, key=lambda allowed: allowed.priority) if len(viable) > 1 else viable[0]
    return best()


def _speaks_secret_service(backend: KeyringBackend) -> bool:
    return type(backend).__module__ in ("keyring.backends.SecretService", "keyring.backends.libsecret")


def _check_open(backend: KeyringBackend) -> None:
    """Raise StorageLocked or StorageInsecure if the Secret Service's keyring is not open or not encrypted; never prompts."""
    if not _speaks_secret_service(backend):
        return
    import secretstorage

    with contextlib.closing(secretstorage.dbus_init()) as connection:
        try:
            collection = secretstorage.get_collection_by_alias(connection, "default")
        except secretstorage.ItemNotFoundException:
            raise StorageLocked("Your keychain has no keyring yet; unlocking it makes one.") from None
        _check_encrypted(collection)
        if collection.is_locked():
            raise StorageLocked(LOCKED)


def _check_encrypted(collection: secretstorage.Collection) -> None:
    """Best effort: another service may own the name, and then no file of GNOME Keyring's bears this collection's name."""
    if collection.collection_path == MEMORY_ONLY:
        raise StorageInsecure("The desktop's default keyring lives in memory and forgets everything when you log out.")
    escaped = collection.collection_path.rsplit("/", 1)[1]
    name = re.sub("_([0-9a-fA-F]{2})", lambda found: chr(int(found[1], 16)), escaped)
    data = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share")
    try:
        with (data / "keyrings" / f"{name}.keyring").open("rb") as file:
            start = file.read(16)
    except (OSError, ValueError):
        return
    # GNOME Keyring writes a keyring whose password is blank as an INI file, secrets and all.
    if start.startswith(b"[keyring]"):
        raise StorageInsecure("Your keyring has a blank password, so the desktop keeps it unencrypted on the disk.")


@contextlib.contextmanager
def told_apart() -> Iterator[None]:
    """Turn whatever a keychain raises into one of our classes. Only the type's name survives: texts may hold anything."""
    try:
        yield
    except StorageError:
        raise
    except Exception as error:  # noqa: BLE001  # back ends raise their own, undeclared and unrelated classes
        raise _classified(error) from None


def _classified(error: Exception) -> StorageError:
    kinds = {f"{kind.__module__}.{kind.__qualname__}" for kind in type(error).__mro__}
    if kinds & {
        "keyring.errors.KeyringLocked",
        "secretstorage.exceptions.LockedException",
        "secretstorage.exceptions.PromptDismissedException",
    }:
        return StorageLocked(LOCKED)
    if kinds & {
        "keyring.errors.NoKeyringError",
        "keyring.errors.InitError",
        "secretstorage.exceptions.SecretServiceNotAvailableException",
    }:
        return StorageUnavailable(NO_SERVICE)
    if isinstance(error, TimeoutError):
        return StorageTimeout("The keychain did not answer in time.")
    # The bus is gone, or its socket can't be reached.
    if isinstance(error, OSError):
        return StorageUnavailable(NO_SERVICE)
    # A back end named in the environment or in keyringrc.cfg: not there, or it says that it can't work here.
    if type(error) is RuntimeError or isinstance(error, (ImportError, AttributeError, ValueError)):
        return StorageUnavailable("The keychain that is set up for this user can't be used.")
    return StorageFault(f"The keychain failed ({type(error).__name__}).")
