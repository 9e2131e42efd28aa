"""The session's token for a program's own httpx client: ``httpx.Client(auth=session.auth(...))``
(recipe, phases 6 and 7).

Owns one request's life as ``api_client`` does for ``fetch``, while the client stays the program's:
headers, streams, uploads, time-outs. Its failures are that request's alone and say nothing about
the session.

Invariants: the token is put on requests to the origins that were named and on no other; a redirect
to another host takes it off, as httpx does, and that host's 401 is no word about it. A 401 that the
token met is answered with the one renewal that everybody shares, and the request is repeated once
(RF-1, RF-2, RF-6). Nothing is sent or repeated, and no answer begins, in the name of somebody who
is not signed in any more (OW-1 to OW-3); an answer that is being read when she signs out is the
program's to end.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import functools
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator, Sequence
from typing import TypeVar

import httpx

from refapp.trusted.config import origin_of
from refapp.trusted.errors import ConfigError, NoAccessToken, SessionClosed
from refapp.trusted.files.owner import Owner
from refapp.trusted.shell.api_client import ApiClient
from refapp.trusted.storage.secret import Bearer
from refapp.trusted.wording import session_words, setting_words

T = TypeVar("T")
UNAUTHORISED = 401
LOOK_EVERY_S = 0.5


class SessionAuth(httpx.Auth):
    """For any number of clients and calls at once,
    in the session's ``loop``, in others and in other threads.

    What can't be sent raises from the client's call: NoAccessToken, SessionExpired, CannotTell,
    SessionClosed; RuntimeError where it would wait for ever, since ``loop`` does not run or a sync
    call would hold it up.
    """

    def __init__(
        self,
        api: ApiClient,
        owner: Callable[[], Owner],
        origins: frozenset[str],
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        self._api = api
        self._owner = owner
        self._origins = origins
        self._loop = loop

    async def async_auth_flow(
        self, request: httpx.Request
    ) -> AsyncGenerator[httpx.Request, httpx.Response]:
        """See httpx."""
        if not self._is_named(request.url):
            yield request
            return
        owner, again = self._owner(), _repeatable(request)
        bearer = await self._asked(self._api.bearer(owner))
        response = yield self._with(request, bearer, owner)
        if self._is_refused(response, bearer):
            renewed = await self._asked(self._api.renewed(bearer.token, owner))
            if again:
                yield self._with(request, renewed, owner)
        self._admit(owner, owner)

    def sync_auth_flow(
        self, request: httpx.Request
    ) -> Generator[httpx.Request, httpx.Response, None]:
        """See httpx."""
        if not self._is_named(request.url):
            yield request
            return
        owner, again = self._owner(), _repeatable(request)
        bearer = self._waited(self._api.bearer(owner))
        response = yield self._with(request, bearer, owner)
        if self._is_refused(response, bearer):
            renewed = self._waited(self._api.renewed(bearer.token, owner))
            if again:
                yield self._with(request, renewed, owner)
        self._admit(owner, owner)

    async def _asked(self, asked: Coroutine[None, None, T]) -> T:
        if asyncio.get_running_loop() is self._loop:
            return await asked
        return await asyncio.wrap_future(self._handed_over(asked))

    def _waited(self, asked: Coroutine[None, None, T]) -> T:
        try:
            running = asyncio.get_running_loop()
        except RuntimeError:
            running = None
        if running is self._loop:
            asked.close()
            raise RuntimeError(session_words.LOOP_HELD_UP)
        answer = self._handed_over(asked)
        while True:
            # Not for ever: a loop that its program stops meanwhile answers nobody.
            if concurrent.futures.wait([answer], LOOK_EVERY_S).done:
                return answer.result()
            self._demand_running()

    def _handed_over(self, asked: Coroutine[None, None, T]) -> concurrent.futures.Future[T]:
        try:
            self._demand_running()
        except (RuntimeError, SessionClosed):
            asked.close()
            raise
        return asyncio.run_coroutine_threadsafe(asked, self._loop)

    def _demand_running(self) -> None:
        if not self._loop.is_running():
            if self._api.closed:
                raise SessionClosed
            raise RuntimeError(session_words.LOOP_STANDS_STILL)

    def _is_refused(self, response: httpx.Response, bearer: Bearer) -> bool:
        """By a named origin that was given the token: another one that a redirect led to was not,
        though it be named as well, and says nothing about it.
        """
        if response.status_code != UNAUTHORISED:
            return False
        asked = response.request
        return self._is_named(asked.url) and asked.headers.get("Authorization") == _value(bearer)

    def _is_named(self, url: httpx.URL) -> bool:
        return _spelled(f"{url.scheme}://{url.netloc.decode('ascii')}") in self._origins

    def _with(self, request: httpx.Request, bearer: Bearer, owner: Owner) -> httpx.Request:
        self._admit(owner, bearer.owner)
        request.headers["Authorization"] = _value(bearer)
        return request

    def _admit(self, owner: Owner, bearers: Owner) -> None:
        if not owner.is_still(bearers) or not owner.is_still(self._api.owner):
            raise NoAccessToken


@functools.lru_cache(64)
def _spelled(origin: str) -> str:
    """In the one spelling; empty for what was never named, such as plain http to another machine.
    Every request asks, and of few origins.
    """
    try:
        return origin_of(origin)
    except ConfigError:
        return ""


def _value(bearer: Bearer) -> str:
    return f"Bearer {bearer.token}"


def _repeatable(request: httpx.Request) -> bool:
    """Whether the body can be sent again, asked before it is sent: what is read from a file or a
    generator is gone then.
    """
    return isinstance(request.stream, httpx.ByteStream)


def named_origins(origins: Sequence[str], server: str) -> frozenset[str]:
    """``origins`` in one spelling, that of ``server`` if there are none.
    Raises ConfigError: one that is none, or has a path.
    """
    named = frozenset(origin_of(origin, "origin ") for origin in origins) or {_origin(server)}
    if any(origin != _origin(origin) for origin in named):
        raise ConfigError(setting_words.GIVE_ORIGINS)
    return frozenset(named)


def _origin(base: str) -> str:
    return "/".join(base.split("/")[:3])
