"""What a mistaken author gives to a method of the session, without a type checker: the value of a
variable that is not set, or of another kind than the method takes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from refapp import Session, Way
from steps.programs.program import Program

UNSET: Any = None
NUMBER: Any = 7
WORD: Any = "backup"
CALLS: Mapping[str, Callable[[Session], Any]] = {
    "nothing for her e-mail address": lambda session: session.sign_in(UNSET, "lovelace-1815"),
    "her password for a way elsewhere": lambda session: session.sign_in_elsewhere(
        Way.PASSWORD, lambda _: None
    ),
    "nothing that shows the link": lambda session: session.sign_in_elsewhere(Way.DEVICE, UNSET),
    "a word for the kind of a code": lambda session: session.enter_code("123456", WORD),
    "a number for what it sends": lambda session: session.fetch("POST", "/items", NUMBER),
}


async def _called(call: Callable[[Session], Any], program: Program) -> str:
    return str(await call(program.used))


DEEDS = {f"gives a method {what}": partial(_called, call) for what, call in CALLS.items()}
