"""What lies on the disk in the clear, whose it is, and how any file is written:
whole or not at all.

May import: ``errors``, ``recorder``.
Offers: ``atomic_file``, ``on_disk`` and ``lease``, ``disk_limits`` (what the file system can't do),
``owner`` and ``places`` (whose something is, and where that lies), ``profile`` and
``profile_cache``, ``history``, ``earlier_files``, ``run_mark`` (how the last run ended),
``moments``.
"""

__all__ = [
    "atomic_file",
    "disk_limits",
    "earlier_files",
    "history",
    "lease",
    "moments",
    "on_disk",
    "owner",
    "places",
    "profile",
    "profile_cache",
    "run_mark",
]
