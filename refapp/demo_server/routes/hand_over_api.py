"""The browser flow of @better-auth/electron's server plugin: a code with the sign-in, and its
exchange for a session.
"""

from __future__ import annotations

import base64
import dataclasses

import msgspec

from refapp.demo_server.routes.auth_api import opened, sign_in_email, sign_in_username, sign_up
from refapp.demo_server.routes.backend import Backend, Endpoint, Routes
from refapp.demo_server.routes.requests import Request
from refapp.demo_server.state.answers import Answer, Headers, json_answer, refusal, unauthorized

CLIENT_ID = "electron"


@dataclasses.dataclass(frozen=True, slots=True)
class Asked:
    """What the app put into the address that it opened in the browser."""

    challenge: str
    state: str = dataclasses.field(repr=False)


def asked(request: Request) -> Asked | None:
    """The app's request in the query; None if there is none, or it is another client's."""
    challenge, state = request.parameter("code_challenge"), request.parameter("state")
    if request.parameter("client_id") != CLIENT_ID or not challenge or not state:
        return None
    return Asked(challenge, state)


def pasteable(code: str, state: str) -> str:
    """Code and state as one word:
    what the plugin's cookie holds, and what a person can paste into the app.
    """
    return base64.urlsafe_b64encode(
        msgspec.json.encode({"identifier": code, "state": state})
    ).decode()


def handing_over(sign_in: Endpoint) -> Endpoint:
    """``sign_in``, that also gives a code if the app asked for one."""

    def endpoint(backend: Backend, request: Request) -> Answer:
        answer = sign_in(backend, request)
        wanted = asked(request)
        if wanted is None:
            return answer
        body = msgspec.json.decode(answer.body, type=dict[str, msgspec.Raw])
        if "user" not in body:
            return answer  # the second factor is missing: nobody is signed in yet
        user_id = msgspec.json.decode(body["user"], type=dict[str, object])["id"]
        code = backend.hand_overs.give(str(user_id), wanted.challenge, wanted.state)
        more = msgspec.json.encode({**body, "electron_authorization_code": code})
        return dataclasses.replace(answer, body=more).plus(_cookie(code, wanted.state))

    return endpoint


def transfer(backend: Backend, request: Request) -> Answer:
    """POST electron/transfer-user {callbackURL?}: a code for whoever is signed in already."""
    request.check_origin(backend.trusted, always=False)
    _, user = backend.signed_in(request)
    wanted = asked(request)
    if wanted is None:
        raise refusal(400, "INVALID_CLIENT_ID", "Invalid client ID")
    back = request.read(optional=True).get("callbackURL")
    url = back if isinstance(back, str) and back else None
    code = backend.hand_overs.give(user.id, wanted.challenge, wanted.state)
    body = {"url": url, "redirect": url is not None, "electron_authorization_code": code}
    return json_answer(body, headers=_cookie(code, wanted.state))


def exchange(backend: Backend, request: Request) -> Answer:
    """POST electron/token {token, state, code_verifier}: the session for the code."""
    request.check_origin(backend.trusted, always=False)
    body = request.fields("token", "state", "code_verifier")
    user = backend.accounts.by_id(
        backend.hand_overs.take(body["token"], body["state"], body["code_verifier"])
    )
    if user is None:
        raise unauthorized()
    session, headers = opened(backend, request, user)
    return json_answer({"token": session.token, "user": user.wire()}, headers=headers)


def _cookie(code: str, state: str) -> Headers:
    value = pasteable(code, state).replace("=", "%3D")
    return (("set-cookie", f"better-auth.{CLIENT_ID}={value}; Max-Age=120; Path=/; SameSite=Lax"),)


ROUTES: Routes = {
    ("POST", "/api/auth/sign-up/email"): handing_over(sign_up),
    ("POST", "/api/auth/sign-in/email"): handing_over(sign_in_email),
    ("POST", "/api/auth/sign-in/username"): handing_over(sign_in_username),
    ("POST", "/api/auth/electron/transfer-user"): transfer,
    ("POST", "/api/auth/electron/token"): exchange,
}
