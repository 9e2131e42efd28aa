"""What the matrix tries: a server's options, and somebody's account on it.
Owns the rows, and what a person does on a page.

A row's name is what the table shows. Each row is a server of its own.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

from steps.scenario.authenticator import Authenticator
from steps.servers.auth_servers import AuthServer
from steps.servers.identity_provider import EMAIL
from steps.servers.second_factor import switched_on
from steps.servers.server_account import PASSWORD, Account, bearer_of
from steps.servers.visitor import Visitor

NOWHERE = "http://127.0.0.1:9"
"""A captcha's verifier that is never asked: nobody solves one here."""


@dataclasses.dataclass(frozen=True, slots=True)
class Somebody:
    """Who signs in. ``by_provider``: with the provider's button on the page."""

    server: AuthServer
    email: str
    username: str
    password: str = dataclasses.field(repr=False)
    factor: Authenticator | None = None
    by_provider: bool = False

    def signs_in(self, visitor: Visitor, button: str) -> str:
        """What she does on the page, up to its end; the page then."""
        if self.by_provider and visitor.has("Sign in with Example"):
            visitor.press("Sign in with Example")
            return visitor.press("Go on in the app")
        visitor.press(button, email=self.email, password=self.password)
        if self.factor is not None and visitor.has("From the authenticator"):
            visitor.press("From the authenticator", code=self.factor.code())
        return visitor.page

    def reaches_api(self, access: str) -> bool:
        """Does the application's API take this token?"""
        return self.server.client.get("/app/me", headers=bearer_of(access)).status_code == 200


def _plain(server: AuthServer) -> Somebody:
    account = Account(server)
    return Somebody(server, account.email, account.username, PASSWORD)


def _with_factor(server: AuthServer) -> Somebody:
    account = Account(server)
    return Somebody(server, account.email, account.username, PASSWORD, switched_on(account))


def _banned(server: AuthServer) -> Somebody:
    account, admin = Account(server), Account(server)
    user_id = account.sign_in().json()["user"]["id"]
    server.control("make_admin", email=admin.email)
    headers = bearer_of(admin.sign_in().json()["token"])
    server.client.post(
        "/api/auth/admin/ban-user", json={"userId": user_id}, headers=headers
    ).raise_for_status()
    return Somebody(server, account.email, account.username, PASSWORD)


def _impatient(server: AuthServer) -> Somebody:
    """Three wrong passwords, from the one address that a server without a proxy knows."""
    for kind, name in (("email", server.email), ("username", "ada")) * 3:
        server.client.post(
            f"/api/auth/sign-in/{kind}", json={kind: name, "password": "not the password"}
        )
    return _seeded(server)


def _seeded(server: AuthServer) -> Somebody:
    return Somebody(server, server.email, "ada", server.password)


def _social(server: AuthServer) -> Somebody:
    with Visitor() as visitor:  # the provider makes the account
        query = "client_id=electron&code_challenge=x&state=y"
        visitor.open(f"{server.url}/sign-in?{query}")
        if visitor.has("Sign in with Example"):
            visitor.press("Sign in with Example")
    return Somebody(server, EMAIL, "grace", PASSWORD, by_provider=True)


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """``options`` as on the server's command line; ``since``: the first release that knows them."""

    name: str
    options: Sequence[str] = ()
    prepare: Callable[[AuthServer], Somebody] = _plain
    since: str = "1.4"


_OTHERS = (
    "admin",
    "organization",
    "multi-session",
    "magic-link",
    "email-otp",
    "phone-number",
    "one-time-token",
    "anonymous",
)
_ALL = (
    "--with=two-factor",
    "--with=generic-oauth",
    "--jwt",
    "--mode=rotating",
    *(f"--with={name}" for name in _OTHERS),
)

ROWS: Sequence[Row] = (
    Row("the plugins of the list above, nothing else"),
    Row("refresh tokens", ("--mode=rotating",)),
    Row("one token for both", ("--mode=single",)),
    Row("`bearer({ requireSignature: true })`", ("--require-signature",)),
    Row("`twoFactor`, switched on", ("--with=two-factor",), _with_factor),
    Row("`requireEmailVerification`, not verified", ("--verify-email",)),
    Row("`admin`, the account is banned", ("--with=admin",), _banned),
    Row("`genericOAuth`, an account without a password", ("--with=generic-oauth",), _social),
    Row("passwords off, `genericOAuth`", ("--passwords-off", "--with=generic-oauth"), _social),
    Row("`captcha`", ("--with=captcha", f"--captcha={NOWHERE}"), _seeded),
    Row("`rateLimit`, after three wrong passwords", ("--rate-limit",), _impatient),
    *(Row(f"`{name}`", (f"--with={name}",)) for name in _OTHERS),
    Row("`passkey`", ("--with=passkey",), since="1.7"),
    Row("`jwt`", ("--jwt",)),
    Row("`cookieCache`", ("--cookie-cache=300",)),
    Row("`deferSessionRefresh`", ("--defer-refresh",), since="1.7"),
    Row("`twoFactor`, refresh tokens and all of these at once", _ALL, _with_factor),
    Row("without `bearer`", ("--without=bearer",)),
    Row("without `username`", ("--without=username",)),
    Row("without `deviceAuthorization`", ("--without=device",)),
    Row("without `electron`", ("--without=electron",)),
)
