"""Window programs that misbehave, one for each word on the command line.
Run as a program, with pipes for its descriptors.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time

HELLO = b'{"jsonrpc":"2.0","method":"hello","id":0,"params":{"protocol":1}}\n'
LINE = b'{"jsonrpc":"2.0","method":"pong","params":{"n":0}}\n'
FOR_EVER_S = 600


def main(how: str) -> None:
    match how:
        case "hang":
            os.write(1, HELLO)
            time.sleep(FOR_EVER_S)
        case "flood":
            while True:
                os.write(1, LINE * 1000)
        case "flood without a newline":
            while True:
                os.write(1, b"x" * 65536)
        case "flood the error pipe":
            os.write(1, HELLO)
            while True:
                os.write(2, b"x" * 65536)
        case "empty lines":
            while True:
                os.write(1, b"\n" * 65536)
        case "die where no fonts are known":
            os.write(2, b"Fontconfig error: No writable cache directories\n")
            os.kill(os.getpid(), signal.SIGKILL)
        case "die":
            os.write(2, b"first\nsome\x1b[31mthing broke\n")
            os.kill(os.getpid(), signal.SIGKILL)
        case "leave":
            os.write(1, HELLO)
        case "leave within a line":
            os.write(1, HELLO + LINE[:-10])
        case "close stdout":
            os.write(1, HELLO)
            os.close(1)
            time.sleep(FOR_EVER_S)
        case "close stdin":
            os.write(1, HELLO)
            os.close(0)
            time.sleep(FOR_EVER_S)
        case "refuse to end":
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                signal.signal(number, signal.SIG_IGN)
            os.write(1, HELLO)
            time.sleep(FOR_EVER_S)
        case "leave a child behind":
            child = os.fork()
            if child == 0:
                time.sleep(FOR_EVER_S)
            # By name: once this process has ended, nobody could find the child any more.
            os.write(1, b'{"jsonrpc":"2.0","method":"pong","params":{"n":%d}}\n' % child)
        case "break a rule of seccomp":
            ctypes.CDLL(None).prctl(22, 1, 0, 0, 0)  # strict: read, write and exit are left
            os.write(1, HELLO)
            os.getpid()
            ctypes.CDLL(None).syscall(39 if os.uname().machine == "x86_64" else 172)
        case "be caught":
            os.kill(os.getpid(), signal.SIGSYS)
        case "exit 70":
            os.write(2, b"It can't be done here.\n")
            sys.exit(70)


if __name__ == "__main__":
    main(sys.argv[1])
