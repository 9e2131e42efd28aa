"""The model behind httpx in the same process: for ``httpx.MockTransport``. No socket, no thread."""

from __future__ import annotations

from collections.abc import Callable, Coroutine

import httpx

from refapp.demo_server.model import AuthServerModel
from refapp.demo_server.state.delivery import due


def handler_of(
    model: AuthServerModel,
) -> Callable[[httpx.Request], Coroutine[None, None, httpx.Response]]:
    """An async handler that answers from ``model``.
    A broken-off answer raises what httpx raises for one.
    """

    async def handle(request: httpx.Request) -> httpx.Response:
        path = request.url.raw_path.decode("ascii")
        answer = model.handle(request.method, path, request.headers, await request.aread())
        await due(answer.delivery)
        if answer.delivery.cut_at is not None:
            raise httpx.RemoteProtocolError(
                "peer closed connection without sending complete message body", request=request
            )
        return httpx.Response(
            answer.status, headers=list(answer.headers), content=answer.body, request=request
        )

    return handle
