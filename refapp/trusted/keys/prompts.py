"""What the keychain asks the person: that it does, how often it may, and how a person gives it up.

Owns the waiting. A prompt has no deadline but the person's (SS-13): somebody looks for a password,
or talks to a colleague. So while one stands the app says so, and a cancel ends it. Nobody can be
buried under prompts: a few a minute, whoever asks (SB-10).

Invariant: one prompt at a time; whoever needs another waits for the first one's answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import TypeVar

from refapp.trusted.errors import StorageLocked
from refapp.trusted.wording import keychain_words

T = TypeVar("T")

PROMPTS_MOST, PROMPTS_WITHIN_S = 5, 60.0
SHOWN_AFTER_S = 0.15
"""Some prompts are answered by the keychain itself, at once; nobody is told of those."""
TOO_OFTEN = keychain_words.ASKED_TOO_OFTEN, keychain_words.CURE_ASKED_TOO_OFTEN
GIVEN_UP = (
    keychain_words.GIVEN_UP,
    keychain_words.CURE_GIVEN_UP,
)
NOT_ALLOWED = keychain_words.ANSWERED_NO, keychain_words.CURE_ANSWERED_NO


class Prompts:
    """``waiting`` is the sentence about what is waited for, empty if nothing is;
    ``changed`` is called when it is another.
    """

    def __init__(self) -> None:
        self.waiting = ""
        self.changed: Callable[[], None] = lambda: None
        self._asked: list[float] = []
        self._one = asyncio.Lock()
        self._answer: asyncio.Task[object] | None = None

    async def answered(self, sentence: str, ask: Callable[[], Coroutine[None, None, T]]) -> T:
        """The answer that ``ask`` waits for; ``sentence`` says what for, while it does.

        Raises:
            StorageLocked: there were too many, or the person gave it up.
        """
        async with self._one:
            now = asyncio.get_running_loop().time()
            self._asked = [at for at in self._asked if now - at < PROMPTS_WITHIN_S]
            if len(self._asked) >= PROMPTS_MOST:
                raise StorageLocked(*TOO_OFTEN)
            self._asked.append(now)
            return await self._wait(sentence, ask)

    async def waited(self, sentence: str, work: Callable[[], Coroutine[None, None, T]]) -> T:
        """What ``work`` gives, said and cancelled like a prompt, but nobody is asked.
        Raises StorageLocked if given up.
        """
        async with self._one:
            return await self._wait(sentence, work)

    async def _wait(self, sentence: str, work: Callable[[], Coroutine[None, None, T]]) -> T:
        answer = asyncio.get_running_loop().create_task(work())
        shown = asyncio.get_running_loop().call_later(SHOWN_AFTER_S, self._show, sentence)
        self._answer = answer
        try:
            await asyncio.wait([answer])
        finally:
            shown.cancel()
            self._answer = None
            self._show("")
            if not answer.done():
                answer.cancel()
                await asyncio.wait([answer])
        if answer.cancelled():
            raise StorageLocked(*GIVEN_UP)
        return answer.result()

    @property
    def asking(self) -> bool:
        """Whether anything is waited for now, said or not."""
        return self._answer is not None

    def cancel(self) -> None:
        """Give up what is waited for, if anything is."""
        if self._answer is not None:
            self._answer.cancel()

    def _show(self, sentence: str) -> None:
        if sentence != self.waiting:
            self.waiting = sentence
            self.changed()
