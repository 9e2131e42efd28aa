"""How the project is built: as setuptools does it, but that the sdist's list is in this folder and not beside the README.

Who publishes it says where: with ``REFAPP_URL`` (https, the repository's page) the metadata names that page, and the README's
links, which are relative in a checkout, lead there. A package page has no folder for them to start from.
"""

import os
import re

from setuptools.build_meta import *  # noqa: F403
from setuptools.command.egg_info import manifest_maker
from setuptools.dist import Distribution

manifest_maker.template = ".ci/sdist.in"
_LINK = re.compile(r"\]\((?!https?:|#)([^)]*)\)")
_as_configured = Distribution.parse_config_files


def _at(page: str, link: re.Match[str]) -> str:
    return f"]({page}/{'raw' if link[1].endswith('.png') else 'blob'}/HEAD/{link[1]})"


def _with_its_page(self: Distribution, *files: object, **how: object) -> None:
    _as_configured(self, *files, **how)
    page = os.environ.get("REFAPP_URL", "").rstrip("/")
    if page:
        about = self.metadata.long_description or ""
        self.metadata.long_description = _LINK.sub(lambda link: _at(page, link), about)
        self.metadata.project_urls = {
            "Source": page,
            "Changelog": f"{page}/blob/HEAD/CHANGELOG.md",
            "Documentation": f"{page}/tree/HEAD/refapp/guide",
        }


Distribution.parse_config_files = _with_its_page
