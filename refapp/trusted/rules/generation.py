"""What an event belongs to: to one generation of the session, or to none.
Every event is one of the two.
"""

from __future__ import annotations

import msgspec


class OfGeneration(msgspec.Struct, frozen=True):
    """What work that was begun in ``generation`` came to.
    In another one it comes too late (RF-10, SO-7).
    """

    generation: int


class AtAnyTime(msgspec.Struct, frozen=True):
    """What a person does, or the world, whatever session there is. It is never too late."""
