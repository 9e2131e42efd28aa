"""A deadline counts only while the process could have heard (LY-6).
A loop that is blocked is a process that is stopped.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time

import httpx
import pytest

from refapp.trusted.recorder import Recorder
from refapp.trusted.scheduling.in_time import STOPPED_S, in_time
from refapp.trusted.server.origin_client import OriginClient
from refapp.trusted.server.verdict import Call, Reply

DEADLINE_S = 30.0
ANSWER = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 4\r\n\r\nnull"


async def _ever() -> None:
    await asyncio.get_running_loop().create_future()


def test_what_is_done_in_time_is_given() -> None:
    async def work() -> int:
        return 7

    assert asyncio.run(in_time(work(), 5)) == 7


def test_what_is_not_is_over_when_the_deadline_is_told() -> None:
    over = []

    async def work() -> None:
        try:
            await _ever()
        finally:
            over.append(True)

    with pytest.raises(TimeoutError):
        asyncio.run(in_time(work(), 0.01))
    assert over == [True]


def test_an_error_is_raised_as_it_is() -> None:
    async def work() -> None:
        raise httpx.ConnectError("no")

    with pytest.raises(httpx.ConnectError):
        asyncio.run(in_time(work(), 5))


def test_who_is_cancelled_leaves_no_work_behind() -> None:
    async def body() -> None:
        waiter = asyncio.create_task(in_time(_ever(), 5))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        waiter.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await waiter
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(body())


def test_an_answer_that_lay_in_the_socket_while_the_process_was_stopped_is_read() -> None:
    async def body() -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            client = OriginClient(
                f"http://127.0.0.1:{port}",
                recorder=Recorder(),
                clock=time.time,
                connect_timeout_s=5,
                request_timeout_s=DEADLINE_S,
            )
            asked = asyncio.create_task(
                client.send(Call.REFRESH, "POST", "/api/auth/refresh", body=b"{}")
            )
            server.setblocking(False)
            connection, _ = await asyncio.get_running_loop().sock_accept(server)
            await asyncio.get_running_loop().sock_recv(connection, 4096)
            # The loop's clock goes on and the loop does not, as in a process that was stopped until
            # deadline and answer are both there.
            connection.sendall(ANSWER)
            loop = asyncio.get_running_loop()
            now = loop.time
            loop.time = lambda: now() + DEADLINE_S + 1.2 * STOPPED_S  # type: ignore[method-assign]
            came = await asked
            connection.close()
            await client.close()
        assert isinstance(came, Reply), came
        assert came.status == 200

    asyncio.run(body())
