"""What a program gives to a method, looked at before anything is done: without a type checker it
may be anything, as the value of a variable that is not set.

Owns what each name takes. What was given is not shown, only its type: it may be a password.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from refapp.snapshot import Factor, Way
from refapp.trusted.errors import ConfigError
from refapp.trusted.wording import setting_words

Kind = tuple[Callable[[object], bool], str]
STRING: Kind = lambda value: isinstance(value, str), "a string"
FUNCTION: Kind = callable, "a function"
KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(("email", "password", "code", "method", "path", "session", "origin"), STRING),
    **dict.fromkeys(("show", "another"), FUNCTION),
    "factor": (lambda value: isinstance(value, Factor), "a refapp.Factor"),
    "way": (lambda value: value in (Way.BROWSER, Way.DEVICE), "Way.BROWSER or Way.DEVICE"),
    "body": (lambda value: isinstance(value, bytes | str | None), "the bytes of JSON, or None"),
}


def demand(**given: object) -> None:
    """Raises ConfigError: one of ``given`` is nothing that its name takes."""
    for name, value in given.items():
        is_one, wanted = KINDS[name]
        if not is_one(value):
            raise ConfigError(setting_words.not_what_it_takes(name, type(value).__name__, wanted))
