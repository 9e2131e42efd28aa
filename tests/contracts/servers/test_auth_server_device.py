"""The device flow (RFC 8628), on every auth server: the codes, the polling, and the page where a
person decides.
"""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from steps.servers.auth_servers import Server
from steps.servers.server_account import PASSWORD, Account, bearer_of

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:device_code"


class Device:
    """An app that asked for a sign-in, and the person who decides."""

    def __init__(self, account: Account, scope: str = "openid") -> None:
        self.account = account
        asked = account.client.post(
            "/api/auth/device/code", json={"client_id": "refapp", "scope": scope}
        )
        self.codes = asked.raise_for_status().json()

    def poll(self, **changed: str) -> httpx.Response:
        body = {
            "grant_type": GRANT_TYPE,
            "device_code": self.codes["device_code"],
            "client_id": "refapp",
            **changed,
        }
        return self.account.client.post("/api/auth/device/token", json=body)

    def look(self, token: str | None) -> httpx.Response:
        params = {"user_code": self.codes["user_code"]}
        headers = {} if token is None else bearer_of(token)
        return self.account.client.get("/api/auth/device", params=params, headers=headers)

    def decide(self, verdict: str, token: str) -> httpx.Response:
        body = {"userCode": self.codes["user_code"]}
        return self.account.client.post(
            f"/api/auth/device/{verdict}", json=body, headers=bearer_of(token)
        )

    def post_page(self, decision: str, password: str = PASSWORD) -> httpx.Response:
        fields = {
            "user_code": self.codes["user_code"],
            "email": self.account.email,
            "password": password,
        }
        return self.account.client.post("/device", data={**fields, "decision": decision})


def problem_of(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]


@pytest.fixture
def device(running: Callable[..., Server]) -> Device:
    """A sign-in that waits, on a server that lets one poll as often as one likes."""
    return Device(Account(running(device_interval=0)))


def test_gives_two_codes_and_says_where_to_go(device: Device) -> None:
    codes = device.codes
    page = f"{device.account.server.url}/device"
    assert len(codes["device_code"]) == 40
    assert len(codes["user_code"]) == 8
    assert codes["verification_uri"] == page
    assert codes["verification_uri_complete"] == f"{page}?user_code={codes['user_code']}"
    assert (codes["expires_in"], codes["interval"]) == (1800, 0)


def test_refuses_another_client(device: Device) -> None:
    answer = device.account.client.post("/api/auth/device/code", json={"client_id": "x"})
    assert problem_of(answer) == (400, "invalid_client")


def test_is_pending_until_somebody_decides(device: Device) -> None:
    answer = device.poll()
    assert problem_of(answer) == (400, "authorization_pending")
    assert "no-store" in answer.headers.get("cache-control", "no-store")


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"device_code": "nope"}, (400, "invalid_grant")),
        ({"client_id": "x"}, (400, "invalid_client")),
    ],
)
def test_refuses_other_polls(
    device: Device, server_kind: str, changed: dict[str, str], problem: tuple[int, str]
) -> None:
    if server_kind == "betterauth-1.4":
        problem = (400, "invalid_grant")  # 1.4 does not look at the client by itself
    assert problem_of(device.poll(**changed)) == problem


def test_takes_json_alone_for_the_poll(device: Device) -> None:
    body = {
        "grant_type": GRANT_TYPE,
        "device_code": device.codes["device_code"],
        "client_id": "refapp",
    }
    assert device.account.client.post("/api/auth/device/token", data=body).status_code == 415


def test_gives_a_session_once_it_is_allowed(device: Device) -> None:
    token = device.account.sign_in().json()["token"]
    looked = device.look(token)
    assert looked.json()["status"] == "pending"
    assert device.decide("approve", token).json() == {"success": True}
    answer = device.poll()
    granted = answer.json()
    assert answer.status_code == 200
    assert (granted["token_type"], granted["scope"]) == ("Bearer", "openid")
    assert granted["expires_in"] == pytest.approx(604800, abs=60)  # less what the answer took
    assert "set-auth-token" not in answer.headers
    assert device.account.me(granted["access_token"]) == 200
    assert granted["access_token"] != token
    assert problem_of(device.poll()) == (400, "invalid_grant")


def test_tells_once_that_it_was_denied(device: Device) -> None:
    token = device.account.sign_in().json()["token"]
    device.look(token)
    assert device.decide("deny", token).json() == {"success": True}
    assert problem_of(device.poll()) == (400, "access_denied")
    assert problem_of(device.poll()) == (400, "invalid_grant")


def test_tells_once_that_it_expired(device: Device) -> None:
    device.account.server.control("expire_devices")
    assert problem_of(device.poll()) == (400, "expired_token")
    assert problem_of(device.poll()) == (400, "invalid_grant")


def test_says_slow_down_and_nothing_else_to_who_asks_too_often(
    running: Callable[..., Server],
) -> None:
    device = Device(Account(running(device_interval=3600)))
    token = device.account.sign_in().json()["token"]
    assert problem_of(device.poll()) == (400, "authorization_pending")
    device.look(token)
    device.decide("approve", token)
    assert problem_of(device.poll()) == (400, "slow_down")


def test_wants_the_code_claimed_before_it_is_decided(device: Device, server_kind: str) -> None:
    if server_kind == "betterauth-1.4":
        pytest.skip("1.4 knows no claim")
    token = device.account.sign_in().json()["token"]
    assert problem_of(device.decide("approve", token)) == (400, "invalid_request")
    assert device.look(None).json() == {"user_code": device.codes["user_code"], "status": "pending"}
    assert problem_of(device.decide("approve", token)) == (400, "invalid_request")
    device.look(token)
    other = Account(device.account.server).signed_up.json()["token"]
    assert problem_of(device.decide("approve", other)) == (403, "access_denied")


def test_wants_a_session_to_decide(device: Device) -> None:
    assert problem_of(device.decide("approve", "dead")) == (401, "unauthorized")


def test_can_be_decided_once(device: Device) -> None:
    token = device.account.sign_in().json()["token"]
    device.look(token)
    device.decide("deny", token)
    assert problem_of(device.decide("approve", token)) == (400, "invalid_request")


def test_rotating_servers_give_a_refresh_token_with_it(running: Callable[..., Server]) -> None:
    device = Device(Account(running(mode="rotating", device_interval=0)))
    device.post_page("allow")
    answer = device.poll()
    assert device.account.refresh(answer.headers["set-refresh-token"]).status_code == 200


@pytest.mark.parametrize(("decision", "status"), [("allow", 200), ("deny", 400)])
def test_the_page_decides(device: Device, decision: str, status: int) -> None:
    page = device.account.client.get("/device", params={"user_code": device.codes["user_code"]})
    assert device.codes["user_code"] in page.text
    assert 'role="alert"' not in page.text
    sessions = device.account.server.control("live_sessions", email=device.account.email)
    assert "You can close this page" in device.post_page(decision).text
    assert device.account.server.control("live_sessions", email=device.account.email) == sessions
    assert device.poll().status_code == status


def test_the_page_says_what_is_wrong(device: Device) -> None:
    assert "Wrong e-mail or password." in device.post_page("allow", password="wrong password").text
    assert problem_of(device.poll()) == (400, "authorization_pending")
    device.post_page("allow")
    assert 'role="alert"' in device.post_page("allow").text


def test_the_page_quotes_what_it_is_given(device: Device) -> None:
    page = device.account.client.get("/device", params={"user_code": '"><script>alert(1)</script>'})
    assert "<script" not in page.text
