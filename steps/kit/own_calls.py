"""The calls that the app under test makes of its own,
and those that it makes where the features sync.

An app that makes calls and has no notes makes a call where the features sync or summarise: what
those scenarios show, a refresh, a repeat, an outage, an end of the session, is said of every call.
Owns that translation, in both directions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from steps.kit.not_offered import not_offered

CALLS = ("notes", "summary", "who am I")
"""What the ledger calls the requests that an app makes with its token."""
INSTEAD_OF = ("/app/notes", "/app/summarise")
PATH = "/app/me"
"""What is called in the place of those."""


class OwnCalls:
    """``_called``: a call is under way, or was made since the When.
    ``_holds``: the server will not answer yet.
    """

    _has: frozenset[str]
    _called = _holds = False

    def _act(self, do: str, **more: Any) -> dict[str, Any]:
        raise NotImplementedError

    def _report(self) -> dict[str, Any]:
        raise NotImplementedError

    def _own(self, sentence: str) -> str:
        raise NotImplementedError

    @property
    def _calls_instead(self) -> bool:
        return "own calls" in self._has and "notes" not in self._has

    def _path(self, path: str) -> str:
        """The path that this app asks for where the features' app asks for ``path``."""
        return PATH if self._calls_instead and path in INSTEAD_OF else path

    def _alike(self, requests: Sequence[str]) -> Sequence[str]:
        """``requests`` as they are compared: a call that stands for a sync is called as that is."""
        return (
            ["notes" if one in CALLS else one for one in requests]
            if self._calls_instead
            else requests
        )

    def _pressing(self, button: str) -> dict[str, Any]:
        """The command for a button; a call that will be answered is waited for."""
        if not self._calls_instead or button not in ("sync", "summarise"):
            return {"do": "press", "button": button}
        self._called = True
        return {"do": "start_call" if self._holds else "call", "method": "GET", "path": PATH}

    def call(self, method: str, path: str, *, jwt: bool = False, times: int = 1) -> str:
        """See ``driver.InsideDriver``."""
        if jwt or times > 1:
            not_offered("calls with a JWT, or several at once")
        self._called = True
        return self._own(str(self._act("call", method=method, path=path)["outcome"]))

    def start_call(self, method: str, path: str, *, jwt: bool = False, times: int = 1) -> None:
        """See ``driver.InsideDriver``."""
        if jwt or times > 1:
            not_offered("calls with a JWT, or several at once")
        self._called = True
        self._act("start_call", method=method, path=path)

    def call_came_to(self) -> str:
        """See ``driver.InsideDriver``."""
        outcome = self._report()["calls"][-1]
        assert outcome is not None, "the call has not been answered"
        return self._own(str(outcome))
