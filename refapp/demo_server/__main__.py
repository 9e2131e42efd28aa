"""``python -m refapp.demo_server``: the embedded auth server as a process of its own, on 127.0.0.1.

It prints one line on standard output once it serves, ``READY {"url", "pid", "email", "password"[,
"controlKey"]}``, and ends at SIGTERM or, with ``--exit-with-stdin``, when its standard input ends
(so also when whoever started it is killed). Exit codes: 0 ended as asked, 1 it can't start (the
reason is on standard error), 2 wrong arguments.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import math
import os
import secrets
import signal
import socket
import sqlite3
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from refapp.demo_server.control import Control
from refapp.demo_server.demo_account import DEMO_EMAIL, DEMO_NAME, DEMO_USERNAME, demo_password
from refapp.demo_server.model import AuthServerModel
from refapp.demo_server.setup import ServerSettings

try:
    from refapp.demo_server.transport import Server, listening, served, url_of
except ModuleNotFoundError as missing:
    if missing.name not in {"starlette", "uvicorn"}:
        raise
    sys.exit("The embedded server needs `pip install 'refapp[demo]'`.")

DATABASE = "demo-server.sqlite3"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the server; the exit code."""
    options = _parser().parse_args(arguments)
    settings = ServerSettings(
        mode=options.mode,
        expires_in_s=options.expires_in,
        update_age_s=options.update_age,
        reuse_window_s=options.reuse_window,
        fresh_age_s=options.fresh_age,
        jwt_expires_in_s=options.jwt_expires_in,
        require_signature=options.require_signature,
        device_interval_s=options.device_interval,
        scrypt_n=int(options.scrypt_cost),
        mails=options.mails,
        trusted_origins=tuple(options.trusted_origin),
    )
    os.umask(0o077)  # the database's files are SQLite's to open
    try:
        options.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        password = options.demo_password or demo_password(options.data)
        listener = listening(int(options.port))
        model = AuthServerModel(settings, str(options.data / DATABASE), origin=url_of(listener))
    except (OSError, sqlite3.Error) as error:
        sys.stderr.write(f"The demo server can't start: {error}\n")
        return 1
    account = {"email": DEMO_EMAIL, "password": password}
    model.add_user(DEMO_NAME, DEMO_EMAIL, password, DEMO_USERNAME)
    with contextlib.closing(model), listener:
        asyncio.run(
            _serve(
                model,
                listener,
                account,
                with_control=options.control,
                with_stdin=options.exit_with_stdin,
            )
        )
    return 0


async def _serve(
    model: AuthServerModel,
    listener: socket.socket,
    account: Mapping[str, str],
    *,
    with_control: bool,
    with_stdin: bool,
) -> None:
    key = secrets.token_urlsafe(16) if with_control else None
    config = served(model, None if key is None else Control(model, key))
    server = Server(config)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, _end, server)
    if with_stdin:
        threading.Thread(target=_end_with_stdin, args=(loop, server), daemon=True).start()
    ready = {
        "url": model.origin,
        "pid": os.getpid(),
        **account,
        **({} if key is None else {"controlKey": key}),
    }
    sys.stdout.write(f"READY {json.dumps(ready)}\n")
    sys.stdout.flush()
    await server.serve(sockets=[listener])


def _end(server: Server) -> None:
    server.should_exit = True


def _end_with_stdin(loop: asyncio.AbstractEventLoop, server: Server) -> None:
    with contextlib.suppress(OSError):
        while os.read(0, 4096):
            pass
    with contextlib.suppress(RuntimeError):  # the loop may have ended by itself
        loop.call_soon_threadsafe(_end, server)


def _number(wanted: str, holds: Callable[[float], bool]) -> Callable[[str], float]:
    def read(text: str) -> float:
        with contextlib.suppress(ValueError):
            if holds(number := float(text)):
                return number
        raise argparse.ArgumentTypeError(f"{text!r}: give {wanted}")

    return read


_SECONDS = _number("seconds", lambda number: 0 <= number < math.inf)
_PORT = _number("a number between 0 and 65535", range(65_536).__contains__)
_COST = _number("a power of 2, such as 16384", {2**one for one in range(1, 32)}.__contains__)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m refapp.demo_server", description="The embedded auth server."
    )
    parser.add_argument(
        "--data", type=Path, required=True, metavar="DIR", help="the folder of its database"
    )
    parser.add_argument("--port", type=_PORT, default=0, help="0 (the default): a free port")
    parser.add_argument("--mode", choices=("sliding", "rotating"), default="sliding")
    parser.add_argument("--expires-in", type=_SECONDS, metavar="SECONDS", help="a session's life")
    parser.add_argument(
        "--update-age",
        type=_SECONDS,
        default=86400.0,
        metavar="SECONDS",
        help="when its expiry may move",
    )
    parser.add_argument(
        "--reuse-window",
        type=_SECONDS,
        default=0.0,
        metavar="SECONDS",
        help="for a used refresh token",
    )
    parser.add_argument(
        "--fresh-age",
        type=_SECONDS,
        default=86400.0,
        metavar="SECONDS",
        help="of a session that may list",
    )
    parser.add_argument(
        "--jwt-expires-in",
        type=_SECONDS,
        default=0.0,
        metavar="SECONDS",
        help="0 (the default): no JWTs",
    )
    parser.add_argument("--require-signature", action="store_true", help="take signed tokens alone")
    parser.add_argument(
        "--device-interval", type=_SECONDS, default=5.0, metavar="SECONDS", help="between two polls"
    )
    parser.add_argument(
        "--scrypt-cost",
        type=_COST,
        default=2**14,
        metavar="N",
        help="of a password check, a power of 2",
    )
    parser.add_argument(
        "--demo-password", metavar="TEXT", help="of the demo account, for tests; else a random one"
    )
    parser.add_argument(
        "--mails", action="store_true", help="act as if it sent e-mail: --control tells what"
    )
    parser.add_argument(
        "--trusted-origin", action="append", default=[], metavar="ORIGIN", help="beside its own"
    )
    parser.add_argument("--control", action="store_true", help="with a back door for tests")
    parser.add_argument(
        "--exit-with-stdin", action="store_true", help="end when standard input ends"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
