"""What the adapter reports of the app under test, in the words of ``driver.InsideDriver``.
Asks for nothing but the report.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from steps.scenario.driver import Pair, Told


class Reported:
    """``folder`` is the app's; ``_since`` has how long each list of the report was at the When."""

    folder: Path
    _since: Mapping[str, int]

    def _report(self) -> dict[str, Any]:
        raise NotImplementedError

    def _reads(self, text: str, shown: Iterable[str]) -> bool | None:
        raise NotImplementedError

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
        return str(self._report()["shows"][-1])

    def situations(self) -> Sequence[str]:
        return [str(shown) for shown in self._report()["shows"][self._since["shows"] :]]

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
        return self._reads(text, self._report()["says"])

    def tokens(self) -> Pair | None:
        found = self._report()["tokens"]
        return None if found is None else Pair(found["access"], found["refresh"])

    def token_file(self) -> Path:
        return self.folder / (self._report().get("token_file") or "no-token-file")

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
