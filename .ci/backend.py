"""How the project is built: as setuptools does it, but that the sdist's list is in this folder and not beside the README."""

from setuptools.build_meta import *  # noqa: F403
from setuptools.command.egg_info import manifest_maker

manifest_maker.template = ".ci/sdist.in"
