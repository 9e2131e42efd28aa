"""No value of the parent, and no message, shows a secret that it holds: not in a log, not in an
exception's text.

A field counts as secret by its name, so that a class that is written tomorrow is looked at too.
"""

from __future__ import annotations

import dataclasses
import enum
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

import refapp

SECRET = re.compile(
    r"token|access|refresh|password|secret|verifier|jwt|pasted|value|body|headers|(?<!user_)code$|"
    r"code_|identifier|^state$|^data$",
    re.IGNORECASE,
)
NO_SECRETS = {
    "ErrorDetail.code": "JSON-RPC's number",
    "NotesApart.state": "what became of notes, one of four words",
    "Refused.code": "the server's word for why",
    "Forbidden.code": "the server's word for why",
    "Complaint.code": "the server's word for why",
    "Ending.code": "an exit code",
    "AnswerSecondFactor.code": "a FactorCode, which hides its own",
    "CodeEntered.code": "the same",
    "DemoAccount.password": "of the embedded server's account, which the window shows",
    "_Ready.password": "the same",
    "StorageAnswer.data": "a handle; the token never crosses",
    "Storage.state": "how the keychain is",
    "StorageState.state": "how the keychain is",
    "Service.state": "how sync or the assistant is",
    "OwnSessions.state": "how the list is",
    "Target.token": "a made-up one, for attacks to look for",
    "Order.body": "what a test puts in the server's place",
    "Backend.jwts": "the table, which shows nothing of itself",
    "ServerSettings.refresh_expires_in_s": "a time",
    "ServerSettings.jwt_expires_in_s": "a time",
    "_Request.headers": "the doctor asks without credentials",
}


def classes() -> Iterator[type[Any]]:
    """Every class of the app that its own code makes;
    the window's process holds no secret and has its own Python.
    """
    names = [
        one.name
        for one in pkgutil.walk_packages(refapp.__path__, "refapp.")
        if not one.name.startswith("refapp.untrusted") and not one.name.endswith("__main__")
    ]
    for module in map(importlib.import_module, names):
        for found in vars(module).values():
            if isinstance(found, type) and found.__module__ == module.__name__:
                yield found


def fields_of(kind: type[Any]) -> tuple[str, ...]:
    """What its text would show of it: the fields of a struct, a dataclass or a named tuple."""
    if issubclass(kind, msgspec.Struct):
        return kind.__struct_fields__
    if dataclasses.is_dataclass(kind):
        return tuple(field.name for field in dataclasses.fields(kind) if field.init)
    return kind._fields if issubclass(kind, tuple) and hasattr(kind, "_fields") else ()


SHOWN = [
    pytest.param(kind, field, id=f"{kind.__name__}.{field}")
    for kind in classes()
    for field in fields_of(kind)
    if SECRET.search(field)
]


@pytest.mark.parametrize(("kind", "field"), SHOWN)
def test_what_is_secret_is_not_shown(kind: type[Any], field: str) -> None:
    made = kind(**{name: "the-secret" if name == field else "…" for name in fields_of(kind)})
    shown = "the-secret" in repr(made) + str(made)
    assert shown == (f"{kind.__name__}.{field}" in NO_SECRETS)


def test_the_sweep_finds_what_it_is_for() -> None:
    names = {f"{kind.__name__}.{field}" for kind, field in (one.values for one in SHOWN)}
    assert {
        "TokenPair.access",
        "Proof.verifier",
        "Credentials.password",
        "DeviceGrant.device_code",
        "Bearer.token",
    } <= names
    assert NO_SECRETS.keys() <= names


SAYS_ITSELF = {
    kind
    for kind in classes()
    if not fields_of(kind)
    and {"__repr__", "__str__", "__format__"} & vars(kind).keys()
    and not issubclass(kind, enum.Enum)
}


def test_no_other_class_shows_what_it_holds() -> None:
    """Python's own text of any other object has its class and its address;
    one with words of its own has to be looked at here.
    """
    assert not SAYS_ITSELF


def test_no_error_is_made_of_a_secret() -> None:
    """An error's text is whatever it is made of:
    what the app's own take is a sentence, a cure or a number.
    """
    taken = {
        f"{kind.__name__}.{name}"
        for kind in classes()
        if issubclass(kind, BaseException) and "__init__" in vars(kind)
        for name in inspect.signature(kind.__init__).parameters
        if SECRET.search(name)
    }
    assert taken <= {"ProtocolError.code", "ForeignCode.code"}, taken
