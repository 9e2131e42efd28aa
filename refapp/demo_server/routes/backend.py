"""What every endpoint works with: the tables, the clock and the server's own address.
Decides who is asking, nothing else.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from refapp.demo_server.routes.requests import Request
from refapp.demo_server.state.accounts import Accounts, User
from refapp.demo_server.state.answers import CLEARED_COOKIES, Answer, unauthorized
from refapp.demo_server.state.device import Devices
from refapp.demo_server.state.hand_over import HandOvers
from refapp.demo_server.state.jwts import Jwts
from refapp.demo_server.state.notes import Notes
from refapp.demo_server.state.rotation import Rotation
from refapp.demo_server.state.second_factors import SecondFactors
from refapp.demo_server.state.sessions import Session, Sessions


@dataclasses.dataclass(slots=True)
class Backend:
    """``rotation`` is None on a server without a refresh endpoint, ``jwts`` on one that hands out
    none. ``mails``: codes can be sent by e-mail; ``session_first``: a session is opened before the
    second factor (``setup``).

    ``origin`` is set once the port is known; behind a proxy a path may follow it.
    ``trusted_origins``: trusted as that is.
    """

    clock: Callable[[], float]
    accounts: Accounts
    sessions: Sessions
    rotation: Rotation | None
    jwts: Jwts | None
    notes: Notes
    devices: Devices
    hand_overs: HandOvers
    second_factors: SecondFactors
    mails: bool
    session_first: bool
    fresh_age_s: float
    origin: str
    trusted_origins: tuple[str, ...]
    any_client: bool

    @property
    def trusted(self) -> tuple[str, ...]:
        """The origins that may send a cookie with what changes something."""
        scheme, _, rest = self.origin.partition("://")
        return (f"{scheme}://{rest.partition('/')[0]}", *self.trusted_origins)

    def token_of(self, request: Request) -> str | None:
        """The session token of a request: its bearer, or else its cookie, which counts with our
        signature alone.
        """
        if request.bearer is not None:
            return self.sessions.token_in(request.bearer)
        cookie = request.cookie("session_token")
        return self.sessions.token_in(cookie) if "." in cookie else None

    def signed_in(self, request: Request) -> tuple[Session, User]:
        """Who asks; the session's expiry slides on the way, unseen by the client.

        Raises:
            Refusal: 401, with cleared cookies if there was a token that once could have been good.
            StoreBroken: the session store can't be read.
        """
        token = self.token_of(request)
        session = self.sessions.look(token)
        user = None if session is None else self.accounts.by_id(session.user_id)
        if session is None or user is None:
            raise unauthorized(() if token is None else CLEARED_COOKIES)
        return self.sessions.slide(session) or session, user

    def end(self, session_token: str) -> None:
        """End a session by somebody's wish: its refresh token goes with it, and first, or it is
        renewed in between.
        """
        if self.rotation is not None:
            self.rotation.end_family_of(session_token)
        self.sessions.end(session_token)

    def end_all(self, user_id: str, but: str = "") -> None:
        """End the user's sessions and refresh tokens by somebody's wish;
        not the session of the token ``but``.
        """
        if self.rotation is not None:
            self.rotation.end_all(user_id, but)
        for session in self.sessions.of_user(user_id):
            if session.token != but:
                self.sessions.end(session.token)


Endpoint = Callable[[Backend, Request], Answer]
Routes = dict[tuple[str, str], Endpoint]
