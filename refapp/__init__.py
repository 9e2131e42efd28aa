"""refapp: the reference for signing in from a desktop app.

Two processes, and the path of a module says on which side it runs (decision 11):

- ``trusted``: the parent. It alone may use the network, files and the keychain. Never Tk.
- ``untrusted``: the window, a sandboxed child.
  Tk, ``messages`` and ``wire``; never ``trusted``, httpx or keyring.
- ``messages``, ``answers``, ``params``, ``snapshot`` and ``wire`` are the only modules that both
  sides import: what may cross, and how it is written.
- ``demo_server`` is an auth server on loopback for a first run; ``tour`` walks the real app on a
  private screen; ``attack`` tries to get out of its window; ``doctor`` looks at a desktop and a
  server.

For a program of your own: ``from refapp import open_session``; ``blocking`` is the same without
asyncio, ``testing`` is for its tests, ``examples`` are whole programs. These stand on the trusted
side. What that and its errors need is loaded when it is first used.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from refapp.snapshot import (
        Factor as Factor,
        OwnSession as OwnSession,
        PendingSignIn as PendingSignIn,
        Phase as Phase,
        Way as Way,
    )
    from refapp.trusted import (
        CallError as CallError,
        CannotTell as CannotTell,
        Change as Change,
        ConfigError as ConfigError,
        Keychain as Keychain,
        NoAccessToken as NoAccessToken,
        RefappError as RefappError,
        Reply as Reply,
        Session as Session,
        SessionClosed as SessionClosed,
        SessionExpired as SessionExpired,
        SignInFailed as SignInFailed,
        StorageError as StorageError,
        WrongLoop as WrongLoop,
        open_session as open_session,
    )

__version__ = "0.2.0"

__all__ = [
    "CallError",
    "CannotTell",
    "Change",
    "ConfigError",
    "Factor",
    "Keychain",
    "NoAccessToken",
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
    "Way",
    "WrongLoop",
    "open_session",
]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module("refapp.trusted"), name)
