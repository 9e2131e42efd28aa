"""What the environment says about the way to a server: through which proxy, and whose certificates
are trusted. Pure.

Owns the first answers to "is it my proxy?", with and without a server. What can't be used fails
only where a server is asked by it. Invariant: no sentence holds a proxy's user name or password.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from refapp.doctor.findings import Finding, Verdict
from refapp.trusted.network.no_answer import NoAnswer, shown
from refapp.trusted.network.no_answer_words import cure, sentence
from refapp.trusted.network.proxies import excepting, proxy_named

_FOR_HTTP = ("http_proxy", "HTTP_PROXY")


def proxy(base: str, environ: Mapping[str, str]) -> Finding:
    """The proxy before the server at ``base``, which is empty if none was named."""
    found = proxy_named(environ)
    if found is None:
        other = next((name for name in _FOR_HTTP if environ.get(name)), "")
        if not other:
            return Finding(
                "Proxy", Verdict.OK, "No variable names one: a server is asked directly."
            )
        said = (
            f"{other} names one for plain http alone. For https no variable does: a server "
            "is asked directly."
        )
        return Finding(
            "Proxy",
            Verdict.ATTENTION,
            said,
            "If your network wants it for https too, name it in HTTPS_PROXY.",
        )
    without = _why_without(base, environ)
    if isinstance(found, NoAnswer):
        verdict = Verdict.FAILED if base and not without else Verdict.ATTENTION
        return Finding(
            "Proxy", verdict, f"{_matter(found)}{without and f' {without}'}", cure(found)
        )
    asked = without or (
        "The server is asked through it." if base else "A server with https is asked through it."
    )
    return Finding("Proxy", Verdict.OK, f"{found.variable} names {found.name}. {asked}")


def _why_without(base: str, environ: Mapping[str, str]) -> str:
    """Why the server is asked without a proxy, though one is named; empty: it is not."""
    parts = urlsplit(base)
    if parts.scheme == "http":
        return "The server is on this computer, and asked without it."
    variable = excepting(parts.hostname or "", parts.port or 443, environ) if base else ""
    return f"{variable} excepts the server, which is asked without it." if variable else ""


def certificates(
    environ: Mapping[str, str], found: Mapping[str, NoAnswer | None], *, system: bool
) -> list[Finding]:
    """Whose certificates are trusted.
    ``found``: each variable about it, and why it can't be read; ``system``: has it any?
    """
    rows = [_named(variable, environ[variable], why) for variable, why in found.items()]
    replaced = found.keys() >= _IN_PLACE_OF.keys()
    if not system and not replaced:
        said = (
            "This computer has no certificates of its own, by which a server could prove who it is."
        )
        return [
            Finding(
                "Certificates", Verdict.ATTENTION, said, "sudo apt-get install ca-certificates"
            ),
            *rows,
        ]
    if not found:
        said = "The system's are trusted; no variable names others."
        return [Finding("Certificates", Verdict.OK, said)]
    return rows


_IN_PLACE_OF = {"SSL_CERT_FILE": "the system's file", "SSL_CERT_DIR": "the system's folder"}


def _named(variable: str, place: str, why: NoAnswer | None) -> Finding:
    if why is not None:
        return Finding("Certificates", Verdict.ATTENTION, _matter(why), cure(why))
    counts = f"in place of {_IN_PLACE_OF[variable]}" if variable in _IN_PLACE_OF else "too"
    return Finding(
        "Certificates", Verdict.OK, f"{variable} names {shown(place)}: it is trusted, {counts}."
    )


def _matter(why: NoAnswer) -> str:
    """The sentence of ``why`` without its beginning, which tells what it has done to a request:
    here none was made.
    """
    _, _, matter = sentence(why).partition(": ")
    return matter[:1].upper() + matter[1:]
