"""The README's picture of the session is what `refapp states` prints."""

from __future__ import annotations

import re
from pathlib import Path

from refapp.trusted.rules.state_diagram import mermaid

README = Path(__file__).parents[2] / "features" / "README.md"


def test_the_readme_shows_the_states_as_the_code_has_them() -> None:
    blocks = re.findall(r"^```mermaid\n(.*?)^```$", README.read_text(), re.MULTILINE | re.DOTALL)
    assert mermaid() in blocks, "paste the output of `refapp states` into the README"
