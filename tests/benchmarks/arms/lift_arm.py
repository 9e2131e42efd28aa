"""A program with a stored session, from its start to its first answer:
``... lift_arm WHICH URL FOLDER EMAIL PASSWORD``.

Run in the environment of a private Secret Service. ``prepare`` signs in and stores; ``ours`` and
``by_hand`` print when the answer was there (seconds of the monotonic clock). By hand: keyring,
httpx and json.
"""

from __future__ import annotations

import sys
import time


async def ours(url: str, folder: str, email: str, password: str) -> None:
    import httpx

    from refapp import Phase, open_session

    async with open_session(url, app="bench-first", data_dir=folder) as session:
        if session.phase is Phase.SIGNED_OUT:
            await session.sign_in(email, password)
        async with httpx.AsyncClient(base_url=url, auth=session.auth()) as api:
            assert (await api.get("/api/auth/get-session")).json()["user"]["email"] == email
        sys.stdout.write(f"{time.monotonic()}\n")


def by_hand(url: str, folder: str, email: str) -> None:
    import json
    from pathlib import Path

    import httpx
    import keyring

    tokens = json.loads(keyring.get_password("bench-by-hand", email) or "")
    profile = json.loads((Path(folder) / "by-hand.json").read_text())
    with httpx.Client(base_url=url, headers={"authorization": f"Bearer {tokens['access']}"}) as api:
        assert api.get("/api/auth/get-session").json()["user"]["email"] == profile["email"]
    sys.stdout.write(f"{time.monotonic()}\n")


def prepare(url: str, folder: str, email: str, password: str) -> None:
    import json
    from pathlib import Path

    import httpx
    import keyring

    with httpx.Client(base_url=url) as api:
        answer = api.post("/api/auth/sign-in/email", json={"email": email, "password": password})
    tokens = {"access": answer.json()["token"]}
    keyring.set_password("bench-by-hand", email, json.dumps(tokens))
    (Path(folder) / "by-hand.json").write_text(json.dumps({"email": email}))


if __name__ == "__main__":
    which, *rest = sys.argv[1:]
    if which == "by_hand":
        by_hand(*rest[:3])
    else:
        import asyncio

        if which == "prepare":
            prepare(*rest)
        asyncio.run(ours(*rest))
