"""The matrix of what was tried: BetterAuth's plugins and options, each with the app's ways of
signing in, on both releases.

``python -m steps.matrix`` runs it and writes the table into the guide (tests/betterauth/README.md);
``--check`` says what has changed instead. ``rows``: the servers and accounts. ``ways``: how the
app, and the person in her browser, sign in. ``table``: its text.
"""
