"""What an answer means: every branch of ``judge``, and that no answer whatever has none."""

from __future__ import annotations

import json
from typing import get_args

import pytest
from hypothesis import given, strategies as st

from refapp.trusted.files.profile import Profile
from refapp.trusted.network.no_answer import Cause, NoAnswer
from refapp.trusted.server import bodies
from refapp.trusted.server.refusals import Refusal, refusal_of
from refapp.trusted.server.verdict import (
    LATE_BELIEVED_S,
    SOON_BELIEVED_S,
    Call,
    Confirmed,
    Doubtful,
    Fault,
    Forbidden,
    NoSuchEndpoint,
    NotTheServer,
    Refused,
    Reply,
    Throttled,
    Unreachable,
    Verdict,
    judge,
)

NOW = 1_900_000_000.0
JSON = {"content-type": "application/json"}
HTML = {"content-type": "text/html"}
USER = {"id": "u1", "email": "ada@example.com", "name": "Ada", "image": None}
ADA = Profile("u1", "Ada", "ada@example.com", None)
PAGES = [
    (b"<html>no upstream</html>", HTML),
    (b"default backend - 404", {"content-type": "text/plain"}),
    (b"{}", HTML),
    (b"[]", JSON),
    (b"<h1>", {}),
]
PLUGINS = [Call.BROWSER_OFFER, Call.CODE, Call.DEVICE_CODES, Call.DEVICE_POLL]


def answer(
    status: int, body: object = b"", headers: dict[str, str] | None = None, **more: str
) -> Reply:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in more.items()}
    return Reply(status, {**(JSON if headers is None else headers), **named}, raw)


def not_its_own(cause: Cause, said: str) -> NotTheServer:
    return NotTheServer(NoAnswer(cause, said=said))


def ask(call: Call, came: Reply | NoAnswer) -> Verdict:
    return judge(call, came, NOW)


@pytest.mark.parametrize("call", Call)
class TestWhateverWasAsked:
    """What is no answer of the server's own,
    or one about its state, means the same to every call.
    """

    def test_no_answer_is_unreachable(self, call: Call) -> None:
        for cause in Cause:
            assert ask(call, NoAnswer(cause)) == Unreachable(NoAnswer(cause))

    @pytest.mark.parametrize("status", [500, 502, 503, 504, 599, 999])
    def test_a_fault_is_a_fault_whatever_it_says(self, call: Call, status: int) -> None:
        for body in (b"", b"null", {"code": "SESSION_EXPIRED"}):
            assert ask(call, answer(status, body)) == Fault(status)

    def test_a_redirect_and_half_an_answer_are_not_the_server_s(self, call: Call) -> None:
        for status in (300, 301, 302, 304, 307, 399):
            assert ask(call, answer(status, b"null")) == not_its_own(Cause.REDIRECT, "nowhere")
        for status in (0, 100, 103, 199):
            assert ask(call, answer(status, b"null")) == not_its_own(Cause.OTHER_API, str(status))


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"x_retry_after": "7"}, 7),
        ({"retry_after": "8"}, 8),
        ({"x_retry_after": "7", "retry_after": "8"}, 7),
        ({"retry_after": "Sun, 17 Mar 2030 17:47:10 GMT"}, 30),
        ({"retry_after": "Sun, 17 Mar 2030 17:40:00 GMT"}, 1),
        ({}, 10),
        ({"retry_after": ""}, 10),
        ({"retry_after": "soon"}, 10),
        ({"retry_after": "nan"}, 10),
        ({"retry_after": "0"}, 1),
        ({"retry_after": "-5"}, 1),
        ({"retry_after": "inf"}, 3600),
        ({"retry_after": "1e300"}, 3600),
        ({"retry_after": "9" * 5000}, 3600),
        ({"retry_after": "Mon, 01 Jan 99999 00:00:00 GMT"}, 10),
    ],
)
def test_how_long_to_wait(headers: dict[str, str], seconds: float) -> None:
    for call in Call:
        assert ask(call, answer(429, b"", **headers)) == Throttled(seconds)


class TestSignIn:
    """``Call.SIGN_IN``."""

    def test_the_header_s_token_goes_first_byte_for_byte(self) -> None:
        said = {"token": "t", "user": USER}
        signed = answer(200, said, set_auth_token="t.a%2Bb%3D", set_refresh_token="r")
        for call in (Call.SIGN_IN, Call.CODE):
            assert ask(call, answer(200, said)) == Confirmed(ADA, "t", None)
            assert ask(call, signed) == Confirmed(ADA, "t.a%2Bb%3D", "r")

    def test_a_token_that_no_header_can_carry_is_none(self) -> None:
        for token in ("clé", "a\r\nX: y", "a\0", "a\n", " x", "x" * 65_537):
            assert isinstance(
                ask(Call.SIGN_IN, answer(200, {"token": token, "user": USER})), NotTheServer
            )

    @pytest.mark.parametrize(
        "body", [b"null", b"{}", b"", b"  null \n", {"token": "", "user": USER}]
    )
    def test_a_yes_without_data(self, body: object) -> None:
        assert ask(Call.SIGN_IN, answer(200, body)) == Confirmed()

    @pytest.mark.parametrize(
        "body",
        [{"token": "t"}, {"token": 1, "user": USER}, {"user": USER}, b"[]", b"{", b"\xff", b"1"],
    )
    def test_another_shape(self, body: object) -> None:
        assert isinstance(ask(Call.SIGN_IN, answer(200, body)), NotTheServer)

    @pytest.mark.parametrize("status", [400, 401, 403, 405, 409, 413, 422])
    def test_a_complaint_is_a_refusal(self, status: int) -> None:
        assert ask(Call.SIGN_IN, answer(status, {"message": "M", "code": "C"})) == Refused("M", "C")

    def test_there_is_none(self) -> None:
        for came in (answer(404, {"message": "Not found"}), answer(404), answer(404, headers={})):
            assert ask(Call.SIGN_IN, came) == NoSuchEndpoint()
        assert isinstance(ask(Call.SIGN_IN, answer(404, b"<h1>None</h1>", HTML)), NotTheServer)


class TestSession:
    """``Call.SESSION``."""

    @pytest.mark.parametrize(
        ("when", "end"),
        [
            ("2030-03-17T17:46:40.000Z", NOW),
            (NOW * 1000, NOW),
            *[
                (unread, None)
                for unread in (None, "", "tomorrow", "2030-03-17T17:46:40", "9" * 500)
            ],
            *[(unread, None) for unread in (NOW, True, 1e300, [])],
        ],
    )
    def test_an_end_that_can_t_be_read_is_not_known(self, when: object, end: float | None) -> None:
        body = {"user": USER, "session": {"expiresAt": when, "token": "t"}}
        assert ask(Call.SESSION, answer(200, body)) == Confirmed(ADA, None, None, end)

    def test_a_moved_expiry_brings_the_token_again(self) -> None:
        came = answer(200, {"user": USER, "session": {}}, set_auth_token="t.s")
        assert ask(Call.SESSION, came) == Confirmed(ADA, "t.s")

    def test_one_that_no_header_can_carry_is_not_taken(self) -> None:
        for token in ("clé", "a\r\nX: y", "a\0", "a\n"):
            came = answer(200, {"user": USER, "session": {}}, set_auth_token=token)
            assert ask(Call.SESSION, came) == Confirmed(ADA)

    @pytest.mark.parametrize(
        "kind", ["application/json", "application/json; charset=utf-8", "APPLICATION/JSON ;x"]
    )
    def test_null_is_the_server_s_no_in_every_spelling_of_json(self, kind: str) -> None:
        for body in (b"null", b" null\n"):
            no = ask(Call.SESSION, answer(200, body, {"content-type": kind}))
            assert no == Refused("The server does not know this session any more.")

    @pytest.mark.parametrize(
        "body",
        [
            {"ok": True},
            {"user": "Ada", "session": "s"},
            {"user": {**USER, "id": ""}},
            {"user": {**USER, "id": None}},
            {"user": None, "session": None, "error": "x"},
            b"nul",
            b"nullnull",
            b"[" * 10**5,
        ],
    )
    def test_another_shape_is_no_end(self, body: object) -> None:
        assert isinstance(ask(Call.SESSION, answer(200, body)), NotTheServer)

    @pytest.mark.parametrize(
        "headers", [{}, HTML, {"content-type": "text/json"}, {"content-type": "application/jsonp"}]
    )
    @pytest.mark.parametrize(
        ("status", "body"),
        [(200, b"null"), (401, b""), (401, b"{}"), (403, b'{"code":"INVALID_TOKEN"}')],
    )
    def test_what_is_not_json_ends_nothing(
        self, headers: dict[str, str], status: int, body: bytes
    ) -> None:
        cause = Cause.WEB_PAGE if headers == HTML else Cause.OTHER_API
        assert ask(Call.SESSION, answer(status, body, headers)) == not_its_own(cause, str(status))

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"{}",
            {"user": None},
            {"user": None, "session": None},
            {"session": None},
            {"session": {}},
        ],
    )
    def test_nobody_in_other_words_is_doubted_for_a_moment(self, body: object) -> None:
        verdict = ask(Call.SESSION, answer(200, body))
        assert isinstance(verdict, Doubtful)
        assert verdict.believed_after == SOON_BELIEVED_S

    def test_a_null_that_has_lost_its_type_is_doubted(self) -> None:
        assert isinstance(
            ask(Call.SESSION, answer(200, b"null", {"content-type": "text/plain; x"})), Doubtful
        )
        assert isinstance(
            ask(Call.SESSION, answer(200, b"nobody", {"content-type": "text/plain"})), NotTheServer
        )

    @pytest.mark.parametrize(
        "body", [{"session": {"id": "s"}}, {"session": {"id": "s"}, "user": None, "roles": []}]
    )
    def test_a_session_of_nobody_in_particular_is_one(self, body: object) -> None:
        assert ask(Call.SESSION, answer(200, body)) == Confirmed()

    def test_a_person_without_a_session_has_one(self) -> None:
        assert ask(Call.SESSION, answer(200, {"user": USER})) == Confirmed(ADA)


@pytest.mark.parametrize(
    ("user", "profile"),
    [
        (USER | {"name": None}, Profile("u1", "", "ada@example.com", None)),
        (USER | {"email": None}, Profile("u1", "Ada", "", None)),
        (USER | {"id": 7}, Profile("7", "Ada", "ada@example.com", None)),
        (USER | {"image": {"url": "x"}}, ADA),
        (
            USER | {"image": "https://x/a.png"},
            Profile("u1", "Ada", "ada@example.com", "https://x/a.png"),
        ),
        (USER | {"name": 5, "extra": []}, Profile("u1", "", "ada@example.com", None)),
        (
            USER | {"name": "n" * 10**5, "email": "e" * 10**5},
            Profile("u1", "n" * 300, "e" * 300, None),
        ),
        ({"id": "u1", "email": "ada@example.com"}, Profile("u1", "", "ada@example.com", None)),
    ],
    ids=["no name", "no email", "number", "odd image", "image", "odd name", "long", "little"],
)
def test_of_a_user_what_can_not_be_used_is_not_said(
    user: dict[str, object], profile: Profile
) -> None:
    assert ask(Call.SESSION, answer(200, {"user": user, "session": {"id": "s"}})) == Confirmed(
        profile
    )
    assert ask(Call.SIGN_IN, answer(200, {"token": "t", "user": user})) == Confirmed(profile, "t")


@pytest.mark.parametrize("call", [Call.SESSION, Call.REFRESH, Call.SIGN_OUT])
class TestComplaint:
    """What 4xx mean to the calls that are about a session."""

    def test_401_is_the_server_s_no(self, call: Call) -> None:
        assert ask(call, answer(401, {"message": "M", "code": "C"})) == Refused("M", "C")
        told = {"error": "invalid_token", "error_description": "It has expired."}
        assert ask(call, answer(401, told)) == Refused("It has expired.", "invalid_token")

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"{}",
            {"message": "No API key found"},
            {"code": "UNAUTHORIZED"},
            {"message": "No", "code": 16},
            {"message": "No", "code": "unauthorized"},
            {"message": None, "code": "UNAUTHORIZED"},
            {"error": "Unauthorized"},
            {"error": {"code": 401}},
        ],
    )
    def test_401_in_a_gateway_s_words_ends_nothing_by_itself(
        self, call: Call, body: object
    ) -> None:
        verdict = ask(call, answer(401, body))
        assert isinstance(verdict, Doubtful)
        assert verdict.believed_after == LATE_BELIEVED_S

    def test_401_of_oauth_that_is_about_the_app_is_no_end(self, call: Call) -> None:
        assert ask(call, answer(401, {"error": "invalid_client"})) == Forbidden(
            "", "invalid_client"
        )

    def test_401_of_another_shape_is_not(self, call: Call) -> None:
        for body in (b"<h1>", b"Unauthorized", b'"no"', b"[]", b"1"):
            assert isinstance(ask(call, answer(401, body)), NotTheServer)

    @pytest.mark.parametrize(
        ("meaning", "codes"),
        [
            (Refused, "INVALID_SESSION SESSION_EXPIRED SESSION_NOT_FOUND INVALID_REFRESH_TOKEN"),
            (Refused, "INVALID_TOKEN TOKEN_EXPIRED BANNED_USER"),
            (Forbidden, "INVALID_ORIGIN SESSION_NOT_FRESH FORBIDDEN"),
        ],
    )
    def test_403_ends_only_by_its_code(
        self, call: Call, meaning: type[Refused | Forbidden], codes: str
    ) -> None:
        for code in codes.split():
            assert ask(call, answer(403, {"message": "M", "code": code})) == meaning("M", code)

    @pytest.mark.parametrize("body", [b"", b"{}", {"message": "Blocked"}, {"code": 5}])
    def test_403_in_a_gateway_s_words_is_no_end(self, call: Call, body: object) -> None:
        verdict = ask(call, answer(403, body))
        assert isinstance(verdict, Doubtful if call is Call.REFRESH else Forbidden)

    @pytest.mark.parametrize("status", [400, 409, 410, 413, 415, 418, 422, 451, 499])
    def test_the_rest_is_not_understood(self, call: Call, status: int) -> None:
        assert isinstance(
            ask(call, answer(status, {"message": "M", "code": "SESSION_EXPIRED"})), NotTheServer
        )

    def test_a_long_complaint_is_cut(self, call: Call) -> None:
        verdict = ask(call, answer(401, {"message": "m" * 10**6, "code": "C" * 10**6}))
        assert isinstance(verdict, Refused)
        assert (len(verdict.message), len(verdict.code)) == (300, 100)


@pytest.mark.parametrize("call", [Call.REFRESH, *PLUGINS])
@pytest.mark.parametrize("status", [404, 405])
class TestWhatAServerMayLack:
    """The refresh endpoint, and plugins: a page says nothing about them."""

    def test_it_is_not_there(self, call: Call, status: int) -> None:
        for headers in ({}, JSON, HTML):
            assert ask(call, answer(status, b"", headers)) == NoSuchEndpoint()
        if call is Call.REFRESH:
            assert ask(call, answer(status, {"message": "Not found"})) == NoSuchEndpoint()

    @pytest.mark.parametrize(("body", "headers"), PAGES)
    def test_a_page_is_not_the_server_s_word(
        self, call: Call, status: int, body: bytes, headers: dict[str, str]
    ) -> None:
        assert isinstance(ask(call, answer(status, body, headers)), NotTheServer)


@pytest.mark.parametrize("status", [400, 401, 403, 404])
def test_a_plugin_s_own_complaint_is_a_refusal(status: int) -> None:
    said = {"message": "Invalid or expired token.", "code": "INVALID_TOKEN"}
    for call in PLUGINS:
        assert ask(call, answer(status, said)) == Refused(
            "Invalid or expired token.", "INVALID_TOKEN"
        )


class TestRefresh:
    """``Call.REFRESH``."""

    def test_good(self) -> None:
        body = {"accessToken": "a", "refreshToken": "r", "expiresAt": "2030-03-17T17:46:40Z"}
        assert ask(Call.REFRESH, answer(200, body)) == Confirmed(None, "a", "r", NOW)

    @pytest.mark.parametrize(
        "body",
        [
            b"null",
            b"",
            b"{}",
            {"accessToken": "a"},
            {"refreshToken": "r"},
            {"accessToken": "", "refreshToken": "r"},
            {"accessToken": "x" * 65_537, "refreshToken": "r"},
            {"accessToken": "a", "refreshToken": "x" * 65_537},
            {"accessToken": "a", "refreshToken": ""},
            {"accessToken": 1, "refreshToken": 2},
        ],
    )
    def test_half_a_pair_is_none(self, body: object) -> None:
        assert isinstance(ask(Call.REFRESH, answer(200, body)), NotTheServer)


class TestSignOut:
    """``Call.SIGN_OUT``."""

    def test_good(self) -> None:
        assert ask(Call.SIGN_OUT, answer(200, {"success": True})) == Confirmed()

    @pytest.mark.parametrize(
        "body", [b"", b"{}", {"success": False}, {"ok": True}, b"null", b"[]", b"{", b"<h1>"]
    )
    def test_what_is_not_the_server_s_own_yes_is_none(self, body: object) -> None:
        for headers in (JSON, {}, HTML):
            assert isinstance(ask(Call.SIGN_OUT, answer(200, body, headers)), NotTheServer)


class TestResource:
    """``Call.RESOURCE``: the answer is the caller's."""

    @pytest.mark.parametrize("status", [200, 201, 204, 400, 404, 405, 409, 413, 422])
    def test_an_answer(self, status: int) -> None:
        for headers in ({}, JSON, HTML):
            assert ask(Call.RESOURCE, answer(status, b"x", headers)) == Confirmed()

    @pytest.mark.parametrize("body", [b"", b"<h1>", b"{", {"message": 5}])
    def test_401_is_a_suspicion(self, body: object) -> None:
        assert ask(Call.RESOURCE, answer(401, body, HTML)) == Refused()

    @pytest.mark.parametrize(
        ("message", "code"),
        [("No.", "NO"), ("No.", ""), ("", "FORBIDDEN"), ("", "SESSION_EXPIRED")],
    )
    def test_403_is_forbidden_whatever_its_code(self, message: str, code: str) -> None:
        said = {name: word for name, word in (("message", message), ("code", code)) if word}
        assert ask(Call.RESOURCE, answer(403, said)) == Forbidden(message, code)


@pytest.mark.parametrize(
    ("call", "came", "meant"),
    [
        (Call.SESSION, answer(201, b"null"), not_its_own(Cause.OTHER_API, "201")),
        (Call.SESSION, answer(200, {"a": 1}), not_its_own(Cause.OTHER_API, "200")),
        (Call.REFRESH, answer(400, {"error": "invalid_grant"}), Refused("", "invalid_grant")),
        (Call.REFRESH, answer(400, b"[]"), not_its_own(Cause.OTHER_API, "400")),
        (Call.REFRESH, answer(400, {}), not_its_own(Cause.NOT_UNDERSTOOD, "400")),
        (Call.REFRESH, answer(400, b" {} "), not_its_own(Cause.NOT_UNDERSTOOD, "400")),
    ],
)
def test_what_is_not_a_yes_says_what_it_is(call: Call, came: Reply, meant: Verdict) -> None:
    assert ask(call, came) == meant


NAMES = [
    "token", "user", "session", "id", "email", "expiresAt", "accessToken", "refreshToken", "code",
    "message",
]  # fmt: skip
BODIES = st.one_of(
    st.binary(max_size=200),
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False)
        | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5)
        ),
        max_leaves=12,
    ).map(lambda value: json.dumps(value).encode()),
)
HEADER_NAMES = [
    "content-type", "set-auth-token", "set-refresh-token", "retry-after", "x-retry-after",
    "location",
]  # fmt: skip
HEADERS = st.dictionaries(
    st.sampled_from(HEADER_NAMES),
    st.sampled_from(
        ["application/json", "text/html", "", "1e999", "-1", "Mon, 01 Jan 1 00:00:00 GMT", "٣"]
    )
    | st.text(max_size=30),
)


@given(st.sampled_from(Call), st.integers(-1, 1000), HEADERS, BODIES)
def test_every_answer_has_one_meaning(
    call: Call, status: int, headers: dict[str, str], body: bytes
) -> None:
    verdict = ask(call, Reply(status, headers, body))
    assert isinstance(verdict, get_args(Verdict))
    if isinstance(verdict, Refused) and call in {Call.SESSION, Call.REFRESH, Call.SIGN_OUT}:
        assert status in {200, 401, 403}
        assert headers["content-type"].split(";")[0].strip().lower() == "application/json"
    if isinstance(verdict, Throttled):
        assert 1 <= verdict.after <= 3600


def test_nothing_that_is_secret_shows_in_a_meaning() -> None:
    signed = ask(
        Call.SIGN_IN, answer(200, {"token": "secret-a", "user": USER}, set_refresh_token="secret-r")
    )
    assert "secret" not in repr(signed)
    assert "secret" not in repr(answer(200, b"secret", set_auth_token="secret"))


def test_a_traceback_shows_the_kind_of_a_body_and_not_its_tokens() -> None:
    opened = bodies.opened(json.dumps({"token": "secret", "user": USER}).encode())
    assert repr(opened) == "Opened(…)"
    assert (
        repr(bodies.refreshed(b'{"accessToken":"secret","refreshToken":"secret"}'))
        == "Refreshed(…)"
    )


@pytest.mark.parametrize("words", ["Missing CAPTCHA response", "Captcha verification failed"])
def test_the_captcha_of_1_4_is_heard_though_its_answer_has_no_type_and_only_at_a_sign_in(
    words: str,
) -> None:
    body = f'{{"message":"{words}"}}'.encode()
    came = Reply(400, {"content-type": "text/plain;charset=UTF-8"}, body)
    said = judge(Call.SIGN_IN, came, 0.0)
    assert isinstance(said, Refused)
    assert refusal_of(said) is Refusal.CAPTCHA
    assert isinstance(judge(Call.REFRESH, came, 0.0), NotTheServer)
    stranger = Reply(400, came.headers, b'{"message":"No"}')
    assert isinstance(judge(Call.SIGN_IN, stranger, 0.0), NotTheServer)
