"""What lies on the disk: the sealed tokens, and beside them what is no secret. Whole files or none (decision 5).

May import: ``errors``, ``recorder``, ``config``, ``keys``, cryptography.
Offers: ``token_service`` (the pair of tokens; the only way to it), ``secure_storage`` (the same as named values), ``secret``
(what is stored), ``profile`` and ``profile_cache``, ``history``, ``rotate_key``, and ``atomic_file`` for any file.
"""

__all__ = [
    "atomic_file",
    "history",
    "lease",
    "owner",
    "profile",
    "profile_cache",
    "rotate_key",
    "secret",
    "secure_storage",
    "token_file",
    "token_service",
    "used_version",
]
