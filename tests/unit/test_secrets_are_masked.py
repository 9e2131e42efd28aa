"""No value of the parent, and no message, shows a secret that it holds: not in a log, not in an exception's text.

A field counts as secret by its name, so that a class that is written tomorrow is looked at too.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator

import msgspec
import pytest

import refapp.trusted
from refapp import messages, params, snapshot

SECRET = re.compile(
    r"token|access|refresh|password|secret|verifier|jwt|pasted|value|body|headers|(?<!user_)code$|code_|identifier|^state$|^data$",
    re.IGNORECASE,
)
NO_SECRETS = {
    "ErrorDetail.code": "JSON-RPC's number",
    "Refused.code": "the server's word for why",
    "Forbidden.code": "the server's word for why",
    "Complaint.code": "the server's word for why",
    "Ending.code": "an exit code",
    "DemoAccount.password": "of the embedded server's account, which the window shows",
    "_Ready.password": "the same",
    "StorageAnswer.data": "a handle; the token never crosses",
    "Storage.state": "how the keychain is",
    "StorageState.state": "how the keychain is",
    "Service.state": "how sync or the assistant is",
    "OwnSessions.state": "how the list is",
}


def structs() -> Iterator[type[msgspec.Struct]]:
    names = [one.name for one in pkgutil.walk_packages(refapp.trusted.__path__, "refapp.trusted.")]
    for module in (messages, params, snapshot, *map(importlib.import_module, names)):
        for found in vars(module).values():
            if isinstance(found, type) and issubclass(found, msgspec.Struct) and found.__module__ == module.__name__:
                yield found


SHOWN = [
    pytest.param(kind, field, id=f"{kind.__name__}.{field}")
    for kind in structs()
    for field in kind.__struct_fields__
    if SECRET.search(field)
]


@pytest.mark.parametrize(("kind", "field"), SHOWN)
def test_what_is_secret_is_not_shown(kind: type[msgspec.Struct], field: str) -> None:
    made = kind(**{name: "the-secret" if name == field else "…" for name in kind.__struct_fields__})
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
