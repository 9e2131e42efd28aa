"""A session as named values, and back.

Owns which names it is kept under: the two tokens under the recipe's own, so that the five storage
operations and the session are about the same values, and ``session`` for whose it is.
``deviceGrant`` and ``trustedComputer`` are further ones of the parent's, which the window can't
name (SS-7): the device sign-in that waits, and what a server knows a trusted computer by.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from refapp.trusted.errors import BlobDamaged
from refapp.trusted.storage.secret import StoredSession, TokenPair
from refapp.trusted.storage.secure_storage import ACCESS, REFRESH, SESSION
from refapp.trusted.wording import storage_words

DEVICE = "deviceGrant"
TRUST = "trustedComputer"


def session_in(values: Mapping[str, str]) -> StoredSession | None:
    """The session, None if there is no token. Raises BlobDamaged."""
    pair = TokenPair(values.get(ACCESS, ""), values.get(REFRESH, ""))
    if not pair.access and not pair.refresh:
        return None
    try:
        beside = msgspec.json.decode(values.get(SESSION, "{}"), type=dict[str, object])
        return msgspec.convert({"user_id": "", **beside, "pair": pair}, StoredSession)
    except msgspec.MsgspecError:
        raise BlobDamaged(storage_words.DAMAGED) from None


def named(pair: TokenPair) -> dict[str, str | None]:
    """The two tokens; None: there is none."""
    return {ACCESS: pair.access or None, REFRESH: pair.refresh or None}


def values_of(session: StoredSession) -> dict[str, str | None]:
    """All of it, in place of a device sign-in that waits."""
    beside = msgspec.structs.asdict(session)
    del beside["pair"]
    return {**named(session.pair), SESSION: msgspec.json.encode(beside).decode(), DEVICE: None}
