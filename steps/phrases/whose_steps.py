"""Several people, copies of the app and servers on one computer: who did what, and whose things
went where. Tagged @inproc.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from pytest_bdd import given, parsers, then, when

from steps.phrases.inside_steps import Inside
from steps.scenario.driver import Driver
from steps.scenario.people import PEOPLE, Person

ASKING = (
    r"the app itself is asking the server for (her|his) name(?P<jwt>, with a JWT)?"
    r"(, (?P<times>\d+) times at once)?"
)


@given(parsers.parse("{who} has signed in"))
def _(driver: Driver, who: str) -> None:
    person = PEOPLE[who]
    driver.add_account(person)
    driver.type_credentials(person.email, person.password)


@given(parsers.parse("{who} has signed in in the other copy"))
def _(inside: Inside, who: str) -> None:
    inside.driver.copy_signs_in(PEOPLE[who])


@given(parsers.parse('{who} changed the note to "{text}" in the other copy'))
def _(inside: Inside, who: str, text: str) -> None:
    assert who in PEOPLE
    inside.driver.copy_changes_note(text)


@given(parsers.parse("{who} has deleted the note in the other copy"))
def _(inside: Inside, who: str) -> None:
    assert who in PEOPLE
    inside.driver.copy_deletes_note()


@given(parsers.parse("another program has stored {who}'s tokens, and did not say whose they are"))
def _(inside: Inside, who: str) -> None:
    inside.driver.another_program_stores(**inside.driver.opened_by_another_program(PEOPLE[who]))


@given(parsers.parse("another program has stored {who}'s refresh token in place of {other}'s"))
def _(inside: Inside, who: str, other: str) -> None:
    assert other in PEOPLE
    opened = inside.driver.opened_by_another_program(PEOPLE[who])
    inside.driver.another_program_stores(refreshToken=opened["refreshToken"])


@given(parsers.parse('another program has stored "{text}" in place of {who}\'s access token'))
def _(inside: Inside, text: str, who: str) -> None:
    assert who in PEOPLE
    inside.driver.another_program_stores(accessToken=text)


@then("the window was told of no last sync")
def _(inside: Inside) -> None:
    assert inside.driver.last_sync() is None


@given("each server counts its users")
def _(inside: Inside) -> None:
    inside.driver.count_users()


@given(
    parsers.re(
        r"the app is started for (?P<which>another server|the first server again) from now on"
    )
)
def _(inside: Inside, which: str) -> None:
    assert which
    inside.driver.change_servers()


@when(parsers.parse("Mallory, another user of this computer, goes the way back with {whose} state"))
def _(inside: Inside, whose: str) -> None:
    assert whose.removesuffix("'s") in PEOPLE
    inside.driver.knock_as_another_user()


@given(parsers.re(ASKING))
def _(inside: Inside, jwt: str | None, times: str | None) -> None:
    path = "/app/jwt-me" if jwt else "/app/me"
    inside.driver.start_call("GET", path, jwt=jwt is not None, times=int(times or 1))


@then(parsers.parse('that call failed with "{sentence}"'))
def _(inside: Inside, sentence: str) -> None:
    assert inside.driver.call_came_to() == sentence


@then(parsers.re(r'(?P<text>"[^"]+") went to no server with (?P<who>\w+)\'s token'))
def _(inside: Inside, text: str, who: str) -> None:
    assert PEOPLE[who].email not in inside.driver.sent_as(text.strip('"'))


@then(parsers.re(r"(?P<who>\w+)'s account holds (no note|the notes? (?P<texts>.+))"))
def _(inside: Inside, who: str, texts: str | None) -> None:
    wanted = [text.strip('"') for text in texts.split(" and ")] if texts else []
    assert sorted(inside.driver.notes_of(PEOPLE[who])) == sorted(wanted)


@given(parsers.parse("{number:d} of her sessions have ended before"))
def _(driver: Driver, number: int) -> None:
    """Hers who is signed in; a day apart, the newest last."""
    driver.need("refapp's files")
    [profile] = driver.folder.glob("profile-*.json")
    whose = json.loads(profile.read_text())["id"]
    ends = [
        {
            "at": 1_700_000_000.0 + one * 86_400,
            "sentence": f"Session {one} has ended.",
            "user_id": whose,
        }
        for one in range(1, number + 1)
    ]
    path = profile.with_name(profile.name.replace("profile-", "history-"))
    path.write_text(json.dumps(ends))


@then("these reasons are kept, and no other:")
def _(driver: Driver, datatable: Sequence[Sequence[str]]) -> None:
    [file] = driver.folder.glob("history*.json")
    assert [one["sentence"] for one in json.loads(file.read_text())] == [
        sentence for [sentence] in datatable
    ]


@given(
    parsers.re(
        r'version 0.1.0 kept the note "(?P<text>[^"]+)" of (?P<who>\w+), and her '
        r"(?P<which>name|former name)$"
    )
)
def _(inside: Inside, text: str, who: str, which: str) -> None:
    inside.driver.add_account(PEOPLE[who])
    name = PEOPLE[who].name if which == "name" else "Ada Byron"
    if which == "name":
        for newer in ("profile-*.json", "sync-*.json"):
            for file in inside.driver.folder.glob(newer):
                file.unlink()
    _kept_before(inside, PEOPLE[who], inside.driver.user_id(PEOPLE[who]), name, text)


def _kept_before(inside: Inside, person: Person, user_id: str, name: str, text: str) -> None:
    """The files as that version wrote them: one name and one history for all servers, notes by the
    user's id alone.
    """
    folder = inside.driver.folder
    note = {"id": "0123456789ab", "text": text, "changedAt": 1_900_000_000.0, "deleted": False}
    profile = {"id": user_id, "name": name, "email": person.email, "image": None}
    state = {"user_id": user_id, "done_at": 1_900_000_000.0}
    reason = {"at": 1_900_000_000.0, "sentence": "Your session ended before the update."}
    place = f"notes/{hashlib.sha256(user_id.encode()).hexdigest()[:16]}/{note['id']}.json"
    files = {place: note, "settings.json": profile, "sync.json": state, "history.json": [reason]}
    for file, content in files.items():
        path = folder / file
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.write_text(json.dumps(content))


@then("nothing of version 0.1.0 is left where it was")
def _(driver: Driver) -> None:
    assert not [
        name
        for name in ("settings.json", "sync.json", "history.json")
        if (driver.folder / name).exists()
    ]


@then("what version 0.1.0 kept is still there")
def _(driver: Driver) -> None:
    assert (driver.folder / "settings.json").exists()
    assert len(list((driver.folder / "notes").glob("*/0123456789ab.json"))) == 1
