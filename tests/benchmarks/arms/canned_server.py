"""An auth server that costs next to nothing: canned answers over bare asyncio, so that the client
is what is measured.

``python -m tests.benchmarks.arms.canned_server``: prints its port. Rotating tokens: only the newest
access token is good, a refresh token works once, and a used one that comes again ends the session.
``POST /set`` takes {"seed", "api_ms", "refresh_ms", "fresh"}: latencies, each a random number of
milliseconds up to that; ``fresh`` false: the access token has run out. It answers with the pair and
with what was counted since the last time.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
from typing import Any

USER = {"id": "u1", "email": "ada@example.com", "name": "Ada Lovelace"}


class Server:
    """The session and its counts."""

    def __init__(self) -> None:
        self.chance = random.Random(0)
        self.api_ms = self.refresh_ms = 0.0
        self.number = 0
        self.expired = self.ended = False
        self.refreshes = self.replays = 0

    def access(self) -> str:
        return f"access-token-number-{self.number:08}"

    def refresh(self) -> str:
        return f"refresh-token-number-{self.number:08}"

    async def answer(self, path: str, bearer: str, body: bytes) -> tuple[int, str, dict[str, Any]]:
        """Status, further headers, body."""
        if path == "/set":
            return 200, "", self.set(json.loads(body))
        if path == "/api/auth/sign-in/email":
            return (
                200,
                f"set-refresh-token: {self.refresh()}\r\n",
                {"token": self.access(), "user": USER},
            )
        if path == "/api/auth/refresh":
            return await self.rotate(json.loads(body)["refreshToken"])
        await self.wait(self.api_ms)
        good = bearer == f"Bearer {self.access()}" and not self.expired and not self.ended
        # The answer travels too.
        await self.wait(self.api_ms)
        return (
            (200, "", {"user": USER, "session": {}})
            if good
            else (401, "", {"code": "UNAUTHORIZED"})
        )

    async def rotate(self, given: str) -> tuple[int, str, dict[str, Any]]:
        await asyncio.sleep(self.refresh_ms / 1000)
        self.refreshes += 1
        if given != self.refresh() or self.ended:
            self.replays += 1
            self.ended = True
            return 401, "", {"code": "INVALID_REFRESH_TOKEN"}
        self.number += 1
        self.expired = False
        return 200, "", {"accessToken": self.access(), "refreshToken": self.refresh()}

    async def wait(self, up_to_ms: float) -> None:
        if up_to_ms:
            await asyncio.sleep(self.chance.uniform(0, up_to_ms) / 1000)

    def set(self, order: dict[str, Any]) -> dict[str, Any]:
        counted = {"refreshes": self.refreshes, "replays": self.replays, "ended": self.ended}
        self.chance = random.Random(order["seed"])
        self.api_ms, self.refresh_ms, self.expired = (
            order["api_ms"],
            order["refresh_ms"],
            not order["fresh"],
        )
        self.refreshes = self.replays = 0
        self.ended = False
        return {**counted, "access": self.access(), "refresh": self.refresh()}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, kept alive."""
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                fields = {
                    name.lower(): value
                    for name, _, value in (line.partition(": ") for line in head[1:])
                }
                body = await reader.readexactly(int(fields.get("content-length", 0)))
                path = head[0].split(" ")[1]
                status, headers, said = await self.answer(
                    path, fields.get("authorization", ""), body
                )
                data = json.dumps(said).encode()
                line = (
                    f"HTTP/1.1 {status} X\r\ncontent-type: application/json\r\n"
                    f"{headers}content-length: {len(data)}\r\n\r\n"
                )
                writer.write(line.encode() + data)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()


async def main() -> None:
    """Serve until standard input ends."""
    server = await asyncio.start_server(Server().serve, "127.0.0.1", 0, backlog=1024)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(main())
