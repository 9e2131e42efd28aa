"""What stands between the app and its server on a real network: names, proxies, certificates.
Tagged @inproc.
"""

from __future__ import annotations

import base64
from typing import cast

from pytest_bdd import given, parsers, then

from steps.scenario.around_it import OwnNetwork
from steps.scenario.driver import Driver
from steps.scenario.inside_driver import InsideDriver

SERVER = (
    "has a certificate that has expired",
    "has a certificate that is not valid yet",
    "has a certificate for another name",
    "has a certificate that nobody here knows",
    "has a certificate of its own making",
    "has a certificate that it vouches for itself",
    "has a certificate for clients alone",
    "has a certificate that an expired one vouches for",
    "has a certificate that one not valid yet vouches for",
    "speaks an old TLS",
    "has no cipher in common",
    "wants a certificate of the client, TLS 1.2",
    "wants a certificate of the client, TLS 1.3",
    "says in a page that it wants a certificate",
    "says with a status of its own that it wants a certificate",
    "speaks no TLS",
    "closes before TLS",
    "does not answer to TLS",
    "is where no way leads",
    "has three addresses, and is at none",
    "speaks no HTTP, in one line",
    "damages its answer",
    "breaks off its answer",
    "is too large",
    "redirects",
    "is a web page",
    "is the network's sign-in page",
    "wants its own password",
    "wants its own password, as Windows asks for one",
    "is another API, which knows no such token",
    "is another API",
    "begins its answers with two letters by themselves",
)
"""What can be wrong with the server, and with who answers in its place."""

PROXY = (
    "is not there",
    "does not answer",
    "has a certificate that nobody here knows",
    "has a certificate of its own",
    "forbids it",
    "can't reach the server",
    "speaks no HTTP",
)
CERTIFICATES = (
    "a file that is missing",
    "a file with no certificate in it",
    "a file with the server's certificates",
    "a file with somebody else's certificates",
    "a folder in which OpenSSL finds nothing",
    "nothing",
)
WENT = {
    "through the proxy alone": {"the proxy"},
    "to the server itself": {"the server"},
    "nowhere": set[str](),
}


def network_of(driver: Driver) -> OwnNetwork:
    """The network that the scenario has set up."""
    return cast("InsideDriver", driver).on_network()


@given(parsers.re(r"a server at (?P<origin>https?://[^\s,]+)(?P<sliding>, with sliding sessions)?"))
def _(driver: Driver, origin: str, sliding: str | None) -> None:
    cast("InsideDriver", driver).use_network(origin, sliding=sliding is not None)


@given("the app is on a real network")
def _(driver: Driver) -> None:
    network_of(driver).meet()


@given(parsers.re(rf"the server (?P<trouble>{'|'.join(SERVER)})"))
def _(driver: Driver, trouble: str) -> None:
    network_of(driver).spoil_server(trouble)


@given(parsers.re(rf"the proxy (?P<trouble>{'|'.join(PROXY)})"))
def _(driver: Driver, trouble: str) -> None:
    network_of(driver).spoil_proxy(trouble)


@given(parsers.parse('the proxy lets in "{name}" with the password "{password}" alone'))
def _(driver: Driver, name: str, password: str) -> None:
    network_of(driver).let_in(name, password)


@given(parsers.re(r'the variable (?P<name>\w+) is "(?P<value>[^"]*)"'))
def _(driver: Driver, name: str, value: str) -> None:
    network_of(driver).set_variable(name, value)


@given(parsers.re(rf"the variable (?P<name>\w+) names (?P<what>{'|'.join(CERTIFICATES)})"))
def _(driver: Driver, name: str, what: str) -> None:
    network_of(driver).name_certificates(name, what)


@then(parsers.re(rf"the app went (?P<where>{'|'.join(WENT)})"))
def _(driver: Driver, where: str) -> None:
    assert set(network_of(driver).went_to) == WENT[where]


@then(parsers.re("nothing was said to what answered there"))
def _(driver: Driver) -> None:
    network = network_of(driver)
    assert network.went_to, "nobody was asked"
    assert [*network.said_to_server(), *network.said_to_proxy()] == []


@then(parsers.parse('"{name}" and "{password}" were said to the proxy, and to nobody else'))
def _(driver: Driver, name: str, password: str) -> None:
    network = network_of(driver)
    said = base64.b64encode(f"{name}:{password}".encode())
    assert network.said_to_proxy(), "it was not asked"
    assert all(said in head for head in network.said_to_proxy())
    assert network.said_to_server(), "the server was not asked"
    assert not [
        head
        for head in network.said_to_server()
        if said in head or password.encode() in head or b"proxy-" in head.lower()
    ]
