"""A window program that says that it is confined and is not: what the app must not start with
(SB-3). Run as a program.
"""

from __future__ import annotations

import json
import sys


def main() -> None:
    """Greet, claim, and say every line that the app then sends."""
    _say(0, "hello", {"protocol": 1})
    for line in sys.stdin:
        answer = json.loads(line)
        if answer.get("id") == 0:
            _say(
                1,
                "confined",
                {"checks": [{"name": "Everything", "held": True, "detail": "Believe me."}]},
            )
        elif "error" not in answer:
            sys.stderr.write(f"the app told an unconfined window: {line}")
            sys.stderr.flush()


def _say(number: int, method: str, params: dict[str, object]) -> None:
    sys.stdout.write(
        json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params}) + "\n"
    )
    sys.stdout.flush()


if __name__ == "__main__":
    main()
