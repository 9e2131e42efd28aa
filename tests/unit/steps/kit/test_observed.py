"""What the conformance kit sees without the app's help: its requests, and what becomes of its token
file, in the true order.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from steps.kit.observed import Observed
from steps.kit.server import KitServer
from steps.scenario.effects import Effect

WRITE, DELETE, REFRESH = (
    Effect("disk", "write tokens"),
    Effect("disk", "delete tokens"),
    Effect("server", "refresh"),
)


@pytest.fixture
def observed(tmp_path: Path) -> Iterator[Observed]:
    made = Observed(tmp_path)
    yield made
    made.close()


def replaced(path: Path, text: str) -> None:
    new = path.with_suffix(".tmp")
    new.write_text(text)
    new.replace(path)


def test_writes_stand_where_they_happened_among_the_requests(
    observed: Observed, tmp_path: Path
) -> None:
    file = tmp_path / "tokens"
    replaced(file, "1")
    observed.request("refresh")
    file.write_text("2")
    (tmp_path / "notes").write_text("no token")
    observed.look()
    observed.tokens_lie_in(file, "2")
    assert observed.effects() == [WRITE, REFRESH, WRITE]


def test_an_answer_from_before_a_write_settles_nothing_though_a_request_came_behind_that(
    observed: Observed, tmp_path: Path
) -> None:
    file = tmp_path / "tokens"
    observed.look()
    observed.tokens_lie_in(None, None)
    observed.look()
    replaced(file, "1")
    observed.request("notes")
    observed.tokens_lie_in(None, None)
    observed.look()
    observed.tokens_lie_in(file, "1")
    assert observed.effects() == [WRITE, Effect("server", "notes")]


def test_a_write_after_which_the_tokens_are_the_same_is_about_something_else(
    observed: Observed, tmp_path: Path
) -> None:
    file = tmp_path / "tokens-and-more"
    for text, tokens in (("1", "1"), ("1, and more", "1"), ("2", "2")):
        replaced(file, text)
        observed.look()
        observed.tokens_lie_in(file, tokens)
    assert observed.effects() == [WRITE, WRITE]


def test_one_token_is_stored_by_one_write_whatever_else_is_in_its_file(tmp_path: Path) -> None:
    observed, file = Observed(tmp_path, pairs=False), tmp_path / "token-and-more"
    try:
        for text, tokens in (("1", "1"), ("{}", None)):
            replaced(file, text)
            observed.request("refresh")
            replaced(file, f"{text}, and more")
            observed.look()
            observed.tokens_lie_in(file if tokens else None, tokens)
        assert observed.effects() == [WRITE, REFRESH, DELETE, REFRESH]
    finally:
        observed.close()


def test_the_write_that_leaves_no_token_is_their_end(observed: Observed, tmp_path: Path) -> None:
    file = tmp_path / "tokens"
    replaced(file, "1")
    observed.look()
    observed.tokens_lie_in(file, "1")
    replaced(file, "{}")
    observed.look()
    observed.tokens_lie_in(None, None)
    assert observed.effects() == [WRITE, DELETE]


def test_a_deleted_file_in_a_new_folder(observed: Observed, tmp_path: Path) -> None:
    folder = tmp_path / "deep"
    folder.mkdir()
    observed.request("refresh")
    file = folder / "tokens"
    file.write_text("1")
    observed.look()
    observed.tokens_lie_in(file, "1")
    file.unlink()
    observed.look()
    observed.tokens_lie_in(None, None)
    assert observed.effects() == [REFRESH, WRITE, DELETE]


def test_a_write_between_the_look_and_the_answer_is_told_by_the_next_answer(
    observed: Observed, tmp_path: Path
) -> None:
    file = tmp_path / "tokens"
    replaced(file, "1")
    observed.look()
    replaced(file, "{}")
    observed.tokens_lie_in(file, "1")
    assert observed.effects() == []
    observed.look()
    observed.tokens_lie_in(None, None)
    assert observed.effects() == [WRITE, DELETE]


@pytest.fixture
def server() -> Iterator[KitServer]:
    made = KitServer(lambda request: None)
    yield made
    made.close()


def test_a_server_that_is_away_refuses_and_comes_back_at_the_same_address(
    server: KitServer,
) -> None:
    server.cut_off(away=True)
    with pytest.raises(httpx.ConnectError):
        httpx.get(server.origin, trust_env=False)
    server.cut_off(away=False)
    assert httpx.get(server.origin, trust_env=False).status_code == 404


def test_a_request_that_is_held_counts_until_it_is_answered(server: KitServer) -> None:
    server.do("hold_next", path="/app")
    with ThreadPoolExecutor() as another:
        asked = another.submit(httpx.get, f"{server.origin}/app/me", trust_env=False, timeout=None)
        while not server.held():
            time.sleep(0.01)
        assert not asked.done()
        server.do("release")
        assert asked.result().status_code == httpx.codes.UNAUTHORIZED
    assert server.held() == 0


def test_a_request_counts_no_more_once_who_asked_has_hung_up(server: KitServer) -> None:
    server.do("hold_next", path="/app")
    address = httpx.URL(server.origin)
    with socket.create_connection((address.host, address.port)) as asker:
        asker.sendall(b"GET /app/me HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n")
        while not server.held():
            time.sleep(0.01)
    give_up = time.monotonic() + 10
    while server.held():
        assert time.monotonic() < give_up
        time.sleep(0.01)


def test_who_goes_elsewhere_is_counted(server: KitServer) -> None:
    with pytest.raises(httpx.HTTPError):
        httpx.get(server.elsewhere, trust_env=False)
    assert server.strangers == 1
