"""A person in a browser of her own, on the pages of an auth server: plain forms, cookies, the
Origin that browsers send.

Owns her cookies and the page that she sees.
She follows every redirect but the one back to the app, whose address she notes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from urllib.parse import urljoin, urlsplit

import httpx

BACK = "http://127.0.0.1:7777/callback"
"""Where the app would listen."""
_FORM = re.compile(r'<form method="post" action="([^"]*)">(.*?)</form>', re.DOTALL)


class Visitor:
    """A context manager.
    ``page``: the text that she sees; ``led_to``: where the browser was sent for the app, or empty.

    ``back``: the address at which the app listens.
    """

    def __init__(self, back: str = BACK) -> None:
        self._back = back
        self._http = httpx.Client(trust_env=False, timeout=30)
        self._at = ""
        self.page = ""
        self.led_to = ""
        self.status = 0

    def open(self, url: str) -> str:
        """Go there; the page."""
        return self._see(self._http.get(url), url)

    def press(self, button: str, **fields: str) -> str:
        """Fill in the form that has ``button`` and press it; the next page.

        Raises:
            AssertionError: the page has no such button.
        """
        for action, inside in _FORM.findall(self.page):
            found = re.search(
                rf'<button(?: name="(\w+)" value="([\w-]+)")?>{re.escape(button)}</button>', inside
            )
            if found is not None:
                hidden = dict(re.findall(r'<input name="(\w+)" value="([^"]*)"', inside))
                pressed = {found[1]: found[2]} if found[1] else {}
                return self._post(unescape(action), {**hidden, **fields, **pressed})
        raise AssertionError(f"no button {button!r} on: {self.page}")

    def has(self, button: str) -> bool:
        """Is there such a button?"""
        return f">{button}</button>" in self.page

    def follow(self, link: str) -> str:
        """Press a link of the page."""
        found = re.search(rf'<a href="([^"]*)">{re.escape(link)}</a>', self.page)
        assert found is not None, self.page
        return self.open(urljoin(self._at, unescape(found[1])))

    def alert(self) -> str:
        """What the page says is wrong; empty if nothing."""
        found = re.search(r'<p role="alert">([^<]*)', self.page)
        return unescape(found[1]) if found else ""

    def _post(self, action: str, fields: Mapping[str, str]) -> str:
        url, here = urljoin(self._at, action), urlsplit(self._at)
        headers = {"origin": f"{here.scheme}://{here.netloc}"}
        return self._see(self._http.post(url, data=dict(fields), headers=headers), url)

    def _see(self, answer: httpx.Response, url: str) -> str:
        while answer.is_redirect:
            url = urljoin(url, answer.headers["location"])
            if url.startswith(self._back):
                self.led_to = url
                break
            answer = self._http.get(url)
        self._at, self.page, self.status = url, answer.text, answer.status_code
        return self.page

    def __enter__(self) -> Visitor:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()
