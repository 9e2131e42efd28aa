"""What goes wrong on request: each fault as a client meets it, in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import httpx
import pytest

from refapp.demo_server.in_process import handler_of
from refapp.demo_server.model import AuthServerModel
from refapp.demo_server.setup import ServerSettings
from refapp.demo_server.state.answers import Answer

EMAIL, PASSWORD = "ada@example.com", "analytical engine"
CREDENTIALS = {"email": EMAIL, "password": PASSWORD}


@pytest.fixture
def model() -> Iterator[AuthServerModel]:
    """A rotating server with Ada's account."""
    model = AuthServerModel(ServerSettings(mode="rotating", scrypt_n=16))
    model.add_user("Ada", EMAIL, PASSWORD)
    yield model
    model.close()


def client_of(model: AuthServerModel) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        base_url="http://127.0.0.1", transport=httpx.MockTransport(handler_of(model))
    )


def get(model: AuthServerModel, path: str = "/api/auth/ok") -> httpx.Response:
    async def once() -> httpx.Response:
        async with client_of(model) as client:
            return await client.get(path)

    return asyncio.run(once())


def refresh_token_of(model: AuthServerModel) -> str:
    async def once() -> httpx.Response:
        async with client_of(model) as client:
            return await client.post("/api/auth/sign-in/email", json=CREDENTIALS)

    return asyncio.run(once()).headers["set-refresh-token"]


def refresh(model: AuthServerModel, token: str) -> httpx.Response:
    async def once() -> httpx.Response:
        async with client_of(model) as client:
            return await client.post("/api/auth/refresh", json={"refreshToken": token})

    return asyncio.run(once())


def test_a_fault_meets_as_many_requests_as_it_should(model: AuthServerModel) -> None:
    model.fail_next(503, times=2)
    assert [get(model).status_code for _ in range(3)] == [503, 503, 200]


def test_a_fault_waits_for_its_path(model: AuthServerModel) -> None:
    model.fail_next(502, path="/app")
    assert get(model).status_code == 200
    assert get(model, "/app/me").status_code == 502


def test_faults_come_in_the_order_that_they_were_asked_for(model: AuthServerModel) -> None:
    model.fail_next(500)
    model.throttle_next(after_s=7)
    assert get(model).status_code == 500
    throttled = get(model)
    assert (throttled.status_code, throttled.headers["x-retry-after"]) == (429, "7")
    assert "code" not in throttled.json()


def test_a_captive_portal_answers_for_everything_until_it_is_gone(model: AuthServerModel) -> None:
    model.go_captive()
    for path in ("/api/auth/get-session", "/app/me"):
        answer = get(model, path)
        assert (answer.status_code, answer.headers["content-type"]) == (
            200,
            "text/html; charset=utf-8",
        )
    model.clear_faults()
    assert get(model).json() == {"ok": True}


def test_an_answer_of_the_tests_own_can_be_put_in_the_way(model: AuthServerModel) -> None:
    model.answer_next(Answer(302, (("location", "http://elsewhere.test/"),)))
    assert get(model).headers["location"] == "http://elsewhere.test/"


def test_a_dropped_request_was_not_carried_out(model: AuthServerModel) -> None:
    token = refresh_token_of(model)
    model.drop_next("/api/auth/refresh")
    with pytest.raises(httpx.RemoteProtocolError):
        refresh(model, token)
    assert model.requests[-1].status == 0
    assert refresh(model, token).status_code == 200


def test_a_lost_answer_was_carried_out(model: AuthServerModel) -> None:
    token = refresh_token_of(model)
    model.lose_next_answer("/api/auth/refresh")
    with pytest.raises(httpx.RemoteProtocolError):
        refresh(model, token)
    assert model.requests[-1].status == 200
    assert refresh(model, token).status_code == 401


def test_a_held_answer_comes_when_it_is_released(model: AuthServerModel) -> None:
    async def story() -> None:
        hold = model.hold_next("/api/auth/ok")
        async with client_of(model) as client:
            held = asyncio.create_task(client.get("/api/auth/ok"))
            while not model.requests:  # noqa: ASYNC110 - the model has no loop, so it has no event to wait for
                await asyncio.sleep(0)
            assert (await client.get("/api/auth/ok")).status_code == 200
            assert not held.done()
            hold.release()
            assert (await held).status_code == 200

    asyncio.run(story())


def test_clearing_the_faults_lets_held_answers_go(model: AuthServerModel) -> None:
    async def story() -> httpx.Response:
        model.hold_next("/api/auth/ok")
        async with client_of(model) as client:
            held = asyncio.create_task(client.get("/api/auth/ok"))
            while not model.requests:  # noqa: ASYNC110 - the model has no loop, so it has no event to wait for
                await asyncio.sleep(0)
            model.clear_faults()
            return await held

    assert asyncio.run(story()).status_code == 200


def test_a_delayed_answer_is_late(model: AuthServerModel) -> None:
    async def story() -> float:
        model.delay_next(0.05)
        async with client_of(model) as client:
            before = asyncio.get_running_loop().time()
            await client.get("/api/auth/ok")
            return asyncio.get_running_loop().time() - before

    assert asyncio.run(story()) >= 0.05
