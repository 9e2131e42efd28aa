"""Why no answer of the server came: the causes as values, their sentences, and the proxies and
certificates on the way.

May import: ``errors``, ``recorder``, ``config``.
Offers: ``no_answer`` (the causes) and ``no_answer_words``, ``why_no_answer`` (from an exception to
a cause), ``certificates``, ``secure_connection``, ``proxies``, ``stranger``.
"""

__all__ = [
    "certificates",
    "no_answer",
    "no_answer_words",
    "proxies",
    "secure_connection",
    "stranger",
    "why_no_answer",
]
