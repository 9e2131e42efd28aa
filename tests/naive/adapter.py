"""Speaks for the naive app to the conformance kit:
``pytest features --sut 'python tests/naive/adapter.py'``.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from main_process import Disk, ElectronStore, Ipc, SafeStorage, SecureStorageService
from renderer import Failed, Renderer

Message = dict[str, Any]
KEYCHAIN = ("works", "missing", "locked", "failing", "forgetful")
HELLO = {
    "protocol": 1,
    "implementation": "the recipe's own code",
    "version": "its text, in Python",
    "capabilities": [
        "token file", "refresh", "password", "notes", "own calls", "form", "restart",
        "window process", "several copies", "keychain", "full disk", "time",
    ],
    # All that its code says; the rest is said by nobody.
    "meanings": {
        "expired": ["Session expired"],
        "no token": ["No access token available"],
        "sign-in brought nothing": ["Sign-in failed: no data returned"],
        "not stored": ["Failed to store tokens: "],
    },
}  # fmt: skip
BRIDGE = {
    "storage_is_available": "secure-storage:is-available",
    "storage_set": "secure-storage:set",
    "storage_get": "secure-storage:get",
    "storage_delete": "secure-storage:delete",
    "storage_clear": "secure-storage:clear",
}
"""What the features' window says -> the recipe's channel."""


class NotOffered(Exception):
    """The naive app has no such thing."""


class Computer:
    """One scenario's: its files, its keychain, and the copies of the app that run."""

    def __init__(self, server: str, home: str) -> None:
        self.home = Path(home)
        self.server = server
        self.safe_storage = SafeStorage()
        self.disk = Disk()
        self.copies: dict[int, Copy] = {}
        self.shown: list[str] = []
        self.sent: list[str] = []
        self.notices: list[str] = []
        self.windows = 0
        self.tasks: set[asyncio.Task[Any]] = set()

    def storage(self) -> SecureStorageService:
        return SecureStorageService(self.home, self.safe_storage, self.disk)

    def go(self, work: Coroutine[Any, Any, Any]) -> None:
        """Start it; nobody waits for it, as in a window."""
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)


class Copy:
    """One running copy of the app."""

    def __init__(self, computer: Computer) -> None:
        self._computer = computer
        self.ipc = Ipc(computer.storage())
        settings = ElectronStore(computer.home / "settings.json", computer.disk)
        notes = ElectronStore(computer.home / "notes.json", computer.disk)
        self.renderer = Renderer(computer.server, self.ipc, settings, notes)
        computer.windows += 1
        computer.go(self._mounted())

    async def _mounted(self) -> None:
        await self.renderer.initialize_auth()
        await self.renderer.sync()

    async def sign_in(self, email: str, password: str) -> None:
        await self.renderer.sign_in(email, password)
        await self.renderer.sync()

    async def summarise(self) -> None:
        self._reply(1, {"text": await self.renderer.summarise()})

    async def say(self, line: str) -> None:
        """The window's process says a line:
        the bridge knows five calls, the rest has no handler.
        """
        try:
            message = json.loads(line)
            method, params = message["method"], message["params"]
        except (ValueError, KeyError, TypeError) as error:
            self.ipc.sent.append(json.dumps({"id": None, "error": {"message": str(error)}}))
            return
        if method == "initialize":
            await self.renderer.initialize_auth()
        elif method == "sync_now":
            await self.renderer.sync()
        elif method in BRIDGE:
            answer = await self.ipc.invoke(BRIDGE[method], *params.values())
            if isinstance(answer, bool):
                answer = {"success": True, "data": str(answer).lower()}
            self._reply(message["id"], answer)
        else:
            text = f"No handler registered for '{method}'"
            self.ipc.sent.append(json.dumps({"id": message.get("id"), "error": {"message": text}}))

    def _reply(self, number: int, result: Message) -> None:
        self.ipc.sent.append(json.dumps({"id": number, "result": result}))


class Adapter:
    def __init__(self) -> None:
        self._computer = Computer("", "")

    async def answer(self, order: Message) -> Message:
        """Carry out one command of the kit."""
        try:
            return await self._carried_out(order.pop("do"), order)
        except NotOffered as error:
            return {"not offered": str(error)}

    async def _carried_out(self, do: str, order: Message) -> Message:
        computer = self._computer
        number = order.pop("copy", 1)
        match do:
            case "hello":
                return HELLO
            case "start":
                self._computer = Computer(**order)
            case "finish":
                for copy in list(computer.copies):
                    await self._close(copy)
            case "open" | "open_unconfined":
                computer.copies[number] = Copy(computer)
                # Nothing ever looks at whether the window is confined.
                return {"code": 0, "said": ""} if do == "open_unconfined" else {}
            case "close":
                await self._close(number)
            case "keychain":
                if order["state"] not in KEYCHAIN:
                    raise NotOffered(f"a keychain that is {order['state']}")
                if order["state"] == "forgetful":
                    computer.safe_storage = SafeStorage()
                else:
                    computer.safe_storage.state = order["state"]
            case "press" if order["button"] == "restart":
                await self._close(number)
                computer.copies[number] = Copy(computer)
            case "disk_full":
                computer.disk.full = True
            case "pass_time":
                pass  # Nothing in the recipe happens by itself.
            case "at_once":
                for act in order["acts"]:
                    await self._carried_out(act.pop("do"), act)
            case "call":
                return {"outcome": await self._call(computer.copies[number], **order)}
            case "report":
                return await self._report()
            case _:
                computer.go(self._act(computer.copies[number], do, order))
        return {}

    def _act(self, copy: Copy, do: str, order: Message) -> Coroutine[Any, Any, Any]:
        match do, order.get("button"):
            case "sign_in", _:
                return copy.sign_in(**order)
            case "channel", _:
                return copy.say(order["line"])
            case "write_note", _:
                return asyncio.to_thread(copy.renderer.write_note, order["text"])
            case "press", "sign out":
                return copy.renderer.sign_out()
            case "press", "sync":
                return copy.renderer.sync()
            case "press", "summarise":
                return copy.summarise()
        raise NotOffered(
            f"{do} {order.get('button', order.get('state', order.get('how', '')))}".strip()
        )

    async def _call(self, copy: Copy, method: str, path: str) -> str:
        try:
            return (await copy.renderer.api.authenticated_fetch(method, path)).text
        except Failed as error:
            return str(error)

    async def _close(self, number: int) -> None:
        computer = self._computer
        copy = computer.copies.pop(number)
        computer.shown += copy.renderer.shows
        computer.notices += copy.renderer.notices
        computer.sent += copy.ipc.sent
        await copy.renderer.network.close()
        if not computer.copies:
            for task in list(computer.tasks):
                task.cancel()

    async def _report(self) -> Message:
        for _ in range(20):
            await asyncio.sleep(0)
        computer = self._computer
        copies = computer.copies.values()
        waiting = sum(copy.renderer.network.waiting for copy in copies)
        storage = computer.storage()
        report = {
            "busy": bool(computer.tasks) and not waiting,
            "waiting": waiting,
            "shows": computer.shown + [shown for copy in copies for shown in copy.renderer.shows],
            "notices": computer.notices
            + [text for copy in copies for text in copy.renderer.notices],
            "sent": computer.sent + [line for copy in copies for line in copy.ipc.sent],
            "windows": computer.windows,
            **_tokens(storage),
        }
        return report | (
            _window(computer.copies[1].renderer) if 1 in computer.copies else _NO_WINDOW
        )


_NO_WINDOW = {"says": [], "sync": "off", "assistant": "off", "form": {"email": "", "password": 0}}


def _window(renderer: Renderer) -> Message:
    user = renderer.user or {}
    texts = [renderer.error, *renderer.notices[-1:], *(note["text"] for note in renderer.notes())]
    texts += [str(user[name]) for name in ("name", "email") if name in user]
    form = {"email": "", "password": 0}
    return {"says": texts, "sync": renderer.cloud, "assistant": renderer.cloud, "form": form}


def _tokens(storage: SecureStorageService) -> Message:
    try:
        stored = storage.store.read().keys() & {"accessToken", "refreshToken"}
    except ValueError:
        return {"tokens": None, "token_file": storage.store.path.name}
    access, refresh = (
        storage.get_token(key).get("data", "") for key in ("accessToken", "refreshToken")
    )
    return {
        "tokens": {"access": access, "refresh": refresh} if access or refresh else None,
        "token_file": storage.store.path.name if stored else None,
    }


async def main() -> None:
    """Answer until the standard input ends."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=2**24)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    adapter = Adapter()
    while line := await reader.readline():
        answer = await adapter.answer(json.loads(line))
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main())
