"""What is said of a request that got no answer of the server, or one that can't be the server's:
what happened, and what to do.

By the word of each cause in ``network.no_answer``; ``no_answer_words`` fills in its ``{name}``,
``{variable}`` and ``{said}``. Each says no more than is known: what is only likely is called so.
For the window, doctor, the trace and the library alike.
"""

from __future__ import annotations

_NOT_FOUND = "The server can't be found: "
_NOT_REACHED = "The server can't be reached: "
_SLOW = "The server took too long: "
_PROXY = "The server can't be asked: the proxy {name} ({variable}) "
_UNPROVED = "The server can't prove who it is: "
_UNSAFE = "The server can't be talked to safely: "
_ELSE = "Something else answered in the server's place: "

_ONLINE = "Check that this computer is online; a VPN or a firewall may stand in between."
_CLOCK = (
    "Check this computer's clock; if it is right, whoever runs the server has to renew "
    "the certificate."
)
_LATER = "Try again later; if it stays so, tell whoever runs the server."
_PROXY_ADDRESS = (
    "Check the proxy's address in {variable}, and start the app again if you change it."
)

WORDS: dict[str, tuple[str, str]] = {
    "name_unknown": (
        _NOT_FOUND + "no computer has the name {host}.",
        "Check the server's address; inside a company it may need the VPN.",
    ),
    "no_name_service": (
        _NOT_FOUND + "names can't be looked up now.",
        "Check that this computer is online.",
    ),
    "refused": (
        _NOT_REACHED + "nothing answers at {name}.",
        "Check the server's address and its port, or wait until it runs again.",
    ),
    "unreachable": (_NOT_REACHED + "there is no way to {name}.", _ONLINE),
    "timed_out_connecting": (_SLOW + "it did not take the connection to {name}.", _ONLINE),
    "proxy_misspelt": (
        "The server can't be asked: the proxy that {variable} names can't be used.",
        (
            "Name an http, https or socks5 proxy there, such as http://proxy.example:3128, or "
            "none, and start the app again."
        ),
    ),
    "proxy_needs_socks": (
        (
            "The server can't be asked: {variable} names a SOCKS proxy, and what that needs "
            "is not installed."
        ),
        "Install it (pip install 'refapp[socks]'), or name an http proxy, and start the app again.",
    ),
    "proxy_unknown": (_PROXY + "can't be found.", _PROXY_ADDRESS),
    "proxy_down": (_PROXY + "can't be reached.", _PROXY_ADDRESS),
    "proxy_silent": (_PROXY + "took too long.", _PROXY_ADDRESS),
    "proxy_untrusted": (_PROXY + "can't be talked to safely ({said}).", _PROXY_ADDRESS),
    "proxy_password": (
        _PROXY + "wants a name and a password, or others than it was given.",
        (
            "Write them into {variable} before the address, as in name:password@{name}, and "
            "start the app again."
        ),
    ),
    "proxy_forbids": (
        _PROXY + "does not allow it ({said}).",
        "Ask whoever runs the proxy to let the server through, or except the server with NO_PROXY.",
    ),
    "proxy_fails": (
        _PROXY + "could not reach the server ({said}).",
        "Check the server's address, or except the server with NO_PROXY.",
    ),
    "proxy_garbled": (_PROXY + "does not answer as a proxy does.", _PROXY_ADDRESS),
    "ca_file": (
        _UNPROVED + "the certificates that {variable} names can't be read ({said}).",
        (
            "Mend what is there, which is read again at the next try, or the variable, and "
            "start the app again."
        ),
    ),
    "unknown_issuer": (
        _UNPROVED + "this computer does not know who issued the certificate of {name} ({said}).",
        "If that is your company's or your own, add it to the system's certificates, or name its "
        "file in SSL_CERT_FILE and start the app again; a network that wants you to sign in "
        "first does this, too.",
    ),
    "certificate_expired": (_UNPROVED + "the certificate of {name} has expired ({said}).", _CLOCK),
    "certificate_not_yet_valid": (
        _UNPROVED + "the certificate of {name} is not valid yet ({said}).",
        _CLOCK,
    ),
    "certificate_wrong_name": (
        _UNPROVED + "its certificate is not for {host} ({said}).",
        "Check the server's address; a network that wants you to sign in first does this, too.",
    ),
    "certificate_unfit": (
        _UNPROVED + "the certificate of {name} is not acceptable ({said}).",
        "Whoever runs the server has to replace it.",
    ),
    "old_tls": (
        _UNSAFE + "{name} offers only encryption that is out of date.",
        "Whoever runs the server has to turn on TLS 1.2 or 1.3.",
    ),
    "not_tls": (
        _UNSAFE + "{name} does not speak https.",
        "Check the server's address and its port.",
    ),
    "client_certificate": (
        _UNSAFE + "it wants a certificate of this computer, and the app has none.",
        "Ask whoever runs the server for an address that needs none.",
    ),
    "tls_failed": (_UNSAFE + "the encryption with {name} failed ({said}).", _LATER),
    "cut_off_connecting": (
        _UNSAFE + "{name} broke off the connection before it was encrypted.",
        "Check the server's address and its port; a firewall may do this, too.",
    ),
    "timed_out_answering": ("The server took too long to answer.", _LATER),
    "timed_out_reading": (_SLOW + "its answer began, and did not end in time.", _LATER),
    "cut_off": (
        "The server broke off its answer.",
        "Try again; an unsteady network or a proxy may do this, too.",
    ),
    "too_large": ("The server's answer is too large: more than {said}.", _LATER),
    "unreadable": (
        "The server's answer can't be read: it is damaged, or not HTTP that the app understands.",
        "Check the server's address and its port; if they are right, tell whoever runs the server.",
    ),
    "unforeseen": (
        "The request failed in a way that the app does not know ({said}).",
        "Please report this.",
    ),
    "redirect": (
        _ELSE + "the answer leads to {said}.",
        "If that is your server, give the app that address.",
    ),
    "web_page": (
        _ELSE + "a web page (status {said}), not an auth server.",
        "Check the server's address; no auth server answers there.",
    ),
    "network_page": (
        _ELSE + "the network wants you to sign in to it first.",
        "Open any page in your browser, sign in there, and try again.",
    ),
    "password_wall": (
        _ELSE + "it asks for a name and a password of its own.",
        "Ask whoever runs the server for an address without that; the app has no answer to it.",
    ),
    "other_api": (
        _ELSE + "the answer (status {said}) is not of an auth server's shape.",
        "Check the server's address; no auth server answers there.",
    ),
    "token_not_taken": (
        "The server opened a session, and does not take the app's token for it.",
        "Whoever runs the server has to add what takes it, BetterAuth's bearer plugin.",
    ),
    "not_understood": (
        "The server does not understand the request (status {said}).",
        "The server may be older or newer than the app; tell whoever runs the server.",
    ),
}
