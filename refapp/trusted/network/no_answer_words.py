"""The two sentences of each cause in ``no_answer``: what happened, and what to do about it. Pure.

Owns these words, for the window, doctor, the trace and the library alike. Each says no more than is known: what is only likely
is called so.
"""

from __future__ import annotations

from collections.abc import Mapping

from refapp.trusted.network.no_answer import Cause, NoAnswer

_NOT_FOUND = "The server can't be found: "
_NOT_REACHED = "The server can't be reached: "
_SLOW = "The server took too long: "
_PROXY = "The server can't be asked: the proxy {name} ({variable}) "
_UNPROVED = "The server can't prove who it is: "
_UNSAFE = "The server can't be talked to safely: "
_ELSE = "Something else answered in the server's place: "

_ONLINE = "Check that this computer is online; a VPN or a firewall may stand in between."
_ADDRESS = "Check the server's address."
_CLOCK = "Check this computer's clock; if it is right, whoever runs the server has to renew the certificate."
_LATER = "Try again later; if it stays so, tell whoever runs the server."
_PROXY_ADDRESS = "Check the proxy's address in {variable}, and start the app again if you change it."

_WORDS: Mapping[Cause, tuple[str, str]] = {
    Cause.NAME_UNKNOWN: (
        _NOT_FOUND + "no computer has the name {name}.",
        "Check the server's address; inside a company it may need the VPN.",
    ),
    Cause.NO_NAME_SERVICE: (
        _NOT_FOUND + "names can't be looked up now.",
        "Check that this computer is online.",
    ),
    Cause.REFUSED: (
        _NOT_REACHED + "nothing answers at {name}.",
        "Check the server's address and its port, or wait until it runs again.",
    ),
    Cause.UNREACHABLE: (_NOT_REACHED + "there is no way to {name}.", _ONLINE),
    Cause.TIMED_OUT_CONNECTING: (_SLOW + "it did not take the connection to {name}.", _ONLINE),
    Cause.PROXY_MISSPELT: (
        "The server can't be asked: the proxy that {variable} names can't be used.",
        "Name an http, https or socks5 proxy there, such as http://proxy.example:3128, or none, and start the app again.",
    ),
    Cause.PROXY_NEEDS_SOCKS: (
        "The server can't be asked: {variable} names a SOCKS proxy, and what that needs is not installed.",
        "Install it (pip install 'refapp[socks]'), or name an http proxy, and start the app again.",
    ),
    Cause.PROXY_UNKNOWN: (_PROXY + "can't be found.", _PROXY_ADDRESS),
    Cause.PROXY_DOWN: (_PROXY + "can't be reached.", _PROXY_ADDRESS),
    Cause.PROXY_SILENT: (_PROXY + "took too long.", _PROXY_ADDRESS),
    Cause.PROXY_UNTRUSTED: (_PROXY + "can't be talked to safely ({said}).", _PROXY_ADDRESS),
    Cause.PROXY_PASSWORD: (
        _PROXY + "wants a name and a password, or others than it was given.",
        "Write them into {variable} before the address, as in name:password@{name}, and start the app again.",
    ),
    Cause.PROXY_FORBIDS: (
        _PROXY + "does not allow it ({said}).",
        "Ask whoever runs the proxy to let the server through, or except the server with NO_PROXY.",
    ),
    Cause.PROXY_FAILS: (
        _PROXY + "could not reach the server ({said}).",
        "Check the server's address, or except the server with NO_PROXY.",
    ),
    Cause.PROXY_GARBLED: (_PROXY + "does not answer as a proxy does.", _PROXY_ADDRESS),
    Cause.CA_FILE: (
        _UNPROVED + "the certificates that {variable} names can't be read ({said}).",
        "Mend what is there, which is read again at the next try, or the variable, and start the app again.",
    ),
    Cause.UNKNOWN_ISSUER: (
        _UNPROVED + "this computer does not know who issued the certificate of {name} ({said}).",
        "If that is your company's or your own, add it to the system's certificates, or name its file in SSL_CERT_FILE and start "
        "the app again; a network that wants you to sign in first does this, too.",
    ),
    Cause.EXPIRED: (_UNPROVED + "the certificate of {name} has expired ({said}).", _CLOCK),
    Cause.NOT_YET_VALID: (_UNPROVED + "the certificate of {name} is not valid yet ({said}).", _CLOCK),
    Cause.WRONG_NAME: (
        _UNPROVED + "its certificate is not for {name} ({said}).",
        "Check the server's address; a network that wants you to sign in first does this, too.",
    ),
    Cause.UNFIT_CERTIFICATE: (
        _UNPROVED + "the certificate of {name} is not acceptable ({said}).",
        "Whoever runs the server has to replace it.",
    ),
    Cause.OLD_TLS: (
        _UNSAFE + "{name} offers only encryption that is out of date.",
        "Whoever runs the server has to turn on TLS 1.2 or 1.3.",
    ),
    Cause.NOT_TLS: (
        _UNSAFE + "{name} does not speak https.",
        "Check the server's address and its port.",
    ),
    Cause.CLIENT_CERTIFICATE: (
        _UNSAFE + "it wants a certificate of this computer, and the app has none.",
        "Ask whoever runs the server for an address that needs none.",
    ),
    Cause.TLS_FAILED: (_UNSAFE + "the encryption with {name} failed ({said}).", _LATER),
    Cause.CUT_OFF_CONNECTING: (
        _UNSAFE + "{name} broke off the connection before it was encrypted.",
        "Check the server's address and its port; a firewall may do this, too.",
    ),
    Cause.TIMED_OUT_ANSWERING: ("The server took too long to answer.", _LATER),
    Cause.TIMED_OUT_READING: (_SLOW + "its answer began, and did not end in time.", _LATER),
    Cause.CUT_OFF: (
        "The server broke off its answer.",
        "Try again; an unsteady network or a proxy may do this, too.",
    ),
    Cause.TOO_LARGE: ("The server's answer is too large: more than {said}.", _LATER),
    Cause.UNREADABLE: (
        "The server's answer can't be read: it is damaged, or no HTTP that the app understands.",
        "Check the server's address and its port; if they are right, tell whoever runs the server.",
    ),
    Cause.UNFORESEEN: ("The request failed in a way that the app does not know ({said}).", "Please report this."),
    Cause.REDIRECT: (
        _ELSE + "the answer leads to {said}.",
        "If that is your server, give the app that address.",
    ),
    Cause.WEB_PAGE: (
        _ELSE + "a web page (status {said}), not an auth server.",
        "Check the server's address; no auth server answers there.",
    ),
    Cause.NETWORK_PAGE: (
        _ELSE + "the network wants you to sign in to it first.",
        "Open any page in your browser, sign in there, and try again.",
    ),
    Cause.PASSWORD_WALL: (
        _ELSE + "it asks for a name and a password of its own.",
        "Ask whoever runs the server for an address without that; the app has no answer to it.",
    ),
    Cause.OTHER_API: (
        _ELSE + "the answer (status {said}) is not of an auth server's shape.",
        "Check the server's address; no auth server answers there.",
    ),
    Cause.TOKEN_NOT_TAKEN: (
        "The server opened a session, and does not take the app's token for it.",
        "Whoever runs the server has to add what takes it, BetterAuth's bearer plugin.",
    ),
    Cause.NOT_UNDERSTOOD: (
        "The server does not understand the request (status {said}).",
        "The server may be older or newer than the app; tell whoever runs the server.",
    ),
}


def sentence(why: NoAnswer) -> str:
    """What happened."""
    return _filled(_WORDS[why.cause][0], why)


def cure(why: NoAnswer) -> str:
    """What to do about it."""
    return _filled(_WORDS[why.cause][1], why)


def told(why: NoAnswer) -> str:
    """What happened and what to do about it."""
    return f"{sentence(why)} {cure(why)}"


def _filled(words: str, why: NoAnswer) -> str:
    return words.format(name=why.name, variable=why.variable, said=why.said)
