"""Every sentence of the attacks as a whole; what one attempt did is its own, in ``attempts``."""

from __future__ import annotations


def attempts(count: int, place: str) -> str:
    return (
        f"{count} attempts, each as a control and from inside a locked window process, {place}.\n"
    )


def with_control(detail: str, control: str) -> str:
    return f"{detail}; control: {control}"


def not_started(why: str) -> str:
    return f"The process to attack from did not start: {why}"
