"""The specification as a site: its features, and what happened when they were last run, readable
without scripts.

May import: ``gherkin``, ``refapp``. ``python -m steps.site`` builds it from the checkout
(``make spec`` runs the features first). Offers: ``run_record`` (the plugin behind ``--record``).
Everything else is a part of the site.
"""
