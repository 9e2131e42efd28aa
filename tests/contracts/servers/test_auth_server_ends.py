"""What becomes of the refresh tokens at each endpoint of BetterAuth that ends,
opens or changes a session.

The endpoints are those that the running server names: one that a new release brings is missing in
the tables here, and is red. The embedded server has few of them, and is held to the same rows; the
rest it has not, and its rows are skipped with that word.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from refapp.demo_server.control import KEY_HEADER
from refapp.demo_server.routes import auth_api, device_api, hand_over_api, second_factor_api
from refapp.demo_server.state.hand_over import challenge_of
from steps.servers.auth_servers import (
    BETTERAUTH,
    BETTERAUTH_1_4,
    AuthServer,
    betterauth_missing,
    embedded_server,
    real_betterauth,
)
from steps.servers.identity_provider import IdentityProvider
from steps.servers.second_factor import as_browser, authenticator_of, entered, switched_on
from steps.servers.server_account import PASSWORD, Account, bearer_of

PLUGINS = (
    "two-factor", "admin", "organization", "anonymous", "magic-link", "email-otp", "phone-number",
    "one-time-token", "multi-session", "generic-oauth", "passkey",
)  # fmt: skip
RELEASES = {"1.7": BETTERAUTH, "1.4": BETTERAUTH_1_4}
NEW_PASSWORD = "another horse"
OWN, OTHER, GONE = "own", "other", "gone"
EVERY = {OWN, OTHER, GONE}
NOBODYS: set[str] = set()


EMBEDDED = "embedded"
HAS = {
    "/ok": "ok", "/sign-up/email": "signUpEmail", "/sign-in/email": "signInEmail",
    "/sign-in/username": "signInUsername", "/get-session": "getSession", "/sign-out": "signOut",
    "/list-sessions": "listSessions", "/revoke-session": "revokeSession",
    "/revoke-other-sessions": "revokeOtherSessions", "/revoke-sessions": "revokeSessions",
    "/refresh": "refappRefresh", "/token": "getToken", "/jwks": "getJwks",
    "/two-factor/enable": "enableTwoFactor", "/two-factor/verify-totp": "verifyTOTP",
    "/two-factor/verify-otp": "verifyTwoFactorOTP",
    "/two-factor/verify-backup-code": "verifyBackupCode",
    "/two-factor/send-otp": "sendTwoFactorOTP", "/device/code": "deviceCode",
    "/device/token": "deviceToken", "/device": "deviceVerify", "/device/approve": "deviceApprove",
    "/device/deny": "deviceDeny", "/electron/transfer-user": "electronTransferUser",
    "/electron/token": "electronToken",
}  # fmt: skip
"""BetterAuth's name of each endpoint that the embedded server has;
one that it gains is missing here, and is red.
"""


@pytest.fixture(scope="module", params=[*RELEASES, EMBEDDED])
def kind(request: pytest.FixtureRequest) -> str:
    """A release of BetterAuth, or the embedded server."""
    return str(request.param)


@pytest.fixture(scope="module")
def server(kind: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[AuthServer]:
    """A server with every plugin that opens or ends sessions, or as much of that as it has."""
    options = ["--mode=rotating", "--scrypt-cost=16", "--device-interval=0"]
    if kind == EMBEDDED:
        with embedded_server(tmp_path_factory.mktemp("embedded"), *options, "--mails") as server:
            yield server
        return
    place = RELEASES[kind]
    missing = betterauth_missing(place)
    if missing is not None:
        pytest.skip(missing)
    plugins = [f"--with={name}" for name in PLUGINS]
    with (
        IdentityProvider() as there,
        real_betterauth(
            *options, "--jwt", *plugins, f"--provider={there.url}", release=place
        ) as server,
    ):
        yield server


@pytest.fixture
def endpoints(kind: str, server: AuthServer) -> set[str]:
    """What ``server`` itself says that it has."""
    if kind != EMBEDDED:
        return set(ordered(server, "endpoints"))
    tables = (auth_api.ROUTES, second_factor_api.ROUTES, device_api.ROUTES, hand_over_api.ROUTES)
    return {HAS[path.removeprefix("/api/auth")] for table in tables for _, path in table}


def ordered(server: AuthServer, do: str, **arguments: object) -> Any:
    """What the back door answers to an order, whatever its type."""
    answer = server.client.post(
        "/control", json={"do": do, **arguments}, headers={KEY_HEADER: server.control_key}
    )
    return answer.raise_for_status().json()["done"]


@dataclasses.dataclass
class Household:
    """One person's sign-ins: her ``own``, from which she acts, an ``other``, and one that is
    ``gone``: it ran out, was looked at and has no row any more, but its refresh token lives.
    """

    server: AuthServer

    def __post_init__(self) -> None:
        self.account = Account(self.server)
        self.post = self.server.client.post
        self.gone = self.account.sign_in()
        self.server.control("expire_access", email=self.account.email)
        assert self.account.me(self.gone.json()["token"]) == 401
        self.own, self.other = self.account.sign_in(), self.account.sign_in()
        self.headers = bearer_of(self.own.json()["token"])
        self.user_id = self.own.json()["user"]["id"]

    def acts(self, path: str, **body: object) -> httpx.Response:
        """A post from her own session."""
        return self.post(f"/api/auth{path}", json=body, headers=self.headers)

    def mail(self) -> str:
        """The code, or the token, that was sent to her last."""
        return self.server.mail_to(self.account.email)

    def by_admin(self, path: str, **body: object) -> httpx.Response:
        """A post of an administrator about her."""
        admin = Account(self.server)
        ordered(self.server, "make_admin", email=admin.email)
        headers = bearer_of(admin.sign_in().json()["token"])
        return self.post(f"/api/auth{path}", json={"userId": self.user_id, **body}, headers=headers)

    def ended(self) -> set[str]:
        """Whose refresh tokens are good no more."""
        held = {OWN: self.own, OTHER: self.other, GONE: self.gone}
        return {
            name
            for name, signed_in in held.items()
            if self.account.refresh(signed_in.headers["set-refresh-token"]).status_code == 401
        }


def change_password(home: Household, *, others: bool) -> httpx.Response:
    body = {"currentPassword": PASSWORD, "newPassword": NEW_PASSWORD, "revokeOtherSessions": others}
    return home.acts("/change-password", **body)


def reset_password(home: Household) -> httpx.Response:
    home.post("/api/auth/request-password-reset", json={"email": home.account.email})
    return home.post(
        "/api/auth/reset-password", json={"newPassword": NEW_PASSWORD, "token": home.mail()}
    )


def reset_by_code(home: Household) -> httpx.Response:
    email = home.account.email
    home.post(
        "/api/auth/email-otp/send-verification-otp",
        json={"email": email, "type": "forget-password"},
    )
    body = {"email": email, "otp": home.mail(), "password": NEW_PASSWORD}
    return home.post("/api/auth/email-otp/reset-password", json=body)


def with_phone(home: Household) -> str:
    number = f"+1555{abs(hash(home.account.email)) % 10**7:07}"
    home.post("/api/auth/phone-number/send-otp", json={"phoneNumber": number})
    code = home.server.mail_to(number)
    home.acts(
        "/phone-number/verify", phoneNumber=number, code=code, updatePhoneNumber=True
    ).raise_for_status()
    return number


def reset_by_phone(home: Household) -> httpx.Response:
    number = with_phone(home)
    home.post("/api/auth/phone-number/request-password-reset", json={"phoneNumber": number})
    body = {"phoneNumber": number, "otp": home.server.mail_to(number), "newPassword": NEW_PASSWORD}
    return home.post("/api/auth/phone-number/reset-password", json=body)


def revoke_in_browser(home: Household) -> httpx.Response:
    body = {"sessionToken": home.own.json()["token"]}
    return home.post(
        "/api/auth/multi-session/revoke", json=body, headers=as_browser(home.account, home.own)
    )


def disable_second_factor(home: Household) -> httpx.Response:
    factor = switched_on(home.account)
    pending = home.account.sign_in()
    home.own = entered(home.account, factor.code(), pending)
    home.headers = bearer_of(home.own.json()["token"])
    return home.acts("/two-factor/disable", password=PASSWORD)


def enable_second_factor(home: Household) -> httpx.Response:
    enabled = home.acts("/two-factor/enable", password=PASSWORD).raise_for_status().json()
    return home.acts("/two-factor/verify-totp", code=authenticator_of(enabled).code())


ENDS: dict[str, tuple[set[str], bool, Callable[[Household], httpx.Response]]] = {
    # endpoint: whose refresh tokens end, whether a new one comes with the answer, what is done
    "signOut": ({OWN}, False, lambda home: home.acts("/sign-out")),
    "signOut of one that ran out": (
        {GONE},
        False,
        lambda home: home.post(
            "/api/auth/sign-out", json={}, headers=bearer_of(home.gone.json()["token"])
        ),
    ),
    "revokeSession": (
        {OTHER},
        False,
        lambda home: home.acts("/revoke-session", token=home.other.json()["token"]),
    ),
    "revokeSession of one that ran out": (
        {GONE},
        False,
        lambda home: home.acts("/revoke-session", token=home.gone.json()["token"]),
    ),
    "revokeSessions": (EVERY, False, lambda home: home.acts("/revoke-sessions")),
    "revokeOtherSessions": ({OTHER, GONE}, False, lambda home: home.acts("/revoke-other-sessions")),
    "changePassword": (EVERY, True, lambda home: change_password(home, others=True)),
    "changePassword alone": (NOBODYS, False, lambda home: change_password(home, others=False)),
    "resetPassword": (EVERY, False, reset_password),
    "resetPasswordEmailOTP": (EVERY, False, reset_by_code),
    "resetPasswordPhoneNumber": (EVERY, False, reset_by_phone),
    "deleteUser": (EVERY, False, lambda home: home.acts("/delete-user", password=PASSWORD)),
    "banUser": (EVERY, False, lambda home: home.by_admin("/admin/ban-user")),
    "removeUser": (EVERY, False, lambda home: home.by_admin("/admin/remove-user")),
    "revokeUserSessions": (EVERY, False, lambda home: home.by_admin("/admin/revoke-user-sessions")),
    "revokeUserSession": (
        {OTHER},
        False,
        lambda home: home.by_admin(
            "/admin/revoke-user-session", sessionToken=home.other.json()["token"]
        ),
    ),
    "setUserPassword": (  # the administrator revokes the sessions besides, if that is meant
        NOBODYS,
        False,
        lambda home: home.by_admin("/admin/set-user-password", newPassword=NEW_PASSWORD),
    ),
    "adminUpdateUser": (
        EVERY,
        False,
        lambda home: home.by_admin("/admin/update-user", data={"banned": True}),
    ),
    "revokeDeviceSession": ({OWN}, False, revoke_in_browser),
    "verifyTOTP when it is switched on": ({OWN}, True, enable_second_factor),
    "disableTwoFactor": ({OWN}, True, disable_second_factor),
    "updateUser": (NOBODYS, False, lambda home: home.acts("/update-user", name="Another Name")),
    "changeEmail": (
        NOBODYS,
        False,
        lambda home: home.acts("/change-email", newEmail=f"new-{home.account.email}"),
    ),
}
IN_1_4 = {"adminUpdateUser": NOBODYS}
"""What the earlier release leaves alone."""


def visit(home: Household, path: str) -> httpx.Response:
    return home.server.client.get(f"/api/auth{path}")


def by_magic_link(home: Household) -> httpx.Response:
    home.post("/api/auth/sign-in/magic-link", json={"email": home.account.email})
    return visit(home, f"/magic-link/verify?token={home.mail()}")


def by_code(home: Household) -> httpx.Response:
    email = home.account.email
    home.post("/api/auth/email-otp/send-verification-otp", json={"email": email, "type": "sign-in"})
    return home.post("/api/auth/sign-in/email-otp", json={"email": email, "otp": home.mail()})


def by_verified_code(home: Household) -> httpx.Response:
    email = home.account.email
    home.post(
        "/api/auth/email-otp/send-verification-otp",
        json={"email": email, "type": "email-verification"},
    )
    return home.post("/api/auth/email-otp/verify-email", json={"email": email, "otp": home.mail()})


def by_verified_email(home: Household) -> httpx.Response:
    home.post("/api/auth/send-verification-email", json={"email": home.account.email})
    return visit(home, f"/verify-email?token={home.mail()}")


def by_phone(home: Household) -> httpx.Response:
    return home.post(
        "/api/auth/sign-in/phone-number",
        json={"phoneNumber": with_phone(home), "password": PASSWORD},
    )


def by_new_phone(home: Household) -> httpx.Response:
    number = f"+1666{abs(hash(home.account.email)) % 10**7:07}"
    home.post("/api/auth/phone-number/send-otp", json={"phoneNumber": number})
    code = home.server.mail_to(number)
    return home.post("/api/auth/phone-number/verify", json={"phoneNumber": number, "code": code})


def by_device(home: Household) -> httpx.Response:
    asked = home.post("/api/auth/device/code", json={"client_id": "refapp"}).json()
    form = {
        "user_code": asked["user_code"],
        "email": home.account.email,
        "password": PASSWORD,
        "decision": "allow",
    }
    assert "You can close this page" in home.post("/device", data=form).text
    grant = "urn:ietf:params:oauth:grant-type:device_code"
    body = {"grant_type": grant, "device_code": asked["device_code"], "client_id": "refapp"}
    return home.post("/api/auth/device/token", json=body)


def by_browser(home: Household) -> httpx.Response:
    query = {
        "client_id": "electron",
        "code_challenge": challenge_of("v" * 43),
        "state": "the state",
    }
    given = home.post(
        "/api/auth/electron/transfer-user", params=query, json={}, headers=home.headers
    ).json()
    body = {
        "token": given["electron_authorization_code"],
        "state": "the state",
        "code_verifier": "v" * 43,
    }
    return home.post("/api/auth/electron/token", json=body)


def by_second_factor(home: Household, way: str) -> httpx.Response:
    factor = switched_on(home.account)
    pending = home.account.sign_in()
    headers = as_browser(home.account, pending)
    if way == "otp":
        home.post("/api/auth/two-factor/send-otp", json={}, headers=headers)
    code = {"totp": factor.code, "otp": home.mail, "backup-code": factor.backup_code}[way]()
    return entered(home.account, code, pending, way)


def by_provider(home: Household) -> httpx.Response:
    earlier = "signInWithOAuth2" in ordered(home.server, "endpoints")
    path, name = ("/sign-in/oauth2", "providerId") if earlier else ("/sign-in/social", "provider")
    asked = home.post(f"/api/auth{path}", json={name: "example", "callbackURL": "/done"})
    cookies = as_browser(home.account, asked)
    back = httpx.get(asked.json()["url"], trust_env=False).headers["location"]
    return home.server.client.get(back, headers={"cookie": cookies["cookie"]})


OPENS: dict[str, Callable[[Household], httpx.Response]] = {
    "signUpEmail": lambda home: home.account.signed_up,
    "signInEmail": lambda home: home.account.sign_in(),
    "signInUsername": lambda home: home.post(
        "/api/auth/sign-in/username", json={"username": home.account.username, "password": PASSWORD}
    ),
    "magicLinkVerify": by_magic_link,
    "signInEmailOTP": by_code,
    "verifyEmailOTP": by_verified_code,
    "verifyEmail": by_verified_email,
    "signInPhoneNumber": by_phone,
    "verifyPhoneNumber": by_new_phone,
    "signInAnonymous": lambda home: home.post("/api/auth/sign-in/anonymous", json={}),
    "deviceToken": by_device,
    "electronToken": by_browser,
    "verifyTOTP": lambda home: by_second_factor(home, "totp"),
    "verifyTwoFactorOTP": lambda home: by_second_factor(home, "otp"),
    "verifyBackupCode": lambda home: by_second_factor(home, "backup-code"),
    "callbackOAuth": by_provider,
    "oAuth2Callback": by_provider,
}


def before_second_factor(home: Household) -> httpx.Response:
    switched_on(home.account)
    pending = home.account.sign_in()
    assert pending.json()["twoFactorRedirect"] is True
    assert "set-auth-token" not in pending.headers
    return pending


def one_time_token(home: Household) -> httpx.Response:
    token = home.server.client.get(
        "/api/auth/one-time-token/generate", headers=home.headers
    ).json()["token"]
    return home.post("/api/auth/one-time-token/verify", json={"token": token})


def asked_again(home: Household) -> httpx.Response:
    cookies = as_browser(home.account, home.own)
    token = home.own.json()["token"]
    return home.post(
        "/api/auth/multi-session/set-active", json={"sessionToken": token}, headers=cookies
    )


BRINGS_NONE: dict[str, Callable[[Household], httpx.Response]] = {
    # A session that has its refresh token already, or that is not to be renewed.
    "signInEmail before the second factor": before_second_factor,
    "impersonateUser": lambda home: home.by_admin("/admin/impersonate-user"),
    "verifyOneTimeToken": one_time_token,
    "setActiveSession": asked_again,
    "getSession": lambda home: home.account.session(home.own.json()["token"]),
}
ELSEWHERE = {
    "refappRefresh": "test_auth_server_refresh.py",
    "signInSocial": "callbackOAuth", "signInWithOAuth2": "oAuth2Callback",
    "signInMagicLink": "magicLinkVerify", "enableTwoFactor": "verifyTOTP",
    "stopImpersonating": "impersonateUser", "deleteUserCallback": "deleteUser, after a message",
    "deleteAnonymousUser": "deleteUser",
    "changeEmailEmailOTP": "changeEmail",
    "verifyPasskeyAuthentication": "features/real_servers.feature: it needs a browser",
}  # fmt: skip
"""Endpoints that are a half of another row, or the same by another way in."""
LEAVES = {
    "updateSession",
    "generatePasskeyRegistrationOptions", "generatePasskeyAuthenticationOptions",
    "verifyPasskeyRegistration", "listPasskeys", "deletePasskey", "updatePasskey",
    "verifyPassword", "sendVerificationEmail", "setPassword", "requestPasswordReset",
    "requestPasswordResetCallback", "listSessions", "linkSocialAccount", "oAuth2LinkAccount",
    "listUserAccounts", "unlinkAccount", "refreshToken", "getAccessToken", "accountInfo", "ok",
    "error", "isUsernameAvailable", "generateTOTP", "getTOTPURI", "sendTwoFactorOTP",
    "generateBackupCodes", "viewBackupCodes", "setRole", "getUser", "createUser", "listUsers",
    "listUserSessions", "unbanUser", "userHasPermission", "createOrganization",
    "updateOrganization", "deleteOrganization", "setActiveOrganization", "getOrganization",
    "getFullOrganization", "listOrganizations", "createInvitation", "cancelInvitation",
    "acceptInvitation", "getInvitation", "rejectInvitation", "listInvitations", "getActiveMember",
    "checkOrganizationSlug", "addMember", "removeMember", "updateMemberRole", "leaveOrganization",
    "listUserInvitations", "listMembers", "getActiveMemberRole", "hasPermission",
    "listDeviceSessions", "sendVerificationOTP", "createVerificationOTP", "getVerificationOTP",
    "checkVerificationOTP", "requestPasswordResetEmailOTP", "forgetPasswordEmailOTP",
    "requestEmailChangeEmailOTP", "sendPhoneNumberOTP", "consumePhoneNumberOTP",
    "requestPasswordResetPhoneNumber", "getJwks", "getToken", "signJWT", "verifyJWT",
    "generateOneTimeToken", "deviceCode", "deviceVerify", "deviceApprove", "deviceDeny",
    "electronInitOAuthProxy", "electronTransferUser",
}  # fmt: skip
"""Endpoints that neither open nor end a session: a session that they change keeps its token, and
its refresh token.
"""


class TestEnds:
    """Whatever ends a session by somebody's wish ends its refresh token,
    and whatever opens one brings one.
    """

    def test_every_endpoint_has_its_row(self, endpoints: set[str]) -> None:
        told = (
            {row.split(" ")[0] for row in {*ENDS, *OPENS, *BRINGS_NONE}} | ELSEWHERE.keys() | LEAVES
        )
        assert endpoints <= told

    @pytest.mark.parametrize("endpoint", ENDS)
    def test_what_ends_a_session_ends_its_refresh_token(
        self, server: AuthServer, endpoints: set[str], endpoint: str
    ) -> None:
        ends, brings, act = ENDS[endpoint]
        if "updateSession" not in endpoints:
            ends = IN_1_4.get(endpoint, ends)
        if endpoint.split(" ")[0] not in endpoints:
            pytest.skip("this server has no such endpoint")
        home = Household(server)
        neighbour = Account(server)
        answer = act(home)
        assert answer.status_code == 200, answer.text
        assert ("set-refresh-token" in answer.headers) is brings
        if brings:
            assert home.account.refresh(answer.headers["set-refresh-token"]).status_code == 200
        alive = {
            name
            for name in (OWN, OTHER)
            if home.account.me(getattr(home, name).json()["token"]) == 200
        }
        assert home.ended() == ends
        assert alive == {OWN, OTHER} - ends, "the refresh token follows the session"
        assert (
            neighbour.refresh(neighbour.signed_up.headers["set-refresh-token"]).status_code == 200
        )

    @pytest.mark.parametrize("endpoint", OPENS)
    def test_what_opens_a_session_brings_its_refresh_token(
        self, server: AuthServer, endpoints: set[str], endpoint: str
    ) -> None:
        if endpoint not in endpoints:
            pytest.skip("this server has no such endpoint")
        home = Household(server)
        answer = OPENS[endpoint](home)
        assert answer.status_code in (200, 302), answer.text
        pair = home.account.refresh(answer.headers["set-refresh-token"]).raise_for_status().json()
        assert home.account.me(pair["accessToken"]) == 200

    @pytest.mark.parametrize("endpoint", BRINGS_NONE)
    def test_what_opens_none_or_one_for_a_while_brings_none(
        self, server: AuthServer, endpoints: set[str], endpoint: str
    ) -> None:
        if endpoint.split(" ")[0] not in endpoints:
            pytest.skip("this server has no such endpoint")
        answer = BRINGS_NONE[endpoint](Household(server))
        assert answer.status_code == 200, answer.text
        assert "set-refresh-token" not in answer.headers
