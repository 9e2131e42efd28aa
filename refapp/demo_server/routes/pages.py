"""What a person sees in the browser: allow a device, sign in or up for the app. Plain HTML alone.

Each decision is posted with e-mail and password, so the pages need no cookie, and what another site
sends is refused. An account with a second factor is asked for its code before anything is decided
or handed over. The way back to the app is a loopback address alone (RFC 8252 section 7.3), else the
page shows the code to paste.
"""

from __future__ import annotations

import dataclasses
import html
import re
import urllib.parse
from collections.abc import Callable, Mapping

import msgspec

from refapp.demo_server.routes.backend import Backend, Endpoint, Routes
from refapp.demo_server.routes.hand_over_api import Asked, asked, pasteable
from refapp.demo_server.routes.requests import Request
from refapp.demo_server.state.accounts import User
from refapp.demo_server.state.answers import NO_STORE, Answer, Refusal
from refapp.demo_server.state.device import Obstacle, Pending
from refapp.demo_server.state.second_factors import Kind, Passed

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
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self' http://127.0.0.1:*; "
        "frame-ancestors 'none'; base-uri 'none'",
    ),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
    *NO_STORE,
)
WRONG = "Wrong e-mail or password."
_FACTOR_PROBLEMS: Mapping[str, str] = {
    "INVALID_CODE": "This code is not right.",
    "INVALID_BACKUP_CODE": "This is not a backup code, or it was used before.",
    "TOTP_NOT_ENABLED": "This account has no authenticator.",
    "ACCOUNT_TEMPORARILY_LOCKED": "Too many wrong codes. Try again in a quarter of an hour.",
}
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
    if backend.second_factors.wanted(user.id):
        query = urllib.parse.urlencode({name: fields[name] for name in ("user_code", "decision")})
        return _factor_form(f"/device/second-factor?{query}", backend.second_factors.begin(user.id))
    return _decided(backend, user, fields["user_code"], fields["decision"])


def device_second_factor(backend: Backend, request: Request) -> Answer:
    """POST /device/second-factor, code and decision in its query: as ``_second_factor``."""
    code, decision = request.parameter("user_code") or "", request.parameter("decision") or ""
    return _second_factor(backend, request, lambda user: _decided(backend, user, code, decision))


def _decided(backend: Backend, user: User, user_code: str, decision: str) -> Answer:
    looked = backend.devices.look(user_code, user.id)
    allow = decision == "allow"
    if isinstance(looked, Pending):
        obstacle = backend.devices.decide(user_code, user.id, allow=allow)
    else:
        obstacle = looked
    if obstacle is not None:
        return _device_form(user_code, _OBSTACLES[obstacle])
    done = "The app is signed in." if allow else "The app was not signed in."
    return _page("Done", f"<p>{done} You can close this page.</p>")


def sign_in_page(_backend: Backend, request: Request) -> Answer:
    """GET /sign-in?client_id&code_challenge&state[&redirect_uri]: for the app that opened it."""
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
    if backend.second_factors.wanted(user.id):
        challenge = backend.second_factors.begin(user.id)
        return _factor_form(f"/sign-in/second-factor?{request.query}", challenge)
    return _back_to_the_app(backend, user, wanted, request.parameter("redirect_uri"))


def signed_in_with_code(backend: Backend, request: Request) -> Answer:
    """POST /sign-in/second-factor, the same query: ``_second_factor``, then back to the app."""
    wanted, back = asked(request), request.parameter("redirect_uri")
    if wanted is None:
        return _not_asked()
    return _second_factor(
        backend, request, lambda user: _back_to_the_app(backend, user, wanted, back)
    )


def sign_up_page(_backend: Backend, request: Request) -> Answer:
    """GET /sign-up with the query of /sign-in: a new account for the app that opened this."""
    return _not_asked() if asked(request) is None else _sign_up_form(request)


def signed_up(backend: Backend, request: Request) -> Answer:
    """POST /sign-up with the same query {name, email, password}: back to the app, signed in."""
    wanted = asked(request)
    if wanted is None:
        return _not_asked()
    fields = request.fields("name", "email", "password", form_allowed=True)
    try:
        user = backend.accounts.sign_up(fields["name"], fields["email"], fields["password"])
    except Refusal as refused:
        said = msgspec.json.decode(refused.answer.body, type=dict[str, str])["message"]
        return _sign_up_form(request, said.removeprefix("[body.email] "))
    return _back_to_the_app(backend, user, wanted, request.parameter("redirect_uri"))


def _second_factor(backend: Backend, request: Request, then: Callable[[User], Answer]) -> Answer:
    """{challenge, code, kind}: ``challenge`` stands for the right password, in no cookie."""
    fields = request.fields("challenge", "code", "kind", form_allowed=True)
    kind: Kind = "backup" if fields["kind"] == "backup-code" else "totp"
    passed = backend.second_factors.answer(fields["challenge"], kind, fields["code"])
    user = backend.accounts.by_id(passed.user_id) if isinstance(passed, Passed) else None
    if user is not None:
        return then(user)
    problem = _FACTOR_PROBLEMS.get(str(passed), "Start the sign-in in the app again.")
    return _factor_form(f"{request.path}?{request.query}", fields["challenge"], problem)


def _back_to_the_app(backend: Backend, user: User, wanted: Asked, back: str | None) -> Answer:
    code = backend.hand_overs.give(user.id, wanted.challenge, wanted.state)
    if back is not None and is_loopback(back):
        query = urllib.parse.urlencode({"code": code, "state": wanted.state})
        return Answer(303, (("location", f"{back}?{query}"), *_HEADERS))
    shown = html.escape(pasteable(code, wanted.state))
    text = f"<p>Copy this code and paste it into the app:</p><p><code>{shown}</code></p>"
    return _page("Almost there", text)


def is_loopback(address: str) -> bool:
    """Is it ``http://127.0.0.1:PORT/path``, letter for letter? Nothing is mended."""
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


def _factor_form(action: str, challenge: str, problem: str = "") -> Answer:
    return _page(
        "One more step",
        f"""<form method="post" action="{html.escape(action, quote=True)}">
<input name="challenge" value="{html.escape(challenge, quote=True)}" type="hidden">
<label>Code
<input name="code" required autocomplete="one-time-code"></label>
<button name="kind" value="totp">From the authenticator</button>
<button name="kind" value="backup-code">A backup code</button>
</form>""",
        problem,
    )


def _sign_up_form(request: Request, problem: str = "") -> Answer:
    return _page(
        "New account",
        f"""<form method="post" action="/sign-up?{html.escape(request.query, quote=True)}">
<label>Name
<input name="name" required autocomplete="name"></label>
{_CREDENTIALS.replace("current-password", "new-password")}
<button>Sign up</button>
</form>{_cancel_link(request)}""",
        problem,
    )


def _sign_in_form(request: Request, problem: str = "") -> Answer:
    query = html.escape(request.query, quote=True)
    return _page(
        "Sign in to the app",
        f"""<form method="post" action="/sign-in?{query}">
{_CREDENTIALS}
<button>Sign in</button>
</form>
<p><a href="/sign-up?{query}">No account yet?</a></p>{_cancel_link(request)}""",
        problem,
    )


def _cancel_link(request: Request) -> str:
    wanted, redirect_uri = asked(request), request.parameter("redirect_uri")
    if wanted is None or redirect_uri is None or not is_loopback(redirect_uri):
        return ""
    said = urllib.parse.urlencode({"error": "access_denied", "state": wanted.state})
    back = f"{redirect_uri}?{said}"
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


def _own_form(handler: Endpoint) -> Endpoint:
    """``handler`` for these pages' forms: another site's make no account and use up no tries."""

    def handled(backend: Backend, request: Request) -> Answer:
        if request.headers.get("sec-fetch-site", "same-origin") in {"cross-site", "same-site"}:
            said = "<p>Another site sent this form. Nothing was done."
            return _page("Not done", said, status=403)
        return handler(backend, request)

    return handled


ROUTES: Routes = {
    ("GET", "/device"): device_page,
    ("POST", "/device"): _own_form(device_decision),
    ("GET", "/sign-in"): sign_in_page,
    ("POST", "/sign-in"): _own_form(signed_in),
    ("POST", "/sign-in/second-factor"): _own_form(signed_in_with_code),
    ("GET", "/sign-up"): sign_up_page,
    ("POST", "/sign-up"): _own_form(signed_up),
    ("POST", "/device/second-factor"): _own_form(device_second_factor),
}
