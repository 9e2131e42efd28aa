"""A program's own tests, as its developer has them:
the library and pytest, and nothing of this checkout.

``.ci/pythons`` runs a copy of this file on each Python against the wheel, with the lowest versions
that it allows.
"""

from __future__ import annotations

import asyncio

import httpx
import pytest

from refapp import Phase, SessionExpired, Way, blocking, open_session
from refapp.testing import ModelServer, SessionSettings

pytest_plugins = ["refapp.testing"]


def test_a_script_is_still_signed_in_the_second_time(
    refapp_settings: SessionSettings, refapp_server: ModelServer
) -> None:
    with blocking.open_session(**refapp_settings) as session:
        session.sign_in(refapp_server.email, refapp_server.password)
    with blocking.open_session(**refapp_settings) as session:
        assert session.phase is Phase.SIGNED_IN
        with httpx.Client(auth=session.auth(refapp_server.url)) as api:
            assert refapp_server.email in api.get(f"{refapp_server.url}/app/me").text


def test_a_service_signs_in_by_the_browser_and_learns_of_the_end(
    refapp_settings: SessionSettings, refapp_server: ModelServer
) -> None:
    async def service() -> None:
        async with open_session(**refapp_settings) as session:
            await session.sign_in_elsewhere(Way.BROWSER, lambda pending: session.open_link())
            async with httpx.AsyncClient(auth=session.auth(refapp_server.url)) as api:
                assert refapp_server.email in (await api.get(f"{refapp_server.url}/app/me")).text
                refapp_server.end_session()
                with pytest.raises(SessionExpired):
                    await api.get(f"{refapp_server.url}/app/me")
            assert session.phase is Phase.EXPIRED

    asyncio.run(service())
