"""The embedded server's rules that need a clock or a look into its files;
what it shares with BetterAuth is in the contracts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from refapp.demo_server.model import AuthServerModel
from refapp.demo_server.setup import ServerSettings
from refapp.demo_server.state.answers import Answer

DAY = 86400.0
EMAIL, PASSWORD = "ada@example.com", "analytical engine"


class Bench:
    """A model with a clock that the test moves, and short words for requests."""

    def __init__(self, database: str = ":memory:", **settings: object) -> None:
        self.now = 1_800_000_000.0
        self.model = AuthServerModel(
            ServerSettings(scrypt_n=16, **settings), database, lambda: self.now
        )
        self.model.add_user("Ada Lovelace", EMAIL, PASSWORD, "ada")

    def send(self, method: str, path: str, body: object = None, token: str | None = None) -> Answer:
        headers = {"Content-Type": "application/json", "User-Agent": "test"}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        return self.model.handle(
            method, path, headers, b"" if body is None else json.dumps(body).encode()
        )

    def sign_in(self, **more: object) -> Answer:
        return self.send(
            "POST", "/api/auth/sign-in/email", {"email": EMAIL, "password": PASSWORD, **more}
        )

    def refresh(self, token: str) -> Answer:
        return self.send("POST", "/api/auth/refresh", {"refreshToken": token})

    def is_live(self, token: str) -> bool:
        return (
            self.send("GET", "/api/auth/get-session?disableRefresh=true", token=token).body
            != b"null"
        )


def token_of(answer: Answer) -> str:
    return str(json.loads(answer.body)["token"])


def header_of(answer: Answer, name: str) -> str | None:
    return dict(answer.headers).get(name)


@pytest.fixture
def bench() -> Iterator[Bench]:
    """A sliding server with BetterAuth's times."""
    bench = Bench()
    yield bench
    bench.model.close()


@pytest.fixture
def rotating() -> Iterator[Bench]:
    """A rotating server with a reuse window of a minute."""
    bench = Bench(mode="rotating", reuse_window_s=60)
    yield bench
    bench.model.close()


def test_a_session_ends_after_seven_days(bench: Bench) -> None:
    token = token_of(bench.sign_in())
    bench.now += 7 * DAY - 1
    assert bench.is_live(token)
    bench.now += 1
    assert not bench.is_live(token)


def test_a_session_that_is_looked_at_after_a_day_begins_its_life_again(bench: Bench) -> None:
    token = token_of(bench.sign_in())
    bench.now += DAY - 1
    assert (
        header_of(bench.send("GET", "/api/auth/get-session", token=token), "set-auth-token") is None
    )
    bench.now += 1
    slid = bench.send("GET", "/api/auth/get-session", token=token)
    assert header_of(slid, "set-auth-token")
    bench.now += 7 * DAY - 1
    assert bench.is_live(token)


def test_the_applications_api_slides_the_session_unseen(bench: Bench) -> None:
    token = token_of(bench.sign_in())
    bench.now += DAY
    assert header_of(bench.send("GET", "/app/me", token=token), "set-auth-token") is None
    bench.now += 7 * DAY - 1
    assert bench.is_live(token)


def test_a_session_that_is_not_to_be_remembered_lasts_a_day(bench: Bench) -> None:
    answer = bench.sign_in(rememberMe=False)
    assert "Max-Age" not in (header_of(answer, "set-cookie") or "")
    bench.now += DAY
    assert not bench.is_live(token_of(answer))


def test_listing_sessions_wants_a_fresh_one(bench: Bench) -> None:
    token = token_of(bench.sign_in())
    bench.now += DAY
    answer = bench.send("GET", "/api/auth/list-sessions", token=token)
    assert (answer.status, json.loads(answer.body)["code"]) == (403, "SESSION_NOT_FRESH")


def test_a_rotating_servers_session_lasts_fifteen_minutes_and_never_slides(rotating: Bench) -> None:
    token = token_of(rotating.sign_in())
    rotating.now += 899
    assert (
        header_of(rotating.send("GET", "/api/auth/get-session", token=token), "set-auth-token")
        is None
    )
    rotating.now += 1
    assert not rotating.is_live(token)


def test_a_refresh_token_lasts_thirty_days(rotating: Bench) -> None:
    first = header_of(rotating.sign_in(), "set-refresh-token")
    second = header_of(rotating.sign_in(), "set-refresh-token")
    assert first is not None
    assert second is not None
    rotating.now += 30 * DAY - 1
    assert rotating.refresh(first).status == 200
    rotating.now += 1
    assert rotating.refresh(second).status == 401


def test_the_reuse_window_closes_with_time(rotating: Bench) -> None:
    first = header_of(rotating.sign_in(), "set-refresh-token")
    assert first is not None
    pair = json.loads(rotating.refresh(first).body)
    rotating.now += 59
    assert json.loads(rotating.refresh(first).body) == pair
    rotating.now += 1
    assert rotating.refresh(first).status == 401
    assert not rotating.is_live(pair["accessToken"])


def test_only_signed_tokens_count_where_a_signature_is_required() -> None:
    bench = Bench(require_signature=True)
    answer = bench.sign_in()
    signed = header_of(answer, "set-auth-token")
    assert signed is not None
    assert not bench.is_live(token_of(answer))
    assert bench.is_live(signed)
    token, signature = signed.split(".")
    assert not bench.is_live(f"{token}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}")
    bench.model.close()


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("https://auth.example.com", 401),
        ("https://auth.example.com/accounts", 403),
        ("https://auth.example", 403),
        ("https", 403),
    ],
)
def test_a_code_is_taken_from_the_servers_own_origin_which_is_no_part_of_its_address(
    origin: str, status: int
) -> None:
    model = AuthServerModel(origin="https://auth.example.com/accounts")
    headers = {"content-type": "application/json", "cookie": "a=b", "origin": origin}
    path = "/api/auth/two-factor/verify-totp"
    answer = model.handle(
        "POST", path, {**headers, "host": "auth.example.com"}, b'{"code":"123456"}'
    )
    assert answer.status == status
    model.close()


def test_tokens_and_accounts_outlive_a_restart(tmp_path: Path) -> None:
    file = str(tmp_path / "server.sqlite3")
    before = Bench(file)
    signed = header_of(before.sign_in(), "set-auth-token")
    before.model.close()
    after = Bench(file)
    assert signed is not None
    assert after.is_live(signed)
    after.model.close()


def test_neither_passwords_nor_refresh_tokens_are_on_file(tmp_path: Path) -> None:
    file = tmp_path / "server.sqlite3"
    bench = Bench(str(file), mode="rotating")
    first = header_of(bench.sign_in(), "set-refresh-token")
    assert first is not None
    successor = json.loads(bench.refresh(first).body)["refreshToken"]
    bench.model.close()
    content = file.read_bytes()
    assert EMAIL.encode() in content
    for secret in (PASSWORD, first, successor):
        assert secret.encode() not in content


def test_answers_carry_the_servers_date(bench: Bench) -> None:
    assert header_of(bench.sign_in(), "date") == "Fri, 15 Jan 2027 08:00:00 GMT"


def test_the_log_of_requests_holds_no_token(bench: Bench) -> None:
    answer = bench.sign_in()
    bench.send("GET", f"/app/me?token={token_of(answer)}", token=token_of(answer))
    seen = bench.model.requests[-1]
    assert (seen.method, seen.path, seen.status, seen.bearer, seen.user_agent) == (
        "GET",
        "/app/me",
        200,
        True,
        "test",
    )
    assert token_of(answer) not in repr(bench.model.requests)


def test_a_body_that_is_too_large_is_413(bench: Bench) -> None:
    token = token_of(bench.sign_in())
    assert (
        bench.model.handle(
            "PUT", "/app/notes", {"authorization": f"Bearer {token}"}, b"x" * 1_048_577
        ).status
        == 413
    )


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"email": NaN}',
        b"\xff\xfe",
        b'{"a":1}x',
        b'{"refreshToken":"' + b"\\ud800" * 3 + b'"}',
    ],
)
@pytest.mark.parametrize(
    "path", ["/api/auth/sign-in/email", "/api/auth/refresh", "/api/auth/sign-up/email"]
)
def test_broken_bodies_are_a_plain_400(rotating: Bench, path: str, body: bytes) -> None:
    answer = rotating.model.handle("POST", path, {"content-type": "application/json"}, body)
    assert answer.status == 400
