"""What a person has beside the password: an authenticator app (RFC 6238) and a list of backup
codes, got from the server itself.

The same calls for the embedded server and for real BetterAuth.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from steps.scenario.people import Person

Send = Callable[[str, str, Mapping[str, str], bytes], tuple[int, bytes]]
PERIOD_S = 30


class Authenticator:
    """``secret`` is base32, as the server gave it;
    ``backup`` are the codes that were not used yet.
    """

    def __init__(self, secret: str, backup: list[str]) -> None:
        self._key = base64.b32decode(secret + "=" * (-len(secret) % 8))
        self.backup = backup
        self.last_backup = ""

    def code(self) -> str:
        """The one of this half minute."""
        mac = hmac.digest(self._key, int(time.time() // PERIOD_S).to_bytes(8, "big"), hashlib.sha1)
        start = mac[-1] & 15
        return f"{(int.from_bytes(mac[start : start + 4], 'big') & 0x7FFFFFFF) % 10**6:06}"

    def wrong_code(self) -> str:
        """One that is not right, now or in the half minutes beside."""
        return f"{(int(self.code()) + 500_000) % 10**6:06}"

    def backup_code(self) -> str:
        """The next of the list."""
        self.last_backup = self.backup.pop()
        return self.last_backup


def switched_on(send: Send, person: Person) -> Authenticator:
    """Give the account of ``person`` a second factor, as its settings page would.
    ``send``: method, path, headers, body.
    """

    def ask(path: str, body: dict[str, str], token: str = "") -> dict[str, Any]:
        headers = {"content-type": "application/json"} | (
            {"authorization": f"Bearer {token}"} if token else {}
        )
        status, said = send("POST", f"/api/auth/{path}", headers, json.dumps(body).encode())
        assert status == 200, (path, status, said)
        answer: dict[str, Any] = json.loads(said)
        return answer

    token = str(ask("sign-in/email", {"email": person.email, "password": person.password})["token"])
    given = ask("two-factor/enable", {"password": person.password}, token)
    [secret] = parse_qs(urlsplit(given["totpURI"]).query)["secret"]
    made = Authenticator(secret, list(given["backupCodes"]))
    ask("two-factor/verify-totp", {"code": made.code()}, token)
    return made
