"""The auth server as one object: a request goes in, an answer comes out.
Its only I/O is its SQLite database.

Every transport goes through ``handle``: the HTTP server of the demo, and httpx in the same process
for the specification. A request and its answer are values of this package, not of the transport's
library (decision 15). One thread at a time. The clock is injected and read late, so a frozen clock
works.

``handle`` is total: an unknown route is BetterAuth's empty 404, and a broken session store its
empty 500. The methods below ``handle`` are what a test, or the tour, may do to the server from
behind.
"""

from __future__ import annotations

import email.utils
import time
from collections.abc import Callable, Mapping

from refapp.demo_server.faults import Faulty
from refapp.demo_server.routes import (
    app_api,
    auth_api,
    device_api,
    hand_over_api,
    pages,
    second_factor_api,
)
from refapp.demo_server.routes.backend import Routes
from refapp.demo_server.routes.requests import MAX_BODY_BYTES, Request
from refapp.demo_server.setup import ServerSettings as ServerSettings, opened
from refapp.demo_server.state.accounts import User
from refapp.demo_server.state.answers import BROKEN, NOT_FOUND, Answer, Refusal, json_answer
from refapp.demo_server.state.notes import Note
from refapp.demo_server.state.sessions import StoreBroken

ROUTES: Routes = {
    **auth_api.ROUTES,
    **second_factor_api.ROUTES,
    **hand_over_api.ROUTES,
    **device_api.ROUTES,
    **app_api.ROUTES,
    **pages.ROUTES,
}


class AuthServerModel(Faulty):
    """``database`` is a file's path, ``:memory:``, or the ``image`` of another one's.
    ``origin`` is the server's own address; set it once the port is known.
    """

    def __init__(
        self,
        settings: ServerSettings | None = None,
        database: str | bytes = ":memory:",
        clock: Callable[[], float] = lambda: time.time(),
        origin: str = "http://127.0.0.1",
    ) -> None:
        super().__init__()
        self._db, self._backend = opened(settings or ServerSettings(), database, clock, origin)

    def handle(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Answer one request. ``path`` may carry a query; header names in any case."""
        plain_path, _, query = path.partition("?")
        lowered = {name.lower(): value for name, value in headers.items()}
        request = Request(method.upper(), plain_path, query, lowered, body)
        agent, bearer = lowered.get("user-agent", ""), request.bearer is not None
        answer = self.disturbed(
            request.method, plain_path, agent, lambda: self._answer(request), bearer=bearer
        )
        return answer.plus((("date", email.utils.formatdate(self._backend.clock(), usegmt=True)),))

    def _answer(self, request: Request) -> Answer:
        if not request.is_for(self._backend.origin):
            return MISDIRECTED
        endpoint = ROUTES.get((request.method, request.path))
        if endpoint is None:
            return NOT_FOUND
        if len(request.body) > MAX_BODY_BYTES:
            return TOO_LARGE
        try:
            return endpoint(self._backend, request)
        except Refusal as refused:
            return refused.answer
        except StoreBroken:
            return BROKEN

    @property
    def origin(self) -> str:
        """The server's own address, ``http://127.0.0.1:PORT``."""
        return self._backend.origin

    @origin.setter
    def origin(self, origin: str) -> None:
        self._backend.origin = origin

    def image(self) -> bytes:
        """The database as it is now."""
        return self._db.serialize()

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    def add_user(
        self,
        name: str,
        email: str,
        password: str,
        username: str | None = None,
        user_id: str | None = None,
    ) -> User:
        """The account of ``email``, from now on with ``password``;
        made if there is none, with a random id or ``user_id``.
        """
        accounts = self._backend.accounts
        user = accounts.by_email(email)
        if user is None:
            return accounts.sign_up(name, email, password, username, user_id)
        accounts.set_password(user, password)
        return user

    def notes_of(self, email: str) -> list[Note]:
        """The user's notes, deleted ones too."""
        return self._backend.notes.of_user(self._user(email).id)

    def limit_notes(self, most: int) -> None:
        """Keep no more than so many notes of each user."""
        self._backend.notes.most = most

    def expire_access(self, email: str) -> None:
        """The user's sessions run out now.
        Refresh tokens live on, so a rotating server still refreshes.
        """
        self._backend.sessions.expire_all(self._user(email).id)

    def expire_refresh(self, email: str) -> None:
        """The user's refresh tokens run out now."""
        if self._backend.rotation is not None:
            self._backend.rotation.expire_all(self._user(email).id)

    def revoke_all(self, email: str) -> None:
        """End all of the user's sessions and refresh tokens, as an administrator would."""
        self._backend.end_all(self._user(email).id)

    def replace_account(self, email: str) -> None:
        """The user's account is deleted, with all sessions, and made again: it has another id."""
        self.revoke_all(email)
        self._backend.accounts.replace(email)

    def decide_device(self, email: str, *, allow: bool) -> None:
        """The user allows or denies the device sign-in that was asked for last, as on its page."""
        user, pending = self._user(email), self._backend.devices.newest()
        if pending is None:
            raise LookupError("no device waits")
        self._backend.devices.look(pending.user_code, user.id)
        self._backend.devices.decide(pending.user_code, user.id, allow=allow)

    def last_mail(self, email: str) -> int:
        """The newest code that the user was sent by e-mail, as a number."""
        return int(self._backend.second_factors.mailed[self._user(email).id])

    def expire_devices(self) -> None:
        """All device sign-ins that wait run out now."""
        self._backend.devices.expire_all()

    def live_sessions(self, email: str) -> int:
        """How many live sessions the user has."""
        return len(self._backend.sessions.of_user(self._user(email).id))

    def open_for(self, *programs: str) -> set[str]:
        """The tokens of the sessions of programs whose names begin so, of whomever:
        those that are good, or can be renewed.
        """
        rotation, now = self._backend.rotation, self._backend.clock()
        renewable = rotation.renewable() if rotation is not None else set()
        found = self._backend.sessions.opened_by(programs)
        return {one.token for one in found if one.expires_at > now or one.token in renewable}

    def break_store(self, *, broken: bool = True) -> None:
        """Let the session store fail (get-session then says 500,
        other endpoints 401), or work again.
        """
        self._backend.sessions.broken = broken

    def clear_faults(self) -> None:
        """Nothing goes wrong any more."""
        super().clear_faults()
        self.break_store(broken=False)

    def _user(self, email: str) -> User:
        user = self._backend.accounts.by_email(email)
        if user is None:
            raise LookupError(f"no account {email}")
        return user


TOO_LARGE = json_answer({"message": "Too large", "code": "TOO_LARGE"}, 413)
MISDIRECTED = json_answer(
    {"message": "This server does not go by that name", "code": "MISDIRECTED_REQUEST"}, 421
)
