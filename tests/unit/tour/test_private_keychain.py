"""The private keychain, looked into while the app works: what it deletes then is not there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pytest
import secretstorage
from jeepney.io.blocking import DBusConnection
from secretstorage.item import Item

from steps.on_desktop.real_keychain import RealKeychain


@pytest.fixture
def keychain(monkeypatch: pytest.MonkeyPatch) -> Iterator[RealKeychain]:
    """Two items, of which the first one asked about is deleted at that moment."""
    with RealKeychain(":none") as service:
        service.put("stays", "v1.stays")
        service.put("goes", "v1.goes")
        found = Item.__init__

        def goes_first(item: Item, connection: DBusConnection, path: str, *more: object) -> None:
            monkeypatch.undo()
            service.take_away("goes")
            found(item, connection, path, *more)

        monkeypatch.setattr(secretstorage.Item, "__init__", goes_first)
        yield service


@pytest.mark.parametrize("look", [lambda one: list(one.items()), RealKeychain.names])
def test_an_item_deleted_between_the_list_and_the_look_is_not_there(
    keychain: RealKeychain, look: Callable[[RealKeychain], Sequence[str]]
) -> None:
    assert look(keychain) == ["stays"]
