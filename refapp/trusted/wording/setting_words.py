"""What is said of a setting that can't be used: an address, a path, an option, what a program gives."""

from __future__ import annotations

GIVE_ORIGINS = "Give the origins alone, such as https://api.example.com, without a path."
