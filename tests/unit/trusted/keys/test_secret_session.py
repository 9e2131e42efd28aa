"""A secret crosses the bus, or it is said that it did not: also where the service loses sessions,
as KWallet does when programs come and go.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from typing import cast

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from secretstorage.dhcrypto import Session
from secretstorage.util import format_secret

from refapp.trusted.errors import StorageFault
from refapp.trusted.keys.secret_session import MOST_SESSIONS, Secret, SecretSession, ServiceRefused

TEXT = "v1.bXkga2V5IG9mIDMyIGJ5dGVzIGZvciBhIHRlc3Qu"
ITEM = "/an/item"


class Service:
    """Keeps one item. ``wrongs``: what goes wrong with the next secrets that cross, one by one."""

    def __init__(self, *wrongs: str, value: bytes = TEXT.encode()) -> None:
        self.value = value
        self.opened = 0
        self._wrongs = list(wrongs)
        self._sessions: dict[str, Session] = {}

    async def call(
        self, path: str, interface: str, method: str, signature: str = "", *body: object
    ) -> tuple[object, ...]:
        del path, interface, signature
        match method:
            case "OpenSession":
                return self._open(cast("tuple[str, bytes]", body[1])[1])
            case "GetSecret":
                return (self._secret(self._sessions[str(body[0])]),)
            case "CreateItem":
                self._keep(cast("Secret", body[0]))
                return (ITEM, "/")
        raise AssertionError(method)

    def _open(self, key: bytes) -> tuple[object, ...]:
        self.opened += 1
        session = Session()
        session.set_server_public_key(int.from_bytes(key, "big"))
        session.object_path = f"/session/{self.opened}"
        self._sessions[session.object_path] = session
        return ("ay", session.my_public_key.to_bytes(128, "big")), session.object_path

    def _secret(self, session: Session) -> Secret:
        match self._wrongs.pop(0) if self._wrongs else "":
            case "empty":
                return "/", b"", b"", ""
            case "of another key":
                session.aes_key = os.urandom(16)
            case "of another key, and it looks padded":
                return self._by_hand(session, os.urandom(47) + b"\1")
            case "of no key":
                return "/", b"", self.value, ""
            case "a part of it":
                path, nonce, data, kind = format_secret(session, self.value, "text/plain")
                return path, nonce, data[:-1], kind
            case refused if refused:
                raise ServiceRefused(refused)
        return cast("Secret", format_secret(session, self.value, "text/plain"))

    def _by_hand(self, session: Session, padded: bytes) -> Secret:
        nonce = os.urandom(16)
        assert session.aes_key is not None
        coding = Cipher(algorithms.AES(session.aes_key), modes.CBC(nonce)).encryptor()
        return session.object_path or "", nonce, coding.update(padded) + coding.finalize(), ""

    def _keep(self, secret: Secret) -> None:
        if self._wrongs:
            raise ServiceRefused(self._wrongs.pop(0))
        key = self._sessions[secret[0]].aes_key
        assert key is not None
        coding = Cipher(algorithms.AES(key), modes.CBC(bytes(secret[1]))).decryptor()
        padded = coding.update(bytes(secret[2])) + coding.finalize()
        self.value = padded[: -padded[-1]]


def read(service: Service, times: int = 1) -> list[bytes]:
    async def ask() -> list[bytes]:
        session = SecretSession(service.call)
        return [await session.opened(ITEM) for _ in range(times)]

    return asyncio.run(ask())


def write(service: Service) -> object:
    async def ask() -> object:
        session = SecretSession(service.call)
        return await session.sealed(TEXT, lambda one: service.call("/", "", "CreateItem", "", one))

    return asyncio.run(ask())


def test_one_session_is_enough_for_all_that_is_read() -> None:
    service = Service()
    assert read(service, times=3) == [TEXT.encode()] * 3
    assert service.opened == 1


@pytest.mark.parametrize(
    "wrongs",
    [
        ["empty"],
        ["NoSession"],
        ["InvalidObjectPath"],
        ["UnknownObject"],
        ["of another key"],
        ["of another key, and it looks padded"],
        ["of no key"],
        ["a part of it"],
        ["empty", "InvalidObjectPath", "of another key", "empty"],
    ],
)
def test_what_is_read_over_a_lost_session_is_read_again(wrongs: Sequence[str]) -> None:
    assert read(Service(*wrongs)) == [TEXT.encode()]


def test_an_item_that_is_no_text_is_believed_when_two_sessions_say_the_same() -> None:
    service = Service(value=b"\xff\0 not the app's")
    assert read(service) == [b"\xff\0 not the app's"]
    assert service.opened == 2


@pytest.mark.parametrize("value", [b"", b"two\nlines", b"\xff\xfe\0", b"\x10" * 16])
def test_an_item_holds_what_it_holds(value: bytes) -> None:
    assert read(Service("NoSession", value=value)) == [value]


def test_an_item_that_is_no_text_is_believed_whatever_came_in_between() -> None:
    assert read(Service("", "of another key, and it looks padded", value=b"\0")) == [b"\0"]


def test_an_item_that_no_session_finds_is_gone() -> None:
    with pytest.raises(ServiceRefused, match="UnknownObject"):
        read(Service(*["UnknownObject"] * MOST_SESSIONS))


def test_no_more_sessions_are_opened_for_one_secret_than_it_says() -> None:
    wrongs = ["NoSession", "empty", "of another key, and it looks padded"] * 10
    service = Service(*wrongs)
    with pytest.raises(StorageFault):
        read(service)
    assert service.opened == MOST_SESSIONS


@pytest.mark.parametrize("wrong", ["NoSession", "InvalidObjectPath"])
def test_what_is_written_over_a_lost_session_is_written_again(wrong: str) -> None:
    service = Service(wrong, value=b"")
    assert write(service) == (ITEM, "/")
    assert service.value == TEXT.encode()


@pytest.mark.parametrize("wrong", ["empty", "NoSession", "of another key, and it looks padded"])
def test_a_service_that_loses_each_session_has_failed_and_nothing_is_read(wrong: str) -> None:
    with pytest.raises(StorageFault, match="The keychain failed"):
        read(Service(*[wrong] * MOST_SESSIONS))


def test_another_refusal_is_the_caller_s() -> None:
    with pytest.raises(ServiceRefused, match="NoSuchObject"):
        read(Service("NoSuchObject"))
