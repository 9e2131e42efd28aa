"""Somebody's second factor on an auth server, for the tests of the servers: her ``Authenticator``,
and the step with its code.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from steps.scenario import authenticator
from steps.scenario.authenticator import Authenticator
from steps.scenario.people import Person
from steps.servers.server_account import PASSWORD, Account


def switched_on(account: Account) -> Authenticator:
    """``account`` asks for a second factor from now on."""

    def send(method: str, path: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        answer = account.client.request(method, path, headers=dict(headers), content=body)
        return answer.status_code, answer.content

    return authenticator.switched_on(send, Person("", "", account.email, PASSWORD))


def authenticator_of(enabled: Mapping[str, Any]) -> Authenticator:
    """The one that the answer to two-factor/enable is for."""
    [secret] = parse_qs(urlsplit(enabled["totpURI"]).query)["secret"]
    return Authenticator(secret, list(enabled["backupCodes"]))


def entered(
    account: Account, code: str, pending: httpx.Response, way: str = "totp"
) -> httpx.Response:
    """The second step, after the answer to a right password."""
    path = f"/api/auth/two-factor/verify-{way}"
    return account.client.post(path, json={"code": code}, headers=as_browser(account, pending))


def as_browser(account: Account, answer: httpx.Response) -> dict[str, str]:
    """The cookies that ``answer`` set, and the server's own Origin: BetterAuth wants both where it
    knows a person by a cookie.
    """
    cookies = "; ".join(line.split(";")[0] for line in answer.headers.get_list("set-cookie"))
    return {"cookie": cookies, "origin": account.server.url}
