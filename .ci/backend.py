"""How the project is built: as setuptools does it, but that the sdist's list is in this folder and
not beside the README.

A package page has no folder for the README's relative links to start from. Who publishes it says
where: with ``REFAPP_URL`` (https, the repository's page, laid out as GitHub's are) the metadata
names that page, and the links lead there. Without it they are no links: each is its words with the
file's path, which the sdist has, and a picture is its description. The page isn't guessed: a
checkout's remote may be a folder, a fork, or hold a password.
"""

import os
import re
import shutil
from pathlib import Path

from setuptools import build_meta
from setuptools.build_meta import *  # noqa: F403
from setuptools.command.egg_info import manifest_maker
from setuptools.dist import Distribution

manifest_maker.template = ".ci/sdist.in"
_LINK = re.compile(r"(!?)\[([^\]]*)\]\((?!https?:|#)([^)#]*)(#[^)]*)?\)")
_FILES = "The files that this page names, and its pictures, are in the source distribution."
_as_configured = Distribution.parse_config_files


def build_wheel(
    to: str, settings: dict[str, str] | None = None, metadata: str | None = None
) -> str:
    """See PEP 517. What an earlier build has left may hold modules that are gone since."""
    shutil.rmtree("build/lib", ignore_errors=True)
    return build_meta.build_wheel(to, settings, metadata)


def _on_its_page(about: str, page: str) -> str:
    """The README with links into the repository at ``page``."""

    def there(link: re.Match[str]) -> str:
        picture, words, path, anchor = link.groups(default="")
        kind = "raw" if picture else "tree" if Path(path).is_dir() else "blob"
        return f"{picture}[{words}]({page}/{kind}/HEAD/{path}{anchor})"

    return _LINK.sub(there, about)


def _by_itself(about: str) -> str:
    """The README without links to files."""

    def named(link: re.Match[str]) -> str:
        picture, words, path, _ = link.groups(default="")
        if picture:
            return words
        return f"`{path}`" if words == path else f"{words} (`{path}`)"

    title, gap, rest = _LINK.sub(named, about).partition("\n\n")
    return f"{title}{gap}{_FILES}{gap}{rest}"


def _with_its_page(self: Distribution, *files: object, **how: object) -> None:
    _as_configured(self, *files, **how)
    page = os.environ.get("REFAPP_URL", "").rstrip("/")
    about = self.metadata.long_description or ""
    if not page:
        self.metadata.long_description = _by_itself(about)
        return
    if not re.fullmatch(r"https://[^\s@?#]+", page):
        raise SystemExit(
            "refapp: REFAPP_URL is the repository's page: https://, a host and a path, "
            "without a password."
        )
    self.metadata.long_description = _on_its_page(about, page)
    self.metadata.project_urls = {
        "Source": page,
        "Changelog": f"{page}/blob/HEAD/CHANGELOG.md",
        "Documentation": f"{page}/tree/HEAD/refapp/guide",
    }


Distribution.parse_config_files = _with_its_page
