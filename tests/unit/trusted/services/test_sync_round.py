"""What two computers, a small server and a year of notes do to sync:
nothing is lost or comes back (IN-8, NT-4).
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import weakref
from pathlib import Path
from typing import cast

import msgspec
import pytest

from refapp.demo_server.state import notes as server_notes
from refapp.demo_server.state.notes import Note as ServerNote, Notes
from refapp.trusted.errors import CallError, WriteNotDurable
from refapp.trusted.files import atomic_file
from refapp.trusted.files.owner import Owner
from refapp.trusted.recorder import Recorder
from refapp.trusted.server.verdict import Reply
from refapp.trusted.services.sync import Sync
from refapp.trusted.services.workspace import Workspace
from refapp.trusted.shell.api_client import ApiClient
from refapp.trusted.wording import file_words

ADA = Owner("https://auth.example.com", "ada", 1)


class Server:
    """The example server's notes, behind a limit on a body's bytes.
    ``loses``: the next answer does not arrive.
    """

    def __init__(self, most_bytes: int = 2**20) -> None:
        db = sqlite3.connect(":memory:")
        weakref.finalize(self, db.close)
        db.row_factory = sqlite3.Row
        self.notes = Notes(db)
        self.most_bytes = most_bytes
        self.loses = False
        self.sizes: list[int] = []

    async def fetch(
        self, method: str, path: str, body: bytes | None = None, *, owner: Owner
    ) -> Reply:
        assert (method, path, owner) == ("PUT", "/app/notes", ADA)
        assert body is not None
        self.sizes.append(len(body))
        upload = json.loads(body)
        if len(body) > self.most_bytes or len(upload["notes"]) > server_notes.MAX_NOTES:
            return Reply(413, {}, b"<html>too large</html>")
        taken = self.notes.merge(
            "ada", [msgspec.convert(note, ServerNote) for note in upload["notes"]]
        )
        page = self.notes.page("ada", upload["since"])
        news = [note for note in page.notes if taken.get(note.id) != note.revision]
        if self.loses:
            self.loses = False
            raise CallError("The server broke off its answer.")
        answer = {
            "taken": taken,
            "notes": news,
            "upTo": page.up_to,
            "more": page.more,
            "room": page.room,
        }
        return Reply(200, {"content-type": "application/json"}, msgspec.json.encode(answer))

    def texts(self) -> list[str]:
        return sorted(note.text for note in self.notes.of_user("ada") if not note.deleted)


class Computer:
    """One with Ada's notes, and its own idea of the time."""

    def __init__(self, folder: Path, server: Server, now: float = 1000.0) -> None:
        self.folder, self.now = folder, now
        self.notes = Workspace(folder, Recorder(), lambda: self.now)
        self.notes.belong_to(ADA)
        api = cast("ApiClient", server)
        self.sync = Sync(
            folder,
            api=api,
            workspace=self.notes,
            recorder=Recorder(),
            clock=lambda: self.now,
            changed=lambda: None,
        )
        self.sync.enable(ADA)

    def synced(self) -> str:
        """What a round comes to: its sentence, nothing if all is well."""
        self.now += 1

        async def once() -> None:
            await self.sync.run()
            self.sync._next.cancel()

        asyncio.run(once())
        return self.sync.service.sentence

    def texts(self) -> list[str]:
        return sorted(note.text for note in self.notes.all() if not note.deleted)

    def files(self) -> int:
        return len(list(self.folder.rglob("notes/*/*.json")))


@pytest.fixture(autouse=True)
def quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands of writes: no power is cut here, and nothing waits for the disk to confirm them."""
    monkeypatch.setattr(atomic_file, "confirmed", lambda fd: None)


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def one(tmp_path: Path, server: Server) -> Computer:
    return Computer(tmp_path / "one", server)


@pytest.fixture
def other(tmp_path: Path, server: Server) -> Computer:
    return Computer(tmp_path / "other", server, now=500.0)


def both_have(one: Computer, other: Computer, text: str) -> str:
    note = one.notes.save(None, text)
    assert one.synced() == other.synced() == ""
    assert other.notes.text(note) == text
    return note


def test_a_thousand_and_one_notes_that_were_written_and_deleted_leave_nothing_and_sync_goes_on(
    server: Server, one: Computer
) -> None:
    for number in range(1001):
        note = one.notes.save(None, f"Note {number}")
        if number % 100 == 0:
            assert one.synced() == ""
        one.notes.delete(note)
    assert one.synced() == ""
    one.notes.save(None, "Still here")
    assert one.synced() == ""
    assert (server.texts(), one.files()) == (["Still here"], 1)
    assert max(server.sizes[-2:]) < 1000


def test_a_thousand_and_one_that_were_deleted_before_the_server_ever_answered_go_too(
    server: Server, one: Computer
) -> None:
    for number in range(1001):
        one.notes.delete(one.notes.save(None, f"Note {number}"))
    assert one.synced() == ""
    assert (one.files(), server.notes.of_user("ada")) == (0, [])


@pytest.mark.parametrize(("many", "characters"), [(110, 10_000), (20, 60_000), (12, 100_000)])
def test_many_long_notes_go_and_come_in_pieces(
    server: Server, one: Computer, other: Computer, many: int, characters: int
) -> None:
    for number in range(many):
        one.notes.save(None, f"{number:03}" + "x" * (characters - 3))
    assert one.synced() == other.synced() == ""
    assert one.texts() == other.texts() == server.texts()
    assert len(server.texts()) == many
    assert max(server.sizes) <= 2**20


def test_only_what_has_changed_is_sent(server: Server, one: Computer) -> None:
    notes = [one.notes.save(None, f"{number}" + "x" * 1000) for number in range(50)]
    assert one.synced() == ""
    one.notes.save(notes[7], "Changed")
    server.sizes.clear()
    assert one.synced() == ""
    assert len(server.sizes) == 1
    assert server.sizes[0] < 300


def test_pieces_become_as_small_as_the_server_wants_them_and_stay_so(tmp_path: Path) -> None:
    server = Server(most_bytes=10_000)
    one = Computer(tmp_path, server)
    for number in range(40):
        one.notes.save(None, f"{number}" + "x" * 3000)
    assert one.synced() == ""
    assert len(server.texts()) == 40
    one.notes.save(None, "y" * 3000)
    server.sizes.clear()
    assert one.synced() == ""
    assert len(server.sizes) == 1


def test_a_note_that_is_too_large_by_itself_is_named_and_kept_and_holds_up_no_other(
    tmp_path: Path,
) -> None:
    server = Server(most_bytes=10_000)
    one = Computer(tmp_path, server)
    small = one.notes.save(None, "Milk")
    one.now += 1
    one.notes.save(None, "The long story" + "x" * 20_000)
    one.now += 1
    one.notes.save(None, "Bread")
    said = one.synced()
    assert "“The long story" in said
    assert "kept on this computer" in said
    assert server.texts() == ["Bread", "Milk"]
    assert len(one.texts()) == 3
    one.notes.save(small, "Milk and tea")
    assert "The long story" in one.synced()
    assert server.texts() == ["Bread", "Milk and tea"]


def test_a_note_for_which_the_server_has_no_room_is_named_and_goes_once_there_is(
    one: Computer, server: Server
) -> None:
    server.notes.most = 1
    first = one.notes.save(None, "First")
    assert one.synced() == ""
    assert one.sync.room == 0
    one.notes.save(None, "Second")
    assert "no room for “Second”" in one.synced()
    one.notes.delete(first)
    one.synced()
    assert one.synced() == ""
    assert server.texts() == one.texts() == ["Second"]


def test_two_computers_that_changed_one_note_keep_both_texts(
    server: Server, one: Computer, other: Computer
) -> None:
    note = both_have(one, other, "First")
    one.notes.save(note, "From the desk")
    other.notes.save(note, "From the train")
    assert one.synced() == other.synced() == one.synced() == ""
    assert one.texts() == other.texts() == server.texts() == ["From the desk", "From the train"]


def test_a_text_that_the_disk_does_not_confirm_stays_in_its_place_and_becomes_no_note_at_each_try(
    server: Server, one: Computer, other: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = both_have(one, other, "First")
    one.notes.save(note, "From the desk")
    other.notes.save(note, "From the train")
    assert one.synced() == ""
    with monkeypatch.context() as trouble:
        trouble.setattr(atomic_file, "_sync_folder", unsure)
        for _ in range(3):
            assert "did not confirm" in other.synced()
        assert (other.texts(), other.files()) == (["From the train"], 1)
    assert other.synced() == one.synced() == ""
    assert one.texts() == other.texts() == server.texts() == ["From the desk", "From the train"]


def unsure(path: Path) -> None:
    raise WriteNotDurable(file_words.not_confirmed(atomic_file.called(path)))


def test_what_is_typed_on_goes_to_the_text_that_it_belongs_to(
    one: Computer, other: Computer
) -> None:
    note = both_have(one, other, "First")
    one.notes.save(note, "From the desk")
    other.notes.save(note, "From the train")
    assert one.synced() == other.synced() == ""
    moved = other.notes.save(note, "From the train, and on")
    assert moved != note
    assert other.notes.save(moved, "From the train, and further on") == moved
    assert other.texts() == ["From the desk", "From the train, and further on"]


def test_an_answer_that_was_lost_makes_no_second_note(server: Server, one: Computer) -> None:
    note = one.notes.save(None, "First")
    server.loses = True
    assert "broke off" in one.synced()
    one.notes.save(note, "First, and second")
    assert one.synced() == ""
    assert server.texts() == one.texts() == ["First, and second"]


def test_a_text_outlives_a_deletion_on_the_other_computer(
    server: Server, one: Computer, other: Computer
) -> None:
    note = both_have(one, other, "First")
    one.notes.delete(note)
    other.notes.save(note, "First, and second")
    assert one.synced() == other.synced() == one.synced() == ""
    assert one.texts() == other.texts() == server.texts() == ["First, and second"]


def test_a_deletion_comes_too_late_for_a_text_that_was_never_seen(
    server: Server, one: Computer, other: Computer
) -> None:
    note = both_have(one, other, "First")
    one.notes.save(note, "First, and second")
    other.notes.delete(note)
    assert one.synced() == other.synced() == ""
    assert one.texts() == other.texts() == server.texts() == ["First, and second"]


def test_a_note_that_was_deleted_elsewhere_is_gone_here_and_leaves_no_file(
    one: Computer, other: Computer
) -> None:
    note = both_have(one, other, "First")
    one.notes.delete(note)
    assert one.synced() == other.synced() == ""
    assert (other.texts(), other.files(), one.files()) == ([], 0, 0)


def test_what_is_written_while_a_round_goes_on_is_not_taken_for_sent(
    server: Server, one: Computer
) -> None:
    note = one.notes.save(None, "First")
    fetch = server.fetch

    async def typed_meanwhile(
        method: str, path: str, body: bytes | None = None, *, owner: Owner
    ) -> Reply:
        one.notes.save(note, "First, and second")
        return await fetch(method, path, body, owner=owner)

    server.fetch = typed_meanwhile  # type: ignore[method-assign]
    assert one.synced() == ""
    server.fetch = fetch  # type: ignore[method-assign]
    assert one.synced() == ""
    assert server.texts() == one.texts() == ["First, and second"]
