"""What the keychain asks the person: said while it waits, one at a time, a few a minute, given up
at once (SS-13).
"""

from __future__ import annotations

import asyncio

import pytest

from refapp.trusted.errors import StorageFault, StorageLocked
from refapp.trusted.keys.prompts import PROMPTS_MOST, Prompts

ASKS = "KeePassXC asks you."


async def at_once() -> int:
    return 7


def test_a_prompt_that_stands_is_said_until_it_is_answered() -> None:
    async def body() -> list[str]:
        prompts, said = Prompts(), []
        told = asyncio.Event()

        def changed() -> None:
            said.append(prompts.waiting)
            told.set()

        prompts.changed = changed
        answer = asyncio.get_running_loop().create_future()

        async def person() -> None:
            await answer

        asking = asyncio.create_task(prompts.answered(ASKS, person))
        await told.wait()
        answer.set_result(None)
        await asking
        return said

    assert asyncio.run(body()) == [ASKS, ""]


def test_one_that_the_keychain_answers_itself_is_not_said() -> None:
    async def body() -> list[str]:
        prompts, said = Prompts(), []
        prompts.changed = lambda: said.append(prompts.waiting)
        assert await prompts.answered(ASKS, at_once) == 7
        return said

    assert asyncio.run(body()) == []


@pytest.mark.parametrize("by_whom", ["the person", "the caller"])
def test_given_up_or_cancelled_it_raises_once_the_question_has_left_the_screen(
    by_whom: str,
) -> None:
    async def body() -> list[str]:
        prompts, seen = Prompts(), []
        begun = asyncio.Event()

        async def person() -> None:
            begun.set()
            try:
                await asyncio.Event().wait()
            finally:
                await asyncio.sleep(0)
                seen.append("taken from the screen")

        asking = asyncio.create_task(prompts.answered(ASKS, person))
        await begun.wait()
        if by_whom == "the person":
            prompts.cancel()
            with pytest.raises(StorageLocked, match="cancelled"):
                await asking
        else:
            asking.cancel()
            await asyncio.wait([asking])
            assert asking.cancelled()
        return seen

    assert asyncio.run(body()) == ["taken from the screen"]


def test_what_the_keychain_raises_is_raised() -> None:
    async def broken() -> None:
        raise StorageFault("The keychain failed (Oh).")

    with pytest.raises(StorageFault):
        asyncio.run(Prompts().answered(ASKS, broken))


def test_with_nothing_asked_giving_up_does_nothing() -> None:
    prompts = Prompts()
    prompts.cancel()
    assert asyncio.run(prompts.answered(ASKS, at_once)) == 7


def test_after_a_few_in_a_minute_nobody_is_asked_again() -> None:
    async def body() -> None:
        prompts = Prompts()
        for _ in range(PROMPTS_MOST):
            await prompts.answered(ASKS, at_once)
        with pytest.raises(StorageLocked, match="several times"):
            await prompts.answered(ASKS, at_once)

    asyncio.run(body())


def test_two_questions_are_asked_one_after_the_other() -> None:
    inside: list[str] = []

    async def body() -> None:
        prompts = Prompts()

        async def person(name: str) -> None:
            inside.append(f"{name} asks")
            await asyncio.sleep(0)
            inside.append(f"{name} is answered")

        await asyncio.gather(
            prompts.answered(ASKS, lambda: person("the first")),
            prompts.answered(ASKS, lambda: person("the second")),
        )

    asyncio.run(body())
    assert inside == [
        "the first asks",
        "the first is answered",
        "the second asks",
        "the second is answered",
    ]
