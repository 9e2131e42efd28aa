"""What came of it: what the window shows, what became of the tokens, what else happened."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pytest_bdd import parsers, then

from steps.scenario.driver import Driver
from steps.scenario.ledger import Ledger
from steps.scenario.people import PEOPLE

GUIDE = Path(__file__).parents[2] / "features" / "README.md"


@then(parsers.parse("the window shows {what}"))
def _(driver: Driver, what: str) -> None:
    assert driver.situation() == driver.meant(what)


@then(parsers.re(r"(?P<how>meanwhile the window showed|the window never showed) (?P<what>.+)"))
def _(driver: Driver, how: str, what: str) -> None:
    assert (driver.meant(what) in driver.situations()) == (how != "the window never showed")


@then(parsers.re(r'it (?P<how>says|does not say) "(?P<text>[^"]+)"'))
def _(driver: Driver, how: str, text: str) -> None:
    assert driver.says(text) in (None, how == "says"), driver.situation()


@then(parsers.parse('the app ends and says "{text}"'))
def _(driver: Driver, ended: tuple[int, str], text: str) -> None:
    code, said = ended
    assert code != 0
    assert driver.reads(text, said) in (None, True), said
    assert "the app told" not in said


@then(parsers.re(r"(?P<whose>\w+'s|the stored) tokens are (?P<fate>stored|renewed|kept|gone)"))
def _(driver: Driver, ledger: Ledger, whose: str, fate: str) -> None:
    if fate == "renewed":
        driver.need("refresh")
    if fate == "stored":
        assert driver.tokens() != ledger.before
    else:
        assert ledger.stored_before is not None, "there were none before"
    if fate == "kept":
        assert driver.stored() == ledger.stored_before
    elif fate == "gone":
        assert driver.stored() is None
    else:
        pair = driver.tokens()
        assert pair is not None
        assert _whose(driver, pair.access) == PEOPLE[whose.removesuffix("'s")].email
        assert fate == "stored" or (
            ledger.before is not None and not set(pair) & set(ledger.before)
        )


@then("no token is stored")
def _(driver: Driver, ledger: Ledger) -> None:
    assert ledger.stored_before is None, "there was one before"
    assert driver.stored() is None


@then(parsers.parse("no session of {who} is alive on the server"))
def _(driver: Driver, who: str) -> None:
    assert driver.server.do("live_sessions", email=PEOPLE[who].email) == 0


@then(parsers.parse('"{first}" came before "{second}"'))
def _(driver: Driver, ledger: Ledger, first: str, second: str) -> None:
    if "key" in f"{first} {second}":
        driver.need("ledger")
    if "tokens" in f"{first} {second}":
        driver.need("token file")
    happened = ledger.order()
    assert happened.index(first) < len(happened) - 1 - happened[::-1].index(second)


@then(parsers.re(r"access token and refresh token are (?P<number>the same|two)"))
def _(driver: Driver, number: str) -> None:
    pair = driver.tokens()
    assert pair is not None
    assert (pair.access == pair.refresh) == (number == "the same")


@then(parsers.re(r"sync and the assistant are (?P<state>ready|paused|off)"))
def _(driver: Driver, state: str) -> None:
    assert driver.services() in (None, (state, state))


@then(parsers.re(r"the form (still )?holds (?P<who>\w+)'s e-mail and no password"))
def _(driver: Driver, who: str) -> None:
    assert driver.form() in (None, (PEOPLE[who].email, "password: 0 characters"))


@then("the server saw these requests and no other:")
def _(driver: Driver, datatable: Sequence[Sequence[str]]) -> None:
    assert [[request] for request in driver.asked()] == [list(row) for row in datatable]
    assert len(datatable) == sum(effect.party == "server" for effect in driver.effects())


@then(parsers.re("it is (?P<which>another window than|the same window as) before"))
def _(driver: Driver, ledger: Ledger, which: str) -> None:
    driver.need("window process")
    assert driver.windows() == ledger.windows_before + (which == "another window than")


@then(parsers.re(r'the server holds (no note|the note "(?P<text>[^"]+)")'))
def _(driver: Driver, text: str | None) -> None:
    assert _notes_on_server(driver) == ([] if text is None else [text])


@then("this happened, and nothing else:")
def _(ledger: Ledger, datatable: Sequence[Sequence[str]]) -> None:
    ledger.name(datatable)


@then(parsers.re(r"what is usual at (?P<what>a start|a sign-in) happened, and nothing else"))
def _(ledger: Ledger, what: str) -> None:
    ledger.name(usual(what))


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


def usual(what: str) -> list[list[str]]:
    """The ledger's table that ``features/README.md`` calls so."""
    lines = GUIDE.read_text(encoding="utf-8").splitlines()
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in lines
        if line.startswith("| ")
    ]
    [parties] = [row for row in rows if row[0] == "at"]
    [happens] = [row for row in rows if row[0] == what]
    return [list(pair) for pair in zip(parties[1:], happens[1:], strict=True)]
