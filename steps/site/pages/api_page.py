"""The page of the library's names: what ``refapp``, ``refapp.blocking`` and ``refapp.testing``
offer, from their own docstrings.

Pure but for the import of what it shows. The docstrings are the one place where this is written.
"""

from __future__ import annotations

import enum
import importlib
import inspect
from collections.abc import Iterator
from html import escape

import msgspec

from steps.site import frame, prose

FILE = "api.html"
FIXTURES = ("refapp_settings", "refapp_server", "refapp_keychain", "refapp_browser")
CLASSES_FOR_TESTS = ("ModelServer", "MemoryKeychain", "PersonsBrowser")


def page() -> str:
    """The page."""
    library, blocking, testing = (
        importlib.import_module(f"refapp{name}") for name in ("", ".blocking", ".testing")
    )
    own = [f'<h2 id="refapp">refapp</h2>{_said(library)}', *_names(library, library.__all__)]
    own += [
        f'<h2 id="blocking">refapp.blocking</h2>{_said(blocking)}',
        *_names(blocking, ["open_session", "Session"]),
    ]
    own += [f'<h2 id="testing">refapp.testing</h2>{_said(testing)}']
    for name in FIXTURES:
        text = prose.line_of(_plain(inspect.getdoc(getattr(testing, name).__wrapped__)))
        own.append(f"<h3><code>{name}</code>, a fixture</h3><p>{text}</p>")
    own += _names(testing, CLASSES_FOR_TESTS)
    return frame.document("The library", f"<h1>The library's names</h1>{''.join(own)}", FILE)


def _names(module: object, names: list[str] | tuple[str, ...]) -> Iterator[str]:
    for name in names:
        thing = getattr(module, name)
        yield (
            "<h3 "
            f'id="{_place(module, name)}"><code>{escape(name + _called(thing))}</code>'
            f"</h3>{_said(thing)}"
        )
        if inspect.isclass(thing):
            yield from _inside(thing)


def _inside(kind: type[object]) -> Iterator[str]:
    """Its fields or members, and its public methods and properties."""
    if issubclass(kind, enum.Enum):
        yield f"<p>{', '.join(prose.code(member.name) for member in kind)}</p>"
        return
    if issubclass(kind, msgspec.Struct):
        yield f"<p>Fields: {', '.join(prose.code(field) for field in kind.__struct_fields__)}</p>"
    for name, thing in vars(kind).items():
        if name.startswith("_") or not (inspect.isfunction(thing) or isinstance(thing, property)):
            continue
        function = thing.fget if isinstance(thing, property) else thing
        if function is None or not function.__doc__:
            continue
        awaited = (
            "async "
            if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function)
            else ""
        )
        called = "" if isinstance(thing, property) else _called(thing)
        yield f"<h4><code>{escape(awaited + name + called)}</code></h4>{_said(function)}"


def _called(thing: object) -> str:
    if not callable(thing) or (
        inspect.isclass(thing) and issubclass(thing, (enum.Enum, BaseException, msgspec.Struct))
    ):
        return ""
    try:
        parameters = inspect.signature(thing).parameters.values()
    except ValueError:
        return ""
    return f"({', '.join(one.name for one in parameters if one.name != 'self')})"


def _said(thing: object) -> str:
    return prose.html_of(_plain(inspect.getdoc(thing)))


def _plain(text: str | None) -> str:
    """A docstring in the site's Markdown:
    names in single backquotes, and what is raised as a list.
    """
    lines, raised = [], False
    for line in (text or "").replace("``", "`").splitlines():
        if line.strip() == "Raises:":
            raised = True
            lines.append("Raises:\n")
        elif raised and line.strip():
            lines.append(
                ("- " if line.startswith("    ") and not line.startswith("     ") else "")
                + line.strip()
            )
        else:
            lines.append(line)
    return "\n".join(lines)


def _place(module: object, name: str) -> str:
    return frame.slug(f"{getattr(module, '__name__', '')} {name}")
