"""Each cause has its own sentence and cure, and both are sentences;
who answered in the server's place is told apart.
"""

from __future__ import annotations

import pytest

from refapp.trusted.network.no_answer import LONGEST, Cause, NoAnswer, shown
from refapp.trusted.network.no_answer_words import cure, sentence
from refapp.trusted.network.stranger import stranger

HTML = {"content-type": "text/html; charset=utf-8"}
JSON = {"content-type": "application/json"}


def of(cause: Cause) -> NoAnswer:
    return NoAnswer(cause, name="host.example:443", variable="HTTPS_PROXY", said="what was said")


@pytest.mark.parametrize("cause", Cause)
def test_every_cause_says_what_happened_and_what_to_do(cause: Cause) -> None:
    for words in (sentence(of(cause)), cure(of(cause))):
        assert words.endswith(".")
        assert words[0].isupper()
        assert not set("{}") & set(words)


def test_no_two_causes_say_the_same() -> None:
    assert len({sentence(of(cause)) for cause in Cause}) == len(Cause)


def test_what_is_named_is_put_in_as_it_is() -> None:
    """A peer's words are no template: braces in them name nothing."""
    why = NoAnswer(Cause.PROXY_FORBIDS, "proxy.example:3128", "HTTPS_PROXY", "403 {variable} {0}")
    assert "(403 {variable} {0})" in sentence(why)


def test_what_somebody_else_wrote_fits_into_a_sentence() -> None:
    assert shown("a\r\nb\x1b[31mc\u202ed") == "a  b [31mc d"
    assert len(shown("x" * 10_000)) == LONGEST


@pytest.mark.parametrize(
    ("status", "headers", "body", "why"),
    [
        (200, HTML, b"<h1>Welcome</h1>", NoAnswer(Cause.WEB_PAGE, said="200")),
        (404, {}, b" <!doctype html>", NoAnswer(Cause.WEB_PAGE, said="404")),
        (511, HTML, b"<h1>Sign in</h1>", NoAnswer(Cause.NETWORK_PAGE, said="511")),
        (
            401,
            {**HTML, "www-authenticate": 'Basic realm="x"'},
            b"",
            NoAnswer(Cause.PASSWORD_WALL, said="401"),
        ),
        (401, {**JSON, "www-authenticate": "Bearer"}, b"{}", NoAnswer(Cause.OTHER_API, said="401")),
        (404, JSON, b'{"detail":"Not Found"}', NoAnswer(Cause.OTHER_API, said="404")),
        (
            400,
            HTML,
            b"<html><title>400 No required SSL certificate was sent</title>",
            NoAnswer(Cause.CLIENT_CERTIFICATE, said="400"),
        ),
        (
            301,
            {"location": "https://ada:pw@www.example.com:8443/x?token=secret#y"},
            b"",
            NoAnswer(Cause.REDIRECT, said="https://www.example.com:8443/x"),
        ),
        (302, {"location": "/login?next=secret"}, b"", NoAnswer(Cause.REDIRECT, said="/login")),
        (
            302,
            {"location": "//other.example/"},
            b"",
            NoAnswer(Cause.REDIRECT, said="//other.example/"),
        ),
        (302, {"location": "https://[::1]/"}, b"", NoAnswer(Cause.REDIRECT, said="https://[::1]/")),
        (
            302,
            {"location": "https://[x/"},
            b"",
            NoAnswer(Cause.REDIRECT, said="an address that is none"),
        ),
        (302, {}, b"", NoAnswer(Cause.REDIRECT, said="nowhere")),
    ],
)
def test_who_answered_is_told_from_the_answer(
    status: int, headers: dict[str, str], body: bytes, why: NoAnswer
) -> None:
    found = stranger(status, headers, body)
    assert found == why
    assert "  " not in sentence(found), "an answer does not say who was asked"
