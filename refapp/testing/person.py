"""A person at the auth server's pages, as form posts (the pages have no scripts), and a browser in
which she says yes or no.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import Protocol
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx


class Account(Protocol):
    """Whose account it is, by what she enters."""

    @property
    def email(self) -> str: ...

    @property
    def password(self) -> str: ...


class AtServer(Account, Protocol):
    """An account at the server ``url``."""

    @property
    def url(self) -> str: ...


def decide(client: httpx.Client, link: str, account: Account, *, allow: bool) -> str:
    """Open ``link`` and say yes or no. Where the browser is sent then, empty if it stays.

    Raises:
        AssertionError: the page does not do what its link promises.
    """
    parts = urlsplit(link)
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    if parts.path == "/device":
        form = {
            "user_code": asked["user_code"],
            "email": account.email,
            "password": account.password,
        }
        said = client.post("/device", data={**form, "decision": "allow" if allow else "deny"}).text
        if "You can close this page" not in said:
            raise AssertionError(said)
        return ""
    if not allow:
        return (
            f"{asked['redirect_uri']}?"
            f"{urlencode({'error': 'access_denied', 'state': asked['state']})}"
        )
    answer = signed_in(client, link, account)
    if answer.status_code != 303:
        raise AssertionError(answer.text)
    return answer.headers["location"]


def signed_in(client: httpx.Client, link: str, account: Account) -> httpx.Response:
    """What the sign-in page at ``link`` answers to her e-mail and password."""
    parts = urlsplit(link)
    return client.post(
        f"{parts.path}?{parts.query}", data={"email": account.email, "password": account.password}
    )


class PersonsBrowser:
    """See ``refapp.trusted.sign_in.browser.Browser``.
    ``links``: what was opened. ``allow`` False: she says no.
    """

    def __init__(self, at: AtServer) -> None:
        self.links: list[str] = []
        self.allow = True
        self._at = at
        self._visits: set[asyncio.Task[None]] = set()

    async def open(self, link: str) -> bool:
        """She decides at ``link``, and is sent back to the program."""
        again = link in self.links
        self.links.append(link)
        if again:  # she has decided there
            return True
        visit = asyncio.get_running_loop().create_task(asyncio.to_thread(self._visit, link))
        self._visits.add(visit)
        visit.add_done_callback(self._visits.discard)
        return True

    def _visit(self, link: str) -> None:
        with httpx.Client(base_url=self._at.url, trust_env=False) as client:
            leads_to = decide(client, link, self._at, allow=self.allow)
            if leads_to:
                with contextlib.suppress(httpx.TransportError):  # the program waits for her no more
                    client.get(leads_to)
