"""Runs inside: locks itself as the window does, or is the control that does not;
then makes the attempts it is told to.

Arguments: the bait as JSON, and the mode, "locked" or "free". Says "ready" once and then, for every
id read from standard input, one JSON line [outcome, detail]: "worked", "refused" or "broken" (the
attempt fell over by itself and shows nothing). A control makes each attempt in a forked child of
its own session, so that none spoils the next; a locked process can have no child.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from refapp.attack.attempt import Target

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
_TIME_LIMIT_S = 20


def _prepare() -> None:
    """Load what an attacker would want to have loaded, and what only loads on first use."""
    import encodings.idna  # noqa: F401
    import traceback

    try:
        raise ZeroDivisionError
    except ZeroDivisionError:
        traceback.format_exc()
    if "DISPLAY" in os.environ:
        import tkinter

        from refapp.attack.attempts import display_wire
        from refapp.lock import sandbox

        root = tkinter.Tk()
        root.update()
        root.focus_force()  # as the app's window does
        root.update()
        sandbox.strip_tcl(root.tk.call)
        display_wire.remember(root.winfo_id())


def main() -> None:
    bait, mode = json.loads(sys.argv[1]), sys.argv[2]
    sys.path.insert(0, ROOT)
    from refapp.lock import sandbox

    if mode == "locked":
        sandbox.begin([ROOT, os.environ.get("XAUTHORITY", ROOT)], os.getppid())
    from refapp.attack.attempt import Target
    from refapp.attack.catalogue import ALL

    _prepare()
    target = Target(**bait, free=mode == "free")
    if mode == "locked":
        sandbox.lock()
    answer = _outcome if mode == "locked" else _outcome_in_a_child
    _say("ready")
    for line in sys.stdin:
        _say(json.dumps(answer(ALL[line.strip()].act, target)))


def _say(line: str) -> None:
    """Past every layer that an attempt may have disturbed."""
    os.write(1, line.encode() + b"\n")


def _outcome(act: Callable[[Target], object], target: Target) -> list[str]:
    from refapp.attack.attempt import NothingGained

    try:
        act(target)
    except NothingGained:
        return ["refused", "nothing came of it"]
    except MemoryError:
        return ["refused", "no memory"]
    except OSError as error:
        return ["refused", error.strerror or str(error)]
    except (ImportError, RuntimeError) as error:
        return ["refused", str(error)]
    except BaseException as error:  # noqa: BLE001 - whatever it is, the table must name it
        return ["broken", f"{type(error).__name__}: {error}"]
    return ["worked", ""]


def _outcome_in_a_child(act: Callable[[Target], object], target: Target) -> list[str]:
    import select
    import signal

    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        os.setsid()
        # What a started program prints is no answer of ours.
        os.dup2(2, 1)
        os.write(writable, json.dumps(_outcome(act, target)).encode())
        os._exit(0)
    os.close(writable)
    try:
        ready, _, _ = select.select([readable], [], [], _TIME_LIMIT_S)
        said = os.read(readable, 4096) if ready else b""
    finally:
        os.close(readable)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    return list(json.loads(said)) if said else ["broken", "the control ended or hung"]


if __name__ == "__main__":
    main()
