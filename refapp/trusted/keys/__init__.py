"""The key that seals the token file, and the operating system's keychain in which alone it is kept (ST-1, ST-4).

May import: ``errors``, ``recorder``, keyring, SecretStorage.
Offers: ``keychain`` (the port, and the real one behind it) and ``master_key`` (get it, or make it once).
Keeps to itself: ``keychain_backend`` (which backends count as secure) and ``keychain_thread`` (calls with a deadline).
"""
