"""Where the person is signed in: her sessions at the server, listed when she asks for it, and
signed out when she wants that.

Owns the list that is shown, and which token stands behind each of its rows. BetterAuth's list holds
the raw token of every session, and its revoke-session wants one back: the tokens stay here, the
window gets an opaque id that was made up for each (WS-1). A list is dropped as soon as the
session's phase or its person changes, and an answer that comes after that counts for nothing.
Nothing here ends the session of this app: to sign out here too is ``auth_store``'s (WS-3).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Coroutine

import msgspec

from refapp.snapshot import OwnSession, OwnSessions, Phase
from refapp.trusted.errors import UNDECODABLE, CallError
from refapp.trusted.files.owner import NOBODY, Owner
from refapp.trusted.server.server_times import unix_of
from refapp.trusted.server.user_agent import device_of
from refapp.trusted.server.verdict import Reply
from refapp.trusted.shell.api_client import ApiClient
from refapp.trusted.wording import own_session_words

LIST, REVOKE, REVOKE_OTHERS = (
    "/api/auth/list-sessions",
    "/api/auth/revoke-session",
    "/api/auth/revoke-other-sessions",
)
MOST_SHOWN = 100
UNKNOWN = OwnSessions(state="unknown")


class _Row(msgspec.Struct):
    """One row of list-sessions. The rest of it is the server's business."""

    token: str
    createdAt: str = ""  # noqa: N815 - the server's name
    updatedAt: str = ""  # noqa: N815 - the server's name
    userAgent: str | None = None  # noqa: N815 - the server's name

    def __repr__(self) -> str:
        """Never show the token."""
        return "_Row(…)"


_rows = msgspec.json.Decoder(list[_Row])


class OwnSessionList:
    """``held_access()`` is the access token of this app's session now, None if there is none.

    ``_tokens`` are the tokens behind the ids that the window has; they are secrets.
    """

    def __init__(
        self, api: ApiClient, held_access: Callable[[], str | None], changed: Callable[[], None]
    ) -> None:
        self._api = api
        self._held_access = held_access
        self._changed = changed
        self._tokens: dict[str, str] = {}
        self._phase, self._owner = Phase.RESTORING, NOBODY
        self._round = 0
        self.shown = UNKNOWN

    def follow(self, phase: Phase, owner: Owner) -> None:
        """Drop the list if it is another phase's or another owner's."""
        if phase is not self._phase or not self._owner.is_still(owner):
            self._phase, self._owner = phase, owner
            self._tokens = {}
            self._round += 1
            self.shown = UNKNOWN

    async def look(self) -> None:
        """Ask the server for the list (WS-1). What came of it is in ``shown``.
        Raises CallError if it is being asked.
        """
        await self._ask(self._list())

    async def revoke(self, session: str) -> None:
        """End one other session at the server (WS-2).
        Raises CallError if it is not in the list, or is this app's own.
        """
        token = self._tokens.get(session, "")
        device = next(
            (one.device for one in self.shown.sessions if one.session == session and not one.here),
            "",
        )
        if not token or not device:
            raise CallError(own_session_words.NOT_LISTED)
        await self._ask(self._end_one(token, device))

    async def revoke_others(self) -> None:
        """End all sessions but this one, and list what is left (WS-3)."""
        await self._ask(self._end_others())

    async def revoke_others_before_sign_out(self) -> bool:
        """End all sessions but this one;
        whether the server did, and the same person is still signed in (WS-3).
        """
        before = self._round
        await self._ask(self._end_others(look=False))
        return self.shown.state == "known" and before == self._round

    async def _ask(self, work: Coroutine[None, None, OwnSessions]) -> None:
        """Show that the server is asked, and then what it said,
        unless the list was dropped meanwhile.
        """
        if self.shown.state == "asking":
            work.close()
            raise CallError(own_session_words.BUSY)
        before, started, owner = self.shown.sessions, self._round, self._owner
        asking = OwnSessions(state="asking", sessions=before)
        self._show(asking)
        try:
            found = await work
        except CallError as error:
            # The failure itself may have changed the phase to offline; it is told there.
            if self._phase in {Phase.SIGNED_IN, Phase.OFFLINE} and owner.is_still(self._owner):
                kept = before if started == self._round else []
                self._show(OwnSessions(state="failed", sentence=error.sentence, sessions=kept))
        else:
            if started == self._round:
                self._show(found)
        finally:
            if self.shown is asking:
                # The window that asked is gone, and with it the question.
                self._show(OwnSessions(state="unknown"))

    async def _end_one(self, token: str, device: str) -> OwnSessions:
        self._demand(await self._fetch("POST", REVOKE, msgspec.json.encode({"token": token})))
        left = await self._list_after(own_session_words.ended(device))
        if token in self._tokens.values() and left.state == "known":
            return msgspec.structs.replace(
                left, state="failed", sentence=own_session_words.NOT_ENDED
            )
        return left

    async def _end_others(self, *, look: bool = True) -> OwnSessions:
        self._demand(await self._fetch("POST", REVOKE_OTHERS, b"{}"))
        return (
            await self._list_after(own_session_words.ENDED_ELSEWHERE)
            if look
            else OwnSessions(state="known")
        )

    async def _list_after(self, done: str) -> OwnSessions:
        """The list once something was ended; ``done`` holds, whatever becomes of the list."""
        try:
            left = await self._list()
        except CallError as error:
            raise CallError(f"{done} {error.sentence}") from None
        return msgspec.structs.replace(left, sentence=f"{done} {left.sentence}".strip())

    async def _list(self) -> OwnSessions:
        came = await self._fetch("GET", LIST)
        if came.status == 403:
            return OwnSessions(state="not_fresh", sentence=own_session_words.NOT_FRESH)
        self._demand(came)
        try:
            rows = _rows.decode(came.body)
        except UNDECODABLE:
            raise CallError(own_session_words.NOT_UNDERSTOOD) from None
        return self._listed(rows)

    async def _fetch(self, method: str, path: str, body: bytes | None = None) -> Reply:
        return await self._api.fetch(method, path, body, owner=self._owner)

    def _demand(self, came: Reply) -> None:
        if came.status == 404:
            raise CallError(own_session_words.NOT_OFFERED)
        if came.status != 200:
            raise CallError(own_session_words.refused(came.status))

    def _listed(self, rows: list[_Row]) -> OwnSessions:
        ids = {token: session for session, token in self._tokens.items()}
        own = (self._held_access() or "").partition(".")[0]  # what follows the dot is the signature
        found = {ids.get(row.token) or secrets.token_hex(6): row for row in rows}
        newest = sorted(
            found,
            key=lambda session: (found[session].token != own, -(_seen(found[session]) or 0.0)),
        )
        sessions = [
            _session(one, found[one], here=found[one].token == own) for one in newest[:MOST_SHOWN]
        ]
        self._tokens = {session: row.token for session, row in found.items()}
        more = len(found) - len(sessions)
        return OwnSessions(
            state="known",
            sentence=own_session_words.not_shown(more) if more else "",
            sessions=sessions,
        )

    def _show(self, shown: OwnSessions) -> None:
        self.shown = shown
        self._changed()


def _session(session: str, row: _Row, *, here: bool) -> OwnSession:
    return OwnSession(
        session, device_of(row.userAgent or ""), unix_of(row.createdAt), _seen(row), here
    )


def _seen(row: _Row) -> float | None:
    seen = unix_of(row.updatedAt)
    return seen if seen is not None else unix_of(row.createdAt)
