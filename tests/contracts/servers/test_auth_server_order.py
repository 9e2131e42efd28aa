"""Real BetterAuth with a second factor:
the order of its plugins, and several processes over one database.
"""

from __future__ import annotations

import concurrent.futures
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from steps.servers.auth_servers import (
    BETTERAUTH,
    BETTERAUTH_1_4,
    AuthServer,
    betterauth_missing,
    embedded_server,
    real_betterauth,
)
from steps.servers.hosts.running import ServerMissing
from steps.servers.second_factor import entered, switched_on
from steps.servers.server_account import Account

RELEASES = {"1.7": BETTERAUTH, "1.4": BETTERAUTH_1_4}


def started(release: str, *options: str, alone: bool = False) -> AuthServer:
    place = RELEASES[release]
    missing = betterauth_missing(place)
    if missing is not None:
        pytest.skip(missing)
    return real_betterauth("--scrypt-cost=16", *options, release=place, alone=alone)


WITH_SECOND_FACTOR = ("--mode=rotating", "--with=two-factor", "--with=multi-session")


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("first", ["bearer", "electron", "refresh", "multi-session", "none"])
def test_an_order_in_which_a_password_is_enough_does_not_start(release: str, first: str) -> None:
    if (release, first) == ("1.4", "electron"):
        pytest.skip("the plugin has no release for 1.4")
    moved = () if first == "none" else (f"--first={first}",)
    try:
        server = started(release, *WITH_SECOND_FACTOR, *moved)
    except ServerMissing as refused:
        said = str(refused)
        named = "refapp-refresh-tokens" if first == "refresh" else first
        assert f"the plugin {named} stands before two-factor" in said
        assert "a session for the password alone" in said
        assert first != "none"
        return
    with server:
        assert first == "none", "it started in an order that is not safe"
        account = Account(server)
        key = switched_on(account)
        answer = account.sign_in()
        assert answer.json()["twoFactorRedirect"] is True
        assert not {"set-auth-token", "set-refresh-token"} & set(answer.headers)
        done = entered(account, key.code(), answer)
        assert account.refresh(done.headers["set-refresh-token"]).status_code == 200


@pytest.mark.parametrize("release", RELEASES)
def test_nothing_that_acts_after_a_sign_in_stands_behind_the_refresh_tokens(release: str) -> None:
    with pytest.raises(ServerMissing, match="Put refapp-refresh-tokens last"):
        started(release, "--mode=rotating", "--first=refresh")


def embedded(folder: Path) -> AuthServer:
    return embedded_server(folder, "--mode=rotating", "--scrypt-cost=16")


def real(folder: Path) -> AuthServer:
    shared = (f"--database={folder / 'auth.sqlite'}", f"--secret={'s' * 40}")
    return started("1.7", "--mode=rotating", *shared, alone=True)


@pytest.mark.parametrize("start", [embedded, real])
class TestTwoProcesses:
    """Two servers over one database:
    what one has used up or ended is so for the other, whoever was first.
    """

    def test_a_token_is_good_once_for_both(
        self, start: Callable[[Path], AuthServer], tmp_path: Path
    ) -> None:
        with start(tmp_path) as one, start(tmp_path) as other:
            account = Account(one)
            for _ in range(5):
                token = account.sign_in().headers["set-refresh-token"]
                answers = at_once(token, one, other)
                assert sorted(answer.status_code for answer in answers) == [200] + [401] * 7
                [won] = [answer.json() for answer in answers if answer.status_code == 200]
                # The others were taken for theft, as they may well be:
                # nothing of this family lives on.
                assert account.me(won["accessToken"]) == 401
                assert refreshed(other, won["refreshToken"]).status_code == 401

    def test_what_one_ends_is_ended_at_the_other(
        self, start: Callable[[Path], AuthServer], tmp_path: Path
    ) -> None:
        with start(tmp_path) as one, start(tmp_path) as other:
            account = Account(one)
            mine, lost = account.sign_in(), account.sign_in()
            pair = refreshed(other, lost.headers["set-refresh-token"]).json()
            headers = {"authorization": f"Bearer {mine.json()['token']}"}
            assert (
                one.client.post("/api/auth/revoke-other-sessions", headers=headers).status_code
                == 200
            )
            assert refreshed(other, pair["refreshToken"]).status_code == 401
            assert refreshed(one, mine.headers["set-refresh-token"]).status_code == 200


def refreshed(server: AuthServer, token: str) -> httpx.Response:
    return server.client.post("/api/auth/refresh", json={"refreshToken": token})


def at_once(token: str, *servers: AuthServer) -> list[httpx.Response]:
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        return list(
            pool.map(lambda number: refreshed(servers[number % len(servers)], token), range(8))
        )
