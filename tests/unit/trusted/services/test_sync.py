"""A round of sync that brings many notes: the app goes on meanwhile, and may find itself with
another person (EX-6).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import cast

import msgspec

from refapp.snapshot import Phase
from refapp.trusted.errors import CallError
from refapp.trusted.files.owner import Owner
from refapp.trusted.recorder import Recorder
from refapp.trusted.rules.session_state import State
from refapp.trusted.server.verdict import Reply
from refapp.trusted.services.apart_notes import ApartNotes
from refapp.trusted.services.around import Around
from refapp.trusted.services.assistant import Assistant
from refapp.trusted.services.own_sessions import OwnSessionList
from refapp.trusted.services.pieces import Sent
from refapp.trusted.services.sync import Sync
from refapp.trusted.services.workspace import Workspace
from refapp.trusted.shell.api_client import ApiClient
from steps.fakes.virtual_time import VirtualTime

ADA, BOB = (Owner("https://auth.example.com", name, 1) for name in ("ada", "bob"))
MANY = 50


class Server:
    """Has ``MANY`` notes."""

    async def fetch(
        self, method: str, path: str, body: bytes | None = None, *, owner: Owner
    ) -> Reply:
        assert owner == ADA
        notes = [Sent(f"{n:012x}", f"Note {n}", 1.0, False, n + 1) for n in range(MANY)]
        answer = {"notes": notes, "taken": {}, "upTo": MANY, "more": False, "room": 1000}
        return Reply(200, {"content-type": "application/json"}, msgspec.json.encode(answer))


def seen_meanwhile(
    folder: Path, look: Callable[[Sync, Workspace, int], None]
) -> tuple[Sync, Workspace]:
    """``look`` is called whenever the loop has a turn, with how many notes there are."""
    notes = Workspace(folder, Recorder(), lambda: 1.0)
    notes.belong_to(ADA)
    api = cast("ApiClient", Server())
    sync = Sync(
        folder,
        api=api,
        workspace=notes,
        recorder=Recorder(),
        clock=lambda: 1.0,
        changed=lambda: None,
    )
    sync.enable(ADA)

    async def story() -> None:
        round_of_sync = asyncio.create_task(sync.run())
        while not round_of_sync.done():
            look(sync, notes, len(notes.all()))
            await asyncio.sleep(0)

    asyncio.run(story())
    return sync, notes


def test_everything_else_has_its_turn_between_two_notes(tmp_path: Path) -> None:
    turns: list[int] = []
    sync, notes = seen_meanwhile(tmp_path, lambda _sync, _notes, count: turns.append(count))
    assert (sync.service.state, len(notes.all())) == ("ready", MANY)
    assert set(range(1, MANY)) <= set(turns)


def test_a_person_who_comes_in_between_gets_nothing_of_the_others(tmp_path: Path) -> None:
    def bob_comes(sync: Sync, notes: Workspace, count: int) -> None:
        if count == MANY // 2:
            sync.enable(BOB)
            notes.belong_to(BOB)

    _, notes = seen_meanwhile(tmp_path, bob_comes)
    assert notes.all() == []
    assert not list(tmp_path.glob("sync-*.json"))
    notes.belong_to(ADA)
    assert len(notes.all()) == MANY // 2


def test_who_waits_for_the_server_sees_her_own_last_sync(tmp_path: Path) -> None:
    """Ada's was a moment ago, and Bob has just signed in in another copy (OW-6)."""
    sync, _ = seen_meanwhile(tmp_path, lambda *_: None)
    assert sync.service.done_at == 1.0
    sync.pause("Waiting for the server.", BOB)
    assert sync.service.done_at is None
    sync.pause("Waiting for the server.", ADA)
    assert sync.service.done_at == 1.0


def test_another_person_in_place_of_the_first_is_synced_too_and_nothing_that_was_planned_is_left(
    tmp_path: Path,
) -> None:
    """The server says that the session is Bob's, while it goes on (IN-1, OW-1)."""
    time = VirtualTime()
    asked: list[str] = []

    class Failing:
        async def fetch(
            self, method: str, path: str, body: bytes | None = None, *, owner: Owner
        ) -> Reply:
            asked.append(owner.user_id)
            raise CallError("No.")

    async def story() -> None:
        notes = Workspace(tmp_path, Recorder(), time.now)
        api = cast("ApiClient", Failing())
        sync = Sync(
            tmp_path,
            api=api,
            workspace=notes,
            recorder=Recorder(),
            clock=time.now,
            changed=lambda: None,
        )
        apart = ApartNotes(tmp_path, Recorder())
        around = Around(
            notes, sync, Assistant(api), OwnSessionList(api, lambda: None, lambda: None), apart
        )
        state = State(phase=Phase.SIGNED_IN)
        assert around.follow(state, ADA)
        assert not around.follow(state, ADA)
        await sync.run()
        assert sync.service.state == "failed"
        assert around.follow(state, BOB)
        assert sync.service.state == "ready"
        await asyncio.sleep(600)
        assert asked == ["ada"]
        await sync.run()
        assert asked == ["ada", "bob"]
        await sync.close()

    task = time.start(story())
    time.advance(1000)
    task.result()
    time.close()


def test_a_round_that_was_broken_off_is_run_again_and_a_closed_sync_plans_nothing(
    tmp_path: Path,
) -> None:
    """The window that asked for it is gone, and with it the question (NM-3)."""
    time = VirtualTime()
    asked: list[str] = []

    class Hanging:
        async def fetch(
            self, method: str, path: str, body: bytes | None = None, *, owner: Owner
        ) -> Reply:
            asked.append(path)
            await asyncio.sleep(3600)
            raise AssertionError("nobody waits so long")

    async def story() -> None:
        notes = Workspace(tmp_path, Recorder(), time.now)
        notes.belong_to(ADA)
        api = cast("ApiClient", Hanging())
        sync = Sync(
            tmp_path,
            api=api,
            workspace=notes,
            recorder=Recorder(),
            clock=time.now,
            changed=lambda: None,
        )
        sync.enable(ADA)
        for _ in range(2):
            asking = asyncio.create_task(sync.run())
            await asyncio.sleep(1)
            asking.cancel()
            await asyncio.wait([asking])
        assert sync.service.state == "ready"
        await asyncio.sleep(10)
        assert len(asked) == 3
        await sync.close()
        await asyncio.sleep(600)
        assert len(asked) == 3
        assert len(asyncio.all_tasks()) == 1

    task = time.start(story())
    time.advance(1000)
    task.result()
    time.close()
