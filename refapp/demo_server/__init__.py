"""The embedded auth server: BetterAuth's wire format on loopback, so that the app can be tried
without any server.

One model, several transports: ``model`` decides every answer and touches nothing but its SQLite
database; ``transport`` serves it over HTTP, ``in_process`` hands it to httpx in the same process.
It is a server for demonstrations and tests, never one for real accounts. The library part of refapp
does not import it.

Reading order: ``answers`` and ``requests`` (the wire); ``accounts``, ``sessions``, ``rotation``,
``notes``, ``device`` and ``hand_over`` (one table each, with its rules); ``auth_api``,
``device_api``, ``hand_over_api``, ``app_api`` and ``pages`` (the endpoints); ``faults`` (what goes
wrong on request); ``model`` (all of it behind ``handle``); ``in_process`` and ``transport``.
"""
