"""What the embedded server bounds, since nobody limits it from outside: tries, codes, its log;
and its account's password.
"""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from refapp.demo_server import faults
from refapp.demo_server.demo_account import FILE, demo_password, kept_password
from refapp.demo_server.model import AuthServerModel
from refapp.demo_server.setup import ServerSettings
from refapp.demo_server.state import device
from refapp.demo_server.state.answers import Answer
from refapp.demo_server.state.attempts import MOST_WRONG, WITHIN_S


class Bench:
    """A server with a clock that the test moves."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0
        self.model = AuthServerModel(ServerSettings(scrypt_n=16), clock=lambda: self.now)
        self.model.add_user("Ada", "ada@example.com", "right password", "ada")
        self.model.add_user("Bob", "bob@example.com", "right password", "bob")

    def post(self, path: str, **body: str) -> Answer:
        return self.model.handle(
            "POST",
            f"/api/auth/{path}",
            {"content-type": "application/json"},
            json.dumps(body).encode(),
        )

    def sign_in(self, password: str, name: str = "ada") -> int:
        return self.post("sign-in/email", email=f"{name}@example.com", password=password).status


@pytest.fixture
def bench() -> Iterator[Bench]:
    """Two accounts."""
    bench = Bench()
    yield bench
    bench.model.close()


def test_after_ten_wrong_passwords_the_right_one_waits_for_a_minute(bench: Bench) -> None:
    assert [bench.sign_in("wrong") for _ in range(MOST_WRONG)] == [401] * MOST_WRONG
    assert bench.sign_in("right password") == 429
    assert bench.sign_in("right password", "bob") == 200
    bench.now += WITHIN_S
    assert bench.sign_in("right password") == 200


def test_a_change_of_case_is_no_new_name(bench: Bench) -> None:
    for number in range(MOST_WRONG):
        bench.post("sign-in/username", username="ADA" if number % 2 else "ada", password="wrong")
    assert bench.post("sign-in/username", username="Ada", password="right password").status == 429


def test_the_two_names_of_one_account_count_together(bench: Bench) -> None:
    for number in range(MOST_WRONG):
        if number % 2:
            bench.sign_in("wrong")
        else:
            bench.post("sign-in/username", username="ada", password="wrong")
    assert bench.sign_in("right password") == 429
    assert bench.post("sign-in/username", username="ada", password="right password").status == 429
    assert bench.sign_in("right password", "bob") == 200


def test_a_name_that_nobody_has_is_limited_like_any_other(bench: Bench) -> None:
    assert [bench.sign_in("wrong", "nobody") for _ in range(MOST_WRONG + 1)] == [
        401
    ] * MOST_WRONG + [429]


def test_right_passwords_are_not_counted(bench: Bench) -> None:
    assert {bench.sign_in("right password") for _ in range(3 * MOST_WRONG)} == {200}


def test_so_many_device_codes_wait_at_the_most(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(device, "MOST_PENDING", 3)
    asked = [bench.post("device/code", client_id="refapp").status for _ in range(4)]
    assert asked == [200, 200, 200, 429]
    bench.now += 2 * 30 * 60.0 + 1
    assert bench.post("device/code", client_id="refapp").status == 200


def test_the_log_is_bounded_and_keeps_the_newest(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(faults, "MOST_LOGGED", 5)
    for number in range(50):
        bench.model.handle("GET", f"/{number}", {}, b"")
    assert 5 <= len(bench.model.requests) <= 10
    assert bench.model.requests[-1].path == "/49"


class TestDemoPassword:
    """The demo account's password is made once for each folder, for its owner's eyes."""

    def test_each_folder_has_its_own_for_good(self, tmp_path: Path) -> None:
        (one := tmp_path / "one").mkdir()
        (other := tmp_path / "other").mkdir()
        assert demo_password(one) == demo_password(one) == kept_password(one)
        assert demo_password(one) != demo_password(other)
        assert stat.S_IMODE((one / FILE).stat().st_mode) == 0o600

    def test_asking_for_it_makes_none(self, tmp_path: Path) -> None:
        assert kept_password(tmp_path) is None
        assert not (tmp_path / FILE).exists()

    def test_an_account_of_an_earlier_release_gets_it_too(self, bench: Bench) -> None:
        bench.model.add_user("Ada", "ada@example.com", "from now on", "ada")
        assert (bench.sign_in("right password"), bench.sign_in("from now on")) == (401, 200)
