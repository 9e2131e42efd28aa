"""A moment as the app's files hold it: unix seconds, before the year 10000.

What a file holds beside that was not written by the app, and no calendar has it: one who wants to
show it fails. So it is refused where a file is read.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

END_OF_TIME = 253_402_300_800
Moment = Annotated[float, msgspec.Meta(ge=0, lt=END_OF_TIME)]
