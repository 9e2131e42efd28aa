"""A request is complete or it is not there: the union, the gate's table, the handlers, the
protocol's document and the attacks on the channel name the same requests. One that stands in the
union alone would be answered "not now" for ever.
"""

from __future__ import annotations

import inspect
import re
from typing import get_args

import msgspec
import pytest

from refapp import messages as m
from refapp.trusted.window.gate import PERMITTED
from refapp.trusted.window.handlers import Handlers

BEFORE_THE_TABLE = {m.Hello, m.Confined}  # the gate's own stages
REQUESTS = list(get_args(m.Request))


def method(kind: type[msgspec.Struct]) -> str:
    return str(kind.__struct_config__.tag)


def documented() -> dict[str, tuple[str, str]]:
    """Method -> (params, result), as the docstring of ``messages`` has them."""
    rows = {}
    for line in (m.__doc__ or "").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and len(cells) == 4 and not cells[0].startswith("up"):
            rows |= dict.fromkeys(cells[0].split(", "), (cells[1], cells[2]))
    return rows


def table() -> set[type[m.Request]]:
    made = Handlers(**dict.fromkeys(inspect.signature(Handlers).parameters))  # type: ignore[arg-type]
    return set(made.table())


@pytest.mark.parametrize("kind", REQUESTS, ids=method)
def test_every_request_has_phases_a_handler_and_a_row_in_the_document(
    kind: type[m.Request],
) -> None:
    assert kind in BEFORE_THE_TABLE or kind in PERMITTED, "no phase permits it: gate.PERMITTED"
    assert kind in BEFORE_THE_TABLE or kind in table(), "nobody handles it: handlers.Handlers.table"
    assert method(kind) in documented(), (
        "the protocol does not name it: the docstring of refapp/messages.py"
    )


@pytest.mark.parametrize("kind", REQUESTS, ids=method)
def test_the_document_names_a_request_s_parameters_and_a_result_that_there_is(
    kind: type[m.Request],
) -> None:
    params, result = documented()[method(kind)]
    (crosses,) = [field.type for field in msgspec.structs.fields(kind) if field.name == "params"]
    assert set(re.findall(r"\w+", params)) >= set(crosses.__struct_fields__)
    assert result in {one.__name__ for one in get_args(m.Result)}


def test_the_document_names_nothing_else() -> None:
    assert set(documented()) == {method(kind) for kind in REQUESTS}
    assert set(PERMITTED) == table() == set(REQUESTS) - BEFORE_THE_TABLE
