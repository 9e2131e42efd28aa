"""What came of it: what the window shows, what became of the tokens, what else happened."""

from __future__ import annotations

from collections.abc import Sequence

from pytest_bdd import parsers, then

from steps.driver import Driver
from steps.ledger import Ledger
from steps.people import PEOPLE


@then(parsers.parse("the window shows {what}"))
def _(driver: Driver, what: str) -> None:
    assert driver.situation() == what


@then(parsers.re(r"the window has (?P<never>not )?shown (?P<what>.+) on the way"))
def _(driver: Driver, never: str | None, what: str) -> None:
    assert (what in driver.situations()) == (never is None)


@then(parsers.re(r'it (?P<how>says|does not say) "(?P<text>[^"]+)"'))
def _(driver: Driver, how: str, text: str) -> None:
    assert driver.says(text) == (how == "says"), driver.situation()


@then(parsers.parse('the app ends and says "{text}"'))
def _(ended: tuple[int, str], text: str) -> None:
    code, said = ended
    assert code != 0
    assert text in said
    assert "the app told" not in said


@then(parsers.parse("{who}'s tokens are stored"))
def _(driver: Driver, ledger: Ledger, who: str) -> None:
    pair = driver.tokens()
    assert pair is not None
    assert pair != ledger.before
    assert _whose(driver, pair.access) == PEOPLE[who].email


@then(parsers.re(r"(\w+'s|the stored) tokens are kept"))
def _(driver: Driver, ledger: Ledger) -> None:
    assert ledger.file_before is not None, "there were none before"
    assert driver.token_file().read_bytes() == ledger.file_before


@then(parsers.parse("{who}'s tokens are renewed"))
def _(driver: Driver, ledger: Ledger, who: str) -> None:
    pair = driver.tokens()
    assert pair is not None
    assert ledger.before is not None
    assert pair.access != ledger.before.access
    assert pair.refresh != ledger.before.refresh
    assert _whose(driver, pair.access) == PEOPLE[who].email


@then(parsers.parse("{who}'s tokens are gone"))
def _(driver: Driver, ledger: Ledger, who: str) -> None:
    assert who in PEOPLE
    assert ledger.file_before is not None, "there were none before"
    assert not driver.token_file().exists()


@then("no token is stored")
def _(driver: Driver, ledger: Ledger) -> None:
    assert ledger.file_before is None, "there was one before"
    assert not driver.token_file().exists()


@then(parsers.parse("no session of {who} is alive on the server"))
def _(driver: Driver, who: str) -> None:
    assert driver.server.do("live_sessions", email=PEOPLE[who].email) == 0


@then(parsers.parse('"{first}" came before "{second}"'))
def _(driver: Driver, ledger: Ledger, first: str, second: str) -> None:
    if "key" in f"{first} {second}":
        driver.need("ledger")
    happened = ledger.order()
    assert happened.index(first) < len(happened) - 1 - happened[::-1].index(second)


@then(parsers.re(r"access token and refresh token are (?P<number>the same|two)"))
def _(driver: Driver, number: str) -> None:
    pair = driver.tokens()
    assert pair is not None
    assert (pair.access == pair.refresh) == (number == "the same")


@then(parsers.re(r"sync and the assistant are (?P<state>ready|paused|off)"))
def _(driver: Driver, state: str) -> None:
    assert driver.services() == (state, state)


@then("the form still holds Ada's e-mail and no password")
def _(driver: Driver) -> None:
    assert driver.form() == (PEOPLE["Ada"].email, "password: 0 characters")


@then("the server saw these requests and no other:")
def _(driver: Driver, datatable: Sequence[Sequence[str]]) -> None:
    assert [[request] for request in driver.asked()] == [list(row) for row in datatable]
    assert len(datatable) == sum(effect.party == "server" for effect in driver.effects())


@then("it is another window than before")
def _(driver: Driver, ledger: Ledger) -> None:
    assert driver.windows() == ledger.windows_before + 1


@then(parsers.parse('the server holds the note "{text}"'))
def _(driver: Driver, text: str) -> None:
    assert text in _notes_on_server(driver)


@then("the server holds no note")
def _(driver: Driver) -> None:
    assert _notes_on_server(driver) == []


@then("this happened, and nothing else:")
def _(ledger: Ledger, datatable: Sequence[Sequence[str]]) -> None:
    ledger.name(datatable)


@then("nothing else happened")
def _(ledger: Ledger) -> None:
    ledger.name([])


def _whose(driver: Driver, access: str) -> str | None:
    found = driver.ask("/app/me", access)
    return None if found is None else str(found["email"])


def _notes_on_server(driver: Driver) -> list[str]:
    pair = driver.tokens()
    assert pair is not None
    found = driver.ask("/app/notes", pair.access)
    assert found is not None
    return [note["text"] for note in found["notes"] if not note["deleted"]]
