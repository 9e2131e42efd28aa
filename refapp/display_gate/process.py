"""The gate's process:
one window, one connection to the real display, and ``decoder`` between the two (DG-1).

``keep`` is forked by the parent before it has read anything secret, and for each window forks a
gate that goes with it. They talk by lines. Down: a cookie (hexadecimal) asks for a gate; then comes
the window's process number. Up: ``at N`` (listening as display N), ``refused WHY`` (none can be
had), ``stranger WHO`` (turned away), ``forbidden WHAT`` (the window is to be ended),
``gone STATUS REQUESTS ROUND_TRIPS``. A gate locks itself in once it has both ends: it can read,
write, wait and end, and no more. Imports next to nothing before it says where it listens: the
window waits for that.
"""

from __future__ import annotations

import _socket
import gc
import os
import select
from time import monotonic

from refapp.display_gate import wording

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from refapp.display_gate.decoder import Decoder
    from refapp.display_gate.rules import Rules

    Connect = Callable[[], tuple[_socket.socket, bytes]]
    """The real display, and the first words to it,
    the person's own cookie among them. Raises OSError.
    """

NUMBERS = range(100, 1000)
FOLDER = "/tmp/.X11-unix"  # noqa: S108 - where libxcb looks for displays
FULL = 1 << 20
"""Bytes that wait for one end; the other is not read meanwhile."""
_LOOK_EVERY_MS = 500
_COOKIE = 2 * 16
"""Digits; a process number has fewer."""
_PEER = 17  # SO_PEERCRED


def keep(orders: int, reports: int, connect: Connect, toolkit: str = "tk") -> None:
    """Serve one window of ``toolkit`` after the other until ``orders`` ends. Does not return."""
    os.setsid()  # Ctrl+C in a terminal is the parent's to hear
    # looking for garbage would touch every page that is shared with the parent, and so copy it
    gc.disable()
    _close_all_but(orders, reports)
    while cookie := _line(orders):
        if len(cookie) < _COOKIE:
            continue  # the number of a window whose gate has ended before it was said
        try:
            number, door, claim = listen()
        except OSError as error:
            _say(reports, f"refused {wording.can_not_listen(FOLDER, error.strerror)}")
            continue
        _say(reports, f"at {number}")
        from refapp.display_gate import decoder, lock  # noqa: F401 - while the window starts; and gates share what is here

        rules = rules_of(toolkit)
        counts, ours = os.pipe()
        gate = os.fork()
        if not gate:
            code = 1
            try:
                wanted = bytes.fromhex(cookie.decode())
                _serve(wanted, number, door, orders, reports, ours, connect, rules)
                code = 0
            finally:
                os._exit(code)
        door.close()
        claim.close()
        os.close(ours)
        _, status = os.waitpid(gate, 0)
        _say(
            reports,
            f"gone {os.waitstatus_to_exitcode(status)} {os.read(counts, 100).decode() or '0 0'}",
        )
        os.close(counts)
    os._exit(0)


def rules_of(toolkit: str) -> type[Rules]:
    """By which a window of ``toolkit`` is judged: Tk's table, or Qt's."""
    if toolkit == "qt":
        from refapp.display_gate.qt_rules import QtRules

        return QtRules
    from refapp.display_gate.rules import Rules

    return Rules


def _serve(
    cookie: bytes,
    number: int,
    door: _socket.socket,
    orders: int,
    reports: int,
    counts: int,
    connect: Connect,
    rules: type[Rules],
) -> None:
    from refapp.display_gate.lock import lock_in
    from refapp.display_gate.rules import ForbiddenRequest

    try:
        display, greeting = connect()
        admitted = _admit(door, int(_line(orders) or 0), cookie, orders, reports, rules)
    except OSError as error:
        _say(reports, f"refused {wording.can_not_reach(error)}")
        return
    except ForbiddenRequest as error:
        _say(reports, f"forbidden {error}")
        return
    finally:
        os.unlink(f"{FOLDER}/X{number}")  # noqa: PTH108 - pathlib costs the first window milliseconds
    if admitted is None:
        return
    window, decoder = admitted
    for end in (window, display):
        end.setblocking(False)
    ours, theirs = window.detach(), display.detach()  # locked in, nothing can be closed
    door.detach()
    lock_in({orders, reports, counts, ours, theirs})
    try:
        carry(ours, theirs, decoder, greeting)
    except ForbiddenRequest as error:
        _say(reports, f"forbidden {error}")
        # The parent ends the window, and says why;
        # a connection that breaks would say something else.
        _wait_for_the_end(ours)
    finally:
        os.write(counts, f"{decoder.requests} {decoder.round_trips}".encode())


def listen() -> tuple[int, _socket.socket, _socket.socket]:
    """A free display number, its door, and the claim on its abstract name, which libxcb tries
    first. Raises OSError.
    """
    for number in NUMBERS:
        path = f"{FOLDER}/X{number}"
        claim, door = _socket.socket(_socket.AF_UNIX), _socket.socket(_socket.AF_UNIX)
        before = os.umask(0o177)
        try:
            claim.bind(f"\0{path}")
            _clear(path)
            door.bind(path)
        except OSError as error:
            claim.close()
            door.close()
            if error.errno != 98:  # EADDRINUSE
                raise
        else:
            door.listen(4)
            return number, door, claim
        finally:
            os.umask(before)
    raise OSError(98, "every number is taken")


def _clear(path: str) -> None:
    """Take away a socket of ours that nobody listens at:
    its gate was killed before it could do so.
    """
    knock = _socket.socket(_socket.AF_UNIX)
    try:
        knock.connect(path)
    except ConnectionRefusedError:
        if os.stat(path).st_uid == os.getuid():  # noqa: PTH116
            os.unlink(path)  # noqa: PTH108
    except OSError:
        return
    finally:
        knock.close()


def _admit(
    door: _socket.socket,
    pid: int,
    cookie: bytes,
    orders: int,
    reports: int,
    rules: type[Rules],
) -> tuple[_socket.socket, Decoder] | None:
    """The connection of process ``pid`` with ``cookie``; others are turned away.
    None if the parent wants no more of it.
    """
    from refapp.display_gate.decoder import Decoder

    while _readable(door.fileno(), orders):
        number, _ = door._accept()  # type: ignore[attr-defined]  # what socket.socket stands on
        peer, decoder, given = _socket.socket(fileno=number), Decoder(rules), None
        who = int.from_bytes(peer.getsockopt(_socket.SOL_SOCKET, _PEER, 12)[:4], "little")
        while who == pid and given is None and _readable(number, orders):
            data = os.read(number, 1024)
            if not data:
                break
            given = decoder.greeting(data)
        if given == cookie:
            return peer, decoder
        _say(reports, f"stranger process {who}")
        peer.close()
    return None


def _readable(fd: int, orders: int) -> bool:
    """Wait for ``fd``. False:
    the parent has given up on this window (it said something else, or is gone).
    """
    waiting = select.poll()
    waiting.register(fd, select.POLLIN)
    waiting.register(orders, select.POLLIN)
    return orders not in dict(waiting.poll())


def carry(window: int, display: int, decoder: Decoder, greeting: bytes = b"") -> None:
    """Until one of the two ends, neither of which blocks: the greeting and requests up, everything
    else down. Raises Forbidden.

    What the display has said is heard first: a request is judged by what is known when it comes.
    """
    for_window, for_display = bytearray(), bytearray(greeting + decoder.up(b"", 0.0))
    waiting = select.poll()
    while True:
        for fd, theirs, ours in (
            (display, for_window, for_display),
            (window, for_display, for_window),
        ):
            waiting.register(
                fd, (select.POLLIN if len(theirs) < FULL else 0) | (select.POLLOUT if ours else 0)
            )
        for fd, event in waiting.poll(_LOOK_EVERY_MS if decoder.on_top else None):
            if event & select.POLLIN:
                data = _read(fd)
                if not data:
                    return
                if fd == display:
                    for_window += decoder.down(data, monotonic())
                    data = b""
                for_display += decoder.up(data, monotonic())
            elif event & ~select.POLLOUT:
                return
        decoder.look(monotonic())
        _write(window, for_window)
        _write(display, for_display)


def _read(fd: int) -> bytes:
    """Nothing at its end, however that came: reset with bytes on the way, or timed out."""
    try:
        return os.read(fd, 1 << 16)
    except OSError:
        return b""


def _write(fd: int, data: bytearray) -> None:
    if data:
        try:
            del data[: os.write(fd, data)]
        except BlockingIOError:
            return
        except OSError:  # at its end, which is seen where it is read; nobody hears this any more
            data.clear()


def _wait_for_the_end(window: int) -> None:
    waiting = select.poll()
    waiting.register(window, 0)
    waiting.poll()


def _line(fd: int) -> bytes:
    """The next line without its end; empty if there is none.
    Byte by byte, so that nothing of the one after it is taken.
    """
    line = b""
    while (byte := os.read(fd, 1)) not in (b"\n", b""):
        line += byte
    return line


def _say(reports: int, line: str) -> None:
    os.write(reports, line.encode(errors="replace").replace(b"\n", b" ")[:1000] + b"\n")


def _close_all_but(*kept: int) -> None:
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208
        if int(name) > 2 and int(name) not in kept:
            try:
                os.close(int(name))
            except OSError:
                continue
