"""The server's back door for tests and the tour, there only with ``--control``, and only for
whoever has the key that READY gave.

POST /control takes one JSON object, ``{"do": "expire_access", "email": ...}``: each is a method of
the model, with the same name, arguments and meaning. GET /control answers the log of requests. Owns
the key's check and this mapping, nothing else.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping

import msgspec

from refapp.demo_server.faults import Faulty
from refapp.demo_server.model import AuthServerModel
from refapp.demo_server.state.answers import NOT_FOUND, Answer, json_answer

PATH = "/control"
KEY_HEADER = "x-control-key"


class Order(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``do`` names the model's method; of the rest it uses what it needs.
    ``times`` None: until ``clear_faults``.
    """

    do: str
    email: str = ""
    path: str = "/"
    times: int | None = 1
    status: int = 503
    after_s: int = 10
    most: int = 0
    seconds: float = 0.0
    cut_at: int = 0
    broken: bool = True
    allow: bool = True
    content_type: str = "text/html"
    body: str = ""
    location: str = ""


class Control:
    """Carries orders to ``model``."""

    def __init__(self, model: AuthServerModel, key: str) -> None:
        self._model = model
        self._key = key

    def handle(self, method: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Do one order. 404 without the key, 400 for an order that can't be read or done."""
        if not hmac.compare_digest(headers.get(KEY_HEADER, "").encode(), self._key.encode()):
            return NOT_FOUND
        if method == "GET":
            return json_answer({"requests": self._model.requests})
        try:
            result = self._do(msgspec.json.decode(body, type=Order))
        except (msgspec.DecodeError, LookupError) as error:
            return json_answer({"message": str(error)}, 400)
        return json_answer({"done": result})

    def _do(self, order: Order) -> int:
        model = self._model
        match order.do:
            case "expire_access":
                model.expire_access(order.email)
            case "expire_refresh":
                model.expire_refresh(order.email)
            case "revoke_all":
                model.revoke_all(order.email)
            case "replace_account":
                self._model.replace_account(order.email)
            case "limit_notes":
                model.limit_notes(order.most)
            case "live_sessions":
                return model.live_sessions(order.email)
            case "last_mail":
                return model.last_mail(order.email)
            case "decide_device":
                model.decide_device(order.email, allow=order.allow)
            case "expire_devices":
                model.expire_devices()
            case "break_store":
                model.break_store(broken=order.broken)
            case "clear_faults":
                model.clear_faults()
            case "release":
                model.release()
            case "forget_requests":
                model.requests.clear()
            case _:
                disturb(model, order)
        return 1


def disturb(model: Faulty, order: Order) -> None:
    """Let something go wrong with ``model``.
    Raises LookupError for an order that is none of these.
    """
    path, times = order.path, order.times
    match order.do:
        case "answer_next":
            to = (("location", order.location),) if order.location else ()
            headers = (("content-type", order.content_type), *to)
            model.answer_next(Answer(order.status, headers, order.body.encode()), path, times)
        case "fail_next":
            model.fail_next(order.status, path, times)
        case "throttle_next":
            model.throttle_next(times, order.after_s, path)
        case "go_captive":
            model.go_captive(times, path)
        case "drop_next":
            model.drop_next(path, times)
        case "lose_next_answer":
            model.lose_next_answer(path, times, order.cut_at)
        case "delay_next":
            model.delay_next(order.seconds, path, times)
        case "hold_next":
            model.hold_next(path, times)
        case "hold_failure":
            model.hold_next(path, times, Answer(order.status))
        case unknown:
            raise LookupError(f"no order {unknown}")
