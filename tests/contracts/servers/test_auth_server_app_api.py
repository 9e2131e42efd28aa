"""The application's own API, on every auth server."""

from __future__ import annotations

from typing import Any

import pytest

from refapp.demo_server.routes import app_api
from steps.servers.server_account import Account, bearer_of, code_of


def put(account: Account, *notes: dict[str, object], since: int = 0) -> Any:
    """The answer to an upload."""
    headers = bearer_of(account.sign_in().json()["token"])
    answer = account.client.put(
        "/app/notes", json={"notes": notes, "since": since}, headers=headers
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


def note(name: str, text: str, *, revision: int = 0, deleted: bool = False) -> dict[str, object]:
    return {
        "id": of(name),
        "text": text,
        "changedAt": 1.5,
        "deleted": deleted,
        "revision": revision,
    }


def of(name: str) -> str:
    """The id of the note that a test calls ``name``:
    twelve hexadecimal digits, as the app reads them.
    """
    return f"{int.from_bytes(name.encode()):012x}"


class TestAppApi:
    """The application's own API: the notes of each user apart, changes in pieces, and none lost
    where two computers meet.
    """

    def test_takes_what_was_changed_from_what_it_has(self, account: Account) -> None:
        assert put(account, note("a", "first"))["taken"] == {of("a"): 1}
        answer = put(account, note("a", "second", revision=1), since=1)
        assert (answer["taken"], answer["notes"], answer["upTo"], answer["more"]) == (
            {of("a"): 2},
            [],
            2,
            False,
        )
        assert put(account)["notes"] == [note("a", "second", revision=2)]

    def test_tells_who_changed_something_else_instead(self, account: Account) -> None:
        put(account, note("a", "first"))
        put(account, note("a", "theirs", revision=1))
        answer = put(account, note("a", "mine", revision=1), since=1)
        assert (answer["taken"], answer["notes"]) == ({}, [note("a", "theirs", revision=2)])

    def test_says_the_same_again_to_who_missed_the_answer(self, account: Account) -> None:
        assert (
            put(account, note("a", "first"))["taken"]
            == put(account, note("a", "first"))["taken"]
            == {of("a"): 1}
        )

    def test_keeps_of_a_deleted_note_that_it_is_deleted(self, account: Account) -> None:
        put(account, note("a", "first"))
        assert put(account, note("a", "", revision=1, deleted=True))["taken"] == {of("a"): 2}
        assert put(account, since=1)["notes"] == [note("a", "", revision=2, deleted=True)]
        assert put(account, note("b", "", deleted=True))["taken"] == {of("b"): 0}
        assert [one["id"] for one in put(account)["notes"]] == [of("a")]

    def test_answers_in_pieces(self, account: Account) -> None:
        for at in range(3):
            put(account, *[note(f"{at}{n}", "x" * 10_000) for n in range(20)])
        found, since, more = [], 0, True
        while more:
            answer = put(account, since=since)
            assert sum(len(one["text"]) for one in answer["notes"]) <= 256 * 1024
            found += answer["notes"]
            since, more = answer["upTo"], answer["more"]
        assert [one["revision"] for one in found] == list(range(1, 61))

    def test_a_revision_that_it_never_gave_counts_as_none(self, account: Account) -> None:
        put(account, note("a", "first"))
        assert len(put(account, since=99)["notes"]) == 1

    def test_says_how_much_room_there_is_and_takes_no_more(self, account: Account) -> None:
        room = put(account)["room"]
        for at in range(0, room, 1000):
            put(account, *[note(f"n{n}", "") for n in range(at, at + 1000)])
        answer = put(
            account, note("last", "no room"), note("n7", "changed", revision=8), since=room
        )
        assert (answer["taken"], answer["room"]) == ({of("n7"): room + 1}, 0)

    def test_shows_nobody_elses_notes(self, account: Account) -> None:
        other = Account(account.server)
        headers = bearer_of(account.sign_in().json()["token"])
        account.client.put(
            "/app/notes",
            json={"notes": [{"id": of("a"), "text": "x", "changedAt": 1}]},
            headers=headers,
        )
        theirs = other.client.get(
            "/app/notes", headers=bearer_of(other.sign_in().json()["token"])
        ).json()
        assert theirs["notes"] == []
        assert theirs["now"] > 1_600_000_000

    @pytest.mark.parametrize(
        "notes",
        [
            *(
                None,
                "x",
                [{"id": of("a")}],
                [{"id": of("a"), "text": "x", "changedAt": "1"}],
                [{"id": 1, "text": "x"}],
            ),
            # What another app may not store,
            # since this one could not read it, and with it none of the others.
            *(
                [{**note("a", "x"), "id": bad}]
                for bad in ("a", "", "../../elsewhere", of("a").upper()[:11] + "A", of("a") + "\n")
            ),
            *([{**note("a", "x"), "changedAt": bad}] for bad in (-1, 253_402_300_800, 1e300)),
            *([{**note("a", "x"), "revision": bad}] for bad in (-1, 0.5, 2**60)),
        ],
    )
    def test_refuses_what_is_no_notes(self, account: Account, notes: object) -> None:
        headers = bearer_of(account.sign_in().json()["token"])
        answer = account.client.put("/app/notes", json={"notes": notes}, headers=headers)
        assert code_of(answer) == (400, "VALIDATION_ERROR")

    @pytest.mark.parametrize(
        ("text", "summary"),
        [
            ("One two. Three!", "One two. (2 sentences, 3 words)"),
            ("Word", "Word (1 sentence, 1 word)"),
            (" ", "Nothing to summarise."),
        ],
    )
    def test_summarises(self, account: Account, text: str, summary: str) -> None:
        headers = bearer_of(account.sign_in().json()["token"])
        assert account.client.post(
            "/app/summarise", json={"text": text}, headers=headers
        ).json() == {"summary": summary}

    def test_has_all_of_it_and_wants_a_session_for_that(self, account: Account) -> None:
        for method, path in app_api.ROUTES:
            assert code_of(account.client.request(method, path, json={})) == (401, "UNAUTHORIZED")

    def test_refuses_too_much(self, account: Account) -> None:
        headers = bearer_of(account.sign_in().json()["token"])
        assert (
            account.client.post(
                "/app/summarise", json={"text": "x" * 100_001}, headers=headers
            ).status_code
            == 413
        )
        for notes in ([note(f"{n}", "") for n in range(1001)], [note("a", "x" * 100_001)]):
            answer = account.client.put("/app/notes", json={"notes": notes}, headers=headers)
            assert code_of(answer) == (413, "TOO_LARGE")
