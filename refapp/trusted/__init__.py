"""The trusted parent: it alone may use the network, files and the keychain. It must never import Tk or be an X client.

(A Tk program can be told through the X server to run commands; the parent holds every secret, so it has no display.)
"""
