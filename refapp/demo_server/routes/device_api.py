"""BetterAuth's device flow (RFC 8628) under ``/api/auth/device``.
Its errors are OAuth's: ``{"error", "error_description"}``.
"""

from __future__ import annotations

from collections.abc import Mapping

from refapp.demo_server.routes.auth_api import first_refresh_token
from refapp.demo_server.routes.backend import Backend, Routes
from refapp.demo_server.routes.requests import Request
from refapp.demo_server.state.accounts import User
from refapp.demo_server.state.answers import (
    NOT_CACHED,
    Answer,
    Headers,
    Refusal,
    invalid,
    json_answer,
)
from refapp.demo_server.state.device import Obstacle, Pending, Problem
from refapp.demo_server.state.sessions import StoreBroken

CLIENT_ID = "refapp"
GRANT_TYPE = "urn:ietf:params:oauth:grant-type:device_code"

PROBLEMS: Mapping[Problem, str] = {
    "invalid_grant": "Invalid device code",
    "slow_down": "Polling too frequently",
    "expired_token": "Device code has expired",
    "authorization_pending": "Authorization pending",
    "access_denied": "Access denied",
}
OBSTACLES: Mapping[Obstacle, tuple[str, str]] = {
    "unknown": ("invalid_request", "Invalid user code"),
    "expired": ("expired_token", "User code has expired"),
    "processed": ("invalid_request", "Device code already processed"),
    "not_claimed": (
        "invalid_request",
        "Device code has not been claimed by a verifying session; call `GET /device` with the "
        "`user_code` while signed in before approving or denying",
    ),
    "not_yours": (
        "access_denied",
        "You are not authorized to approve or deny this device authorization",
    ),
}


def ask(backend: Backend, request: Request) -> Answer:
    """POST device/code {client_id, scope?}: the codes, and where the person goes with them."""
    body = request.read(form_allowed=True)
    client_id, scope = body.get("client_id"), body.get("scope")
    if not isinstance(client_id, str):
        raise _error(
            400,
            "invalid_request",
            "[body.client_id] Invalid input: expected string, received undefined",
        )
    if client_id != CLIENT_ID and not backend.any_client:
        raise _error(400, "invalid_client", "Invalid client ID", NOT_CACHED)
    pending = backend.devices.ask(client_id, scope if isinstance(scope, str) else "")
    page = f"{backend.origin}/device"
    codes = {
        "device_code": pending.code,
        "user_code": pending.user_code,
        "verification_uri": page,
        "verification_uri_complete": f"{page}?user_code={pending.user_code}",
        "expires_in": int(backend.devices.expires_in_s),
        "interval": int(backend.devices.interval_s),
    }
    return json_answer(codes, headers=NOT_CACHED)


def poll(backend: Backend, request: Request) -> Answer:
    """POST device/token {grant_type, device_code, client_id}:
    the session token once it is allowed. JSON only.
    """
    body = request.fields("grant_type", "device_code", "client_id")
    if body["grant_type"] != GRANT_TYPE:
        raise invalid(f'[body.grant_type] Invalid input: expected "{GRANT_TYPE}"')
    if body["client_id"] != CLIENT_ID and not backend.any_client:
        raise _error(400, "invalid_client", "Invalid client ID", NOT_CACHED)
    outcome = backend.devices.poll(body["device_code"], body["client_id"])
    if not isinstance(outcome, Pending):
        raise _error(400, outcome, PROBLEMS[outcome], NOT_CACHED)
    session = backend.sessions.open(outcome.user_id or "", request.headers.get("user-agent", ""))
    granted = {
        "access_token": session.token,
        "token_type": "Bearer",
        "expires_in": int(backend.sessions.expires_in_s),
        "scope": outcome.scope,
    }
    more = first_refresh_token(backend, session) + backend.sessions.signed_too(session)
    return json_answer(granted, headers=NOT_CACHED + more)


def look(backend: Backend, request: Request) -> Answer:
    """GET device?user_code: what waits for a decision. Looking while signed in claims it."""
    user_code = request.parameter("user_code") or ""
    user = _user(backend, request)
    found = backend.devices.look(user_code, None if user is None else user.id)
    if not isinstance(found, Pending):
        raise _obstacle(found)
    known = {"user_code": user_code, "status": found.status}
    if user is None or found.user_id != user.id:
        return json_answer(known)
    return json_answer({**known, "client_id": found.client_id, "scope": found.scope})


def approve(backend: Backend, request: Request) -> Answer:
    """POST device/approve {userCode}."""
    return _decide(backend, request, allow=True)


def deny(backend: Backend, request: Request) -> Answer:
    """POST device/deny {userCode}."""
    return _decide(backend, request, allow=False)


def _decide(backend: Backend, request: Request, *, allow: bool) -> Answer:
    request.check_origin(backend.trusted, always=False)
    user_code = request.fields("userCode")["userCode"]
    user = _user(backend, request)
    if user is None:
        raise _error(401, "unauthorized", "Authentication required")
    obstacle = backend.devices.decide(user_code, user.id, allow=allow)
    if obstacle is not None:
        raise _obstacle(obstacle)
    return json_answer({"success": True})


def _user(backend: Backend, request: Request) -> User | None:
    try:
        return backend.signed_in(request)[1]
    except (Refusal, StoreBroken):
        return None


def _obstacle(obstacle: Obstacle) -> Refusal:
    error, description = OBSTACLES[obstacle]
    return _error(403 if obstacle == "not_yours" else 400, error, description)


def _error(status: int, error: str, description: str, headers: Headers = ()) -> Refusal:
    return Refusal(json_answer({"error": error, "error_description": description}, status, headers))


ROUTES: Routes = {
    ("POST", "/api/auth/device/code"): ask,
    ("POST", "/api/auth/device/token"): poll,
    ("GET", "/api/auth/device"): look,
    ("POST", "/api/auth/device/approve"): approve,
    ("POST", "/api/auth/device/deny"): deny,
}
