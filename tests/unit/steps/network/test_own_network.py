"""A scenario's real network: the app reaches its two far ends and nobody else, and time waits for
them.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator

import pytest

from refapp.trusted.network.no_answer import Cause, NoAnswer
from refapp.trusted.server.exchange import Exchange
from refapp.trusted.server.verdict import Reply
from steps.fakes import virtual_time
from steps.fakes.virtual_time import Stuck, VirtualTime
from steps.network.own_network import OwnNetwork
from steps.servers.local_server import LocalServer

ORIGIN = "https://auth.example.com"


@pytest.fixture
def time() -> Iterator[VirtualTime]:
    time = VirtualTime()
    yield time
    time.close()


@pytest.fixture
def asked() -> list[str]:
    return []


@pytest.fixture
def network(time: VirtualTime, asked: list[str]) -> Iterator[OwnNetwork]:
    local = LocalServer(time.now, "rotating", ORIGIN)
    network = OwnNetwork(local, time, asked.append)
    network.meet()
    yield network
    network.close()
    local.model.close()


async def ask() -> Reply | NoAnswer:
    exchange = Exchange(ORIGIN, connect_timeout_s=5.0, request_timeout_s=15.0, program="test/1")
    came = await exchange.send("GET", "/api/auth/get-session", {}, None)
    await exchange.close()
    return came


@pytest.mark.usefixtures("network")
def test_an_answer_takes_no_time(time: VirtualTime, asked: list[str]) -> None:
    began = time.now()
    came = time.run(ask())
    assert isinstance(came, Reply)
    assert (time.now(), asked) == (began, ["session check"])


def test_time_moves_once_no_answer_will_come(time: VirtualTime, network: OwnNetwork) -> None:
    network.spoil_server("does not end its answer")
    asking = time.start(ask())
    time.advance(14)
    assert not asking.done()
    time.advance(1)
    came = asking.result()
    assert isinstance(came, NoAnswer)
    assert came.cause is Cause.TIMED_OUT_READING


def test_a_far_end_that_says_nothing_and_does_not_say_so_is_told_of(
    time: VirtualTime, network: OwnNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(virtual_time, "NETWORK_S", 0.05)
    network.spoil_server("does not answer")
    network.server.falls_silent = lambda: None
    with pytest.raises(Stuck, match="does not come"):
        time.run(ask())


def test_the_app_s_own_ways_are_known_and_no_other(network: OwnNetwork) -> None:
    assert network.is_known_way(f"socket.connect {('127.0.0.1', network.server.port)}")
    assert network.is_known_way(f"socket.connect {('127.0.0.1', network.proxy.port)}")
    assert not network.is_known_way("socket.connect ('127.0.0.1', 9)")
    assert not network.is_known_way("socket.getaddrinfo auth.example.com")
    assert not network.is_known_way("subprocess.Popen true")
    known: list[bool] = []
    other = threading.Thread(target=lambda: known.append(network.is_known_way("socket.connect 9")))
    other.start()
    other.join()
    assert known == [False], "a thread that is not the far ends' is the app's"


def test_an_address_that_is_nobody_s_leads_nowhere(time: VirtualTime, network: OwnNetwork) -> None:
    async def connect() -> None:
        with socket.socket() as stranger:
            stranger.setblocking(False)
            await time.loop.sock_connect(stranger, ("192.0.2.7", 443))

    with pytest.raises(AssertionError, match="nobody is at"):
        time.run(connect())
    assert network.went_to == []


def test_the_environment_is_its_own_again(time: VirtualTime) -> None:
    before, real = dict(os.environ), socket.getaddrinfo
    local = LocalServer(time.now, "rotating", ORIGIN)
    network = OwnNetwork(local, time, lambda _: None)
    network.meet()
    network.set_variable("HTTPS_PROXY", "http://proxy.example.com:3128")
    network.close()
    local.model.close()
    assert dict(os.environ) == before
    assert socket.getaddrinfo is real
