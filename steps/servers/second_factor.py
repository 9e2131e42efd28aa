"""Somebody's second factor on a real BetterAuth server: switching it on, and entering its codes (RFC 6238)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from steps.servers.server_account import PASSWORD, Account, bearer_of

STEP_S = 30


class SecondFactor:
    """The secret in the person's authenticator, and her backup codes."""

    def __init__(self, secret: bytes, backup_codes: list[str]) -> None:
        self._secret = secret
        self.backup_codes = backup_codes

    @classmethod
    def of(cls, enabled: dict[str, Any]) -> SecondFactor:
        """That of the answer to two-factor/enable."""
        secret = parse_qs(urlsplit(enabled["totpURI"]).query)["secret"][0]
        return cls(base64.b32decode(secret + "=" * (-len(secret) % 8)), enabled["backupCodes"])

    def code(self) -> str:
        """What the authenticator shows now."""
        mac = hmac.digest(self._secret, (int(time.time()) // STEP_S).to_bytes(8), hashlib.sha1)
        at = mac[-1] & 15
        return f"{(int.from_bytes(mac[at : at + 4]) & 0x7FFFFFFF) % 1_000_000:06}"

    def enter(self, account: Account, pending: httpx.Response) -> httpx.Response:
        """The second step after ``pending``, the answer to a right password."""
        return account.client.post(
            "/api/auth/two-factor/verify-totp", json={"code": self.code()}, headers=as_browser(account, pending)
        )


def as_browser(account: Account, answer: httpx.Response) -> dict[str, str]:
    """The cookies that ``answer`` set, and the server's own Origin: this step of BetterAuth's wants both."""
    cookies = "; ".join(line.split(";")[0] for line in answer.headers.get_list("set-cookie"))
    return {"cookie": cookies, "origin": account.server.url}


def switched_on(account: Account) -> SecondFactor:
    """``account`` asks for a second factor from now on."""
    token = account.sign_in().headers["set-auth-token"]
    post = account.client.post
    enabled = post("/api/auth/two-factor/enable", json={"password": PASSWORD}, headers=bearer_of(token)).json()
    factor = SecondFactor.of(enabled)
    post("/api/auth/two-factor/verify-totp", json={"code": factor.code()}, headers=bearer_of(token)).raise_for_status()
    return factor
