"""Attempts on the network, on other programs' sockets, and on D-Bus with the keychain behind it."""

from __future__ import annotations

import http.client
import os
import socket
import struct
import urllib.error
import urllib.request

from refapp.attack.attempt import Attempt, Target, become_root, buffer, gained, path, raw, secret

_AF = {
    "netlink": 16,
    "packet": 17,
    "alg": 38,
    "vsock": 40,
    "xdp": 44,
    "key": 15,
    "bluetooth": 31,
    "can": 29,
    "tipc": 30,
    "rds": 21,
}
_NEW_NETWORK = 0x40000000
_MPTCP, _SCTP, _UDPLITE = 262, 132, 136


def _tcp(t: Target) -> None:
    with socket.create_connection(("127.0.0.1", t.tcp), 5) as connection:
        secret(connection.recv(100))


def _tcp6(t: Target) -> None:
    gained(t.tcp6)
    with socket.create_connection(("::1", t.tcp6), 5) as connection:
        secret(connection.recv(100))


def _raw_tcp(t: Target) -> None:
    connection = raw("socket", socket.AF_INET, socket.SOCK_STREAM, 0)
    raw(
        "connect",
        connection,
        struct.pack("=H", socket.AF_INET) + struct.pack(">H4s8x", t.tcp, b"\x7f\0\0\1"),
        16,
    )
    secret(os.read(connection, 100))


def _fast_open(t: Target) -> None:
    """Send in the first packet, without connect(2)."""
    with socket.socket() as client:
        client.sendto(b"x", socket.MSG_FASTOPEN, ("127.0.0.1", t.tcp))


def _udp(t: Target) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(5)
        client.sendto(b"token", ("127.0.0.1", t.udp))
        secret(client.recv(100))


def _listen(t: Target) -> None:
    del t
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()


def _http(t: Target) -> None:
    """The answer is no HTTP, but the request is out and the answer in."""
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{t.tcp}/steal", timeout=5)
    except urllib.error.URLError as error:
        if isinstance(error.reason, OSError):
            raise error.reason from error
    except http.client.HTTPException:
        return


def _dns(t: Target) -> None:
    """Any answer of the resolver, even that there is no such name, means that it could ask."""
    del t
    try:
        socket.getaddrinfo("localhost", 80, family=socket.AF_INET, flags=socket.AI_CANONNAME)
    except socket.gaierror as error:
        raise PermissionError(error.errno, error.strerror) from error


def _unix(address: str, greeting: bytes = b"\0AUTH EXTERNAL\r\n") -> None:
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(5)
        client.connect(address)
        client.send(greeting)
        secret(client.recv(100))


def _datagram(t: Target) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as client:
        client.sendto(b"line for the system's log", t.datagram)


def _raw_unix(t: Target) -> None:
    connection = raw("socket", socket.AF_UNIX, socket.SOCK_STREAM, 0)
    address = struct.pack("=H108s", socket.AF_UNIX, path(t.unix))
    raw("connect", connection, address, 110)
    secret(os.read(connection, 100))


def _autobind(_: Target) -> None:
    """A name of its own in the abstract space, at which another program could be waited for."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("")
        listener.listen()


def _pair(t: Target) -> None:
    del t
    _, address = buffer(8)
    raw("socketpair", socket.AF_UNIX, socket.SOCK_STREAM, 0, address)


def _keychain(t: Target) -> None:
    """What every keychain library does first: say hello on the session bus."""
    os.environ["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={t.unix}"
    address = os.environ["DBUS_SESSION_BUS_ADDRESS"].partition("=")[2]
    _unix(address, b"\0AUTH EXTERNAL 30\r\nBEGIN\r\n")


def _at(place: str) -> None:
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(place)


def _of_root(t: Target, family: int, kind: int, protocol: int) -> None:
    """A socket that only root may have;
    an ordinary user's control is root in a network of its own.
    """
    become_root(t, _NEW_NETWORK)
    raw("socket", family, kind, protocol)


def _family(name: str, kind: int, protocol: int = 0) -> Attempt:
    return Attempt(
        f"family-{name}",
        f"open a socket of the {name} family",
        "socket(2), raw",
        lambda t: _of_root(t, _AF[name], kind, protocol),
    )


def _x_socket() -> str:
    number = os.environ.get("DISPLAY", ":0").partition(":")[2].partition(".")[0]
    return f"/tmp/.X11-unix/X{number}"


def _runtime(name: str) -> str:
    return f"{os.environ.get('XDG_RUNTIME_DIR', f'/run/user/{os.getuid()}')}/{name}"


NETWORK = (
    Attempt("tcp", "send to a TCP server", "socket, connect of Python", _tcp),
    Attempt("tcp6", "send to a TCP server over IPv6", "socket, connect of Python", _tcp6),
    Attempt("tcp-raw", "send to a TCP server", "socket(2), connect(2), raw", _raw_tcp),
    Attempt(
        "tcp-fast-open",
        "send to a TCP server without connecting",
        "sendto(2), MSG_FASTOPEN",
        _fast_open,
    ),
    Attempt("udp", "send a datagram and take the answer", "sendto, recv of Python", _udp),
    Attempt("listen", "wait for connections", "bind(2), listen(2)", _listen),
    Attempt("http", "make an HTTP request", "urllib", _http),
    Attempt("dns", "ask the resolver", "getaddrinfo(3)", _dns),
    Attempt(
        "mptcp",
        "open a multipath TCP socket",
        "socket(2), raw",
        lambda _t: raw("socket", 2, 1, _MPTCP),
    ),
    Attempt("sctp", "open an SCTP socket", "socket(2), raw", lambda _t: raw("socket", 2, 1, _SCTP)),
    Attempt(
        "udplite",
        "open a UDP-Lite socket",
        "socket(2), raw",
        lambda _t: raw("socket", 2, 2, _UDPLITE),
    ),
    Attempt("icmp", "open a ping socket", "socket(2), raw", lambda t: _of_root(t, 2, 3, 1)),
    Attempt(
        "raw-ip", "write whole IP packets", "socket(2), SOCK_RAW", lambda t: _of_root(t, 2, 3, 255)
    ),
    _family("netlink", 3),
    _family("packet", 3, 0x300),
    _family("alg", 5),
    _family("vsock", 1),
    _family("xdp", 3),
    _family("key", 3, 2),
    _family("bluetooth", 3, 1),
    _family("can", 3, 1),
    _family("tipc", 4),
    _family("rds", 5),
    Attempt("socketpair", "make a pair of sockets", "socketpair(2), raw", _pair),
)

BUS = (
    Attempt("session-path", "speak to the session bus by its path", "AF_UNIX, connect",
            lambda t: _unix(t.unix)),
    Attempt("session-raw", "speak to the session bus by its path", "socket(2), connect(2), raw",
            _raw_unix),
    Attempt("session-abstract", "speak to the session bus by its abstract name", "AF_UNIX, connect",
            lambda t: _unix("\0" + t.abstract)),
    Attempt("session-proc", "speak to the session bus by a way around",
            "connect to /proc/self/root/...",
            lambda t: _unix(f"/proc/self/root{t.unix}")),
    Attempt("keychain", "ask the Secret Service for a secret", "D-Bus hello on the session bus",
            _keychain),
    Attempt("system", "speak to the system bus", "connect to /run/dbus/system_bus_socket",
            lambda _t: _at("/run/dbus/system_bus_socket")),
    Attempt("user-bus", "speak to the user's bus", "connect to the runtime folder's bus",
            lambda _t: _at(_runtime("bus"))),
    Attempt("keyring-control", "speak to GNOME Keyring's own socket", "connect to keyring/control",
            lambda _t: _at(_runtime("keyring/control"))),
    Attempt("ssh-agent", "use the SSH agent", "connect to SSH_AUTH_SOCK",
            lambda _t: _at(os.environ.get("SSH_AUTH_SOCK", "/none"))),
    Attempt("systemd", "start a service of the user", "connect to systemd/private",
            lambda _t: _at(_runtime("systemd/private"))),
    Attempt("journal", "write to another program's datagram socket", "sendto(2)", _datagram),
    Attempt("autobind", "offer a socket by an abstract name", "bind(2)", _autobind),
    Attempt("x-server", "open a second connection to the display", "connect to /tmp/.X11-unix",
            lambda _t: _at(_x_socket())),
)  # fmt: skip
