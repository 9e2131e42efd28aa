"""The tour: the real app, driven on a virtual screen, against a real server and a real keychain, all private to the run."""
