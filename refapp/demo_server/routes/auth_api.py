"""BetterAuth's endpoints for accounts and sessions, under ``/api/auth``.
The rules are in the tables' modules.
"""

from __future__ import annotations

from refapp.demo_server.routes.backend import Backend, Routes
from refapp.demo_server.routes.requests import Request
from refapp.demo_server.state.accounts import User, check_email, check_length, check_username
from refapp.demo_server.state.answers import (
    CLEARED_COOKIES,
    NO_STORE,
    NOT_CACHED,
    Answer,
    Headers,
    invalid,
    iso,
    json_answer,
    refusal,
    session_headers,
    set_cookie,
    unauthorized,
)
from refapp.demo_server.state.second_factors import LIFE_S, TRUST_S
from refapp.demo_server.state.sessions import Session, StoreBroken


def opened(
    backend: Backend, request: Request, user: User, *, remembered: bool = True
) -> tuple[Session, Headers]:
    """A new session for ``user`` and the headers that hand it out."""
    session = backend.sessions.open(
        user.id, request.headers.get("user-agent", ""), remembered=remembered
    )
    max_age = int(backend.sessions.expires_in_s) if remembered else None
    headers = session_headers(backend.sessions.signed(session.token), max_age)
    return session, headers + first_refresh_token(backend, session)


def first_refresh_token(backend: Backend, session: Session) -> Headers:
    """The header that brings a new session's refresh token, on a server that rotates."""
    return (
        ()
        if backend.rotation is None
        else (("set-refresh-token", backend.rotation.first(session)),)
    )


def sign_up(backend: Backend, request: Request) -> Answer:
    """POST sign-up/email {name, email, password, username?}."""
    request.check_origin(backend.trusted, always=True)
    fields = request.fields("name", "email", "password", form_allowed=True)
    username = request.read(form_allowed=True).get("username")
    known_as = username if isinstance(username, str) and username else None
    user = backend.accounts.sign_up(fields["name"], fields["email"], fields["password"], known_as)
    session, headers = opened(backend, request, user)
    return json_answer({"token": session.token, "user": user.wire()}, headers=headers)


def sign_in_email(backend: Backend, request: Request) -> Answer:
    """POST sign-in/email {email, password, rememberMe?}.
    A wrong password is a 401 that says nothing about a session.
    """
    request.check_origin(backend.trusted, always=True)
    fields = request.fields("email", "password", form_allowed=True)
    check_email(fields["email"])
    check_length(fields["password"])
    user = backend.accounts.with_password(fields["email"], fields["password"])
    return _signed_in(
        backend,
        request,
        user,
        refusal(401, "INVALID_EMAIL_OR_PASSWORD", "Invalid email or password"),
    )


def sign_in_username(backend: Backend, request: Request) -> Answer:
    """POST sign-in/username {username, password}. JSON only."""
    request.check_origin(backend.trusted, always=False)
    fields = request.fields("username", "password")
    check_username(fields["username"], status=422)
    check_length(fields["password"])
    user = backend.accounts.with_password(fields["username"], fields["password"], by_username=True)
    wrong = refusal(401, "INVALID_USERNAME_OR_PASSWORD", "Invalid username or password")
    return _signed_in(backend, request, user, wrong)


def _signed_in(backend: Backend, request: Request, user: User | None, wrong: Exception) -> Answer:
    if user is None:
        raise wrong
    trusted = backend.second_factors.trusted_again(user.id, request.cookie("trust_device"))
    if backend.second_factors.wanted(user.id) and trusted is None:
        return _second_factor(backend, request, user)
    remembered = request.read(form_allowed=True).get("rememberMe") is not False
    session, headers = opened(backend, request, user, remembered=remembered)
    headers += () if trusted is None else set_cookie("trust_device", trusted, TRUST_S)
    return json_answer(
        {"redirect": False, "token": session.token, "user": user.wire()}, headers=headers
    )


def _second_factor(backend: Backend, request: Request, user: User) -> Answer:
    """The password was right, and a code is wanted besides: no session yet, and a cookie that
    stands for the password.
    """
    headers = opened(backend, request, user)[1] if backend.session_first else ()
    headers += set_cookie("two_factor", backend.second_factors.begin(user.id), LIFE_S)
    kinds = ["totp", "otp"] if backend.mails else ["totp"]
    return json_answer({"twoFactorRedirect": True, "twoFactorMethods": kinds}, headers=headers)


def get_session(backend: Backend, request: Request) -> Answer:
    """GET get-session: the session and its user, or 200 ``null`` for an invalid session.
    ``?disableRefresh=true``: no slide.
    """
    token = backend.token_of(request)
    try:
        session = backend.sessions.look(token)
        user = None if session is None else backend.accounts.by_id(session.user_id)
        if session is None or user is None:
            return json_answer(
                None, headers=NOT_CACHED + (() if token is None else CLEARED_COOKIES)
            )
        moved = (
            None
            if request.parameter("disableRefresh") == "true"
            else backend.sessions.slide(session)
        )
    except StoreBroken:
        raise refusal(500, "FAILED_TO_GET_SESSION", "Failed to get session", NOT_CACHED) from None
    body = {"session": (moved or session).wire(), "user": user.wire()}
    headers = NOT_CACHED
    if backend.jwts is not None:
        headers += (("set-auth-jwt", backend.jwts.of(user, backend.origin)),)
    if moved is None:
        return json_answer(body, headers=headers)
    signed = backend.sessions.signed(session.token)
    return json_answer(
        body, headers=headers + session_headers(signed, int(backend.sessions.expires_in_s))
    )


def post_get_session(_backend: Backend, _request: Request) -> Answer:
    """POST get-session: 405 on a server that does not defer the slide."""
    raise refusal(
        405,
        "METHOD_NOT_ALLOWED_DEFER_SESSION_REQUIRED",
        "POST method requires deferSessionRefresh to be enabled in session config",
        NOT_CACHED,
    )


def sign_out(backend: Backend, request: Request) -> Answer:
    """POST sign-out: success in every case, with a dead token and with a broken store too."""
    request.check_origin(backend.trusted, always=False)
    request.read(optional=True)
    token = backend.token_of(request)
    if token is not None:
        try:
            backend.end(token)
        except StoreBroken:
            return json_answer({"success": True}, headers=CLEARED_COOKIES)
    return json_answer({"success": True}, headers=CLEARED_COOKIES)


def list_sessions(backend: Backend, request: Request) -> Answer:
    """GET list-sessions: all of the user's live sessions, raw tokens included;
    403 for a session that is not fresh.
    """
    session, user = _required(backend, request)
    if backend.clock() - session.created_at >= backend.fresh_age_s > 0:
        raise refusal(403, "SESSION_NOT_FRESH", "Session is not fresh")
    return json_answer([found.wire() for found in backend.sessions.of_user(user.id)])


def revoke_session(backend: Backend, request: Request) -> Answer:
    """POST revoke-session {token}: ends one session of the same user;
    an unknown token is no error.
    """
    request.check_origin(backend.trusted, always=False)
    token = request.fields("token")["token"]
    _, user = _required(backend, request)
    session = backend.sessions.look(token)
    # One that ran out meanwhile may have a refresh token.
    if session is None or session.user_id == user.id:
        backend.end(token)
    return json_answer({"status": True})


def revoke_other_sessions(backend: Backend, request: Request) -> Answer:
    """POST revoke-other-sessions: ends all of the user's sessions but the one that asks."""
    request.check_origin(backend.trusted, always=False)
    session, user = _required(backend, request)
    backend.end_all(user.id, but=session.token)
    return json_answer({"status": True})


def revoke_sessions(backend: Backend, request: Request) -> Answer:
    """POST revoke-sessions: ends all of the user's sessions."""
    request.check_origin(backend.trusted, always=False)
    _, user = _required(backend, request)
    backend.end_all(user.id)
    return json_answer({"status": True}, headers=CLEARED_COOKIES)


def refresh(backend: Backend, request: Request) -> Answer:
    """POST refresh {refreshToken}: the recipe's endpoint.
    Stock BetterAuth has none, then it is an empty 404.
    """
    if backend.rotation is None:
        return Answer(404)
    given = request.fields("refreshToken")["refreshToken"]
    if not given:
        raise invalid("[body.refreshToken] Too small: expected string to have >=1 characters")
    pair = backend.rotation.rotate(given, request.headers.get("user-agent", ""))
    body = {
        "accessToken": pair.session.token,
        "refreshToken": pair.refresh,
        "expiresAt": iso(pair.session.expires_at),
    }
    return json_answer(body, headers=NO_STORE)


def token(backend: Backend, request: Request) -> Answer:
    """GET token: a short-lived JWT for the application's API.
    A server without the plugin: an empty 404.
    """
    if backend.jwts is None:
        return Answer(404)
    _, user = _required(backend, request)
    return json_answer({"token": backend.jwts.of(user, backend.origin)})


def jwks(backend: Backend, _request: Request) -> Answer:
    """GET jwks: the keys that the JWTs can be verified with."""
    return Answer(404) if backend.jwts is None else json_answer(backend.jwts.keys())


def ok(_backend: Backend, _request: Request) -> Answer:
    """GET ok: the server runs."""
    return json_answer({"ok": True})


def _required(backend: Backend, request: Request) -> tuple[Session, User]:
    try:
        return backend.signed_in(request)
    except StoreBroken:
        raise unauthorized() from None


ROUTES: Routes = {
    ("GET", "/api/auth/ok"): ok,
    ("POST", "/api/auth/sign-up/email"): sign_up,
    ("POST", "/api/auth/sign-in/email"): sign_in_email,
    ("POST", "/api/auth/sign-in/username"): sign_in_username,
    ("GET", "/api/auth/get-session"): get_session,
    ("POST", "/api/auth/get-session"): post_get_session,
    ("POST", "/api/auth/sign-out"): sign_out,
    ("GET", "/api/auth/list-sessions"): list_sessions,
    ("POST", "/api/auth/revoke-session"): revoke_session,
    ("POST", "/api/auth/revoke-other-sessions"): revoke_other_sessions,
    ("POST", "/api/auth/revoke-sessions"): revoke_sessions,
    ("POST", "/api/auth/refresh"): refresh,
    ("GET", "/api/auth/token"): token,
    ("GET", "/api/auth/jwks"): jwks,
}
