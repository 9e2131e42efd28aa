"""The contract of the three keychains is whole: fifteen situations, each with a test for each of
the three, 45 of 45.

``pytest tests/contracts/test_situations_counted.py -s`` prints the count. That the tests are green
is shown by running them: ``pytest tests/contracts/test_three_keychains.py --matrix``.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from steps.on_desktop.real_keychains import KEYCHAINS

CONTRACT = Path(__file__).with_name("test_three_keychains.py")
SITUATIONS = {
    "first start": r"test_a_new_users_first_keyring_is_made.*\[{title}\]",
    "locked": r"test_locked_it_gives_nothing.*\[{title}\]",
    "unlocked": r"test_a_key_is_on_the_disk.*\[{title}\]",
    "prompt answered after 0.2 s": r"test_a_person_may_take_any_time.*\[0\.2-{title}\]",
    "prompt answered after 5 s": r"test_a_person_may_take_any_time.*\[5-{title}\]",
    "prompt answered after 60 s": r"test_a_person_may_take_any_time.*\[60-{title}\]",
    "prompt given up in the app": r"test_given_up_in_the_app.*\[{title}\]",
    "killed in each operation": (
        r"test_killed_in_an_operation.*\[(status|read|write|delete|unlock)-{title}\]"
    ),
    "killed while its prompt stands": r"test_killed_while_its_prompt_stands.*\[{title}\]",
    "restarted": (
        r"test_killed_in_an_operation_it_is_unavailable_and_started_again_it_works"
        r"\[read-{title}\]"
    ),
    "replaced by another": r"test_replaced_by_gnome_keyring.*\[{title}\]",
    "item deleted": r"test_a_key_that_somebody_deleted.*\[{title}\]",
    "item emptied": r"test_an_item_that_is_empty.*\[-{title}\]",
    "keyring renamed": r"test_a_key_in_a_keyring_that_was_renamed.*\[{title}\]",
    "not the default any more": r"test_a_key_in_a_keyring_that_is_not_the_default.*\[{title}\]",
}
INSTEAD = {("replaced by another", "GNOME Keyring"): "test_gnome_keyring_replaced_by_kwallet"}
OPERATIONS = 5


def test_each_situation_has_a_test_for_each_keychain() -> None:
    command = [sys.executable, "-m", "pytest", str(CONTRACT), "--matrix", "--collect-only", "-q"]
    collected = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    missing = []
    for situation, pattern in SITUATIONS.items():
        for title in (kind.title for kind in KEYCHAINS):
            wanted = INSTEAD.get((situation, title), pattern.format(title=title))
            least = OPERATIONS if situation == "killed in each operation" else 1
            if len(re.findall(wanted, collected)) < least:
                missing.append((situation, title))
    of = len(SITUATIONS) * len(KEYCHAINS)
    sys.stdout.write(f"keychain situations with a test: {of - len(missing)} of {of}\n")
    assert missing == []
    assert of == 45
