"""What each request of the app carries: the endpoint's own fields and headers, and nothing else;
so with the links that it opens.

Owns the table of them. A server reads past a field that it does not know, and a token that is sent
without need is still sent: so no scenario would notice, and every scenario looks at its end.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

import httpx

from steps.servers.named_routes import name_of

AGENT = re.compile(r"[\w.-]{1,30}/[\w.+-]{1,20} \([^()]{1,40}\)")
OF_HTTP = {"host", "accept", "accept-encoding", "connection", "user-agent", "content-length"}
"""The headers of every request; the last of them where it has a body."""
OF_SOME = OF_HTTP | {"content-type", "authorization", "cookie", "origin"}
OF_A_LINK = {"client_id", "code_challenge", "state"}
LINK = {*OF_A_LINK, "redirect_uri"}
"""The last where there is a way back."""
NOTE = {"id", "text", "changedAt", "deleted", "revision"}


class Form(NamedTuple):
    """``fields``: what its body has, None if it has no body; ``may``: what that may have besides.
    ``token``: it goes with a bearer. ``cookie``: with one always, or where there is one.
    """

    fields: frozenset[str] | None
    token: bool = False
    may: frozenset[str] = frozenset()
    cookie: str = "never"


def _form(*fields: str, **more: object) -> Form:
    return Form(frozenset(fields), **more)  # type: ignore[arg-type]


ASKED = Form(None, token=True)
FORMS = {
    "sign-in": _form("email", "password", cookie="maybe"),
    "second factor": _form("code", may=frozenset({"trustDevice"}), cookie="always"),
    "code by e-mail": _form(cookie="always"),
    "confirmation by e-mail": _form("email"),
    "session check": ASKED,
    "refresh": _form("refreshToken"),
    "sign-out": _form(token=True),
    "browser flow check": _form(),
    "code exchange": _form("token", "state", "code_verifier"),
    "device codes": _form("client_id"),
    "device check": _form("grant_type", "device_code", "client_id"),
    "list of sessions": ASKED,
    "end of a session": _form("token", token=True),
    "end of all others": _form(token=True),
    "JWT": ASKED,
    "notes": _form("notes", "since", token=True),
    "summary": _form("text", token=True),
    "who am I": ASKED,
}
"""By the features' names for the endpoints."""


def amiss(requests: Iterable[httpx.Request], *, whole: bool) -> list[str]:
    """What is wrong with them, each with its endpoint's name. Not ``whole``: they were seen before
    the app's client has added the headers that each of them has.
    """
    found = []
    for request in requests:
        name = name_of(request.method, request.url.path, request.content)
        headers = dict(request.headers)
        wrong = [*(_anonymous(headers) if whole else ()), *_wrong(request, headers, FORMS[name])]
        found += [f"{name}: {one}" for one in wrong]
    return found


def amiss_in(links: Iterable[str]) -> list[str]:
    """What is wrong with the links to the page to sign in at; other links are the server's own."""
    asked = [parse_qs(urlsplit(link).query, keep_blank_values=True) for link in links]
    found = []
    for fields in asked:
        if "code_challenge" in fields:
            wrong = [name for name in LINK & fields.keys() if [*map(bool, fields[name])] != [True]]
            wrong += OF_A_LINK - fields.keys()
            found += [f"the link: its {name} is not one" for name in wrong]
    return found


class Revisions:
    """Those that a server has given the app, of its notes and of all changes together (``""``).
    ``unknown``: what is wrong with a request that names another.
    """

    def __init__(self) -> None:
        self.unknown: list[str] = []
        self._given: set[tuple[str, int]] = set()

    def took(self, request: httpx.Request, response: httpx.Response) -> None:
        """A request was answered; what that gives is known from then on."""
        if (request.method, request.url.path) != ("PUT", "/app/notes"):
            return
        with contextlib.suppress(ValueError, KeyError, TypeError):  # of another app, it has none
            asked = json.loads(request.content)
            named = {
                ("", asked["since"]),
                *((one["id"], one["revision"]) for one in asked["notes"]),
            }
            if any(revision for _, revision in named - self._given):
                self.unknown.append("notes: it names a revision that the server has not given")
        with contextlib.suppress(ValueError, KeyError, TypeError):  # what the app can't read either
            said = response.json()
            notes = {(one["id"], one["revision"]) for one in said["notes"]}
            self._given |= {*notes, *said["taken"].items(), ("", said["upTo"])}


def trusting(requests: Iterable[httpx.Request]) -> int:
    """How many of them ask the server to trust this computer."""
    codes = [one for one in requests if one.url.path.startswith("/api/auth/two-factor/verify-")]
    return sum(json.loads(one.content).get("trustDevice") is True for one in codes)


def _anonymous(headers: Mapping[str, str]) -> list[str]:
    found = []
    if not AGENT.fullmatch(headers.get("user-agent", "")):
        found.append("it does not say which program asks")
    if headers.get("accept") != "application/json":
        found.append("it does not say that it takes JSON")
    return found


def _wrong(request: httpx.Request, headers: Mapping[str, str], form: Form) -> list[str]:
    found = [f"it has the header {one}" for one in headers.keys() - OF_SOME]
    if headers.get("content-type") != (None if form.fields is None else "application/json"):
        found.append("it does not say what its body is")
    if ("authorization" in headers) != form.token:
        found.append("it lacks its token" if form.token else "it has a token")
    elif form.token and not re.fullmatch(r"Bearer .+", headers["authorization"]):
        found.append("its token is no bearer's")
    if ("cookie" in headers) != (form.cookie == "always") and form.cookie != "maybe":
        found.append("it lacks its cookie" if form.cookie == "always" else "it has a cookie")
    own = f"{request.url.scheme}://{request.url.netloc.decode()}" if "cookie" in headers else None
    if headers.get("origin") != own:
        found.append("it does not say where a request with a cookie is from")
    return [*found, *_wrong_body(request, form)]


def _wrong_body(request: httpx.Request, form: Form) -> list[str]:
    if form.fields is None:
        return ["it has a body"] if request.content else []
    body = json.loads(request.content)
    fields = form.fields
    if request.url.path.endswith("/sign-in/username"):
        fields = fields - {"email"} | {"username"}
    found = [f"it has the field {one}" for one in body.keys() - fields - form.may]
    found += [f"it lacks the field {one}" for one in fields - body.keys()]
    found += [f"its field {one} is empty" for one, value in body.items() if value == ""]
    if body.get("trustDevice", True) is not True:
        found.append("it names a trust that nobody asked for")
    odd = [note for note in body.get("notes", ()) if note.keys() != NOTE]
    return [*found, *(["a note of it has other fields"] if odd else [])]
