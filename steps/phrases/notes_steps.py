"""Notes: changed here, on another computer, and what is left of them on the disk."""

from __future__ import annotations

import json
import time
from typing import Any

from pytest_bdd import given, parsers, then, when

from steps.phrases.inside_steps import Inside
from steps.scenario.driver import Driver
from steps.scenario.ledger import Ledger
from steps.scenario.people import PEOPLE

CHANGES = r'(?P<who>\w+) (changed|changes) the note to "(?P<text>[^"]+)"'
ELSEWHERE = (
    r"(?P<who>\w+) has (deleted the note|(?P<how>added the note as|changed the note to) "
    r'"(?P<text>[^"]+)") on another computer'
)
COPY = "note of yesterday.json"
ONE_DAY_S = 86400.0


@given(parsers.re(CHANGES))
@when(parsers.re(CHANGES))
def _(driver: Driver, who: str, text: str) -> None:
    assert who in PEOPLE
    driver.change_note(text)


@given(parsers.re(r"(?P<who>\w+) has opened the oldest note"))
def _(inside: Inside, who: str) -> None:
    assert who in PEOPLE
    inside.driver.open_oldest_note()


@given(parsers.re(ELSEWHERE))
def _(driver: Driver, who: str, text: str | None, how: str | None) -> None:
    """Another computer has what the server has of her one note, or what this one has."""
    assert who in PEOPLE
    pair = driver.tokens()
    assert pair is not None
    found = driver.ask("/app/notes", pair.access)
    assert found is not None
    [note] = [_unknown_to_the_server(driver)] if how == "added the note as" else found["notes"]
    changed = note | {
        "text": text or "",
        "deleted": text is None,
        "changedAt": note["changedAt"] + 1,
    }
    headers = {"authorization": f"Bearer {pair.access}", "content-type": "application/json"}
    status, _ = driver.send("PUT", "/app/notes", headers, json.dumps({"notes": [changed]}).encode())
    assert status == 200


def _unknown_to_the_server(driver: Driver) -> dict[str, Any]:
    driver.need("refapp's files")
    [file] = (driver.folder / "notes").rglob("*.json")
    note = json.loads(file.read_text())
    return {"id": note["id"], "changedAt": note["changedAt"], "revision": 0}


@then(parsers.re(r"(?P<number>no|1|2) notes? (is|are) left on the disk"))
def _(driver: Driver, number: str) -> None:
    driver.need("refapp's files")
    found = list((driver.folder / "notes").rglob("*.json"))
    assert len(found) == (0 if number == "no" else int(number))


@given(parsers.re(r"(?P<number>[\d,]+) notes were written on the computer(?P<day> yesterday)?"))
def _(driver: Driver, number: str, day: str | None) -> None:
    """By nobody, and before the app is started; years ago, where nothing is said of that."""
    driver.need("refapp's files")
    folder = driver.folder / "notes" / "nobody"
    folder.mkdir(mode=0o700, parents=True)
    for one in range(int(number.replace(",", ""))):
        at = (time.time() - ONE_DAY_S if day else 1000.0) + one
        note = {"id": f"{one:012x}", "text": f"Note {one}.", "changedAt": at}
        (folder / f"{note['id']}.json").write_bytes(json.dumps(note).encode())


@given(
    parsers.re(
        r"the (?P<which>file|copy) of the note was "
        r"(?P<what>damaged|put back from a backup|copied beside it|taken away)"
    )
)
def _(driver: Driver, which: str, what: str) -> None:
    driver.need("refapp's files")
    files = (driver.folder / "notes").rglob("*.json")
    [file] = [one for one in files if (one.name == COPY) == (which == "copy")]
    backup = driver.folder.parent / "note from a backup"
    if what == "taken away":
        file.unlink()
        return
    if what == "copied beside it":
        (file.parent / COPY).write_text(file.read_text())
        return
    if what == "damaged":
        backup.write_text(file.read_text())
    file.write_text("{" if what == "damaged" else backup.read_text())


@given(parsers.re(r"the folder of the notes was (?P<what>replaced by a file|put back)"))
def _(driver: Driver, what: str) -> None:
    driver.need("refapp's files")
    folder, away = driver.folder / "notes" / "nobody", driver.folder.parent / "notes"
    if what == "put back":
        folder.unlink()
        away.rename(folder)
        return
    folder.rename(away)
    folder.touch()


@given("somebody has deleted the file of the oldest note")
def _(driver: Driver) -> None:
    driver.need("refapp's files")
    files = (driver.folder / "notes").rglob("*.json")
    min(files, key=lambda file: float(json.loads(file.read_text())["changedAt"])).unlink()


ASKED = (
    r"the app's command (lists whose notes are here|"
    r"gives up (?P<whose>an account's notes|those written signed out))"
)


@when(parsers.re(ASKED), target_fixture="ended")
def _(inside: Inside, whose: str | None) -> tuple[int, str]:
    inside.driver.need("refapp's files")
    if whose is None:
        return inside.driver.run_notes(None)
    folders = {one.name for one in (inside.driver.folder / "notes").iterdir() if one.is_dir()}
    [account] = folders - {"nobody"} or {""}
    return inside.driver.run_notes(account if whose == "an account's notes" else "nobody")


@given(parsers.re(r"the server keeps (?P<most>\d+) notes? of a person"))
def _(driver: Driver, most: str) -> None:
    driver.server.do("limit_notes", most=int(most))


@then(parsers.parse('"{text}" was sent once'))
def _(inside: Inside, text: str) -> None:
    assert [text.encode() in request.content for request in inside.driver.requests()].count(
        True
    ) == 1


@given(parsers.parse("{who}'s account was deleted and made again"))
def _(driver: Driver, who: str) -> None:
    driver.server.do("replace_account", email=PEOPLE[who].email)


@then("both requests for notes were the same, but for the token")
def _(inside: Inside, ledger: Ledger) -> None:
    assert ledger.order().count("notes") == 2
    first, second = [
        request for request in inside.driver.requests() if request.url.path == "/app/notes"
    ][-2:]
    assert (first.method, first.url, first.content) == (second.method, second.url, second.content)
    assert first.headers["authorization"] != second.headers["authorization"]
