"""The services around the session: ``workspace`` works always; ``sync``, ``assistant`` and ``own_sessions`` need a session."""
