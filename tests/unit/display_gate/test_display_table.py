"""The gate's tables against the protocol's own description, xcb-proto's XML (Debian: xcb-proto),
which says where things stand.

What holds a resource and is not in the row is either in the list here, with the rule that looks at
it, or the table forgot it.
"""

from __future__ import annotations

import xml.etree.ElementTree as Xml
from collections.abc import Iterator
from pathlib import Path

import pytest

from refapp.display_gate.qt_table import QT
from refapp.display_gate.table import CORE, EXTENSIONS, NEVER, Row

PLACE = Path("/usr/share/xcb")
FILES = {
    b"BIG-REQUESTS": "bigreq",
    b"XC-MISC": "xc_misc",
    b"XKEYBOARD": "xkb",
    b"RENDER": "render",
    b"XFIXES": "xfixes",
}
SIZES = {"CARD8": 1, "INT8": 1, "BYTE": 1, "BOOL": 1, "char": 1, "CARD16": 2, "INT16": 2,
         "KEYCODE": 1, "BUTTON": 1,
         "DeviceSpec": 2, "KeyButMask": 2, "POINT": 4}  # fmt: skip
RESOURCES = {
    "WINDOW",
    "PIXMAP",
    "CURSOR",
    "FONT",
    "GCONTEXT",
    "COLORMAP",
    "DRAWABLE",
    "FONTABLE",
    "PICTURE",
    "GLYPHSET",
}
LOOKED_AT_BY_ITS_RULE = {
    ("ChangeWindowAttributes", 4), ("QueryTree", 4), ("ChangeProperty", 4), ("GetProperty", 4),
    ("SendEvent", 4),
}  # fmt: skip
NOBODY_S = {"ATOM", "PICTFORMAT"}
"""Numbers that the server gives out to everybody alike."""

pytestmark = pytest.mark.skipif(not PLACE.is_dir(), reason="xcb-proto is missing")


def described(name: str) -> dict[int, Xml.Element]:
    root = Xml.parse(PLACE / f"{name}.xml").getroot()
    return {int(request.get("opcode", "")): request for request in root.findall("request")}


def types(name: str) -> set[str]:
    """What counts as a resource in the file's own words too."""
    root = Xml.parse(PLACE / f"{name}.xml").getroot()
    return (RESOURCES | {str(kind.get("name")) for kind in root.findall("xidtype")}) - NOBODY_S


def resources(request: Xml.Element, kinds: set[str], *, core: bool) -> Iterator[int]:
    """The offsets of fixed fields that hold a resource."""
    at = 1 if core else 4
    for field in request:
        if field.tag == "pad" and field.get("bytes"):
            size, kind = int(field.get("bytes", "")), ""
        elif field.tag in ("field", "exprfield"):
            kind = str(field.get("type")).removeprefix("xproto:")
            size = SIZES.get(kind, 4)
        else:
            return
        if at == 1:  # the byte beside the opcode, or nothing there
            if size == 1:
                at = 4
                continue
            at = 4
        if kind in kinds:
            yield at
        at += size


ROWS = [(name, opcode, row) for name, rows in EXTENSIONS.items() for opcode, row in rows.items()]
ROWS += [(b"", opcode, row) for opcode, row in CORE.items()]
ROWS += [(b"", opcode, row) for opcode, row in QT.core.items() if CORE.get(opcode) is not row]


@pytest.mark.parametrize(
    ("extension", "opcode", "row"), ROWS, ids=lambda value: getattr(value, "name", "")
)
def test_the_row_says_what_the_protocol_says(extension: bytes, opcode: int, row: Row) -> None:
    file = FILES[extension] if extension else "xproto"
    request = described(file)[opcode]
    assert row.name == request.get("name")
    found = set(resources(request, types(file), core=not extension))
    by_rule = {offset for name, offset in LOOKED_AT_BY_ITS_RULE if name == row.name}
    assert row.instead or found == {offset for offset, _ in row.whose} | by_rule


@pytest.mark.parametrize(
    ("extension", "opcode", "row"), ROWS, ids=lambda value: getattr(value, "name", "")
)
def test_what_is_answered_is_known_to_be(extension: bytes, opcode: int, row: Row) -> None:
    """A request that has an answer is replaced by one that has one too,
    and one that has none can't be waited for.
    """
    answered = (
        described(FILES[extension] if extension else "xproto")[opcode].find("reply") is not None
    )
    assert answered or not row.answer
    assert not row.instead or answered == bool(row.answer)


def test_what_is_never_done_is_named_as_in_the_protocol() -> None:
    assert {opcode: described("xproto")[opcode].get("name") for opcode in NEVER} == NEVER
    assert not NEVER.keys() & CORE.keys()
    assert all(QT.core[opcode].instead for opcode in NEVER.keys() & QT.core.keys())


@pytest.mark.parametrize("row", [row for _, _, row in ROWS if row.mask], ids=lambda row: row.name)
def test_the_list_of_values_is_read_as_the_protocol_has_it(row: Row) -> None:
    """Each bit whose value is a resource is in the row,
    by the names in the protocol's own enumeration.
    """
    assert row.mask
    name, opcode = next((name, opcode) for name, opcode, other in ROWS if other is row)
    file = FILES[name] if name else "xproto"
    switch = described(file)[opcode].find("switch")
    assert switch is not None
    root = Xml.parse(PLACE / f"{file}.xml").getroot()
    bits = {
        str(item.get("name")): int(str(item.findtext("bit")))
        for enum in root.findall("enum")
        for item in enum.findall("item") if item.find("bit") is not None
        if enum.get("name") == next(iter(switch.iter("enumref"))).get("ref")
    }  # fmt: skip
    kinds = types(file)
    expected = {
        bits[str(case.find("enumref").text)]  # type: ignore[union-attr]
        for case in switch.findall("bitcase")
        for field in case.findall("field")
        if str(field.get("type")).removeprefix("xproto:") in kinds
    }
    assert set(row.mask[2]) == expected
