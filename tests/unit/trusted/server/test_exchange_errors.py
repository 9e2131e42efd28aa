"""No exception of a library passes the one place that maps them, whatever it is, however it is
wrapped, and it ends.
"""

from __future__ import annotations

import asyncio
import errno
import inspect
import ssl
from collections.abc import AsyncIterator, Iterator
from types import ModuleType

import anyio
import httpcore
import httpx
import pytest

from refapp.trusted.network.no_answer import Cause, NoAnswer
from refapp.trusted.network.no_answer_words import told
from refapp.trusted.server.exchange import Exchange
from refapp.trusted.server.verdict import Reply

OTHERS = (
    OverflowError,
    UnicodeError,
    RecursionError,
    MemoryError,
    TimeoutError,
    AssertionError,
    TypeError,
    KeyError,
)


def types_of(module: ModuleType) -> Iterator[type[Exception]]:
    for name in dir(module):
        found = getattr(module, name)
        if inspect.isclass(found) and issubclass(found, Exception):
            yield found


EVERY_TYPE = sorted(
    {*OTHERS, *(kind for module in (httpx, httpcore, anyio, ssl) for kind in types_of(module))},
    key=lambda kind: (kind.__module__, kind.__name__),
)


def made(kind: type[Exception]) -> Exception:
    """One of ``kind``; what its maker demands does not matter here."""
    error = kind.__new__(kind)
    Exception.__init__(error, "proxy http://ada:secret@proxy.example failed")
    return error


def in_a_circle(error: Exception) -> Exception:
    other = ValueError("other")
    error.__cause__, other.__context__, other.__cause__ = other, error, error
    return error


def in_groups(error: Exception) -> Exception:
    group = ExceptionGroup("inner", [ValueError("other"), error])
    group.__cause__ = error
    error.__context__ = group
    return ExceptionGroup("outer", [group])


WRAPPED = {
    "alone": lambda error: error,
    "in a circle": in_a_circle,
    "in groups": in_groups,
}


class Broken(httpx.AsyncByteStream):
    """A body that fails after its first part."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b"{"
        raise self._error


async def sent(error: Exception, *, at_the_body: bool) -> Reply | NoAnswer:
    def answer(request: httpx.Request) -> httpx.Response:
        if at_the_body:
            return httpx.Response(200, stream=Broken(error))
        raise error

    exchange = Exchange(
        "http://127.0.0.1:1",
        connect_timeout_s=5,
        request_timeout_s=5,
        transport=httpx.MockTransport(answer),
        program="refapp/0",
    )
    try:
        return await exchange.send("GET", "/", {}, None)
    finally:
        await exchange.close()


@pytest.mark.timeout(20)
@pytest.mark.parametrize("at_the_body", [False, True], ids=["before the answer", "in the body"])
@pytest.mark.parametrize("how", WRAPPED)
@pytest.mark.parametrize("kind", EVERY_TYPE, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_every_exception_becomes_a_value(
    kind: type[Exception], how: str, at_the_body: bool
) -> None:
    came = asyncio.run(sent(WRAPPED[how](made(kind)), at_the_body=at_the_body))
    assert isinstance(came, NoAnswer)
    assert "secret" not in repr(came) + told(came)


def test_every_family_is_there() -> None:
    """The list above is read from the libraries:
    one that hides its classes would leave it short.
    """
    names = {kind.__name__ for kind in EVERY_TYPE}
    assert names >= {
        "CookieConflict",
        "ConnectionNotAvailable",
        "BrokenResourceError",
        "SSLCertVerificationError",
    }


@pytest.mark.parametrize("port", ["0", "65536", "99999", "999999999999"])
def test_a_proxy_s_port_that_there_is_not_is_said(
    port: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def ask() -> Reply | NoAnswer:
        exchange = Exchange(
            "https://auth.invalid", connect_timeout_s=5, request_timeout_s=5, program="refapp/0"
        )
        try:
            return await exchange.send("GET", "/", {}, None)
        finally:
            await exchange.close()

    for name in ("https_proxy", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
    assert asyncio.run(ask()) == NoAnswer(Cause.PROXY_MISSPELT, variable="HTTPS_PROXY")


@pytest.mark.parametrize(
    "number", [errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EACCES, errno.EADDRNOTAVAIL]
)
def test_a_network_without_a_way_to_the_server_is_said(number: int) -> None:
    error = httpx.ConnectError("All connection attempts failed")
    error.__cause__ = ExceptionGroup(
        "several", [OSError(number, "no way"), OSError(number, "no way")]
    )
    assert asyncio.run(sent(error, at_the_body=False)) == NoAnswer(Cause.UNREACHABLE, "127.0.0.1:1")


def test_one_address_that_refuses_says_more_than_one_without_a_way() -> None:
    error = httpx.ConnectError("All connection attempts failed")
    error.__cause__ = ExceptionGroup(
        "several", [OSError(errno.ENETUNREACH, "no way"), ConnectionRefusedError()]
    )
    assert asyncio.run(sent(error, at_the_body=False)) == NoAnswer(Cause.REFUSED, "127.0.0.1:1")
