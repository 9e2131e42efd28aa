"""The key that seals the token file,
and the operating system's keychain in which alone it is kept (decision 10).

May import: ``errors``, ``recorder``, keyring, SecretStorage.
Offers: ``keychain`` (the port, and the real one behind it), ``guarded_keychain`` (a program's own
behind it), ``storage_state`` (how it is) and ``master_key`` (get it, or make it once).
"""

__all__ = [
    "guarded_keychain",
    "keychain",
    "keychain_backend",
    "keychain_thread",
    "master_key",
    "prompts",
    "secret_service",
    "secret_service_keychain",
    "session_bus",
    "storage_state",
]
