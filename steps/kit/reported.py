"""What the adapter reports of the app under test, in the words of ``driver.InsideDriver``.
Asks for nothing but the report.

Also where a secret lies open: in what the window was sent, or below the app's folder.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from steps.scenario.driver import Pair, Told
from steps.scenario.sight import Keyboard
from steps.scenario.watch import contents

FIELDS: Mapping[str, str] = {
    "busy": "", "waiting": "", "shows": "", "says": "", "notices": "", "tokens": "",
    "token_file": "token file", "form": "form", "sync": "notes", "assistant": "notes",
    "windows": "window process", "sent": "window process", "keys": "keys", "did": "ledger",
}  # fmt: skip
"""What a report has -> what the app has then; nothing: every app's."""


class Reported:
    """``folder`` is the app's; ``_since`` has how long each list of the report was at the When."""

    folder: Path
    _known_leaks: Callable[[str], bool]
    _since: Mapping[str, int]

    def _report(self) -> dict[str, Any]:
        raise NotImplementedError

    def _reads(self, text: str, shown: Iterable[str]) -> bool | None:
        raise NotImplementedError

    def _seen(self, shown: str) -> str:
        raise NotImplementedError

    def secrets(self) -> set[str]:
        raise NotImplementedError

    def _whole(self, report: dict[str, Any]) -> dict[str, Any]:
        """The report, if it says what it has to.

        Raises:
            AssertionError: something is missing; what is not reported can't be compared.
        """
        missing = [
            name
            for name, needed in FIELDS.items()
            if needed in (*self._has, "") and name not in report
        ]
        assert not missing, (
            f"the adapter's report has no {missing[0]!r} (steps/kit/README.md, The report)"
        )
        return report

    def open_page(self) -> None:
        """See ``sight.Looks``: no part of the report, as the others here."""

    def stands_above(self, first: str, second: str) -> None:
        """See ``sight.Looks``."""

    def button(self, name: str) -> None:
        """See ``sight.Looks``."""

    def copied(self) -> None:
        """See ``sight.Looks``."""

    def pasted(self) -> None:
        """See ``sight.Looks``."""

    def all_on_screen(self) -> None:
        """See ``sight.Looks``."""

    def terminal(self) -> None:
        """See ``sight.Looks``."""

    def copy_by_keys(self, keyboard: Keyboard) -> None:
        """See ``sight.Looks``."""

    def answer(self) -> Told:
        replies = [
            one
            for one in map(json.loads, self._report()["sent"])
            if "result" in one or "error" in one
        ]
        assert replies, "the window was answered nothing"
        if "error" in replies[-1]:
            return Told(error=str(replies[-1]["error"]["message"]))
        found = replies[-1]["result"]
        return Told(data=found.get("data", found.get("text")), error=found.get("error"))

    _has: frozenset[str]

    def situation(self) -> str:
        shows = self._report()["shows"]
        assert shows, (
            "the adapter's report has an empty 'shows': a window shows something as "
            "soon as it is open"
        )
        return self._seen(str(shows[-1]))

    def situations(self) -> Sequence[str]:
        return [self._seen(str(shown)) for shown in self._report()["shows"][self._since["shows"] :]]

    def sent_down(self) -> Sequence[str]:
        return [
            line for line in self._report()["sent"][self._since["sent"] :] if '"ping"' not in line
        ]

    def services(self) -> tuple[str, str] | None:
        report = self._report()
        return (report["sync"], report["assistant"]) if "notes" in self._has else None

    def form(self) -> tuple[str, str] | None:
        if "form" not in self._has:
            return None
        form = self._report()["form"]
        return form["email"], f"password: {form['password']} characters"

    def says(self, text: str) -> bool | None:
        says = self._report()["says"]
        assert says, (
            "the adapter's report has an empty 'says': some text can be read in every window, and "
            "who reports none misses none"
        )
        return self._reads(text, says)

    def tokens(self) -> Pair | None:
        found = self._report()["tokens"]
        return None if found is None else Pair(found["access"], found["refresh"])

    def token_file(self) -> Path:
        return self.folder / (self._report().get("token_file") or "no-token-file")

    def delete_tokens(self) -> None:
        self.token_file().unlink()

    def stored(self) -> bytes | None:
        pair = self.tokens()
        # Another app may seal more than tokens in that file, or seal them anew: kept means that
        # they are the same.
        if pair is not None and "refapp's files" not in self._has:
            return json.dumps(pair).encode()
        file = self.token_file()
        return file.read_bytes() if file.exists() else None

    def keys(self) -> list[str]:
        return list(self._report().get("keys", ()))

    def windows(self) -> int:
        return int(self._report().get("windows", 0))

    def leaks(self) -> list[str]:
        return [f"{place} holds a secret" for place in self._leaking()]

    def unknown_leaks(self) -> list[str]:
        return [
            f"{place} holds a secret" for place in self._leaking() if not self._known_leaks(place)
        ]

    def _leaking(self) -> list[str]:
        secrets = self.secrets()
        places = contents(self.folder)
        places["what the window was sent"] = "\n".join(self._report().get("sent", ())).encode()
        return [
            place
            for place, found in places.items()
            if any(one.encode() in found for one in secrets)
        ]
