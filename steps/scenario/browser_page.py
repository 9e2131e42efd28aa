"""What a person does in a browser, on the pages of the auth server, as form posts:
the pages have no scripts.

The same for the embedded server, in this process and in its own, and for real BetterAuth.
"""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Callable
from typing import Literal
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx

from steps.scenario.people import Person

Decision = Literal["allows", "denies"]
FromPage = Literal[
    "the code of the page",
    "the bare code of the page",
    "the address that the browser could not open",
]
Deed = Literal[
    "makes an account",
    "asks for a new password",
    "signs in with her account elsewhere",
    "signs in with a passkey",
    "enters the code of her authenticator",
]
"""What the pages of real BetterAuth have besides (``steps.servers.more_pages``)."""


def decide(client: httpx.Client, link: str, person: Person, decision: Decision) -> str:
    """Open ``link`` and say yes or no as ``person``.
    Where the browser is sent then, empty if it stays.

    Raises:
        AssertionError: the page does not do what its link promises.
    """
    from refapp.testing import person as person_at  # not at collection

    return person_at.decide(client, link, person, allow=decision == "allows")


def taken_from_page(client: httpx.Client, link: str, person: Person, what: FromPage) -> str:
    """Sign in on the page, and take ``what`` from there."""
    if what == "the address that the browser could not open":
        return decide(client, link, person, "allows")
    code = code_shown(client, link, person)
    if what == "the code of the page":
        return code
    # Without the state that stands in it.
    bare: str = json.loads(urlsafe_b64decode(code + "=" * (-len(code) % 4)))["identifier"]
    return bare


def code_shown(client: httpx.Client, link: str, person: Person) -> str:
    """Sign in on a page that knows no way back: the code that it shows."""
    from refapp.testing import person as person_at  # not at collection

    said = person_at.signed_in(client, link, person).text
    found = re.search(r"<code>([^<]+)</code>", said)
    assert found is not None, said
    return found[1]


def wrong_request(link: str, what: str, send: Callable[[int, bytes], bytes]) -> int:
    """Go to the way back that ``link`` names with something wrong; the status that answers.
    ``send(port, head)``: the network.
    """
    asked = parse_qs(urlsplit(link).query)
    back, state = urlsplit(asked["redirect_uri"][0]), asked["state"][0]
    query = urlencode({"code": "stolen", "state": "x" if what == "a wrong state" else state})
    target = {
        "a wrong path": f"/elsewhere?{query}",
        "no code": f"{back.path}?{urlencode({'state': state})}",
        "a code and a no": f"{back.path}?{query}&error=access_denied",
        "two states": f"{back.path}?{query}&state=x",
    }.get(what, f"{back.path}?{query}")
    method = "POST" if what == "another method" else "GET"
    hosts = {
        "another host's name": ["evil.example"],
        "two hosts' names": [back.netloc, "evil.example"],
    }.get(what, [back.netloc])
    named = "".join(f"Host: {host}\r\n" for host in hosts)
    head = f"{method} {target} HTTP/1.1\r\n{named}\r\n".encode()
    return int(send(back.port or 0, head).split(b" ")[1])
