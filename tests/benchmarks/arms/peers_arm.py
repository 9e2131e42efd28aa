"""The peer's arm, run by a Python that has it: ``peers_arm.py mcp BYTES COUNT``;
prints the median in microseconds.

A tool of an MCP server is called with so many bytes and answers with as many, over stdio, both on
one processor. No window.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import sys
import time
from collections.abc import Awaitable, Callable

WARM_UP = 20


async def timed(call: Callable[[str], Awaitable[object]], size: int, count: int) -> float:
    text, times = "x" * size, []
    for number in range(count + WARM_UP):
        began = time.perf_counter()
        await call(text)
        if number >= WARM_UP:
            times.append((time.perf_counter() - began) * 1e6)
    return statistics.median(times)


async def mcp_client(size: int, count: int) -> float:
    from mcp import ClientSession, StdioServerParameters
    from mcp.client.stdio import stdio_client

    server = StdioServerParameters(
        command=sys.executable, args=["-P", __file__, "mcp-server", "0", "0"]
    )
    async with (
        stdio_client(server) as (reading, writing),
        ClientSession(reading, writing) as session,
    ):
        await session.initialize()
        return await timed(lambda text: session.call_tool("echo", {"text": text}), size, count)


def mcp_server() -> None:
    from mcp.server import MCPServer

    server = MCPServer("echo")
    server.tool()(echo)
    server.run("stdio")


def echo(text: str) -> str:
    return text


def main(kind: str, size: int, count: int) -> None:
    if kind == "mcp-server":
        mcp_server()
        return
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    print(asyncio.run(mcp_client(size, count)))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
