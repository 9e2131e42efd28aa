"""The shell around the rules: does what they ask, renews, and makes calls with the session's token.

May import: ``rules``, ``sign_in``, ``server``, ``storage``, ``scheduling``.
Offers: ``auth_store`` (one session), ``api_client`` (calls), ``short_lived_jwt``, ``session_parts`` (wires all of it).
Keeps to itself: ``session_work``, ``renewal``, ``early_renewal``.
"""
