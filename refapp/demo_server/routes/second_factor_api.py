"""BetterAuth's twoFactor plugin, as far as a sign-in needs it, under ``/api/auth/two-factor``;
and switching it on.
"""

from __future__ import annotations

import urllib.parse

from refapp.demo_server.routes.auth_api import opened
from refapp.demo_server.routes.backend import Backend, Routes
from refapp.demo_server.routes.requests import Request
from refapp.demo_server.state.answers import (
    Answer,
    Refusal,
    json_answer,
    refusal,
    set_cookie,
    unauthorized,
)
from refapp.demo_server.state.second_factors import TRUST_S, Kind, Passed, Problem
from refapp.demo_server.state.sessions import StoreBroken

_SAID: dict[Problem, tuple[int, str]] = {
    "INVALID_TWO_FACTOR_COOKIE": (401, "Invalid two factor cookie"),
    "INVALID_CODE": (401, "Invalid code"),
    "INVALID_BACKUP_CODE": (401, "Invalid backup code"),
    "OTP_HAS_EXPIRED": (400, "OTP has expired"),
    "TOTP_NOT_ENABLED": (400, "TOTP not enabled"),
    "TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE": (400, "Too many attempts. Please request a new code."),
    "ACCOUNT_TEMPORARILY_LOCKED": (
        429,
        "Too many failed verification attempts. Please try again later.",
    ),
}


def _refused(problem: Problem) -> Refusal:
    status, message = _SAID[problem]
    return refusal(status, problem, message)


def enable(backend: Backend, request: Request) -> Answer:
    """POST two-factor/enable {password}: a secret for an authenticator app, and backup codes.
    A first code switches it on.
    """
    request.check_origin(backend.trusted, always=False)
    try:
        _, user = backend.signed_in(request)
    except StoreBroken:
        raise unauthorized() from None
    if backend.accounts.with_password(user.email, request.fields("password")["password"]) is None:
        raise refusal(400, "INVALID_PASSWORD", "Invalid password")
    secret, backup = backend.second_factors.enable(user.id)
    name = urllib.parse.quote(f"refapp:{user.email}")
    uri = f"otpauth://totp/{name}?secret={secret.rstrip('=')}&issuer=refapp&digits=6&period=30"
    return json_answer({"totpURI": uri, "backupCodes": backup})


def verify_totp(backend: Backend, request: Request) -> Answer:
    """POST two-factor/verify-totp {code, trustDevice?}: with a session, the first code;
    with the cookie, a sign-in.
    """
    if request.bearer is None:
        return _verify(backend, request, "totp")
    session, user = backend.signed_in(request)
    already = backend.second_factors.wanted(user.id)
    if not backend.second_factors.confirm(user.id, request.fields("code")["code"]):
        raise _refused("INVALID_CODE")
    if already:
        return json_answer({"token": session.token, "user": user.wire()})
    # A session from before the second factor does not outlive it: the header has the new one, the
    # body, as BetterAuth's, the old.
    _, headers = opened(backend, request, user)
    backend.end(session.token)
    return json_answer({"token": session.token, "user": user.wire()}, headers=headers)


def verify_otp(backend: Backend, request: Request) -> Answer:
    """POST two-factor/verify-otp {code, trustDevice?}: the code that was sent by e-mail."""
    return _verify(backend, request, "otp")


def verify_backup_code(backend: Backend, request: Request) -> Answer:
    """POST two-factor/verify-backup-code {code, trustDevice?}: each is good once."""
    return _verify(backend, request, "backup")


def send_otp(backend: Backend, request: Request) -> Answer:
    """POST two-factor/send-otp: a code by e-mail, where the server can send any."""
    request.check_origin(backend.trusted, always=False)
    if not backend.mails:
        raise refusal(400, "OTP_NOT_CONFIGURED", "otp isn't configured")
    problem = backend.second_factors.send(request.cookie("two_factor"))
    if problem is not None:
        raise _refused(problem)
    return json_answer({"status": True})


def _verify(backend: Backend, request: Request, kind: Kind) -> Answer:
    request.check_origin(backend.trusted, always=False)
    code = request.fields("code")["code"]
    passed = backend.second_factors.answer(request.cookie("two_factor"), kind, code)
    user = backend.accounts.by_id(passed.user_id) if isinstance(passed, Passed) else None
    if not isinstance(passed, Passed) or user is None:
        raise _refused("INVALID_TWO_FACTOR_COOKIE" if isinstance(passed, Passed) else passed)
    session, headers = opened(backend, request, user)
    headers += set_cookie("two_factor", "", 0)
    if request.read().get("trustDevice") is True:
        headers += set_cookie("trust_device", backend.second_factors.trust(user.id), TRUST_S)
    return json_answer({"token": session.token, "user": user.wire()}, headers=headers)


ROUTES: Routes = {
    ("POST", "/api/auth/two-factor/enable"): enable,
    ("POST", "/api/auth/two-factor/verify-totp"): verify_totp,
    ("POST", "/api/auth/two-factor/verify-otp"): verify_otp,
    ("POST", "/api/auth/two-factor/verify-backup-code"): verify_backup_code,
    ("POST", "/api/auth/two-factor/send-otp"): send_otp,
}
