"""Takes both ways apart into requests, answers and events, and each of them where it belongs.
Pure: bytes in, bytes out.

Invariants: what goes up is whole requests that the table names, in their order and one for each
that came, so that the server counts as the window does. What comes down passes as it is, but for
answers from which others' windows are taken, or which are a refusal. Whatever the window sends,
nothing but ``ForbiddenRequest`` is raised, and little more than ``LARGEST`` bytes of it are kept.
"""

from __future__ import annotations

import struct
from collections import deque

from refapp.display_gate.known import LARGEST, Known
from refapp.display_gate.rules import ForbiddenRequest, Rules

UNANSWERED = 60_000
"""Requests. Answers carry the low 16 bits of a request's number only,
and one must not be taken for another's.
"""
_NO_OPERATION = 127
_SOMETHING = bytes((43, 0, 1, 0))
"""GetInputFocus: goes up in place of what must not, where the window waits for an answer."""


class Decoder:
    """One connection. ``up`` and ``down`` take what has come,
    in pieces of any size, and return what goes on.

    ``now`` is in seconds, of a clock that never steps. ``requests`` counts what went up, and
    ``round_trips`` how often the window waited: the answers to the last thing that it had asked.
    ``rules``: its toolkit's.
    """

    def __init__(self, rules: type[Rules] = Rules) -> None:
        self.requests = self.round_trips = 0
        self._up, self._down = bytearray(), bytearray()
        self._known = Known(rules.table)
        self._rules = rules(self._known)
        self._expected: deque[tuple[int, str, object]] = deque()
        self._heard = 0

    @property
    def on_top(self) -> bool:
        """See ``Rules``."""
        return self._rules.on_top

    def look(self, now: float) -> None:
        """See ``Rules``. Raises Forbidden."""
        self._rules.look(now)

    def greeting(self, data: bytes) -> bytes | None:
        """The cookie in the window's first words, once they are whole;
        what follows them is kept. Raises Forbidden.
        """
        waiting = self._up
        waiting += data
        if len(waiting) < 12:
            return None
        order, major, name, proof = struct.unpack_from("<BxHxxHH", waiting)
        start, end = 12 + (name + 3 & ~3), 12 + (name + 3 & ~3) + (proof + 3 & ~3)
        if order != ord("l") or major != 11 or end > 512:
            raise ForbiddenRequest("a connection of another protocol or byte order")
        if len(waiting) < end:
            return None
        given = bytes(waiting[start : start + proof])
        del waiting[:end]
        return given

    def up(self, data: bytes, now: float) -> bytes:
        """What of the window's requests goes on to the server. Raises Forbidden."""
        waiting = self._up
        waiting += data
        if not self._known.set_up:
            if len(waiting) > LARGEST:
                raise ForbiddenRequest("requests before the display has answered")
            return b""
        at, end = 0, len(waiting)
        while end - at >= 4:
            size, head = 4 * (waiting[at + 2] | waiting[at + 3] << 8), 4
            if not size:
                if not self._known.big:  # the server would take what follows for another request
                    raise ForbiddenRequest("a request of no length")
                if end - at < 8:
                    break
                size, head = 4 * int.from_bytes(waiting[at + 4 : at + 8], "little"), 8
                if not 8 <= size <= LARGEST:
                    raise ForbiddenRequest("a request of such a length")
            if end - at < size:
                break
            self.requests += 1
            if self.requests - self._heard > UNANSWERED:
                raise ForbiddenRequest("more at once than the display can answer")
            # Without the long length, so that offsets are those of the table.
            request = bytes(waiting[at : at + 4] + waiting[at + head : at + size])
            try:
                asked = self._rules.decide(request, now)
            except struct.error:
                raise ForbiddenRequest("a request that is cut short") from None
            if asked is None:
                waiting[at] = _NO_OPERATION
            elif asked[0]:
                self._expected.append((self.requests, *asked))
                if asked[1] is False:
                    waiting[at : at + size] = _SOMETHING
                    end, size = end - size + 4, 4
            at += size
        passed = bytes(waiting[:at])
        del waiting[:at]
        return passed

    def down(self, data: bytes, now: float) -> bytes:
        """What of the server's words goes on to the window.
        Raises ValueError if they are not those of an X server.
        """
        waiting = self._down
        waiting += data
        passed: list[bytes] = []
        at, end = 0, len(waiting)
        if not self._known.set_up:
            if end < 8 or end < (at := 8 + 4 * int.from_bytes(waiting[6:8], "little")):
                return b""
            self._known.setup(waiting, now)
            passed.append(bytes(waiting[:at]))
        while end - at >= 32:
            size = 32 + (
                4 * int.from_bytes(waiting[at + 4 : at + 8], "little")
                if waiting[at] in (1, 35)
                else 0
            )
            if end - at < size:
                break
            passed.append(self._came(bytes(waiting[at : at + size]), now))
            at += size
        del waiting[:at]
        return b"".join(passed)

    def _came(self, m: bytes, now: float) -> bytes:
        code = m[0] & 0x7F
        if code != 11:  # KeymapNotify alone has no number
            self._heard += (int.from_bytes(m[2:4], "little") - self._heard) & 0xFFFF
            if self._heard > self.requests:
                raise ValueError("an answer to what was not asked")
        if m[0] > 1:
            self._known.event(m, now)
            return m if self._known.may_be_heard(m) else b""
        self.round_trips += m[0] == 1 and self._heard == self.requests
        while self._expected and self._expected[0][0] < self._heard:
            self._expected.popleft()
        if not m[0] or not self._expected or self._expected[0][0] > self._heard:
            return m
        _, answer, kept = self._expected.popleft()
        try:
            return self._known.answer(answer, m, kept)
        except struct.error:
            raise ValueError("an answer that is cut short") from None
