"""The two pages a person sees in the browser: allow a device, and sign in for the app. Plain HTML without scripts.

Each decision is posted with e-mail and password, so the pages need no cookie and a forged request can do nothing. The way
back to the app is a loopback address alone (RFC 8252 section 7.3), else the page shows the code to paste.
"""

from __future__ import annotations

import dataclasses
import html
import re
import urllib.parse
from collections.abc import Mapping

from refapp.demo_server.routes.backend import Backend, Routes
from refapp.demo_server.routes.hand_over_api import Asked, asked, pasteable
from refapp.demo_server.routes.requests import Request
from refapp.demo_server.state.accounts import User
from refapp.demo_server.state.answers import NO_STORE, Answer, Refusal
from refapp.demo_server.state.device import Obstacle, Pending

_LOOPBACK = re.compile(r"http://127\.0\.0\.1:([0-9]{1,5})(?:/[A-Za-z0-9_./~-]*)?")
_STYLE = """
:root { color-scheme: light dark; font: 1.1rem/1.5 system-ui, sans-serif }
body { max-width: 26rem; margin: 12vh auto; padding: 0 1rem }
label, input, button { display: block; width: 100%; box-sizing: border-box; font: inherit }
input, button { padding: .6rem; margin: .2rem 0 1rem; border: 1px solid GrayText;
  border-radius: .4rem }
code { font-size: 1.6rem; letter-spacing: .15em; overflow-wrap: anywhere }
[role=alert] { border-left: .3rem solid #c62828; padding-left: .8rem }
"""
_HEADERS = (
    ("content-type", "text/html; charset=utf-8"),
    (
        "content-security-policy",
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self' http://127.0.0.1:*; frame-ancestors 'none'; "
        "base-uri 'none'",
    ),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
    *NO_STORE,
)
WRONG = "Wrong e-mail or password."
TOO_MANY = "Too many tries. Wait a minute, and try again."
_OBSTACLES: Mapping[Obstacle, str] = {
    "unknown": "There is no such code. Compare it with the one in the app.",
    "expired": "This code has expired. Ask the app for a new one.",
    "processed": "This code was used already.",
    "not_claimed": "This code can't be used now. Ask the app for a new one.",
    "not_yours": "Somebody else opened this code first. Ask the app for a new one.",
}


def device_page(_backend: Backend, request: Request) -> Answer:
    """GET /device?user_code: who are you, and may this device sign in as you?"""
    return _device_form(request.parameter("user_code") or "")


def device_decision(backend: Backend, request: Request) -> Answer:
    """POST /device {user_code, email, password, decision}: ``decision`` is allow or deny."""
    fields = request.fields("user_code", "email", "password", "decision", form_allowed=True)
    try:
        user = backend.accounts.with_password(fields["email"], fields["password"])
    except Refusal as refused:
        return _limited(refused, _device_form(fields["user_code"], TOO_MANY))
    if user is None:
        return _device_form(fields["user_code"], WRONG)
    looked = backend.devices.look(fields["user_code"], user.id)
    allow = fields["decision"] == "allow"
    obstacle = (
        backend.devices.decide(fields["user_code"], user.id, allow=allow) if isinstance(looked, Pending) else looked
    )
    if obstacle is not None:
        return _device_form(fields["user_code"], _OBSTACLES[obstacle])
    done = "The app is signed in." if allow else "The app was not signed in."
    return _page("Done", f"<p>{done} You can close this page.</p>")


def sign_in_page(_backend: Backend, request: Request) -> Answer:
    """GET /sign-in?client_id&code_challenge&state[&redirect_uri]: sign in for the app that opened this."""
    wanted = asked(request)
    return _not_asked() if wanted is None else _sign_in_form(request)


def signed_in(backend: Backend, request: Request) -> Answer:
    """POST /sign-in with the same query {email, password}: back to the app, or a code to paste."""
    wanted = asked(request)
    if wanted is None:
        return _not_asked()
    fields = request.fields("email", "password", form_allowed=True)
    try:
        user = backend.accounts.with_password(fields["email"], fields["password"])
    except Refusal as refused:
        return _limited(refused, _sign_in_form(request, TOO_MANY))
    if user is None:
        return _sign_in_form(request, WRONG)
    return _back_to_the_app(backend, user, wanted, request.parameter("redirect_uri"))


def _back_to_the_app(backend: Backend, user: User, wanted: Asked, redirect_uri: str | None) -> Answer:
    code = backend.hand_overs.give(user.id, wanted.challenge, wanted.state)
    if redirect_uri is not None and is_loopback(redirect_uri):
        query = urllib.parse.urlencode({"code": code, "state": wanted.state})
        return Answer(303, (("location", f"{redirect_uri}?{query}"), *_HEADERS))
    shown = html.escape(pasteable(code, wanted.state))
    return _page("Almost there", f"<p>Copy this code and paste it into the app:</p><p><code>{shown}</code></p>")


def is_loopback(address: str) -> bool:
    """Is it ``http://127.0.0.1:PORT/path``, letter for letter? Whatever a URL parser would mend is none."""
    found = _LOOPBACK.fullmatch(address)
    return found is not None and 0 < int(found[1]) < 65536


def _limited(refused: Refusal, page: Answer) -> Answer:
    """``page`` with the refusal's status, and how long it lasts."""
    wait = tuple(header for header in refused.answer.headers if header[0] == "x-retry-after")
    return dataclasses.replace(page, status=refused.answer.status).plus(wait)


def _device_form(user_code: str, problem: str = "") -> Answer:
    code = html.escape(user_code, quote=True)
    return _page(
        "Sign in to the app",
        f"""<p>Go on only if the app shows this code, and you started the sign-in yourself.</p>
<form method="post" action="/device">
<label>Code
<input name="user_code" value="{code}" required autocomplete="off"
 autocapitalize="characters"></label>
{_CREDENTIALS}
<button name="decision" value="allow">Allow</button>
<button name="decision" value="deny">Deny</button>
</form>""",
        problem,
    )


def _sign_in_form(request: Request, problem: str = "") -> Answer:
    query = html.escape(request.query, quote=True)
    return _page(
        "Sign in to the app",
        f"""<form method="post" action="/sign-in?{query}">
{_CREDENTIALS}
<button>Sign in</button>
</form>{_cancel_link(request)}""",
        problem,
    )


def _cancel_link(request: Request) -> str:
    wanted, redirect_uri = asked(request), request.parameter("redirect_uri")
    if wanted is None or redirect_uri is None or not is_loopback(redirect_uri):
        return ""
    back = f"{redirect_uri}?{urllib.parse.urlencode({'error': 'access_denied', 'state': wanted.state})}"
    return f'<p><a href="{html.escape(back, quote=True)}">Cancel</a></p>'


_CREDENTIALS = """<label>E-mail
<input name="email" type="email" required autocomplete="username"></label>
<label>Password
<input name="password" type="password" required autocomplete="current-password"></label>"""


def _not_asked() -> Answer:
    return _page("This address is not complete", "<p>Start the sign-in in the app.</p>", status=400)


def _page(title: str, content: str, problem: str = "", status: int = 200) -> Answer:
    alert = f'<p role="alert">{html.escape(problem)}</p>' if problem else ""
    page = f"""<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>{_STYLE}</style>
<h1>{title}</h1>{alert}
{content}
</html>"""
    return Answer(status, _HEADERS, page.encode())


ROUTES: Routes = {
    ("GET", "/device"): device_page,
    ("POST", "/device"): device_decision,
    ("GET", "/sign-in"): sign_in_page,
    ("POST", "/sign-in"): signed_in,
}
