"""The pages of the site, each made from what the specification says and what the last runs did.
Pure: HTML comes out.

May import: the rest of ``site``, but for what reads and writes files.
"""
