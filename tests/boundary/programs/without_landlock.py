"""Run a program as a kernel without Landlock runs it: its three system calls are answered with
ENOSYS, for good.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import sys

PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, MODE_FILTER = 38, 22, 2
CREATE_RULESET, RESTRICT_SELF = 444, 446
LOAD_NUMBER = (0x20, 0, 0, 0)


def main(command: list[str]) -> None:
    rules = [
        LOAD_NUMBER,
        (0x35, 0, 2, CREATE_RULESET),  # at least the first
        (0x25, 1, 0, RESTRICT_SELF),  # and not beyond the last
        (0x06, 0, 0, 0x00050000 | errno.ENOSYS),
        (0x06, 0, 0, 0x7FFF0000),
    ]
    program = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *rule) for rule in rules))
    header = ctypes.create_string_buffer(struct.pack("@HP", len(rules), ctypes.addressof(program)))
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    if prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or prctl(PR_SET_SECCOMP, MODE_FILTER, header, 0, 0):
        sys.exit(os.strerror(ctypes.get_errno()))
    os.execv(command[0], command)


if __name__ == "__main__":
    main(sys.argv[1:])
