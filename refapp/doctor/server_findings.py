"""What an auth server's answers say that it has and lacks, and what each means for the person.
Pure; ``server_probes`` asks.

Total: whatever came has one row. ``failed``: nobody can stay signed in with this server.
``attention``: something does not work that could, or doctor can't tell. What a server may well do
without, as stock BetterAuth does, is ``ok``. The plugins are BetterAuth's; tests/betterauth in the
source has a server with all of them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import NamedTuple

import msgspec

from refapp.doctor.findings import Finding, Verdict
from refapp.doctor.server_probes import Answers, Question
from refapp.trusted.errors import UNDECODABLE
from refapp.trusted.network.no_answer import NoAnswer
from refapp.trusted.network.no_answer_words import cure, sentence
from refapp.trusted.server.verdict import Call, Reply, Throttled, judge

GUIDE = "tests/betterauth/README.md has both"


class _Part(NamedTuple):
    """A part that is there if its endpoint refuses a request without fields or token, and not there
    if it has no such path.
    """

    name: str
    there: frozenset[int]
    has: str
    lacks: str
    cure: str = ""


_PARTS = {
    Question.EMAIL: _Part(
        "E-mail", frozenset({400}), "People can sign in by e-mail and password.",
        "People can't sign in by e-mail.", "emailAndPassword: { enabled: true }",
    ),
    Question.USERNAME: _Part(
        "User name", frozenset({400}), "People can sign in by user name too.",
        "People can sign in by e-mail only.", "plugins: [username()]",
    ),
    Question.DEVICE: _Part(
        "Device flow", frozenset({400, 401}),
        "People can sign in with a code on another device, without typing a password here.",
        "People can't sign in with a code on another device.", "plugins: [deviceAuthorization()]",
    ),
    Question.BROWSER: _Part(
        "Browser flow", frozenset({400}),
        "People can sign in through the browser, without typing a password here.",
        "People can't sign in through the browser.",
        f"plugins: [electron()], and a page for it; {GUIDE}",
    ),
    Question.REFRESH: _Part(
        "Refresh", frozenset({400}), "Sessions rotate: access tokens with one-time refresh tokens.",
        "No refresh endpoint, as on a stock server: one token, which lives as long as it is used.",
    ),
    Question.JWT: _Part(
        "JWT", frozenset({401}), "The server hands out short-lived JWTs for its API.",
        "No short-lived JWTs: calls of the API go with the session's token.",
    ),
    Question.SESSIONS: _Part(
        "Sessions", frozenset({401}),
        "People can see where they are signed in, and sign out there.",
        "People can't see where they are signed in.",
        "Use a BetterAuth server whose session endpoints are not disabled.",
    ),
    Question.SECOND_FACTOR: _Part(
        "Second factor", frozenset({400, 401, 403}), "Accounts can ask for a second factor.",
        "Accounts have a password alone, no second factor.",
    ),
}  # fmt: skip


def findings_of(came: Answers) -> list[Finding]:
    """The rows about what the server has and lacks; none if it does not run as an auth server."""
    if Question.SESSION not in came:
        return []
    special: dict[Question, Callable[[Reply], Finding]] = {
        Question.SESSION: _session,
        Question.BEARER: _bearer,
        Question.ORIGINS: _origins,
        Question.PAGE: _page,
        Question.NAMES: _names,
    }
    rows = []
    for question, answer in came.items():
        if question is Question.RUNS or (question is Question.PAGE and not _has_browser_flow(came)):
            continue
        name = _PARTS[question].name if question in _PARTS else _NAMES[question]
        trouble = (
            None
            if question is Question.PAGE and isinstance(answer, Reply)
            else _trouble(name, answer)
        )
        if trouble is not None or not isinstance(answer, Reply):
            rows.append(trouble or _untold(name, "nothing"))
        elif question in special:
            rows.append(special[question](answer))
        else:
            rows.append(_part(_PARTS[question], answer))
    return [*rows, _limits(came.values())]


_NAMES = {
    Question.SESSION: "Session", Question.BEARER: "Bearer", Question.ORIGINS: "Origins",
    Question.PAGE: "Page",
    Question.NAMES: "Names",
}  # fmt: skip
ALL_NAMES = (*_NAMES.values(), *(part.name for part in _PARTS.values()), "Rate limit")
"""Every row that there can be: the guide's check list has each."""


def _trouble(name: str, came: Reply | NoAnswer) -> Finding | None:
    if isinstance(came, NoAnswer):
        return Finding(name, Verdict.ATTENTION, f"Unknown: {sentence(came)}", cure(came))
    if came.status == 429:
        return _untold(name, "the server asks to wait; run doctor again later")
    if came.status >= 500:
        return _untold(name, f"the server has a problem (error {came.status})")
    if 300 <= came.status < 400:
        return _untold(name, "the answer leads to another address")
    return None


def _untold(name: str, why: str) -> Finding:
    return Finding(name, Verdict.ATTENTION, f"Unknown: {why}.")


def _session(came: Reply) -> Finding:
    if came.status == 200 and came.body.strip() == b"null":
        return Finding(
            "Session",
            Verdict.OK,
            "Asked without a token, the server says that nobody is signed in.",
        )
    said = (
        f"Asked without a token who is signed in, it answers with status {came.status} and "
        "something else than null."
    )
    cure = (
        "The app can't tell from this whether a session is good. Is this BetterAuth, and is it "
        "there? (--auth-path)"
    )
    return Finding("Session", Verdict.FAILED, said, cure)


def _bearer(came: Reply) -> Finding:
    # With the plugin an unknown token is taken for a cookie that has ended,
    # and BetterAuth clears those.
    if (
        came.status == 200
        and came.body.strip() == b"null"
        and "session_token=;" in came.headers.get("set-cookie", "")
    ):
        return Finding(
            "Bearer",
            Verdict.OK,
            "The server takes the session's token in the header in which the app sends it.",
        )
    said = (
        "Doctor can't tell whether the server takes the app's token: its answer to an unknown one "
        "does not show it."
    )
    cure = (
        "plugins: [bearer()]. Without it nobody stays signed in. With its option requireSignature "
        "the answer is the same, and all is well but for the device flow and refresh, whose "
        "tokens are not signed."
    )
    return Finding("Bearer", Verdict.ATTENTION, said, cure)


def _origins(came: Reply) -> Finding:
    if came.status == 403:
        said = (
            "Requests that a foreign page makes a browser send are refused. The app sends no "
            "cookie and no origin."
        )
        return Finding("Origins", Verdict.OK, said)
    said = (
        "A foreign page's request with a cookie is not refused. That is no danger to the app, but "
        "to people's browsers."
    )
    return Finding(
        "Origins", Verdict.ATTENTION, said, "Leave disableCSRFCheck and disableOriginCheck off."
    )


def _names(came: Reply) -> Finding:
    if came.status >= 400:
        said = (
            "Asked under another name than its own, the server refuses: a page in the browser "
            "can't get at it that way."
        )
        return Finding("Names", Verdict.OK, said)
    said = (
        "The server answers under any name: a page in the browser can get at it, and read "
        "all that it says."
    )
    return Finding(
        "Names",
        Verdict.ATTENTION,
        said,
        "Refuse a Host that is not the server's own; tests/betterauth/front-door.mjs",
    )


def _has_browser_flow(came: Answers) -> bool:
    answer, part = came.get(Question.BROWSER), _PARTS[Question.BROWSER]
    return isinstance(answer, Reply) and _part(part, answer).sentence == part.has


def _page(came: Reply) -> Finding:
    # A page may lead to another, or want more than doctor gives it:
    # only its absence says something.
    if came.status not in (404, 405, 410):
        if _can_be_framed(came):
            said = (
                "The page where people sign in through the browser can be framed by any other "
                "page, which can mislead them."
            )
            return Finding(
                "Page",
                Verdict.ATTENTION,
                said,
                "Send content-security-policy: frame-ancestors 'none' with it.",
            )
        return Finding(
            "Page",
            Verdict.OK,
            "There is a page at the address where people sign in through the browser.",
        )
    said = "There is no page where people are to sign in through the browser."
    return Finding(
        "Page", Verdict.ATTENTION, said, f"Name it with --sign-in-page, or make one; {GUIDE}"
    )


def _can_be_framed(came: Reply) -> bool:
    """Of a redirect it is not known: the page that it leads to says it."""
    policy = came.headers.get("content-security-policy", "")
    return not (
        300 <= came.status < 400 or "frame-ancestors" in policy or "x-frame-options" in came.headers
    )


def _part(part: _Part, came: Reply) -> Finding:
    if came.status in part.there and _is_json(came):
        return Finding(part.name, Verdict.OK, part.has)
    if came.status in (404, 405):
        return Finding(
            part.name, Verdict.ATTENTION if part.cure else Verdict.OK, part.lacks, part.cure
        )
    return _untold(part.name, f"the answer (status {came.status}) is none of BetterAuth's")


def _is_json(came: Reply) -> bool:
    """JSON, or nothing at all: 1.4 sends some refusals without a body."""
    try:
        return not came.body or isinstance(msgspec.json.decode(came.body), dict)
    except UNDECODABLE:
        return False


def _limits(came: Iterable[Reply | NoAnswer]) -> Finding:
    refused = [one for one in came if isinstance(one, Reply) and one.status == 429]
    if not refused:
        said = (
            "These few requests met no rate limit. Doctor does not test how many the server allows."
        )
        return Finding("Rate limit", Verdict.OK, said)
    if not refused[0].headers.keys() & {"x-retry-after", "retry-after"}:
        said = (
            "The server refuses further requests and does not say for how long; the app then "
            "waits 10 seconds."
        )
        return Finding(
            "Rate limit",
            Verdict.ATTENTION,
            said,
            "Send x-retry-after or retry-after with status 429.",
        )
    meaning = judge(Call.RESOURCE, refused[0], time.time())
    wait = meaning.after if isinstance(meaning, Throttled) else 0.0
    said = (
        f"The server refuses further requests for {wait:.0f} seconds; the app waits for that long."
    )
    return Finding("Rate limit", Verdict.ATTENTION, said, "Run doctor again after that.")
