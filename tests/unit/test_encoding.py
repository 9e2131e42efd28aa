"""What is written for people and read back is UTF-8, whatever the person's locale is."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]


@pytest.mark.parametrize("locale", ["C", "de_DE.ISO-8859-1"])
def test_the_site_is_utf_8(tmp_path: Path, locale: str) -> None:
    """Python itself notices a file that is opened in the locale's encoding;
    a locale that is not installed counts as C.
    """
    environment = {**os.environ, "LC_ALL": locale, "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    noticing = ["-X", "warn_default_encoding", "-W", "error::EncodingWarning"]
    command = [sys.executable, *noticing, "-m", "steps.site", "--out", str(tmp_path)]
    done = subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    assert "’" in (tmp_path / "index.html").read_text(encoding="utf-8") or list(
        tmp_path.glob("*.html")
    )
    for page in tmp_path.glob("*.html"):
        page.read_text(encoding="utf-8")
