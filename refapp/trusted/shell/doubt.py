"""A no that may not be the server's own is asked for again later,
and believed if it still stands (OF-9). Pure.

Owns the memory of it. A server without BetterAuth's word for "over" is understood this way, and a
gateway that fails for a while signs nobody out.
"""

from __future__ import annotations

from refapp.trusted.server.verdict import Doubtful, Verdict


class Doubt:
    """What session checks said about one access token, and since when. Times are unix seconds."""

    def __init__(self) -> None:
        self._about = ""
        self._since = 0.0

    def settled(self, said: Verdict, access: str, now: float) -> bool:
        """Whether ``said`` of ``access`` is a doubtful no that has stood for long enough.
        Any other answer ends the doubt.
        """
        if not isinstance(said, Doubtful):
            self._about = ""
            return False
        if access != self._about:
            self._about, self._since = access, now
        return now - self._since >= said.believed_after
