"""A keychain that the author of a program wrote himself, and that fails in a way of which its port
knows nothing.
"""

from __future__ import annotations

from typing import NoReturn

from refapp.trusted.keys.prompts import Prompts
from steps.scenario.people import ADA


class MistakenKeychain:
    """Each access raises an error that holds a secret."""

    prompts = Prompts()

    async def status(self) -> NoReturn:
        """See ``Keychain``, as for all of these."""
        raise LookupError(ADA.password)

    async def unlock(self) -> NoReturn:
        raise LookupError(ADA.password)

    async def read_key(self, kid: str) -> NoReturn:
        raise LookupError(ADA.password)

    async def write_key(self, kid: str, key: bytes) -> NoReturn:
        raise LookupError(ADA.password)

    async def delete_key(self, kid: str) -> NoReturn:
        raise LookupError(ADA.password)
