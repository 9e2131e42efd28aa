"""What must hold of a computer with copies of the app, whatever happens.

- At every moment: what is on the disk is whole;
  files, history, tasks and requests are bounded; nothing is told that was not.
- Once all is well: each copy shows what is stored, the server takes it, and holds no more.
"""

from __future__ import annotations

import msgspec
from computer import Computer
from world import HOUR_S, Run

from refapp.snapshot import Phase
from refapp.trusted.files.history import KEPT
from refapp.trusted.rules import events as ev
from refapp.trusted.wording import session_words
from steps.scenario.people import ADA, BOB

CALM_S = 400.0
"""Over twice the longest wait between two tries."""
BOUND = 60
"""Requests about the session that a copy makes by itself within an hour: the back-off allows 24,
and nothing needs the rest.
"""
BY_HAND = 6
"""As many may follow what a person does."""
FILES = 24
"""The app's own kinds of files for one server and two people,
their locks, and a few that were set aside.
"""
TASKS = 16
NOBODY = frozenset({Phase.SIGNED_OUT, Phase.EXPIRED, Phase.AWAITING_RESTART})


def look(here: Computer) -> None:
    """At every moment: the disk is whole, and everything is bounded."""
    assert not here.mistakes, here.mistakes[0]
    here.stored()
    files = [path for path in here.folder.rglob("*") if path.is_file()]
    for path in files:
        assert path.suffix in (".json", ".lock"), f"{path.name} is left"
        if path.suffix == ".json":
            msgspec.json.decode(path.read_bytes())
    assert len(files) <= FILES, sorted(path.name for path in files)
    for path in here.folder.glob("history-*.json"):
        kept = msgspec.json.decode(path.read_bytes())
        assert len(kept) <= KEPT
        elsewhere = sum(one["sentence"] == session_words.SIGNED_OUT_ELSEWHERE for one in kept)
        assert elsewhere <= here.sign_outs, "a sign-out is told of that nobody made"
    for run in here.runs.values():
        going = sum(not task.done() for task in run.tasks)
        assert going <= TASKS, f"{going} tasks"
        _look_at_requests(here, run)


def _look_at_requests(here: Computer, run: Run) -> None:
    for index, at in enumerate(run.asked):
        within = sum(at <= other < at + HOUR_S for other in run.asked[index:])
        by_hand = sum(at - HOUR_S <= other < at + HOUR_S for other in run.by_hand)
        assert within <= BOUND + BY_HAND * by_hand, f"{within} requests within an hour"
    run.asked = [at for at in run.asked if at > here.time.now() - HOUR_S]


def calm(here: Computer) -> None:
    """All around the app is well from now on,
    and nobody does anything but what the app asks for.
    """
    here.server.outage = None
    here.server.model.clear_faults()
    here.keychain.trouble = None
    here.disk = None
    here.latency_s = 0.0
    for run in here.runs.values():
        run.dies_in = None
    here.time.advance(CALM_S)
    for run in list(here.runs.values()):
        if run.phase is Phase.AWAITING_RESTART:
            here.tell(run, ev.RestartAsked())
            here.tell(run, ev.InitialiseAsked())
    here.time.advance(CALM_S)
    for run in list(here.runs.values()):
        here.call(run)
    here.time.advance(5)
    for run in list(here.runs.values()):
        before = run.session_checks
        here.call(run)
        here.time.settle()
        here.must(run.session_checks == before, "who has just been asked for is asked for again")
    here.time.advance(CALM_S)


def look_at_the_end(here: Computer) -> None:
    """Once all is calm each copy shows what is stored, and the server holds that and no more."""
    look(here)
    stored = here.stored()
    for run in here.runs.values():
        if stored is None:
            assert run.phase in NOBODY, f"{run.phase.value}, and nothing is stored"
        else:
            assert run.phase is Phase.SIGNED_IN, f"{run.phase.value}, and a session is stored"
            assert run.app.store.state.user_id == stored.user_id, "signed in as another"
            shown = run.app.store.state.profile
            assert shown is None or shown.name == here.name_of(stored), (
                "a name changed elsewhere is not seen"
            )
    if stored is not None and here.runs:
        assert here.takes(stored), "what is stored is not good"
    for person in (ADA, BOB):
        own = int(stored is not None and here.ids.get(stored.user_id) is person)
        left = here.left_on_server(person)
        assert left <= own or here.untold, (
            f"{left - own} sessions of {person.name} are left on the server"
        )
