"""What lies on the disk in the clear, whose it is, and how any file is written: whole or not at all.

May import: ``errors``, ``recorder``.
Offers: ``atomic_file`` and ``lease``, ``owner`` and ``places`` (whose something is, and where that lies), ``profile`` and
``profile_cache``, ``history``, ``earlier_files``.
"""
