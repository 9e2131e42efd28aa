"""What went wrong on the way: the one place that turns an exception of a library into a
``NoAnswer``. No I/O.

Owns how far a request has come (``RequestPath``, which httpcore tells) and the reading of
exceptions. Total: whatever is raised has a cause, however it is wrapped, in groups and in circles.
Invariant: no exception's own text is passed on but what a proxy or a certificate said, made fit for
a sentence; these hold no secret of ours.
"""

from __future__ import annotations

import enum
import re
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence

import httpcore
import httpx

from refapp.trusted.network.certificates import why_not_trusted
from refapp.trusted.network.no_answer import Cause, NoAnswer, shown
from refapp.trusted.network.proxies import Proxy
from refapp.trusted.network.secure_connection import HandshakeFailed

_NO_SUCH_NAME = frozenset({socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)})
_OLD = re.compile(
    "UNSUPPORTED_PROTOCOL|ALERT_PROTOCOL_VERSION|NO_PROTOCOLS|VERSION_TOO_LOW|"
    "KEY_TOO_SMALL|UNSAFE_LEGACY"
)
_NO_TLS = re.compile(
    "WRONG_VERSION_NUMBER|HTTP_REQUEST|PACKET_LENGTH|RECORD_LAYER|UNKNOWN_PROTOCOL|BAD_RECORD_TYPE"
)
_WANTS_OURS = re.compile("ALERT_CERTIFICATE_REQUIRED|ALERT_BAD_CERTIFICATE|ALERT_UNKNOWN_CA")


class Progress(enum.IntEnum):
    """How far a request has come, in order. From ``SENDING`` on the server may have had it."""

    CONNECTING = 1
    SECURING_PROXY = 2
    ASKING_PROXY = 3
    SECURING = 4
    SENDING = 5
    WAITING = 6
    READING = 7


class RequestPath:
    """One request's way to ``name``, through ``proxy`` if there is one.
    ``note`` is httpcore's trace.
    """

    def __init__(self, name: str, proxy: Proxy | None) -> None:
        self.name = name
        self.proxy = proxy
        self.stage: Progress | None = None
        self.reused = False
        self._connection: httpcore.AsyncNetworkStream | None = None

    async def note(self, event: str, info: Mapping[str, object]) -> None:
        """What httpcore does next. A connection that was kept has no stage before ``SENDING``."""
        layer, what, moment = event.split(".")
        if what == "connect_tcp" and moment == "complete":
            made = info.get("return_value")
            self._connection = made if isinstance(made, httpcore.AsyncNetworkStream) else None
        stage = _STAGES.get(what) if moment == "started" else None
        if stage is None:
            return
        if self.stage is None:
            self.reused = stage is Progress.SENDING
        if stage is Progress.SECURING and self.proxy is not None and layer == "connection":
            stage = Progress.SECURING_PROXY
        elif getattr(info.get("request"), "method", b"") == b"CONNECT":
            stage = Progress.ASKING_PROXY
        self.stage = stage

    async def abandon(self) -> None:
        """Close a connection whose making was given up: httpcore forgets one that is not secure in
        time, and leaves it open.
        """
        if (
            self._connection is not None
            and self.stage is not None
            and self.stage <= Progress.SECURING
        ):
            await self._connection.aclose()


_STAGES = {
    "connect_tcp": Progress.CONNECTING,
    "setup_socks5_connection": Progress.ASKING_PROXY,
    "start_tls": Progress.SECURING,
    "send_connection_init": Progress.SENDING,
    "send_request_headers": Progress.SENDING,
    "send_request_body": Progress.SENDING,
    "receive_response_headers": Progress.WAITING,
    "receive_response_body": Progress.READING,
}


def why_no_answer(error: Exception, way: RequestPath) -> NoAnswer:
    """The cause of ``error``, which ended a request that had come as far as ``way`` says."""
    found = list(_all_of(error))
    stage = way.stage or (Progress.CONNECTING if isinstance(error, httpx.ConnectError) else None)
    if way.proxy is not None and stage is not None and stage <= Progress.ASKING_PROXY:
        return _of_proxy(found, stage, way.proxy)
    if any(isinstance(one, TimeoutError | httpx.TimeoutException) for one in found):
        return NoAnswer(_TIMED_OUT.get(stage, Cause.TIMED_OUT_ANSWERING), way.name)
    if _of_tls(found) and (stage is None or stage <= Progress.SECURING):
        return _of_handshake(found, way.name)
    if stage is Progress.CONNECTING:
        return _of_connection(found, way.name)
    if stage is Progress.SECURING:
        return _of_handshake(found, way.name)
    if _WANTS_OURS.search(_reason(found)):
        # With TLS 1.3 the server says so only after the handshake, when the request is on its way.
        # It was not looked at.
        return NoAnswer(Cause.CLIENT_CERTIFICATE, way.name)
    if any(isinstance(one, _CUT_OFF) or _ended_early(one) for one in found):
        return NoAnswer(Cause.CUT_OFF, way.name)
    if any(isinstance(one, _BROKEN) for one in found):
        return NoAnswer(Cause.UNREADABLE, way.name)
    return NoAnswer(Cause.UNFORESEEN, way.name, said=type(error).__name__)


_TIMED_OUT: Mapping[Progress | None, Cause] = {
    Progress.CONNECTING: Cause.TIMED_OUT_CONNECTING,
    Progress.SECURING: Cause.TIMED_OUT_CONNECTING,
    Progress.READING: Cause.TIMED_OUT_READING,
}


def _of_proxy(found: Sequence[BaseException], stage: Progress, proxy: Proxy) -> NoAnswer:
    def why(cause: Cause, said: str = "") -> NoAnswer:
        return NoAnswer(cause, proxy.name, proxy.variable, shown(said))

    if any(isinstance(one, TimeoutError | httpx.TimeoutException) for one in found):
        return why(Cause.PROXY_SILENT)
    if stage is Progress.CONNECTING:
        return why(Cause.PROXY_UNKNOWN if _resolver(found) else Cause.PROXY_DOWN)
    if stage is Progress.SECURING_PROXY:
        untrusted = _of_handshake(found, proxy.name)
        return why(Cause.PROXY_UNTRUSTED, untrusted.said or untrusted.cause.value.replace("_", " "))
    refusal = next((one for one in found if isinstance(one, httpx.ProxyError)), None)
    if refusal is None:
        return why(Cause.PROXY_GARBLED)
    said = str(refusal)
    status = re.match(r"\d{3}\b", said)
    if status is None:
        return _of_socks(said, why)
    if status[0] == "407":
        return why(Cause.PROXY_PASSWORD)
    return why(Cause.PROXY_FORBIDS if status[0] < "500" else Cause.PROXY_FAILS, said)


def _of_socks(said: str, why: Callable[[Cause, str], NoAnswer]) -> NoAnswer:
    """httpcore has one error for every refusal of RFC 1928 and RFC 1929,
    and its words tell them apart.
    """
    if _SOCKS_PASSWORD.match(said):
        return why(Cause.PROXY_PASSWORD, "")
    reply = said.rpartition("connect: ")[2].rstrip(".")
    return why(Cause.PROXY_FORBIDS if "not allowed" in reply else Cause.PROXY_FAILS, reply)


def _of_connection(found: Sequence[BaseException], name: str) -> NoAnswer:
    number = _resolver(found)
    if number is not None:
        return NoAnswer(
            Cause.NAME_UNKNOWN if number in _NO_SUCH_NAME else Cause.NO_NAME_SERVICE, name
        )
    # A name may have several addresses, each tried: one that refuses says more than one to which
    # there is no way.
    refused = any(isinstance(one, ConnectionRefusedError) for one in found)
    return NoAnswer(Cause.REFUSED if refused else Cause.UNREACHABLE, name)


def _resolver(found: Sequence[BaseException]) -> int | None:
    """What the resolver said against the name, if it did."""
    return next((one.errno for one in found if isinstance(one, socket.gaierror)), None)


def _of_handshake(found: Sequence[BaseException], name: str) -> NoAnswer:
    failed = next((one for one in found if isinstance(one, HandshakeFailed)), None)
    if failed is not None and failed.verify_code:
        return why_not_trusted(failed, name)
    if any(isinstance(one, ssl.SSLCertVerificationError) for one in found):
        return NoAnswer(Cause.UNFIT_CERTIFICATE, name, said="not verified")
    reason = _reason(found)
    if _NO_TLS.search(reason):
        return NoAnswer(Cause.NOT_TLS, name)
    if _OLD.search(reason):
        return NoAnswer(Cause.OLD_TLS, name)
    if _WANTS_OURS.search(reason):
        return NoAnswer(Cause.CLIENT_CERTIFICATE, name)
    if "UNRECOGNIZED_NAME" in reason:
        return NoAnswer(Cause.WRONG_NAME, name, said="it does not know this name")
    if "HANDSHAKE_FAILURE" in reason:
        # Before it has shown a certificate there was no way of encrypting in common;
        # after that it wanted one of ours.
        has_shown = failed is not None and failed.certificate is not None
        return NoAnswer(Cause.CLIENT_CERTIFICATE if has_shown else Cause.OLD_TLS, name)
    if not reason:
        return NoAnswer(Cause.CUT_OFF_CONNECTING, name)
    return NoAnswer(Cause.TLS_FAILED, name, said=shown(reason.replace("_", " ").lower()))


_SOCKS_PASSWORD = re.compile("Requested .* but got|Invalid username/password")
_CUT_OFF = (httpx.NetworkError, ConnectionError, EOFError)
_EARLY = re.compile(
    "disconnected|closed connection|without sending complete|<StreamReset|<ConnectionTerminated"
)
_BROKEN = (httpx.HTTPError, ValueError)


def _ended_early(one: BaseException) -> bool:
    """h11 has one error for what is no HTTP and for HTTP that ends too soon;
    h2's events say that a server gave up.
    """
    return isinstance(one, httpx.RemoteProtocolError) and _EARLY.search(str(one)) is not None


def _of_tls(found: Sequence[BaseException]) -> list[ssl.SSLError]:
    """The errors of TLS itself; not its word that more has to come, or that no more will."""
    waiting = (
        ssl.SSLWantReadError | ssl.SSLWantWriteError | ssl.SSLEOFError | ssl.SSLZeroReturnError
    )
    return [one for one in found if isinstance(one, ssl.SSLError) and not isinstance(one, waiting)]


def _reason(found: Sequence[BaseException]) -> str:
    """OpenSSL's own word, such as WRONG_VERSION_NUMBER.
    Not every error has one, whatever its type says.
    """
    return next((one.reason for one in _of_tls(found) if getattr(one, "reason", None)), "")


def _all_of(error: BaseException) -> Iterator[BaseException]:
    """``error``, what it came from, and the members of groups, each once: causes can lead back to
    where they began.
    """
    waiting: list[BaseException | None] = [error]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop(0)
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [one.__cause__, one.__context__]
        if isinstance(one, BaseExceptionGroup):
            waiting += one.exceptions
