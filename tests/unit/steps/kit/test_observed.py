"""What the conformance kit sees without the app's help: its requests, and what becomes of its token
file, in the true order.
"""

from __future__ import annotations

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
    observed.tokens_lie_in(file)
    assert observed.effects() == [WRITE, REFRESH, WRITE]


def test_the_write_that_leaves_no_token_is_their_end(observed: Observed, tmp_path: Path) -> None:
    file = tmp_path / "tokens"
    replaced(file, "1")
    observed.look()
    observed.tokens_lie_in(file)
    replaced(file, "{}")
    observed.look()
    observed.tokens_lie_in(None)
    assert observed.effects() == [WRITE, DELETE]


def test_a_deleted_file_in_a_new_folder(observed: Observed, tmp_path: Path) -> None:
    folder = tmp_path / "deep"
    folder.mkdir()
    observed.request("refresh")
    file = folder / "tokens"
    file.write_text("1")
    observed.look()
    observed.tokens_lie_in(file)
    file.unlink()
    observed.look()
    observed.tokens_lie_in(None)
    assert observed.effects() == [REFRESH, WRITE, DELETE]


def test_a_write_between_the_look_and_the_answer_is_told_by_the_next_answer(
    observed: Observed, tmp_path: Path
) -> None:
    file = tmp_path / "tokens"
    replaced(file, "1")
    observed.look()
    replaced(file, "{}")
    observed.tokens_lie_in(file)
    assert observed.effects() == []
    observed.look()
    observed.tokens_lie_in(None)
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


def test_who_goes_elsewhere_is_counted(server: KitServer) -> None:
    with pytest.raises(httpx.HTTPError):
        httpx.get(server.elsewhere, trust_env=False)
    assert server.strangers == 1
