"""Whether the desktop is light or dark, from those who can know."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from jeepney import DBusAddress, HeaderFields, MessageType, new_error, new_method_return
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import Proxy, open_dbus_connection

from refapp.tour.secret_service import PrivateSecretService, missing_programs
from refapp.trusted.window import colour_scheme
from refapp.trusted.window.colour_scheme import (
    ask,
    contrast_of_gtk,
    contrast_of_portal,
    of_gtk,
    of_portal,
)

PORTAL = DBusAddress("/org/freedesktop/portal/desktop", "org.freedesktop.portal.Desktop")


@pytest.mark.parametrize(
    ("files", "scheme"),
    [
        ({}, None),
        ({"4.0": "[Settings]\ngtk-application-prefer-dark-theme=1\n"}, "dark"),
        ({"3.0": "[Settings]\ngtk-application-prefer-dark-theme = false\n"}, "light"),
        ({"3.0": "[Settings]\ngtk-theme-name=Adwaita-dark\n"}, "dark"),
        (
            {
                "4.0": "[Settings]\ngtk-theme-name=Adwaita\n",
                "3.0": "gtk-application-prefer-dark-theme=1",
            },
            "light",
        ),
        ({"4.0": "no settings at all"}, None),
    ],
)
def test_gtk_s_settings(tmp_path: Path, files: dict[str, str], scheme: str | None) -> None:
    for version, text in files.items():
        folder = tmp_path / ".config" / f"gtk-{version}"
        folder.mkdir(parents=True)
        (folder / "settings.ini").write_text(text)
    assert of_gtk({}, tmp_path) == scheme


@pytest.mark.parametrize(
    ("theme", "scheme"), [("Adwaita:dark", "dark"), ("Yaru-Dark", "dark"), ("Yaru", "light")]
)
def test_gtk_s_environment_counts_first(tmp_path: Path, theme: str, scheme: str) -> None:
    assert of_gtk({"GTK_THEME": theme}, tmp_path) == scheme


@pytest.mark.parametrize(
    ("theme", "contrast"),
    [
        ("HighContrast", "high"),
        ("HighContrastInverse", "high"),
        ("High-Contrast", "high"),
        ("Adwaita:dark", "usual"),
    ],
)
def test_gtk_s_themes_of_high_contrast_are_known_by_name(
    tmp_path: Path, theme: str, contrast: str
) -> None:
    assert contrast_of_gtk({"GTK_THEME": theme}, tmp_path) == contrast
    assert contrast_of_gtk({}, tmp_path) is None
    folder = tmp_path / ".config" / "gtk-3.0"
    folder.mkdir(parents=True)
    (folder / "settings.ini").write_text(f"[Settings]\ngtk-theme-name={theme}\n")
    assert contrast_of_gtk({}, tmp_path) == contrast
    assert of_gtk({"GTK_THEME": theme}, tmp_path) == (
        "dark" if theme in ("HighContrastInverse", "Adwaita:dark") else "light"
    )


def test_without_a_bus_nothing_is_known() -> None:
    assert of_portal("") is None
    assert of_portal("unix:path=/nowhere/at/all") is None
    assert of_portal("tcp:host=example.com,port=1") is None


@pytest.fixture(scope="module")
def its_bus() -> Iterator[str]:
    if missing_programs():
        pytest.skip("dbus-daemon is missing")
    with PrivateSecretService(start=False) as service:
        yield service.env["DBUS_SESSION_BUS_ADDRESS"]


@pytest.fixture
def bus(its_bus: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """On a busy machine a portal that is there may need longer than the window waits for it."""
    monkeypatch.setattr(colour_scheme, "LIMIT_S", 30.0)
    return its_bus


def test_a_portal_that_hangs_is_not_waited_for(
    its_bus: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(colour_scheme, "LIMIT_S", 0.2)
    found: list[str | None] = []
    with open_dbus_connection(its_bus) as connection:
        Proxy(message_bus, connection).RequestName(PORTAL.bus_name)
        asking = threading.Thread(target=lambda: found.append(of_portal(its_bus)), daemon=True)
        asking.start()
        asking.join(10)
        assert found == [None]


@contextlib.contextmanager
def portal(
    bus: str, answer: tuple[str, object] | None, key: str = "color-scheme"
) -> Iterator[None]:
    """A settings portal that answers the one question with a variant, or with an error."""
    with open_dbus_connection(bus) as connection:
        Proxy(message_bus, connection).RequestName(PORTAL.bus_name)

        def serve() -> None:
            while (
                question := connection.receive(timeout=20)
            ).header.message_type is not MessageType.method_call:
                pass
            assert question.header.fields[HeaderFields.member] == "Read"
            assert question.body == ("org.freedesktop.appearance", key)
            if answer is None:
                connection.send(
                    new_error(question, "org.freedesktop.portal.Error.NotFound", "s", ("no",))
                )
            else:
                connection.send(new_method_return(question, "v", (("v", answer),)))

        server = threading.Thread(target=serve)
        server.start()
        yield
        server.join(20)


@pytest.mark.parametrize(
    ("answer", "scheme"),
    [
        (("u", 1), "dark"),
        (("u", 2), "light"),
        (("u", 0), None),
        (("u", 77), None),
        (("s", "dark"), None),
        (None, None),
    ],
)
def test_the_portal_s_answer(
    bus: str, answer: tuple[str, object] | None, scheme: str | None
) -> None:
    with portal(bus, answer):
        assert of_portal(bus) == scheme


@pytest.mark.parametrize(
    ("answer", "contrast"),
    [
        (("u", 1), "high"),
        (("u", 0), "usual"),
        (("u", 77), None),
        (("s", "high"), None),
        (None, None),
    ],
)
def test_the_portal_s_answer_about_contrast(
    bus: str, answer: tuple[str, object] | None, contrast: str | None
) -> None:
    with portal(bus, answer, "contrast"):
        assert contrast_of_portal(bus) == contrast


def test_no_portal_is_started_for_the_question(bus: str) -> None:
    assert of_portal(bus) is None


def test_who_asks_hears_it_on_another_thread(bus: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus)
    heard, there = [], threading.Event()
    with portal(bus, ("u", 1)):
        ask(
            lambda scheme: (heard.append((scheme, threading.current_thread())), there.set()),  # type: ignore[func-returns-value]
            lambda _: None,
        )
        assert there.wait(20)
    # It asks a second question, and a bus that ends in the middle of that leaves its socket to
    # whatever test comes next.
    for thread in threading.enumerate():
        if thread.name == "colour-scheme":
            thread.join(20)
    assert heard[0][0] == "dark"
    assert heard[0][1] is not threading.main_thread()
