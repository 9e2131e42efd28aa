"""What the kit's protocol has no word for yet: a scenario that needs it is skipped, and says so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

import pytest

from steps.scenario.around_it import Lacking
from steps.scenario.browser_page import Decision, Deed, FromPage
from steps.scenario.driver import FactorName, KeychainProgram
from steps.scenario.people import Person
from steps.scenario.whole_page import Row, WholePage
from steps.scenario.writing import End


def not_offered(what: str) -> NoReturn:
    """Skip the scenario."""
    pytest.skip(f"not offered by the kit: {what}")


class NotOffered:
    """The part of ``driver.InsideDriver`` that is about browsers, lists of sessions, other people,
    clocks, and JWTs.
    """

    def choose_real(self, release: str, *options: str) -> None:
        not_offered("real BetterAuth")

    def endless(self) -> str:
        return ""

    def amiss(self) -> Sequence[str]:
        return ()

    def whole_page(self, page: WholePage, wanted: Sequence[Row]) -> tuple[list[Row], list[Row]]:
        not_offered("a whole page of refapp's window")

    def bring_server(self) -> None:
        not_offered("a server that the app starts itself")

    def use_network(self, origin: str, *, sliding: bool) -> None:
        not_offered("a network with proxies and certificates")

    def set_desktop(self, gtk: str, setting: str) -> None:
        not_offered(f"a desktop whose GTK {gtk} has {setting}")

    def open_before_its_window(self) -> None:
        not_offered("a window that is still coming up")

    def open_with_other_make(self) -> None:
        not_offered("a window of another make")

    def open_looked_at(self, process: object) -> None:
        del process
        not_offered("a window that the person lets run unconfined")

    def look_into_the_app(self) -> None:
        not_offered("another program that looks into the app's memory")

    def looker_sees_a_secret(self) -> bool:
        not_offered("another program that looks into the app's memory")

    def in_browser(self, person: Person, decision: Decision) -> None:
        not_offered("a browser")

    def on_pages(self, person: Person, deed: Deed) -> None:
        not_offered("a browser")

    def enter_code(self, factor: FactorName, code: str, *, trust: bool) -> None:
        not_offered("a second factor")

    def paste_from_page(self, person: Person, what: FromPage) -> None:
        not_offered("a browser")

    def paste(self, text: str) -> None:
        not_offered("a browser")

    def link(self) -> str:
        not_offered("a browser")

    def opened_links(self) -> Sequence[str]:
        not_offered("a browser")

    def knock(self, what: str) -> int | None:
        not_offered("a browser")

    def break_browser(self) -> None:
        not_offered("a browser")

    def block_ports(self) -> None:
        not_offered("a browser")

    def sign_in_at(self, page: str) -> None:
        not_offered("a browser")

    def delay_ports(self) -> None:
        not_offered("a browser")

    def use_ipv6(self) -> None:
        not_offered("a browser")

    def copy_signs_in(self, person: Person) -> None:
        not_offered("another person in another copy")

    def copy_changes_note(self, text: str) -> None:
        not_offered("notes in another copy")

    def copy_deletes_note(self) -> None:
        not_offered("notes in another copy")

    def another_program_stores(self, **tokens: str) -> None:
        not_offered("another program that stores tokens")

    def opened_by_another_program(self, person: Person) -> dict[str, str]:
        not_offered("another program that stores tokens")

    def last_sync(self) -> float | None:
        not_offered("a look at what the window was told")

    def change_servers(self) -> None:
        not_offered("a second server")

    def count_users(self) -> None:
        not_offered("a server that counts its users")

    def run_notes(self, given_up: str | None) -> tuple[int, str]:
        not_offered("a command that lists and gives up somebody's notes")

    def break_off(self, path: str) -> None:
        not_offered("an app that is cancelled from within")

    def notes_of(self, person: Person) -> list[str]:
        not_offered("a look into somebody's account")

    def sent_as(self, text: str) -> set[str]:
        not_offered("a look at whose token a request carries")

    def set_clock(self, ahead_s: float) -> None:
        not_offered("a clock of the app's own")

    def type_and_end(self, text: str, end: End) -> tuple[int, str]:
        not_offered("typing")

    def type(self, text: str) -> None:
        not_offered("typing")

    def open_oldest_note(self) -> None:
        not_offered("a list of notes to open")

    def begin_another_note(self) -> None:
        not_offered("typing")

    def hang(self) -> None:
        not_offered("a window that hangs")

    def change_note(self, text: str) -> None:
        not_offered("a change of a note")

    def sign_out_one(self, device: str) -> None:
        not_offered("a list of sessions to choose from")

    def crash_often(self) -> tuple[int, str]:
        not_offered("a window that crashes again and again")

    def crash_with_the_display(self) -> tuple[int, str]:
        not_offered("a window that crashes with the display")

    def sign_out_own(self) -> None:
        not_offered("a list of sessions to choose from")

    @property
    def programs(self) -> NoReturn:
        not_offered("a program of somebody else's that uses the session as a library")

    def choose_keychain(self, program: KeychainProgram) -> None:
        not_offered("a keychain of a certain make")

    def start_with(self, words: Sequence[str], *, apart: bool) -> tuple[int, str]:
        not_offered("the command line of refapp")

    def holds_jwt(self) -> bool:
        not_offered("a look into the app's memory")

    def copy_signs_out_beside(self, key: str) -> None:
        not_offered("another copy at the very moment of a request")

    def copy_renews(self) -> None:
        not_offered("another copy that renews the tokens")

    def hold_lease(self) -> None:
        not_offered("another copy that is busy with the stored session")

    def hold_on(self, seconds: float, *, closing: bool) -> None:
        not_offered("another copy that is busy with the stored session")

    def press_in_copy(self, button: str) -> None:
        not_offered("what is done in another copy")

    def situation_of_copy(self) -> str:
        not_offered("what another copy shows")

    def sleep(self, seconds: float) -> None:
        not_offered("a computer that sleeps")

    def close_before_the_answer(self, seconds: float) -> None:
        not_offered("an answer that comes while the app ends")

    def go_on_after(self, seconds: float) -> None:
        not_offered("an app that was stopped")

    def delete_lock(self) -> None:
        not_offered("files that are deleted")

    def replace_lock(self) -> None:
        not_offered("files that are deleted")

    def lack(self, what: Lacking) -> None:
        not_offered(f"a file system without {what}")

    def begin_trace(self, mib: int) -> None:
        not_offered("a trace")

    def traces(self) -> list[int]:
        not_offered("a trace")
