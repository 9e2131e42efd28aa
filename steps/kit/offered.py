"""What of a scenario can be asked of the app under test, and compared: by what its adapter has
declared, and by meaning.

Skips a scenario that needs more, naming what;
leaves out of the comparison a row of the ledger that the app can't have.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Literal

import httpx
import pytest

from steps.kit.capabilities import (
    ADDED,
    BUTTONS,
    CAPABILITIES,
    COMMANDS,
    ELSEWHERE,
    MEANINGS,
    PATHS,
    REQUESTS,
    STORES,
    WITHOUT,
)
from steps.kit.hello import Hello
from steps.kit.meanings import Sentences
from steps.kit.not_offered import not_offered
from steps.kit.observed import TELLS, name_of
from steps.kit.own_calls import CALLS, OwnCalls
from steps.scenario.effects import Effect, Party
from steps.scenario.people import PEOPLE

OFFLINE, SIGNED_IN = " offline", " signed in"


def lacking(what: str) -> None:
    """Skip the scenario: the app has no such thing."""
    pytest.skip(f"not offered by the app under test: {what}")


class Offered(OwnCalls):
    """The part of ``driver.Driver`` that says what can be asked and told of this app.
    ``rules``: those of the scenario.
    """

    _was_away: bool
    _opened = False
    _mode: Literal["rotating", "sliding"]
    _tokens_before: object = None

    def _other_tokens(self) -> bool:
        """Are the stored tokens others than at the When?
        A write that leaves them as they were is not asked for.
        """
        return bool(self._report()["tokens"] != self._tokens_before)

    def __init__(self, hello: Hello, sentences: Sentences, rules: Collection[str] = ()) -> None:
        self._has = hello.capabilities
        self._sentences = sentences
        self._rules = rules

    def need(self, what: str) -> None:
        """See ``driver.Driver``.
        What is no capability is something that the kit itself has no words for.
        """
        if what not in CAPABILITIES:
            not_offered(what)
        if what not in self._has:
            lacking(what)

    def _need_for(self, do: str, more: Mapping[str, Any]) -> None:
        """What the command needs."""
        if do == "at_once":
            for act in more["acts"]:
                self._need_for(act["do"], act)
        if more.get("button") in ELSEWHERE:
            not_offered("a browser or another device")
        for needed in (COMMANDS.get(do), BUTTONS.get(more.get("button", ""))):
            if needed is not None:
                self.need(needed)
        if more.get("copy", 1) != 1:
            self.need("several copies")

    def _need_for_server(self, order: str, path: str) -> None:
        """What an app needs to notice that the server does ``order``,
        or answers ``path`` otherwise.
        """
        if order == "expire_access":
            self.need("refresh")
        for begins, needed in PATHS.items():
            if path.startswith(begins):
                self.need(needed)

    def _need_for_sign_in(self, email: str, password: str, *, away: bool) -> None:
        """What a sign-in needs; what the browser says of one that fails is not the app's."""
        right = any((email, password) == (one.email, one.password) for one in PEOPLE.values())
        if away or not right:
            self.need("password")

    def _named(self, request: httpx.Request, server: str) -> str | None:
        """What the features call the request;
        None for the person's browser, which the adapter plays.
        """
        name = name_of(request)
        if "password" in self._has:
            return name
        if request.headers.get("origin") == server:
            return None
        return "sign-in" if name == "code exchange" else name

    def can_tell(self, party: Party, what: str) -> bool:
        """See ``driver.Driver``."""
        if party == "server" and what in CALLS and self._calls_instead and not self._was_away:
            return self._called
        if party == "server" and REQUESTS.get(what, STORES[0]) not in (*self._has, STORES[0]):
            return False
        if party == "notice" or "ledger" in self._has:
            return True
        if party == "disk":
            return what in TELLS and "token file" in self._has and self._other_tokens()
        return party == "server" and not self._was_away

    def owed(self, party: Party, happened: Sequence[str]) -> list[str]:
        """See ``driver.Driver``."""
        if party != "server" or "refapp's words" in self._has:
            return list(happened)
        happened = [one for one in self._alike(happened) if one != "refresh" or not self._in_vain()]
        if self._opened and "refresh" in happened and "RS-4" not in self._rules:
            # Whatever a start tried with the old access token has told the app no more than that it
            # is old.
            happened = happened[happened.index("refresh") :]
        return [
            one
            for before, one, after in zip(
                ["", *happened], happened, [*happened[1:], ""], strict=False
            )
            if one != "session check" or not self._is_added(before, after)
        ]

    def _is_added(self, before: str, after: str) -> bool:
        """Whether a rule that is a should decides that there is a session check between these two
        requests.
        """
        return any(
            rule not in self._rules and (before if where == "after" else after) in beside
            for rule, (where, beside) in ADDED.items()
        )

    def _in_vain(self) -> bool:
        """Whether a refresh is tried only because of RS-4: the server has none."""
        return self._mode == "sliding" and "RS-4" not in self._rules

    def meant(self, what: str) -> str:
        """See ``driver.Driver``."""
        if what in WITHOUT:
            needed, instead = WITHOUT[what]
            return what if needed in self._has else instead
        if (seen := self._seen(what)) != what:
            return seen
        return what if "refapp's words" in self._has else self._sentences.meaning_of(what)

    def _seen(self, shown: str) -> str:
        """What the window shows, as it is compared: an app that does not show that it is offline
        keeps the person shown.
        """
        return shown if "offline" in self._has else shown.replace(OFFLINE, SIGNED_IN)

    def reads(self, text: str, said: str) -> bool | None:
        """See ``driver.Driver``."""
        return self._reads(text, [said])

    def _reads(self, text: str, shown: Iterable[str]) -> bool | None:
        if "refapp's words" in self._has:
            return any(text in said for said in shown)
        needed = MEANINGS.get(self._sentences.about(text) or "")
        if needed is not None and needed not in self._has:
            return None
        return self._sentences.reads(text, shown)

    def _own(self, sentence: str) -> str:
        """A sentence of the app, as ``meant`` has those of the features."""
        return (
            sentence if "refapp's words" in self._has else self._sentences.meaning_of_own(sentence)
        )

    def _declared(self, observed: Iterable[Effect]) -> list[Effect]:
        """``observed``, if the app may do all of that.

        Raises:
            AssertionError: it did what its adapter has not declared.
        """
        found = list(observed)
        for one in found:
            needed = REQUESTS.get(one.what) if one.party == "server" else None
            assert needed is None or needed in self._has, (
                f"the app has made the request {one.what!r}, and its adapter does not "
                f"declare {needed!r}"
            )
        return found
