"""A sealed value opens for the app, the server, the name and the write that it was sealed for, and
for nothing else (SS-12).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, strategies as st

from refapp.trusted.errors import BlobDamaged, BlobTooNew
from refapp.trusted.storage import token_file
from refapp.trusted.storage.token_file import SealedFor

KEY = bytes(range(32))
OWNER = SealedFor("refapp", "https://auth.example.com")
VALUES = {"accessToken": "access-1", "refreshToken": "refresh-1", "session": "{}"}


def sealed(
    values: dict[str, str] = VALUES, owner: SealedFor = OWNER, kid: str = "k1", key: bytes = KEY
) -> bytes:
    return token_file.serialise(token_file.seal(values, owner, kid, key, "Secret Service"))


def opened(data: bytes, owner: SealedFor = OWNER, key: bytes = KEY) -> dict[str, str | None]:
    file = token_file.parse(data, owner)
    return {name: token_file.open_value(file, name, key) for name in file.sealed}


def changed(change: Callable[[dict[str, Any]], object], data: bytes | None = None) -> bytes:
    document = json.loads(data or sealed())
    change(document)
    return json.dumps(document).encode()


def test_what_was_sealed_is_opened() -> None:
    assert opened(sealed()) == VALUES


@given(st.dictionaries(st.sampled_from(sorted(VALUES)), st.text(st.characters(), max_size=50)))
def test_any_text_comes_back_as_it_was(values: dict[str, str]) -> None:
    assert opened(sealed(values)) == values


def test_the_file_is_readable_json_around_base64(caplog: pytest.LogCaptureFixture) -> None:
    document = json.loads(sealed())
    assert {name: document[name] for name in ("v", "alg", "app", "origin", "kid", "backend")} == {
        "v": 1,
        "alg": "A256GCM",
        "app": "refapp",
        "origin": "https://auth.example.com",
        "kid": "k1",
        "backend": "Secret Service",
    }
    for value in document["sealed"].values():
        assert len(base64.b64decode(value["n"], validate=True)) == 12
        assert base64.b64decode(value["ct"], validate=True)
    assert b"access-1" not in sealed()


def test_nothing_is_sealed_twice_alike() -> None:
    first, second = json.loads(sealed()), json.loads(sealed())
    assert first["write"] != second["write"]
    nonces = [value["n"] for document in (first, second) for value in document["sealed"].values()]
    assert len(set(nonces)) == len(nonces)


def test_no_flipped_bit_passes_for_another_value() -> None:
    data = sealed()
    refused = 0
    for index in range(len(data)):
        flipped = bytearray(data)
        flipped[index] ^= 1 << (index % 8)
        try:
            assert opened(bytes(flipped)) == VALUES, f"byte {index} passed for something else"
        except (BlobDamaged, BlobTooNew):
            refused += 1
    # The rest are blanks between the fields, and the bits of base64 that stand for nothing.
    assert refused > 0.85 * len(data)


HEADS = {
    "alg": "A128GCM",
    "app": "other",
    "origin": "https://evil.example",
    "kid": "k2",
    "backend": "x",
    "write": "00",
}


@pytest.mark.parametrize("field", HEADS)
def test_every_field_of_the_head_is_bound(field: str) -> None:
    with pytest.raises(BlobDamaged):
        opened(changed(lambda document: document.update({field: HEADS[field]})))


def test_two_values_swapped_do_not_open() -> None:
    def swap(document: dict[str, Any]) -> None:
        values = document["sealed"]
        values["accessToken"], values["refreshToken"] = (
            values["refreshToken"],
            values["accessToken"],
        )

    with pytest.raises(BlobDamaged):
        opened(changed(swap))


def test_values_of_two_writes_do_not_mix() -> None:
    older = json.loads(sealed())

    def roll_one_back(document: dict[str, Any]) -> None:
        document["sealed"]["refreshToken"] = older["sealed"]["refreshToken"]

    with pytest.raises(BlobDamaged):
        opened(changed(roll_one_back))


def test_a_file_of_another_server_does_not_open_even_if_it_says_otherwise() -> None:
    theirs = sealed(owner=SealedFor("refapp", "https://other.example"))
    with pytest.raises(BlobDamaged):
        opened(theirs)
    with pytest.raises(BlobDamaged):
        opened(changed(lambda document: document.update(origin=OWNER.origin), theirs))


def test_another_key_does_not_open_it() -> None:
    with pytest.raises(BlobDamaged):
        opened(sealed(), key=bytes(32))


def test_one_value_is_taken_out_without_a_key_and_the_others_still_open() -> None:
    left = token_file.without(token_file.parse(sealed(), OWNER), "refreshToken")
    assert opened(token_file.serialise(left)) == {"accessToken": "access-1", "session": "{}"}


@pytest.mark.parametrize("version", [2, 999])
def test_a_newer_version_is_told_apart_whatever_else_it_holds(version: int) -> None:
    with pytest.raises(BlobTooNew):
        token_file.parse(json.dumps({"v": version, "slots": []}).encode(), OWNER)


BROKEN = {
    "empty": b"",
    "zeros": b"\0" * 400,
    "half": sealed()[:200],
    "list": b"[]",
    "no version": b"{}",
    "old version": changed(lambda document: document.update(v=0)),
    "version as text": changed(lambda document: document.update(v="1")),
    "unknown field": changed(lambda document: document.update(extra=1)),
    "missing field": changed(lambda document: document.pop("kid")),
    "not base64": changed(lambda document: document["sealed"]["accessToken"].update(ct="***")),
    "short nonce": changed(lambda document: document["sealed"]["accessToken"].update(n="AAAA")),
    "no nonce": changed(lambda document: document["sealed"]["accessToken"].pop("n")),
    "doubled field": sealed().replace(b'"alg"', b'"kid": "k1", "alg"'),
    "deep": b'{"v":1,"sealed":' + b"[" * 100_000,
    "not utf-8": b'{"v":1,"alg":"\xff"}',
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
def test_broken_files_are_damaged(data: bytes) -> None:
    with pytest.raises(BlobDamaged):
        opened(data)


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    with pytest.raises((BlobDamaged, BlobTooNew)):
        token_file.parse(data, OWNER)


def test_no_error_shows_a_value() -> None:
    with pytest.raises(BlobDamaged) as error:
        opened(sealed(), key=bytes(32))
    assert "access-1" not in repr(error.value) + str(error.value.__cause__)
