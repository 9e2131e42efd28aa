"""The auth server and the API: one request at a time, and what its answer means (decisions 2, 3). Holds no session.

May import: ``errors``, ``recorder``, ``config``, ``network``, ``storage`` (the values that an answer brings), httpx.
Offers: ``origin_client`` (the only way to the network), ``auth_client`` (each call of the auth server), ``verdict`` (what an
answer means), ``wording`` (the sentence for it), ``server_times``, ``user_agent``, ``device_answers``, ``pkce``,
``first_check`` (what a sign-in's token is worth).
"""

__all__ = [
    "auth_client",
    "device_answers",
    "exchange",
    "origin_client",
    "pkce",
    "server_times",
    "user_agent",
    "verdict",
    "web_link",
    "wording",
]
