"""What lies on the disk sealed: the tokens (decision 5).

May import: ``files``, ``keys``, ``errors``, ``recorder``, ``config``, cryptography.
Offers: ``token_service`` (the pair of tokens; the only way to it), ``secure_storage`` (the same as
named values), ``secret`` (what is stored), ``rotate_key``, ``earlier_program`` (what another
program kept among the app's own files).
"""

__all__ = [
    "earlier_program",
    "rotate_key",
    "secret",
    "secure_storage",
    "token_file",
    "token_service",
    "used_version",
]
