"""The questions that doctor asks an auth server: without credentials and without effect, each
answered or timed out.

Owns which requests those are. No account, session or token is made or ended by any of them: they
are reads, or writes without the fields that the endpoint demands. A server that counts requests
counts these, one for each path.
"""

from __future__ import annotations

import asyncio
import enum
import urllib.parse
from collections.abc import Mapping
from typing import NamedTuple

from refapp.trusted.config import APP_ID, AUTH_PATH, PROGRAM
from refapp.trusted.network.no_answer import NoAnswer
from refapp.trusted.server.origin_client import placed
from refapp.trusted.server.verdict import Reply

LIMIT_S = 3.0
FOREIGN_HOST = "refapp-doctor.invalid"
FOREIGN = f"http://{FOREIGN_HOST}"


class Question(enum.Enum):
    """What is asked about."""

    RUNS = "ok"
    SESSION = "get-session"
    BEARER = "bearer"
    EMAIL = "sign-in by e-mail"
    USERNAME = "sign-in by user name"
    DEVICE = "device flow"
    BROWSER = "browser flow"
    REFRESH = "refresh"
    JWT = "jwt"
    SESSIONS = "list of sessions"
    ORIGINS = "origin checks"
    SECOND_FACTOR = "second factor"
    NAMES = "foreign names"
    PAGE = "sign-in page"


class _Request(NamedTuple):
    method: str
    path: str
    headers: Mapping[str, str] = {}


# A body without its fields is refused by every endpoint that is there, before it does anything.
_REQUESTS: Mapping[Question, _Request] = {
    Question.RUNS: _Request("GET", "/api/auth/ok"),
    Question.SESSION: _Request("GET", "/api/auth/get-session"),
    Question.BEARER: _Request(
        "GET", "/api/auth/get-session", {"authorization": "Bearer refapp-doctor"}
    ),
    Question.EMAIL: _Request("POST", "/api/auth/sign-in/email"),
    Question.USERNAME: _Request("POST", "/api/auth/sign-in/username"),
    Question.DEVICE: _Request("GET", "/api/auth/device"),
    Question.BROWSER: _Request("POST", "/api/auth/electron/token"),
    Question.REFRESH: _Request("POST", "/api/auth/refresh"),
    Question.JWT: _Request("GET", "/api/auth/token"),
    Question.SESSIONS: _Request("GET", "/api/auth/list-sessions"),
    # A browser's request from a foreign page, with a cookie that belongs to nobody.
    Question.ORIGINS: _Request(
        "POST", "/api/auth/sign-out", {"origin": FOREIGN, "cookie": "refapp-doctor=1"}
    ),
    Question.SECOND_FACTOR: _Request("POST", "/api/auth/two-factor/verify-totp"),
    # A page in the person's browser that got its own name to lead here (DNS rebinding).
    # Asked of a server on loopback alone.
    Question.NAMES: _Request("GET", "/api/auth/get-session", {"host": FOREIGN_HOST}),
}

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def is_loopback(origin: str) -> bool:
    """Is the server on this computer?"""
    return urllib.parse.urlsplit(origin).hostname in LOOPBACK


Answers = Mapping[Question, Reply | NoAnswer]


async def ask(origin: str, auth_path: str = AUTH_PATH, page: str = "") -> Answers:
    """What ``origin`` answers, whose auth endpoints are at ``auth_path``.
    Never raises for a server.

    If it does not run as an auth server, that is all that is asked.
    ``page``: the path of its sign-in page, empty if that is not on this server.
    """
    from refapp.trusted.server.exchange import Exchange

    exchange = Exchange(
        origin,
        connect_timeout_s=LIMIT_S,
        request_timeout_s=LIMIT_S,
        program=PROGRAM.replace(APP_ID, f"{APP_ID}-doctor"),
    )

    async def one(question: Question) -> Reply | NoAnswer:
        method, path, headers = _REQUESTS.get(question) or _Request("GET", page)
        body = b"{}" if method == "POST" else None
        kind = {"content-type": "application/json"} if body is not None else {}
        return await exchange.send(method, placed(path, auth_path), {**kind, **headers}, body)

    try:
        runs = await one(Question.RUNS)
        if not isinstance(runs, Reply) or runs.status != 200:
            return {Question.RUNS: runs}
        rest = [question for question in Question if question in _REQUESTS or page]
        rest.remove(Question.RUNS)
        if not is_loopback(origin):
            rest.remove(Question.NAMES)
        came = await asyncio.gather(*[one(question) for question in rest])
        return {Question.RUNS: runs, **dict(zip(rest, came, strict=True))}
    finally:
        await exchange.close()
