"""What is said of files and the disk: what could not be read, written or deleted, and what became of what was there."""

from __future__ import annotations

CHECK_THE_DISK = "Check the disk, then try again."
