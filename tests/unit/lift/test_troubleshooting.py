"""The page on troubleshooting has every sentence of the session,
and none that is not said any more.
"""

from __future__ import annotations

import re

import pytest

from steps.site import sentences

PLACES = (
    *(
        f"wording/{topic}_words.py"
        for topic in (
            "session",
            "sign_in",
            "sign_out",
            "file",
            "setting",
            "network",
            "server",
            "storage",
            "keychain",
        )
    ),
    *(
        "errors.py",
        "config.py",
        "keys",
        "network",
        "server",
        "storage",
        "shell",
        "sign_in",
        "rules",
    ),
    *(
        "files/atomic_file.py",
        "files/lease.py",
        "files/disk_limits.py",
        "composition/session_words.py",
        "composition/open_session.py",
    ),
)
DO = re.compile(
    r"(Add|Ask|Check|Free|If|Install|In KDE|In KeePassXC|Its "
    r"window|Let|Look|Make|Mend|Move|Name|Open|Please|Remove|Start|Try|Unlock|Use|Wait|"
    r"Whoever|Write|Sign in again|Sign in with|The server may be older or newer than the app)\b"
)
"""How a sentence begins that says what to do: it stands beside another."""
NO_SENTENCE = {"Bearer …"}


def said() -> dict[str, str]:
    """Each sentence of the session, and its module."""
    found = {}
    for path in sentences.modules(tuple(f"refapp/trusted/{place}" for place in PLACES)):
        for sentence in sentences.sentences(path):
            if (
                re.match("[A-Z“…]", sentence)
                and not DO.match(sentence)
                and sentence not in NO_SENTENCE
            ):
                found[sentence] = str(path.relative_to(sentences.ROOT))
    return found


def explained() -> list[str]:
    """The sentences of the page's first column."""
    page = (sentences.ROOT / "refapp" / "guide" / "troubleshooting.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    assert all(line.count(" | ") == 2 for line in rows)
    return [
        sentence for line in rows for sentence in re.findall(r"`([^`]+)`", line.split(" | ")[0])
    ]


def test_every_sentence_is_explained() -> None:
    rows = explained()
    assert {sentence: where for sentence, where in said().items() if sentence not in rows} == {}


def test_none_is_explained_that_is_not_said_or_twice() -> None:
    rows, still = explained(), said()
    assert [sentence for sentence in rows if sentence not in still] == []
    assert len(rows) == len(set(rows))


@pytest.mark.parametrize("line", ["Try again.", "Check the disk, then try again."])
def test_what_only_says_what_to_do_needs_no_row(line: str) -> None:
    assert DO.match(line)
