"""A window for ``refapp run --ui`` made with Qt (PySide6).
Its process is confined as the app's own, and its display has a gate too, with a table for Qt.

    refapp run --ui-toolkit qt --ui "python -I -m refapp.examples.qt_window"   # refapp[qt]

Without ``--ui-toolkit qt`` the gate ends it: Tk's table has no rows for what Qt asks. What a window
made with Qt has to do without there, ``refapp/display_gate/qt_table.py`` says; the one thing that
it must leave itself is to drag text, for which Qt would look into other programs' windows.

What is said and understood is ``terminal_talk``'s; this draws it, and Qt waits for the channel in
its own loop. The order is that of the guide: files become few, Qt loads and draws for the first
time, the process locks itself, and then it reads.
"""

from __future__ import annotations

import json
import os
import sys
import time
from importlib.util import find_spec
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
from refapp.examples.terminal_talk import NO_MORE, TerminalWindow
from refapp.examples.terminal_window import write_all
from refapp.lock import sandbox

_NEVER = 1 << 30
"""Pixels; from there on something that is selected would be dragged."""


def window() -> int:
    """The confined process: the exit code."""
    # Qt finds no other program, no shared memory, no second look at the devices, no graphics card:
    # none of them is let through.
    os.environ.update(
        QT_QPA_PLATFORM="xcb", QT_NO_GLIB="1", QT_XCB_GL_INTEGRATION="none", QT_ACCESSIBILITY="0"
    )
    os.environ.update(
        QT_QPA_PLATFORMTHEME="", QT_XCB_NO_MITSHM="1", QT_XCB_NO_XI2="1", QT_IM_MODULE="compose"
    )
    os.environ.pop("DBUS_SESSION_BUS_ADDRESS", None)
    from PySide6 import QtCore, QtGui, QtWidgets

    code = [str(Path(__file__).parents[2]), str(Path(QtCore.__file__).parents[1])]
    try:
        sandbox.begin([*code, os.environ.get("XAUTHORITY", "/nowhere")])
        time.localtime()  # loads the time zone, while files can be read
        app = QtWidgets.QApplication(["refapp"])
        QtWidgets.QApplication.setStartDragDistance(_NEVER)
        main, said, entry = (
            QtWidgets.QWidget(),
            QtWidgets.QPlainTextEdit(readOnly=True),
            QtWidgets.QLineEdit(),
        )
        main.setWindowTitle("refapp in Qt")
        main.resize(640, 400)
        entry.setPlaceholderText("help lists what can be entered")
        layout = QtWidgets.QVBoxLayout(main)
        layout.addWidget(said)
        layout.addWidget(entry)
        main.show()
        entry.setFocus()
        for _ in range(20):
            app.processEvents(QtCore.QEventLoop.ProcessEventsFlag.AllEvents, 20)
        held = sandbox.lock()
    except sandbox.SandboxUnavailable as error:
        sys.stderr.write(f"{error}\n")
        return 70
    checks = [{"name": name, "held": holds, "detail": detail} for name, holds, detail in held]
    talk = TerminalWindow(lambda data: write_all(1, data), said.appendPlainText, checks)
    rest = b""

    def heard() -> None:
        nonlocal rest
        data = os.read(0, 65_536)
        *lines, rest = (rest + data).split(b"\n")
        for line in lines:
            talk.heard(json.loads(line))
        if not data or talk.ended:
            app.quit()

    def typed(line: str) -> None:
        talk.typed(line)
        if talk.ended:
            app.quit()

    def entered() -> None:
        line = entry.text()
        entry.clear()
        typed(line)

    notifier = QtCore.QSocketNotifier(0, QtCore.QSocketNotifier.Type.Read)
    notifier.activated.connect(heard)
    entry.returnPressed.connect(entered)
    QtGui.QShortcut(QtGui.QKeySequence("Ctrl+Q"), main).activated.connect(lambda: typed(NO_MORE))
    talk.begin()
    return int(app.exec())


if __name__ == "__main__":
    if find_spec("PySide6") is None:
        sys.exit("Qt is not installed. Install it (pip install 'refapp[qt]'), then try again.")
    sys.exit(window())
