"""What a person would say the window shows, from the texts of its widgets."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal, Protocol, get_args

from steps.scenario.effects import Party
from steps.scenario.whole_page import Row, WholePage

Page = Literal["notes", "account"]
PAGES: Sequence[Page] = get_args(Page)
HIDDEN = "…"
"""In the place of a secret."""

SITUATIONS = {
    "No secure storage": "that signing in is not possible",
    "Signed out": "the login form",
    "Signing in…": "that a sign-in is under way",
    "Restoring…": "{who}, and that the server is being asked",
    "Signed in": "{who} signed in",
    "Offline": "{who} offline",
    "Session expired": "{who} with an expired session",
    "Signing out…": "that a sign-out is under way",
    "Restart needed": "that a restart is needed",
}
"""The state beside the account button -> how the features say it."""


ButtonState = Literal["usable", "ticked", "at the keyboard"]
Keyboard = Literal[
    "with a Russian layout and then a Hebrew one",
    "with a Greek layout and then an Arabic one",
    "with Caps Lock on",
]
KEYS: Mapping[str, str] = {"escape": "cancel", "the Delete key": "delete"}
"""A key -> the button that it stands for."""
OF_THE_WINDOW = frozenset({"show password", "trust this computer", "copy the code"})
"""What asks the app for nothing: where there is no real window, nothing comes of it."""


class Looks(Protocol):
    """What a person sees of the window besides its texts: a part of ``driver.Driver``.
    None each: it can't be told of this app, or of a window without a screen.
    """

    def open_page(self) -> Page | None:
        """The page that is in front of the person."""

    def stands_above(self, first: str, second: str) -> bool | None:
        """Whether ``first`` comes before ``second`` in a list."""

    def button(self, name: str) -> Collection[ButtonState] | None:
        """The button that the features call so, as it is now."""

    def whole_page(self, page: WholePage, wanted: Sequence[Row]) -> tuple[list[Row], list[Row]]:
        """Everything that ``page`` shows, and ``wanted`` as far as it can be compared with that."""

    def copied(self) -> str | None:
        """What would be pasted in another program now."""

    def pasted(self) -> str | None:
        """What stands in the field for a code that the page shows, as far as that is told."""

    def all_on_screen(self) -> bool | None:
        """Whether a person can see the window from edge to edge."""

    def terminal(self) -> str | None:
        """What the app has written where it was started, since that was asked last."""

    def copy_by_keys(self, keyboard: Keyboard) -> None:
        """Copy the note that is open, begin another and paste, all by keys."""

    def endless(self) -> str:
        """What the app does again and again without end, if it does: a sentence."""

    def amiss(self) -> Sequence[str]:
        """What is wrong with the window, or with what the app has sent and left behind, at the end
        of a scenario, whatever that was about.
        """


class OwnWindow:
    """What the drivers of refapp itself have in common: they see the texts of its widgets, and
    everything that it does.
    """

    @abstractmethod
    def sees(self, page: Page | None = None) -> Mapping[str, str]:
        """What the window shows now: widget -> text; after turning to ``page``, if one is named."""

    @abstractmethod
    def shown(self) -> Sequence[Mapping[str, str]]:
        """Everything that the window has shown since the When, oldest first."""

    @abstractmethod
    def secrets(self) -> Iterable[str]:
        """See ``driver.Driver``."""

    def readable(self) -> tuple[str, ...]:
        """What can be read in the window that it showed last."""
        shown = self.shown()
        found = (shown[-1] if shown else {}).items()
        return tuple(dict.fromkeys(text for name, text in found if text and ":" not in name))

    def situation(self) -> str:
        return situation(self.sees())

    def situations(self) -> Sequence[str]:
        return [situation(seen) for seen in self.shown()]

    def services(self) -> tuple[str, str]:
        return services(self.sees("notes"))

    def form(self) -> tuple[str, str]:
        return form(self.sees("account"))

    def open_page(self) -> Page:
        seen = self.sees()
        [page] = [page for page in PAGES if seen.get(f"state:nav.{page}") == "selected"]
        return page

    def stands_above(self, first: str, second: str) -> bool:
        return any(
            0 <= text.find(first) < text.find(second)
            for page in PAGES
            for text in self.sees(page).values()
        )

    def button(self, name: str) -> Collection[ButtonState] | None:
        del name
        return None

    def copied(self) -> str | None:
        return None

    def pasted(self) -> str | None:
        return None

    def all_on_screen(self) -> bool | None:
        return None

    def terminal(self) -> str | None:
        return None

    def copy_by_keys(self, keyboard: Keyboard) -> None:
        raise AssertionError(f"keys {keyboard} need the tag @desktop")

    def endless(self) -> str:
        return ""

    def amiss(self) -> Sequence[str]:
        return ()

    @abstractmethod
    def leaks(self) -> list[str]:
        """Where a secret stands that should not."""

    def unknown_leaks(self) -> list[str]:
        return self.leaks()

    def need(self, what: str) -> None:
        """All that the features speak of can be asked of refapp."""

    def can_tell(self, party: Party, what: str) -> bool:
        return True

    def owed(self, party: Party, happened: Sequence[str]) -> list[str]:
        return list(happened)

    def reads(self, text: str, said: str) -> bool:
        return text in said

    def meant(self, what: str) -> str:
        return what

    @abstractmethod
    def token_file(self) -> Path:
        """Where the tokens are, or would be."""

    def stored(self) -> bytes | None:
        file = self.token_file()
        return file.read_bytes() if file.is_file() else None


def masked(said: str, secrets: Iterable[str]) -> str:
    """``said`` without any of ``secrets``: the longest first, for one may be a part of another."""
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        said = said.replace(secret, HIDDEN)
    return said


def is_text(name: str) -> bool:
    """Whether a person reads what a window tells under ``name``."""
    return ":" not in name or name.startswith("state:")


def situation(seen: Mapping[str, str]) -> str:
    """One of the situations that ``features/README.md`` lists, such as "Ada signed in"."""
    name, _, state = seen["account.button"].partition(" · ")
    who = "somebody" if name == "Account" else name.split(" ")[0]
    return SITUATIONS[state].format(who=who)


def services(seen: Mapping[str, str]) -> tuple[str, str]:
    """The states of sync and assistant, as one word each."""
    return seen["sync.state"].removeprefix("Sync: "), seen["assistant.state"].removeprefix(
        "Assistant: "
    )


def form(seen: Mapping[str, str]) -> tuple[str, str]:
    """The e-mail, and how long the password is, in the login form."""
    return seen.get("sign_in.email", ""), seen.get("sign_in.password", "")
