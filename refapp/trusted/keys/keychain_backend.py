"""Which keychain the desktop offers, and those that are no Secret Service, through ``keyring``.
Blocking: see ``keychain``.

Owns the choice and the seam to ``keyring``.
Every function here may hang for ever, so only ``keychain_thread`` may run them.

Invariants:

- A keychain is used only if its class *is* one of ``ALLOWED`` (SS-8). ``keyring``'s own measure, a
  priority of 1 or more, passes back ends that keep plain text, keep nothing, or belong to whoever
  wrote ``keyringrc.cfg``.
- The instance that was checked is the instance that is called, never ``keyring.get_password``,
  which asks a whole chain.
- What a person configured is refused if it is not on the list;
  it is neither overridden nor replaced by a fall-back.
- A Secret Service is only recognised here: ``secret_service_keychain`` speaks to it, for
  ``keyring`` can't wait for a person.
"""

from __future__ import annotations

import contextlib
import importlib
import os
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
from refapp.trusted.wording import keychain_words

if TYPE_CHECKING:
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
SECRET_SERVICES = {"keyring.backends.SecretService", "keyring.backends.libsecret"}
ASKS = {"macOS Keychain", "KWallet"}
"""Their calls answer only after the person did,
if they ask, and there is no telling whether they do.
"""
CURES = {
    "macOS Keychain": keychain_words.CURE_MAC,
    "Windows Credential Locker": keychain_words.CURE_WINDOWS,
    "KWallet": keychain_words.CURE_KWALLET,
}
"""What to do when this back end is locked, was not allowed to answer, or failed."""


def configured() -> KeyringBackend | None:
    """The back end that a person chose; None if nobody did, or if it is a Secret Service.
    Raises StorageError.
    """
    with told_apart():
        if not _is_configured():
            return None
        found = _chosen_by_keyring()
        return None if _is_secret_service(found) else found


def instead() -> KeyringBackend:
    """The back end where there is no Secret Service. Raises StorageError."""
    with told_apart():
        # Asked first: keyring loads whatever any installed package calls a back end, and looks for
        # services once a process.
        found = (None if _is_configured() else _best_allowed()) or _chosen_by_keyring()
        if _is_secret_service(found):
            raise StorageUnavailable(keychain_words.NONE_ANSWERS)
        return found


def read(backend: KeyringBackend, service: str, user: str) -> str | None:
    """The item's text, None if there is no such item. Raises StorageError."""
    with told_apart(name_of(backend)):
        return backend.get_password(service, user)


def write(backend: KeyringBackend, service: str, user: str, text: str) -> None:
    """Add the item and read it back:
    that it came back is the proof that this keychain keeps what it is given.

    Raises:
        StorageError: nothing usable was stored.
    """
    with told_apart(name_of(backend)):
        backend.set_password(service, user, text)
        if backend.get_password(service, user) != text:
            raise StorageFault(keychain_words.NOT_KEPT)


def delete(backend: KeyringBackend, service: str, user: str) -> None:
    """Delete the item; one that is not there is fine. Raises StorageError."""
    from keyring.errors import PasswordDeleteError

    with told_apart(name_of(backend)), contextlib.suppress(PasswordDeleteError):
        backend.delete_password(service, user)


def _chosen_by_keyring() -> KeyringBackend:
    """What a person configured, or what stands in place of a keychain."""
    import keyring
    from keyring.backends import chainer, fail

    found = keyring.get_keyring()
    if type(found) is chainer.ChainerBackend and found.backends:
        found = found.backends[0]
    if _is_allowed(found):
        if vars(found):
            raise StorageInsecure(keychain_words.settings_changed(name_of(found)))
        return found
    if type(found) is fail.Keyring:
        raise StorageUnavailable(keychain_words.NONE_ANSWERS)
    kind = f"{type(found).__module__}.{type(found).__qualname__}"
    raise StorageInsecure(keychain_words.not_encrypting(kind))


def _is_configured() -> bool:
    """Did a person choose a back end, by environment or by ``keyringrc.cfg``?
    Deletes ``KEYRING_PROPERTY_*`` from os.environ.
    """
    # They can set any attribute of any back end, even a keyring that lives in memory alone.
    for name in [name for name in os.environ if name.startswith("KEYRING_PROPERTY_")]:
        del os.environ[name]
    return (
        bool(os.environ.get("PYTHON_KEYRING_BACKEND"))
        or Path(_config_root(), "keyringrc.cfg").exists()
    )


def _config_root() -> Path:
    """Where ``keyring`` looks for what a person chose. On Linux it is said here too: nothing else
    of ``keyring`` is needed there, and each start would load 60 modules for it.
    """
    if sys.platform == "linux":
        return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config", "python_keyring")
    from keyring.util.platform_ import config_root

    return Path(config_root())


def _allowed_classes() -> Iterator[tuple[type[KeyringBackend], str]]:
    for (module, name), title in ALLOWED.get(sys.platform, {}).items():
        yield getattr(importlib.import_module(module), name), title


def _is_allowed(backend: object) -> bool:
    return any(type(backend) is allowed for allowed, _ in _allowed_classes())


def name_of(backend: object) -> str:
    """The name of a back end that is allowed, for people."""
    return next(title for allowed, title in _allowed_classes() if type(backend) is allowed)


def _best_allowed() -> KeyringBackend | None:
    """Of those that can work now and are no Secret Service,
    the one that ``keyring`` would prefer.
    """
    others = [
        allowed for allowed, _ in _allowed_classes() if allowed.__module__ not in SECRET_SERVICES
    ]
    viable = [allowed for allowed in others if allowed.viable]
    if not viable:
        return None
    best = max(viable, key=lambda allowed: allowed.priority) if len(viable) > 1 else viable[0]
    return best()


def _is_secret_service(backend: object) -> bool:
    return type(backend).__module__ in SECRET_SERVICES


@contextlib.contextmanager
def told_apart(name: str = "") -> Iterator[None]:
    """Turn whatever a keychain raises into one of our classes.
    Only the type's name survives: texts may hold anything.

    ``name`` is the back end's, as ``name_of`` gives it, for a cure that fits it.
    """
    try:
        yield
    except StorageError:
        raise
    except Exception as error:  # noqa: BLE001  # back ends raise their own, undeclared and unrelated classes
        raise _classified(error, CURES.get(name, "")) from None


def _classified(error: Exception, cure: str) -> StorageError:
    kinds = {f"{kind.__module__}.{kind.__qualname__}" for kind in type(error).__mro__}
    if kinds & {
        "keyring.errors.KeyringLocked",
        "secretstorage.exceptions.LockedException",
        "secretstorage.exceptions.PromptDismissedException",
    }:
        return StorageLocked(keychain_words.LOCKED_OR_REFUSED, cure)
    if kinds & {
        "keyring.errors.NoKeyringError",
        "keyring.errors.InitError",
        "secretstorage.exceptions.SecretServiceNotAvailableException",
    }:
        return StorageUnavailable(keychain_words.NONE_ANSWERS)
    if isinstance(error, TimeoutError):
        return StorageTimeout(keychain_words.NOT_IN_TIME)
    # The bus is gone, or its socket can't be reached.
    if isinstance(error, OSError):
        return StorageUnavailable(keychain_words.NONE_ANSWERS)
    # A back end named in the environment or in keyringrc.cfg:
    # not there, or it says that it can't work here.
    if type(error) is RuntimeError or isinstance(error, (ImportError, AttributeError, ValueError)):
        return StorageUnavailable(keychain_words.SET_UP_UNUSABLE)
    return StorageFault(keychain_words.failed(type(error).__name__), cure)
