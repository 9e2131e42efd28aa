"""The application's own API, on every auth server."""

from __future__ import annotations

import pytest

from steps.servers.server_account import Account, bearer_of, code_of


class TestAppApi:
    """The application's own API: the notes of each user apart, the latest change of each winning."""

    def test_keeps_the_latest_change_of_each_note(self, account: Account) -> None:
        headers = bearer_of(account.sign_in().json()["token"])
        old, new = {"id": "a", "text": "old", "changedAt": 1.0}, {"id": "a", "text": "new", "changedAt": 2.5}
        account.client.put("/app/notes", json={"notes": [new]}, headers=headers)
        answer = account.client.put("/app/notes", json={"notes": [old]}, headers=headers)
        assert answer.json()["notes"] == [{**new, "deleted": False}]
        gone = {**new, "changedAt": 3.0, "deleted": True}
        account.client.put("/app/notes", json={"notes": [gone]}, headers=headers)
        assert account.client.get("/app/notes", headers=headers).json()["notes"] == [gone]

    def test_changes_of_one_moment_settle_whichever_came_first(self, account: Account) -> None:
        other = Account(account.server)
        ours, theirs = {"id": "a", "text": "x", "changedAt": 1.0}, {"id": "a", "text": "y", "changedAt": 1.0}
        kept = []
        for somebody, order in ((account, [ours, theirs]), (other, [theirs, ours])):
            headers = bearer_of(somebody.sign_in().json()["token"])
            for note in order:
                somebody.client.put("/app/notes", json={"notes": [note]}, headers=headers)
            kept.append(somebody.client.get("/app/notes", headers=headers).json()["notes"][0]["text"])
        assert kept == ["y", "y"]

    def test_shows_nobody_elses_notes(self, account: Account) -> None:
        other = Account(account.server)
        headers = bearer_of(account.sign_in().json()["token"])
        account.client.put("/app/notes", json={"notes": [{"id": "a", "text": "x", "changedAt": 1}]}, headers=headers)
        theirs = other.client.get("/app/notes", headers=bearer_of(other.sign_in().json()["token"])).json()
        assert theirs["notes"] == []
        assert theirs["now"] > 1_600_000_000

    @pytest.mark.parametrize(
        "notes", [None, "x", [{"id": "a"}], [{"id": "a", "text": "x", "changedAt": "1"}], [{"id": 1, "text": "x"}]]
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
        assert account.client.post("/app/summarise", json={"text": text}, headers=headers).json() == {
            "summary": summary
        }

    def test_wants_a_session_for_all_of_it(self, account: Account) -> None:
        for method, path in [("GET", "/app/notes"), ("PUT", "/app/notes"), ("POST", "/app/summarise")]:
            assert code_of(account.client.request(method, path, json={})) == (401, "UNAUTHORIZED")

    def test_refuses_too_much(self, account: Account) -> None:
        headers = bearer_of(account.sign_in().json()["token"])
        assert account.client.post("/app/summarise", json={"text": "x" * 100_001}, headers=headers).status_code == 413
