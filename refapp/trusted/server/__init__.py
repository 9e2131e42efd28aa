"""The auth server and the API: one request at a time, and what its answer means (decisions 2, 3).
Holds no session.

May import: ``errors``, ``recorder``, ``config``, ``network``, ``storage`` (the values that an
answer brings), httpx. Offers: ``origin_client`` (the only way to the network), ``auth_client``
(each call of the auth server), ``verdict`` (what an answer means), ``wording`` (the sentence for
it), ``first_check`` (what is asked of a new session), ``server_times``, ``user_agent``,
``device_answers``, ``pkce``, ``second_factor`` (what is asked beside a password), ``refusals`` (of
an account).
"""

__all__ = [
    "auth_client",
    "device_answers",
    "exchange",
    "first_check",
    "origin_client",
    "pkce",
    "refusals",
    "second_factor",
    "server_times",
    "user_agent",
    "verdict",
    "web_link",
    "wording",
]
