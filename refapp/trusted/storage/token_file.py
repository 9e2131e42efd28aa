"""The token file's format: readable JSON around sealed values (SS-9).
Pure: bytes in, bytes out; no disk, no keychain.

    {"v": 1, "alg": "A256GCM", "app": "refapp", "origin": "https://auth.example.com", "kid": "…",
     "backend": "Secret Service", "write": "…", "sealed":
     {"accessToken": {"n": "<base64 nonce>", "ct": "<base64>"}, "refreshToken": …, "session": …}}

Each value is sealed with AES-256-GCM under the key ``kid``. Its associated data is the whole head
(all but ``sealed``) and its own name, so that a value moved to another name, file, app or server
does not open (SS-12). ``write`` is fresh in each write, and a write seals all values anew: values
of two writes can't be mixed (SS-11). Taking one value out needs no key (SS-4).

A text is kept byte for byte, whatever it is; nothing here logs, and no error holds a value.
``cryptography`` is imported by the first call that needs it, for a start shows the window before
that.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Mapping

import msgspec

from refapp.trusted.errors import UNDECODABLE, BlobDamaged, BlobTooNew
from refapp.trusted.wording import storage_words

VERSION = 1
ALGORITHM = "A256GCM"
NONCE_BYTES = 12


class Sealed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One value: nonce and ciphertext with its tag."""

    n: bytes
    ct: bytes


class Head(msgspec.Struct, frozen=True):
    """What every value of the file is bound to. ``backend`` is the keychain's name, for people."""

    v: int
    alg: str
    app: str
    origin: str
    kid: str
    backend: str
    write: str


class TokenFile(Head, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    sealed: dict[str, Sealed]


class _Version(msgspec.Struct, frozen=True):
    v: int


class SealedFor(msgspec.Struct, frozen=True):
    """What a file is for: values sealed for one app and one server's origin open for no other."""

    app: str
    origin: str


def parse(data: bytes, owner: SealedFor) -> TokenFile:
    """The file in ``data``.

    Raises:
        BlobTooNew: a newer version wrote it.
        BlobDamaged: it is no token file, or another app's or server's.
    """
    try:
        version = msgspec.json.decode(data, type=_Version).v
        if version > VERSION:
            raise BlobTooNew(storage_words.TOO_NEW)
        file = msgspec.json.decode(data, type=TokenFile)
        if serialise(file) != data:  # as we write it, no field can be there twice
            # The standard library sees what msgspec passes over.
            json.loads(data, object_pairs_hook=_without_doubles)
    except (*UNDECODABLE, ValueError):
        raise BlobDamaged(storage_words.DAMAGED) from None
    if file.v != VERSION or file.alg != ALGORITHM:
        raise BlobDamaged(storage_words.DAMAGED)
    if (file.app, file.origin) != (owner.app, owner.origin):
        raise BlobDamaged(storage_words.OTHER_SERVER)
    return file


def serialise(file: TokenFile) -> bytes:
    """The bytes of ``file``, indented for people."""
    return msgspec.json.format(msgspec.json.encode(file), indent=1) + b"\n"


def seal(
    values: Mapping[str, str], owner: SealedFor, kid: str, key: bytes, backend: str
) -> TokenFile:
    """A new file that holds ``values`` (name -> text) under ``key``."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    file = TokenFile(
        VERSION,
        ALGORITHM,
        owner.app,
        owner.origin,
        kid,
        backend,
        write=secrets.token_hex(8),
        sealed={},
    )
    cipher = AESGCM(key)
    for name, text in values.items():
        nonce = os.urandom(NONCE_BYTES)
        file.sealed[name] = Sealed(
            nonce, cipher.encrypt(nonce, _to_bytes(text), _bound_to(file, name))
        )
    return file


def open_value(file: TokenFile, name: str, key: bytes) -> str | None:
    """The text under ``name``, None if there is none.

    Raises:
        BlobDamaged: it was changed, moved or swapped, or sealed under another key.
    """
    sealed = file.sealed.get(name)
    if sealed is None:
        return None
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return _to_text(AESGCM(key).decrypt(sealed.n, sealed.ct, _bound_to(file, name)))
    except (InvalidTag, ValueError):
        raise BlobDamaged(storage_words.DAMAGED) from None


def fingerprint(key: bytes, name: str, text: str) -> str:
    """32 hex digits that tell ``text`` under ``name`` from any other, and say nothing about it to
    whoever lacks the key.
    """
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

    own = HKDFExpand(SHA256(), 32, b"refapp fingerprint").derive(key)
    return hmac.new(own, _to_bytes(f"{name}\0{text}"), hashlib.sha256).hexdigest()[:32]


def without(file: TokenFile, name: str) -> TokenFile:
    """``file`` with one value less."""
    left = {other: sealed for other, sealed in file.sealed.items() if other != name}
    return msgspec.structs.replace(file, sealed=left)


def only(file: TokenFile, name: str) -> TokenFile:
    """``file`` with one value left."""
    return msgspec.structs.replace(file, sealed={name: file.sealed[name]})


def _bound_to(file: TokenFile, name: str) -> bytes:
    return msgspec.json.encode(
        [file.v, file.alg, file.app, file.origin, file.kid, file.backend, file.write, name]
    )


def _without_doubles(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _to_bytes(text: str) -> bytes:
    return text.encode(errors="surrogatepass")


def _to_text(data: bytes) -> str:
    return data.decode(errors="surrogatepass")
