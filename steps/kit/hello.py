"""The adapter's first answer:
which version of the protocol it speaks, for which app, and what that app has.

Pure. An answer that can't be worked with is refused with a sentence for whoever writes the adapter.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from steps.kit import capabilities

PROTOCOL = 1
"""The version of ``steps/kit/README.md``.
It changes when an adapter that was right would be wrong afterwards.
"""


class Refused(Exception):
    """The kit can't work with this adapter. The text says why, and what to do."""


@dataclasses.dataclass(frozen=True, slots=True)
class Hello:
    """``own_words``: meaning -> the app's own sentences for it."""

    implementation: str
    version: str
    capabilities: frozenset[str]
    own_words: Mapping[str, tuple[str, ...]]


def read(answer: Mapping[str, Any], meanings: Mapping[str, str]) -> Hello:
    """The answer to ``{"do": "hello"}``. ``meanings``: those that there are.

    Raises:
        Refused: another version, or something that is missing or unknown.
    """
    spoken = answer.get("protocol")
    if spoken != PROTOCOL:
        said = "names no version" if spoken is None else f"speaks version {spoken!r}"
        raise Refused(
            f"This kit speaks version {PROTOCOL} of its protocol; the adapter {said}. "
            f"Take the kit of the adapter's version, or bring the adapter to version {PROTOCOL}: "
            "the guide has it (steps/kit/README.md, refapp-conformance --print guide)."
        )
    for name in ("implementation", "version"):
        if not isinstance(answer.get(name), str) or not answer[name].strip():
            raise Refused(
                f"The adapter's hello has no {name!r}: a text that names what is being tested."
            )
    declared = answer.get("capabilities")
    if not isinstance(declared, list) or not _is_texts(declared):
        raise Refused("The adapter's hello has no 'capabilities': a list of texts.")
    if complaint := capabilities.complaint(declared):
        raise Refused(f"The adapter's hello: {complaint}")
    words = answer.get("meanings", {})
    if not isinstance(words, dict) or not all(
        _is_texts(texts) and all(texts) for texts in words.values()
    ):
        raise Refused(
            "The 'meanings' of the adapter's hello are an object: the name of a meaning, and "
            "a list of texts."
        )
    if unknown := [name for name in words if name not in meanings]:
        raise Refused(
            f"The adapter's hello: no meaning is called {unknown[0]!r}; there are: "
            f"{', '.join(meanings)}."
        )
    own = {name: tuple(texts) for name, texts in words.items()}
    return Hello(str(answer["implementation"]), str(answer["version"]), frozenset(declared), own)


def _is_texts(found: Any) -> bool:
    return isinstance(found, list) and all(isinstance(one, str) for one in found)
