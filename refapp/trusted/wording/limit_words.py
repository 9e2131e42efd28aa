"""What is said when a window asks for something too often within a minute:
that nothing was done, and to wait.
"""

from __future__ import annotations

WAIT = "Wait a minute, then try again."
SIGN_IN = "Signing in was tried too often within a minute. Nothing was sent this time."
SIGN_IN_ELSEWHERE = "Signing in was tried too often within a minute. Nothing was opened this time."
SECOND_FACTOR = "Codes were tried too often within a minute. This one was not sent."
CODES_SENT = "Codes were sent too often within a minute. None was sent this time."
MESSAGE_SENT = "The message was sent too often within a minute. It was not sent this time."
LINK_OPENED = "The link was opened too often within a minute. Nothing was opened this time."
NOTE_SAVED = "Notes were saved too often within a minute. This one was not; it stays in the window."
NOTE_DELETED = "Too many notes were deleted within a minute. This one was not."
OTHERWISE = "This was asked too often within a minute. Nothing was done this time."
