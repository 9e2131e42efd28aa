"""The shell around the rules:
does what they ask, renews (decisions 4, 6), and calls with its token.

May import: ``rules``, ``sign_in``, ``server``, ``storage``, ``scheduling``.
Offers: ``auth_store`` (one session), ``api_client`` (calls), ``session_auth`` (calls of other
clients), ``no_session`` (why a call has none), ``short_lived_jwt``, ``session_parts`` (wires all of
it).
"""

__all__ = ["api_client", "auth_store", "no_session", "session_auth", "session_parts", "store_watch"]
