"""The two sentences of each cause in ``no_answer``: what happened, and what to do about it.
Pure. ``network_words`` has them.
"""

from __future__ import annotations

from refapp.trusted.network.no_answer import NoAnswer
from refapp.trusted.wording import network_words


def sentence(why: NoAnswer) -> str:
    """What happened."""
    return _filled(network_words.WORDS[why.cause.value][0], why)


def cure(why: NoAnswer) -> str:
    """What to do about it."""
    return _filled(network_words.WORDS[why.cause.value][1], why)


def told(why: NoAnswer) -> str:
    """What happened and what to do about it."""
    return f"{sentence(why)} {cure(why)}"


def _filled(words: str, why: NoAnswer) -> str:
    host = why.name.partition(":")[0]
    return words.format(name=why.name, host=host, variable=why.variable, said=why.said)
