"""The services around the session: ``workspace`` (local, works always), ``sync`` and ``assistant`` (need a session)."""
