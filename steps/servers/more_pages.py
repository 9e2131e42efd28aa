"""What a person does in the browser who has more than a password, or less: on the pages of real
BetterAuth, form by form.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from steps.scenario import authenticator
from steps.scenario.browser_page import Deed
from steps.scenario.people import Person
from steps.servers import chromium
from steps.servers.auth_servers import AuthServer
from steps.servers.visitor import Visitor

NEW_PASSWORD = "another engine"


def do(server: AuthServer, link: str, person: Person, deed: Deed) -> str:
    """Open the app's ``link`` and do ``deed`` there;
    where the browser was sent for the app, empty if it went there itself.

    Raises:
        AssertionError: a page is not as it should be, or the app is not reached.
    """
    query = urlsplit(link).query
    if deed == "signs in with a passkey":
        _with_passkey(server, query, person)
        return ""
    back = parse_qs(query)["redirect_uri"][0]
    with Visitor(back) as visitor:
        visitor.open(f"{server.url}/sign-in?{query}")
        DEEDS[deed](visitor, server, query, person)
        assert visitor.led_to, visitor.page
        return visitor.led_to


def _makes_an_account(visitor: Visitor, _server: AuthServer, _query: str, person: Person) -> None:
    visitor.follow("No account yet?")
    visitor.press("Sign up", name=person.name, email=person.email, password=person.password)


def _asks_for_a_new_password(
    visitor: Visitor, server: AuthServer, query: str, person: Person
) -> None:
    visitor.follow("Forgot your password?")
    visitor.press("Send me a message", email=person.email)
    visitor.open(
        f"{server.url}/new-password?{query}&{urlencode({'token': server.mail_to(person.email)})}"
    )
    visitor.press("Change it", password=NEW_PASSWORD)
    visitor.press("Sign in", email=person.email, password=NEW_PASSWORD)


def _signs_in_elsewhere(visitor: Visitor, _server: AuthServer, _query: str, person: Person) -> None:
    visitor.press("Sign in with Example")
    assert person.email in visitor.page, visitor.page
    visitor.press("Go on in the app")


def _enters_a_code(visitor: Visitor, server: AuthServer, _query: str, person: Person) -> None:
    def send(method: str, path: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        answer = server.client.request(method, path, headers=dict(headers), content=body)
        return answer.status_code, answer.content

    hers = authenticator.switched_on(send, person)
    server.control("revoke_all", email=person.email)
    visitor.press("Sign in", email=person.email, password=person.password)
    assert not visitor.led_to, "the password was enough"
    visitor.press("From the authenticator", code=hers.code())


def _with_passkey(server: AuthServer, query: str, person: Person) -> None:
    """In a real browser: an authenticator is not a form.
    The pages go by the name of localhost there, as passkeys want it.
    """
    if chromium.program() is None:
        pytest.skip("no Chromium on the PATH")
    url = server.url.replace("127.0.0.1", "localhost")
    with chromium.Chromium() as browser:
        browser.open(f"{url}/passkey", "document.querySelector('[name=email]') !== null")
        browser.fill(email=person.email, password=person.password)
        browser.press("Sign in")
        browser.wait("document.querySelector('[data-passkey=add]') !== null")
        browser.press("Add a passkey")
        browser.wait("document.querySelector('output').textContent.includes('has a passkey now')")
        browser.open(
            f"{url}/sign-in?{query}",
            "document.querySelector('[data-passkey=\"sign-in\"]') !== null",
        )
        browser.press("Sign in with a passkey")
        browser.wait(f"document.body.innerText.includes('You are signed in as {person.email}')")
        browser.press("Go on in the app")
        browser.wait("location.hostname === '127.0.0.1'")


DEEDS: Mapping[Deed, Callable[[Visitor, AuthServer, str, Person], None]] = {
    "makes an account": _makes_an_account,
    "asks for a new password": _asks_for_a_new_password,
    "signs in with her account elsewhere": _signs_in_elsewhere,
    "enters the code of her authenticator": _enters_a_code,
}
