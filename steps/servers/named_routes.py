"""The endpoints that the app may call, by the features' names for them: each is a named respx route
onto the server's model.

Owns the table and the catch-all: a request that fits no row, or carries anything in its address, is
astray. The app gets no answer to it and may swallow that; the scenario fails all the same
(``strays``).
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import httpx
import respx

Answer = Callable[[httpx.Request], Awaitable[httpx.Response]]

ROUTES: tuple[tuple[str, str, str, Mapping[str, Any]], ...] = (
    ("notes", "PUT", "/app/notes", {}),
    ("sign-in", "POST", "/api/auth/sign-in/email", {}),
    ("session check", "GET", "/api/auth/get-session", {}),
    ("refresh", "POST", "/api/auth/refresh", {}),
    ("sign-in", "POST", "/api/auth/sign-in/username", {}),
    ("second factor", "POST", "/api/auth/two-factor/verify-totp", {}),
    ("second factor", "POST", "/api/auth/two-factor/verify-otp", {}),
    ("second factor", "POST", "/api/auth/two-factor/verify-backup-code", {}),
    ("code by e-mail", "POST", "/api/auth/two-factor/send-otp", {}),
    ("confirmation by e-mail", "POST", "/api/auth/send-verification-email", {}),
    ("sign-out", "POST", "/api/auth/sign-out", {}),
    ("browser flow check", "POST", "/api/auth/electron/token", {"json": {}}),
    ("code exchange", "POST", "/api/auth/electron/token", {}),
    ("device codes", "POST", "/api/auth/device/code", {}),
    ("device check", "POST", "/api/auth/device/token", {}),
    ("list of sessions", "GET", "/api/auth/list-sessions", {}),
    ("end of a session", "POST", "/api/auth/revoke-session", {}),
    ("end of all others", "POST", "/api/auth/revoke-other-sessions", {}),
    ("JWT", "GET", "/api/auth/token", {}),
    ("summary", "POST", "/app/summarise", {}),
    ("who am I", "GET", "/app/me", {}),
    ("who am I", "GET", "/app/jwt-me", {}),
)
"""Name, method, path, and what else tells it apart. The first that fits counts, and is sought from
the top: so the four that are called most often stand there.
"""


def name_of(method: str, path: str, body: bytes) -> str:
    """What the features call that request.

    Raises:
        AssertionError: the app may not make it.
    """
    for name, its_method, its_path, more in ROUTES:
        if (method, path) == (its_method, its_path) and (not more or body == b"{}"):
            return name
    raise AssertionError(f"a request that the app may not make: {method} {path}")


class NamedRoutes:
    """The network before ``answer``, at ``origin``;
    ``arrived`` hears the name of each request before it is answered.
    """

    def __init__(self, origin: str, answer: Answer, arrived: Callable[[str], None]) -> None:
        self._answer = answer
        self._arrived = arrived
        self.strays: list[str] = []
        self._router = _routed(origin)
        self._router.reset()

    async def send(self, request: httpx.Request) -> httpx.Response:
        """What ``answer`` says. Raises httpx.TransportError, as that does."""
        request.extensions["network"] = self
        came = await self._router.async_handler(request)
        del request.extensions["network"]
        # Not raised within the router: that would make the error its own cause.
        failure = request.extensions.pop("failure", None)
        if failure is not None:
            raise failure
        return came

    async def come(self, name: str, request: httpx.Request) -> httpx.Response:
        """A request to the endpoint of this ``name``."""
        if request.url.query:
            return self.stray(request)
        self._arrived(name)
        try:
            return await self._answer(request)
        except httpx.TransportError as error:
            return _failed(request, error)

    def stray(self, request: httpx.Request) -> httpx.Response:
        """A request that the app may not make."""
        self.strays.append(f"{request.method} {request.url}")
        return _failed(request, httpx.ConnectError("the app may not call this", request=request))


@functools.cache
def _routed(origin: str) -> respx.Router:
    """The routes of a server at ``origin``.
    Made once: they take as long as the rest of a scenario's world.
    """
    router = respx.Router(assert_all_called=False)
    for name, method, path, more in ROUTES:
        come = functools.partial(_come, name)
        # respx asks at each request; ``inspect`` looks there before it works it out.
        vars(come)["__signature__"] = inspect.signature(come)
        router.route(name=f"{name} ({path})", method=method, url=f"{origin}{path}", **more).mock(
            side_effect=come
        )
    router.route(name="astray").mock(side_effect=_stray)
    return router


async def _come(name: str, request: httpx.Request) -> httpx.Response:
    network: NamedRoutes = request.extensions["network"]
    return await network.come(name, request)


def _stray(request: httpx.Request) -> httpx.Response:
    network: NamedRoutes = request.extensions["network"]
    return network.stray(request)


def _failed(request: httpx.Request, error: httpx.TransportError) -> httpx.Response:
    request.extensions["failure"] = error
    return httpx.Response(599)
