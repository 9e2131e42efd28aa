"""For the tests of a program that uses the session: a keychain in memory, an auth server, and a
person with a browser.

    pytest_plugins = ["refapp.testing"]        # in conftest.py, or: pytest -p refapp.testing

    def test_the_program_says_that_it_is_offline(refapp_settings, refapp_server):
        with open_session(**refapp_settings) as session:          # or async with,
                                                                  as the program does
            session.sign_in(refapp_server.email, refapp_server.password)
            refapp_server.go_offline()
            ...

Owns the fixtures. Each test has a fresh server with one account, a fresh keychain and a fresh
folder; nothing outlives it. It needs pytest, and the demo's server
(``pip install pytest 'refapp[demo]'``): that is on loopback in this process, so that the program's
own HTTP client reaches it too. Nothing is loaded, and nothing runs, until a test asks for a
fixture. There is no assertion to rewrite here, so it may have been imported before
(PYTEST_DONT_REWRITE).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import pytest

if TYPE_CHECKING:
    from refapp.testing.memory_keychain import MemoryKeychain as MemoryKeychain
    from refapp.testing.model_server import Loopback, ModelServer as ModelServer
    from refapp.testing.person import PersonsBrowser as PersonsBrowser

__all__ = ["MemoryKeychain", "ModelServer", "PersonsBrowser", "SessionSettings"]

_HOME = {
    "MemoryKeychain": "memory_keychain",
    "ModelServer": "model_server",
    "PersonsBrowser": "person",
}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(f"refapp.testing.{_HOME[name]}"), name)


class SessionSettings(TypedDict):
    """What ``open_session`` gets in a test;
    the program's own settings (``app``, ``version``) go beside it.
    """

    server: str
    keychain: MemoryKeychain
    data_dir: Path
    browser: PersonsBrowser


@pytest.fixture(scope="session")
def _refapp_loopback() -> Iterator[Loopback]:
    try:
        from refapp.testing.model_server import Loopback
    except ModuleNotFoundError as error:
        pytest.fail(
            f"refapp.testing needs {error.name}: pip install 'refapp[demo]'.", pytrace=False
        )

    loopback = Loopback()
    yield loopback
    loopback.close()


@pytest.fixture
def refapp_server(_refapp_loopback: Loopback) -> Iterator[ModelServer]:
    """The auth server, with the account ``email`` and ``password``."""
    from refapp.testing.model_server import ModelServer

    server = ModelServer(_refapp_loopback)
    yield server
    server.close()


@pytest.fixture
def refapp_keychain() -> MemoryKeychain:
    """The keychain; ``trouble`` makes it locked, say."""
    from refapp.testing.memory_keychain import MemoryKeychain

    return MemoryKeychain()


@pytest.fixture
def refapp_browser(refapp_server: ModelServer) -> PersonsBrowser:
    """The browser of somebody who signs in wherever a link leads, and allows what is asked."""
    from refapp.testing.person import PersonsBrowser

    return PersonsBrowser(refapp_server)


@pytest.fixture
def refapp_settings(
    refapp_server: ModelServer,
    refapp_keychain: MemoryKeychain,
    refapp_browser: PersonsBrowser,
    tmp_path: Path,
) -> SessionSettings:
    """For ``open_session(**refapp_settings)``: all of these, and a folder of the test's own."""
    return {
        "server": refapp_server.url,
        "keychain": refapp_keychain,
        "data_dir": tmp_path / "refapp",
        "browser": refapp_browser,
    }
