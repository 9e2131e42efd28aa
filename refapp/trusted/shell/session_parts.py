"""A session's parts, wired:
the same for the app and for a program that uses the session as a library.

Owns which part stands on which, and that a JWT follows the session (JW-4). Decides nothing, and
opens nothing: the first request, key or file is that of the store's first effect.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TYPE_CHECKING

from refapp.trusted.config import PROGRAM, Settings
from refapp.trusted.files import places
from refapp.trusted.files.earlier_files import EarlierFiles
from refapp.trusted.files.history import History
from refapp.trusted.files.profile_cache import ProfileCache
from refapp.trusted.keys.keychain import Keychain
from refapp.trusted.recorder import Recorder
from refapp.trusted.scheduling.tasks import in_turn
from refapp.trusted.server.auth_client import AuthClient
from refapp.trusted.server.origin_client import OriginClient
from refapp.trusted.shell.api_client import ApiClient
from refapp.trusted.shell.auth_store import AuthStore
from refapp.trusted.shell.server_check import ServerCheck
from refapp.trusted.shell.sign_out_work import ResettableServices
from refapp.trusted.sign_in.sign_in_work import Elsewhere
from refapp.trusted.storage.secure_storage import SecureStorage
from refapp.trusted.storage.token_service import TokenService

if TYPE_CHECKING:
    import httpx


class SessionParts:
    """``changed`` and ``restart`` are called as ``AuthStore`` calls them;
    ``program``, name/version, is what the server is told (WS-6).

    ``transport`` replaces the network in tests; ``chance`` in [0, 1) spreads retries.
    """

    def __init__(
        self,
        settings: Settings,
        keychain: Keychain,
        *,
        elsewhere: Elsewhere,
        services: ResettableServices,
        recorder: Recorder,
        clock: Callable[[], float],
        changed: Callable[[], None],
        restart: Callable[[], None] = lambda: None,
        program: str = PROGRAM,
        transport: httpx.AsyncBaseTransport | None = None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        folder, app = settings.data_dir, settings.app_id
        self.http = OriginClient(
            settings.origin,
            auth_path=settings.auth_path,
            recorder=recorder,
            clock=clock,
            connect_timeout_s=settings.connect_timeout_s,
            request_timeout_s=settings.request_timeout_s,
            transport=transport,
            program=program,
        )
        self.storage = SecureStorage(
            folder,
            settings.bound_to,
            app,
            keychain,
            recorder,
            clock,
            settings.lock_deadline_s,
        )
        self.tokens = TokenService(self.storage)
        base = settings.bound_to
        self.profiles = ProfileCache(places.profile(folder, base, app), recorder, clock)
        self.history = History(places.history(folder, base, app), recorder, clock)
        self._on_change = changed
        auth = AuthClient(self.http, clock, settings.sign_in_page, settings.client_id)
        self.store = AuthStore(
            tokens=self.tokens,
            auth=auth,
            base=base,
            profiles=self.profiles,
            history=self.history,
            earlier=EarlierFiles(folder, self.profiles.path, self.history, recorder),
            services=services,
            elsewhere=elsewhere,
            clock=clock,
            clock_offset=lambda: self.http.clock_offset_s,
            changed=self._changed,
            restart=restart,
            chance=chance,
        )
        self.check = ServerCheck(auth, self.store, clock)
        self.api = ApiClient(self.http, self.store, self.check, clock)

    def _changed(self) -> None:
        self.check.follow()
        self.api.jwt.follow(self.store.owner, good=not self.store.state.expired)
        self._on_change()

    async def close(self) -> None:
        """End what is under way. What is stored stays."""
        await in_turn(self.check.close, self.api.jwt.close, self.store.close, self.http.close)
