"""``python -m steps.servers.hosts.forking``: forks embedded servers that need not import anything.

Standard input is a socket. A message on it is a server's command line in JSON, and with it come its
three standard streams; the server is ``python -m refapp.demo_server`` from there on, a process of
its own. This one runs no thread and no loop, so that a copy of it is whole. When the socket ends it
waits for the last server, and ends.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import sys

# What uvicorn imports when it serves.
import uvicorn.lifespan.off
import uvicorn.protocols.http.auto
import uvicorn.protocols.websockets.auto  # noqa: F401

from refapp.demo_server import __main__ as embedded

MOST_BYTES = 65536


def main() -> int:
    """Fork for each message; the exit code."""
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # Ctrl-C is for whoever asks; servers set their own
    gc.freeze()
    with socket.socket(fileno=0) as asked:
        while True:
            message, streams, _, _ = socket.recv_fds(asked, MOST_BYTES, 3)
            if not message:
                break
            _bury(os.WNOHANG)
            if os.fork() == 0:
                asked.close()
                for number, stream in enumerate(streams):
                    os.dup2(stream, number)
                    os.close(stream)
                code = embedded.main(json.loads(message))
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(code)  # to take apart what was never used takes longer than to start
            for stream in streams:
                os.close(stream)
    _bury(0)
    return 0


def _bury(how: int) -> None:
    """Take note of the servers that have ended; with ``how`` 0, wait for all."""
    try:
        while os.waitpid(-1, how) != (0, 0):
            pass
    except ChildProcessError:
        return


if __name__ == "__main__":
    sys.exit(main())
