"""The app's ways of signing in, through its own client,
with a person in the browser where one is needed.

An outcome is text: "works" (the application's API takes the token), what the app or the page says,
or "unsupported".
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit

from refapp.snapshot import Factor, Way
from refapp.trusted.server import pkce, wording
from refapp.trusted.server.auth_client import AuthClient
from refapp.trusted.server.device_answers import Granted
from refapp.trusted.server.verdict import Confirmed, NoSuchEndpoint, Verdict
from refapp.trusted.storage.secret import Challenge, Credentials, DeviceGrant, FactorCode
from steps.matrix.rows import Somebody
from steps.servers.app_client import asked
from steps.servers.visitor import BACK, Visitor

T = TypeVar("T")
WORKS, ASKS, UNSUPPORTED = "works", "asks for the code", "unsupported"
NOT_TAKEN = "the server does not take its own token"


def by_email(who: Somebody) -> str:
    """E-mail and password, typed in the window."""
    return _typed(who, who.email)


def by_username(who: Somebody) -> str:
    """User name and password, typed in the window."""
    return _typed(who, who.username)


def by_browser(who: Somebody) -> str:
    """The app opens the server's page, and gets a code from there."""
    offer = _asked(who, lambda auth: auth.browser_offer())
    if isinstance(offer, NoSuchEndpoint):
        return UNSUPPORTED
    proof = pkce.fresh()
    with Visitor() as visitor:
        visitor.open(_asked(who, _link(proof)))
        who.signs_in(visitor, "Sign in")
        if not visitor.led_to:
            return f"the page says: {visitor.alert()}"
        code = parse_qs(urlsplit(visitor.led_to).query)["code"][0]
    verdict = _asked(who, lambda auth: auth.exchange(code, proof))
    return _outcome(who, verdict, wording.elsewhere_failed(Way.BROWSER, verdict))


def by_code(who: Somebody) -> str:
    """The app shows a code, and the person allows it in a browser elsewhere."""
    grant = _asked(who, lambda auth: auth.device_codes())
    if not isinstance(grant, DeviceGrant):
        return UNSUPPORTED
    with Visitor() as visitor:
        visitor.open(grant.link)
        page = who.signs_in(visitor, "Allow")
        if "You can close this page" not in page:
            return f"the page says: {visitor.alert()}"
    granted = _asked(who, lambda auth: auth.device_poll(grant.device_code))
    if isinstance(granted, Granted):
        return WORKS if who.reaches_api(granted.access) else NOT_TAKEN
    return "the code is not taken"


WAYS: Mapping[str, Callable[[Somebody], str]] = {
    "e-mail": by_email,
    "user name": by_username,
    "browser": by_browser,
    "code": by_code,
}


def _typed(who: Somebody, name: str) -> str:
    verdict, _ = _asked(who, lambda auth: auth.sign_in(Credentials(name, who.password)))
    if isinstance(verdict, Challenge):
        if who.factor is None:
            return ASKS
        challenge, code = verdict, FactorCode(Factor.AUTHENTICATOR, who.factor.code(), trust=False)
        verdict, _ = _asked(who, lambda auth: auth.second_factor(challenge, code, name))
    return _outcome(who, verdict, wording.sign_in_failed(verdict, by_name="@" not in name))


def _outcome(who: Somebody, verdict: Verdict, sentence: str) -> str:
    if not isinstance(verdict, Confirmed) or verdict.access is None:
        return f"the app says: {sentence}"
    return WORKS if who.reaches_api(verdict.access) else NOT_TAKEN


def _link(proof: pkce.Proof) -> Callable[[AuthClient], Awaitable[str]]:
    async def link(auth: AuthClient) -> str:
        return auth.browser_link(proof, BACK)

    return link


def _asked(who: Somebody, question: Callable[[AuthClient], Awaitable[T]]) -> T:
    return asked(who.server.url, question)
