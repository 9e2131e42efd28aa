"""What a person does in the browser who has more than a password, or less: on the pages of real BetterAuth, form by form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import parse_qs, urlencode, urlsplit

from steps.scenario.browser_page import Deed
from steps.scenario.people import Person
from steps.servers.auth_servers import AuthServer
from steps.servers.visitor import Visitor

NEW_PASSWORD = "another engine"


def do(server: AuthServer, link: str, person: Person, deed: Deed) -> str:
    """Open the app's ``link`` and do ``deed`` there; where the browser was sent for the app.

    Raises:
        AssertionError: a page is not as it should be, or the app is not reached.
    """
    query = urlsplit(link).query
    back = parse_qs(query)["redirect_uri"][0]
    with Visitor(back) as visitor:
        visitor.open(f"{server.url}/sign-in?{query}")
        DEEDS[deed](visitor, server, query, person)
        assert visitor.led_to, visitor.page
        return visitor.led_to


def _makes_an_account(visitor: Visitor, _server: AuthServer, _query: str, person: Person) -> None:
    visitor.follow("No account yet?")
    visitor.press("Sign up", name=person.name, email=person.email, password=person.password)


def _asks_for_a_new_password(visitor: Visitor, server: AuthServer, query: str, person: Person) -> None:
    visitor.follow("Forgot your password?")
    visitor.press("Send me a message", email=person.email)
    visitor.open(f"{server.url}/new-password?{query}&{urlencode({'token': server.mail_to(person.email)})}")
    visitor.press("Change it", password=NEW_PASSWORD)
    visitor.press("Sign in", email=person.email, password=NEW_PASSWORD)


def _signs_in_elsewhere(visitor: Visitor, _server: AuthServer, _query: str, person: Person) -> None:
    visitor.press("Sign in with Example")
    assert person.email in visitor.page, visitor.page
    visitor.press("Go on in the app")


DEEDS: Mapping[Deed, Callable[[Visitor, AuthServer, str, Person], None]] = {
    "makes an account": _makes_an_account,
    "asks for a new password": _asks_for_a_new_password,
    "signs in with her account elsewhere": _signs_in_elsewhere,
}
