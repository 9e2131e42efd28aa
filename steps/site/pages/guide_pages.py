"""The documents for whoever adds refapp to a program, as pages: what is in ``docs/``, and
nothing of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from steps.site import frame, prose


def pages(folder: Path) -> Mapping[str, str]:
    """Each document of ``folder`` by its page's file."""
    return {file_of(path): _page(path) for path in sorted(folder.glob("*.md"))}


def file_of(path: Path) -> str:
    """The page of the document at ``path``."""
    return f"{path.stem.replace('_', '-')}.html"


def _page(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    title = text.splitlines()[0].removeprefix("# ")
    linked = re.sub(r"\]\((\w+)\.md\)", lambda found: f"]({file_of(Path(found[1]))})", text)
    return frame.document(title, prose.html_of(linked), file_of(path))
