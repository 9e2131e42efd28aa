"""A mistake in the program, as a line for its log: the type and the place, never the text, which
could quote a secret.
"""

from __future__ import annotations


def described(context: dict[str, object]) -> str:
    """What an event loop tells its exception handler, in a few words."""
    error = context.get("exception")
    said = type(error).__name__ if error is not None else str(context.get("message"))
    last = error.__traceback__ if isinstance(error, BaseException) else None
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    if last is not None:
        said += f" in {last.tb_frame.f_code.co_qualname}, line {last.tb_lineno}"
    return said
