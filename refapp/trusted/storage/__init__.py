"""What lies on the disk: the sealed tokens, and beside them what is no secret. Whole files or none.

May import: ``errors``, ``recorder``, ``config``, ``keys``, cryptography.
Offers: ``token_service`` (the pair of tokens; the only way to it), ``secure_storage`` (the same as named values), ``secret``
(what is stored), ``profile`` and ``profile_cache``, ``history``, ``rotate_key``, ``atomic_file`` and ``lease`` for any file.
Keeps to itself: ``vault``, ``token_file``, ``refresh_journal``.
"""
