"""How a connection speaks, whatever this Python was built to do."""

from __future__ import annotations

import ssl
from types import SimpleNamespace

import pytest

from refapp.trusted.network import certificates


@pytest.mark.parametrize(
    ("built_for", "speaks"),
    [
        (ssl.TLSVersion.MINIMUM_SUPPORTED, ssl.TLSVersion.TLSv1_2),  # Debian 12's own
        (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_2),
        (ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_3),
    ],
)
def test_nothing_older_than_tls_1_2_is_spoken(
    monkeypatch: pytest.MonkeyPatch, built_for: ssl.TLSVersion, speaks: ssl.TLSVersion
) -> None:
    def made(protocol: int) -> ssl.SSLContext:
        context = ssl.SSLContext(protocol)
        context.minimum_version = built_for
        return context

    monkeypatch.setattr(certificates, "ssl", SimpleNamespace(**vars(ssl) | {"SSLContext": made}))
    assert certificates.trusting_context({}).minimum_version == speaks
