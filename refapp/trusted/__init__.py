"""The trusted parent: it alone may use the network, files and the keychain.
It must never import Tk or be an X client.

(A Tk program can be told through the X server to run commands;
the parent holds every secret, so it has no display.)

Another program may use the session as a library: ``Session`` is sign-in, restore, calls and
sign-out in a dozen lines, and ``AuthStore``, ``ApiClient``, ``TokenService`` and ``OriginClient``
are what it is made of. The names are looked up when they are first used, because starting the
window process imports this package and must import nothing else.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from refapp.snapshot import Factor, OwnSession, PendingSignIn, Phase, Way
    from refapp.trusted.composition.library import Session
    from refapp.trusted.composition.open_session import open_session
    from refapp.trusted.composition.session_words import Change, SignInFailed
    from refapp.trusted.errors import (
        CallError,
        CannotTell,
        ConfigError,
        NoAccessToken,
        RefappError,
        SessionClosed,
        SessionExpired,
        StorageError,
        WrongLoop,
    )
    from refapp.trusted.keys.keychain import Keychain
    from refapp.trusted.server.origin_client import OriginClient
    from refapp.trusted.server.verdict import Reply
    from refapp.trusted.shell.api_client import ApiClient
    from refapp.trusted.shell.auth_store import AuthStore
    from refapp.trusted.storage.token_service import TokenService

__all__ = [
    "ApiClient",
    "AuthStore",
    "CallError",
    "CannotTell",
    "Change",
    "ConfigError",
    "Factor",
    "Keychain",
    "NoAccessToken",
    "OriginClient",
    "OwnSession",
    "PendingSignIn",
    "Phase",
    "RefappError",
    "Reply",
    "Session",
    "SessionClosed",
    "SessionExpired",
    "SignInFailed",
    "StorageError",
    "TokenService",
    "Way",
    "WrongLoop",
    "open_session",
]

_HOME = {
    "ApiClient": "trusted.shell.api_client",
    "AuthStore": "trusted.shell.auth_store",
    "CallError": "trusted.errors",
    "CannotTell": "trusted.errors",
    "Change": "trusted.composition.session_words",
    "ConfigError": "trusted.errors",
    "Factor": "snapshot",
    "Keychain": "trusted.keys.keychain",
    "NoAccessToken": "trusted.errors",
    "OriginClient": "trusted.server.origin_client",
    "OwnSession": "snapshot",
    "PendingSignIn": "snapshot",
    "Phase": "snapshot",
    "RefappError": "trusted.errors",
    "Reply": "trusted.server.verdict",
    "Session": "trusted.composition.library",
    "SessionClosed": "trusted.errors",
    "SessionExpired": "trusted.errors",
    "SignInFailed": "trusted.composition.session_words",
    "StorageError": "trusted.errors",
    "TokenService": "trusted.storage.token_service",
    "Way": "snapshot",
    "WrongLoop": "trusted.errors",
    "open_session": "trusted.composition.open_session",
}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(f"refapp.{_HOME[name]}"), name)
