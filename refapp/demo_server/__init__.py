"""The embedded auth server: BetterAuth's wire format on loopback, so that the app can be tried without any server.

One model, several transports: ``model`` decides every answer and touches nothing but its SQLite database;
``transport`` serves it over HTTP or hands it to httpx in the same process. It is a server for demonstrations and
tests, never one for real accounts. The library part of refapp does not import it.

Reading order: ``answers`` and ``requests`` (the wire), ``accounts``, ``sessions``, ``rotation`` and ``notes`` (one table each),
``auth_api`` and ``app_api`` (the endpoints), ``faults`` (what goes wrong on request), ``model`` (all of it behind ``handle``).
"""
