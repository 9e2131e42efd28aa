"""The assistant, a cloud service:
it summarises a note, and is enabled only while the session is good (IN-2).
"""

from __future__ import annotations

import msgspec

from refapp.snapshot import Service
from refapp.trusted.errors import UNDECODABLE, CallError
from refapp.trusted.files.owner import Owner
from refapp.trusted.shell.api_client import ApiClient
from refapp.trusted.wording import note_words

PATH = "/app/summarise"


class _Answer(msgspec.Struct):
    summary: str


class Assistant:
    """Asks the application's API over ``api``."""

    def __init__(self, api: ApiClient) -> None:
        self._api = api
        self.service = Service(state="off")

    def enable(self) -> None:
        """The session is good."""
        self.service = Service(state="ready")

    def pause(self, sentence: str) -> None:
        """The session is not good now; say why (EX-4)."""
        self.service = Service(state="paused", sentence=sentence)

    def disable(self) -> None:
        """There is no session."""
        self.service = Service(state="off")

    async def summarise(self, text: str, owner: Owner) -> str:
        """A summary of ``text``, which is ``owner``'s.

        Raises:
            CallError: there is no good session, or no answer; the sentence says which.
        """
        if self.service.state != "ready":
            raise CallError(self.service.sentence or note_words.ASSISTANT_SIGNED_OUT)
        came = await self._api.fetch("POST", PATH, msgspec.json.encode({"text": text}), owner=owner)
        try:
            if came.status == 200:
                return msgspec.json.decode(came.body, type=_Answer).summary[:2000]
        except UNDECODABLE:
            pass
        raise CallError(note_words.SUMMARY_NOT_UNDERSTOOD)
