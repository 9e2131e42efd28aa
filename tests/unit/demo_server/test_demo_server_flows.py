"""The device flow's and the browser flow's times, on a clock that the test moves."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from refapp.demo_server.state.answers import Refusal
from refapp.demo_server.state.device import Devices, Pending
from refapp.demo_server.state.hand_over import HandOvers, challenge_of


class Clock:
    """Unix seconds."""

    now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    """Starts anew for each test."""
    return Clock()


def connected(file: str) -> sqlite3.Connection:
    db = sqlite3.connect(file)
    db.row_factory = sqlite3.Row
    return db


@pytest.fixture
def db() -> Iterator[sqlite3.Connection]:
    """A database in memory."""
    db = connected(":memory:")
    yield db
    db.close()


def test_asking_again_is_allowed_after_the_interval(db: sqlite3.Connection, clock: Clock) -> None:
    devices = Devices(db, clock, interval_s=5, expires_in_s=1800)
    code = devices.ask("refapp", "").code
    assert devices.poll(code, "refapp") == "authorization_pending"
    clock.now += 4.9
    assert devices.poll(code, "refapp") == "slow_down"
    clock.now += 0.1
    assert devices.poll(code, "refapp") == "authorization_pending"


def test_asking_too_often_does_not_lengthen_the_wait(db: sqlite3.Connection, clock: Clock) -> None:
    devices = Devices(db, clock, interval_s=5, expires_in_s=1800)
    code = devices.ask("refapp", "").code
    outcomes = []
    for _ in range(6):
        outcomes.append(devices.poll(code, "refapp"))
        clock.now += 1
    assert outcomes == ["authorization_pending", *["slow_down"] * 4, "authorization_pending"]


def test_a_device_code_lasts_half_an_hour(db: sqlite3.Connection, clock: Clock) -> None:
    devices = Devices(db, clock, interval_s=0, expires_in_s=1800)
    first, second = devices.ask("refapp", ""), devices.ask("refapp", "")
    clock.now += 1799
    assert devices.poll(first.code, "refapp") == "authorization_pending"
    assert isinstance(devices.look(second.user_code, "ada"), Pending)
    clock.now += 1
    assert devices.look(second.user_code, "ada") == "expired"
    assert devices.decide(second.user_code, "ada", allow=True) == "expired"
    assert devices.poll(first.code, "refapp") == "expired_token"


def test_the_first_who_looks_decides(db: sqlite3.Connection, clock: Clock) -> None:
    devices = Devices(db, clock, interval_s=0, expires_in_s=1800)
    user_code = devices.ask("refapp", "").user_code
    devices.look(user_code, "ada")
    devices.look(user_code, "eve")
    assert devices.decide(user_code, "eve", allow=True) == "not_yours"
    assert devices.decide(user_code, "ada", allow=True) is None


def test_a_user_code_may_be_typed_as_people_type(db: sqlite3.Connection, clock: Clock) -> None:
    devices = Devices(db, clock, interval_s=0, expires_in_s=1800)
    code = devices.ask("refapp", "").user_code
    assert isinstance(devices.look(f" {code[:4].lower()}-{code[4:].lower()}", "ada"), Pending)


def test_a_pending_sign_in_outlives_a_restart_of_the_server(tmp_path: Path, clock: Clock) -> None:
    file = str(tmp_path / "server.sqlite3")
    before = connected(file)
    pending = Devices(before, clock, 0, 1800).ask("refapp", "")
    before.close()
    after = connected(file)
    devices = Devices(after, clock, 0, 1800)
    devices.look(pending.user_code, "ada")
    devices.decide(pending.user_code, "ada", allow=True)
    outcome = devices.poll(pending.code, "refapp")
    assert isinstance(outcome, Pending)
    assert outcome.user_id == "ada"
    after.close()


def test_a_hand_over_code_lasts_five_minutes(db: sqlite3.Connection, clock: Clock) -> None:
    codes = HandOvers(db, clock)
    first, second = (codes.give("ada", challenge_of("verifier"), "state") for _ in range(2))
    clock.now += 299
    assert codes.take(first, "state", "verifier") == "ada"
    clock.now += 1
    with pytest.raises(Refusal) as refused:
        codes.take(second, "state", "verifier")
    assert refused.value.answer.status == 404


def test_the_challenge_is_that_of_the_standard() -> None:
    # RFC 7636, appendix B
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert challenge_of(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
