"""What doctor says of proxies and certificates: which variable counts, and which leads nowhere.
No password is ever shown.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from refapp.doctor import network_findings
from refapp.doctor.findings import Verdict
from refapp.trusted.network.certificates import named
from refapp.trusted.network.no_answer import shown
from steps.network.authority import Authority

SERVER = "https://auth.example/product"
PROXY = "http://ada:s3cret@proxy.example:3128"


@pytest.mark.parametrize(
    ("base", "environ", "verdict", "said"),
    [
        (SERVER, {}, Verdict.OK, "No variable names one: a server is asked directly."),
        (
            "",
            {"HTTPS_PROXY": "", "NO_PROXY": "*"},
            Verdict.OK,
            "No variable names one: a server is asked directly.",
        ),
        (
            SERVER,
            {"HTTPS_PROXY": PROXY},
            Verdict.OK,
            "HTTPS_PROXY names proxy.example:3128. The server is asked through it.",
        ),
        (
            SERVER,
            {"https_proxy": PROXY, "HTTPS_PROXY": "http://other:1"},
            Verdict.OK,
            "https_proxy names proxy.example:3128. The server is asked through it.",
        ),
        (
            "",
            {"ALL_PROXY": PROXY},
            Verdict.OK,
            "ALL_PROXY names proxy.example:3128. A server with https is asked through it.",
        ),
        (
            SERVER,
            {"HTTPS_PROXY": PROXY, "NO_PROXY": "*.example:443"},
            Verdict.OK,
            (
                "HTTPS_PROXY names proxy.example:3128. NO_PROXY excepts the server, which is "
                "asked without it."
            ),
        ),
        (
            "https://10.1.2.3:8443",
            {"HTTPS_PROXY": PROXY, "no_proxy": "10.0.0.0/8", "NO_PROXY": ""},
            Verdict.OK,
            (
                "HTTPS_PROXY names proxy.example:3128. no_proxy excepts the server, which is "
                "asked without it."
            ),
        ),
        (
            "https://auth.example:8443",
            {"HTTPS_PROXY": PROXY, "NO_PROXY": "auth.example:443"},
            Verdict.OK,
            "HTTPS_PROXY names proxy.example:3128. The server is asked through it.",
        ),
        (
            "http://127.0.0.1:3000",
            {"HTTPS_PROXY": PROXY},
            Verdict.OK,
            (
                "HTTPS_PROXY names proxy.example:3128. The server is on this computer, and "
                "asked without it."
            ),
        ),
        (
            SERVER,
            {"HTTPS_PROXY": "http://ada:s3cret@127.0.0.1:99999"},
            Verdict.FAILED,
            "The proxy that HTTPS_PROXY names can't be used.",
        ),
        (
            "",
            {"HTTPS_PROXY": "gopher://ada:s3cret@proxy"},
            Verdict.ATTENTION,
            "The proxy that HTTPS_PROXY names can't be used.",
        ),
        (
            SERVER,
            {"HTTPS_PROXY": "gopher://ada:s3cret@proxy", "NO_PROXY": "*"},
            Verdict.ATTENTION,
            (
                "The proxy that HTTPS_PROXY names can't be used. NO_PROXY excepts the server, "
                "which is asked without it."
            ),
        ),
        (
            SERVER,
            {"HTTP_PROXY": PROXY},
            Verdict.ATTENTION,
            (
                "HTTP_PROXY names one for plain http alone. For https no variable does: a server "
                "is asked directly."
            ),
        ),
    ],
)
def test_which_proxy_stands_before_the_server(
    base: str, environ: dict[str, str], verdict: Verdict, said: str
) -> None:
    found = network_findings.proxy(base, environ)
    assert (found.name, found.verdict, found.sentence) == ("Proxy", verdict, said)
    assert "s3cret" not in found.sentence + found.cure
    assert bool(found.cure) == (verdict is not Verdict.OK)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """``ca.pem`` is one; ``hashed`` is a folder as OpenSSL wants it, ``plain`` is not;
    ``empty.pem`` holds none.
    """
    made = tmp_path_factory.mktemp("certificates")
    Authority(made)
    for name in ("hashed", "plain"):
        (made / name).mkdir()
        (made / name / "ca.pem").write_bytes((made / "ca.pem").read_bytes())
    subprocess.run(["openssl", "rehash", str(made / "hashed")], check=True)
    (made / "empty.pem").write_text("nothing")
    return made


def rows(environ: dict[str, str], *, system: bool = True) -> list[tuple[Verdict, str]]:
    found = network_findings.certificates(environ, named(environ), system=system)
    assert {row.name for row in found} == {"Certificates"}
    assert all(bool(row.cure) == (row.verdict is not Verdict.OK) for row in found)
    return [(row.verdict, row.sentence) for row in found]


def test_the_system_s_certificates_are_trusted_where_nothing_is_said() -> None:
    assert rows({}) == [(Verdict.OK, "The system's are trusted; no variable names others.")]


def test_a_system_without_certificates_is_said_but_where_others_are_in_their_place(
    folder: Path,
) -> None:
    lacks = "This computer has no certificates of its own, by which a server could prove who it is."
    assert rows({}, system=False) == [(Verdict.ATTENTION, lacks)]
    file = {"SSL_CERT_FILE": str(folder / "ca.pem")}
    assert len(rows(file, system=False)) == 2
    assert len(rows({**file, "SSL_CERT_DIR": str(folder / "hashed")}, system=False)) == 2


@pytest.mark.parametrize(
    ("variable", "place", "counts"),
    [
        ("SSL_CERT_FILE", "ca.pem", "in place of the system's file"),
        ("SSL_CERT_DIR", "hashed", "in place of the system's folder"),
        ("REQUESTS_CA_BUNDLE", "ca.pem", "too"),
        ("CURL_CA_BUNDLE", "hashed", "too"),
    ],
)
def test_a_variable_that_names_certificates_is_said(
    variable: str, place: str, counts: str, folder: Path
) -> None:
    at = folder / place
    assert rows({variable: str(at)}) == [
        (Verdict.OK, f"{variable} names {at}: it is trusted, {counts}.")
    ]


@pytest.mark.parametrize(
    ("variable", "place", "said"),
    [
        ("SSL_CERT_FILE", "missing", "no such file or directory"),
        ("SSL_CERT_FILE", "hashed", "is a directory"),
        ("SSL_CERT_FILE", "empty.pem", "it holds no certificate"),
        ("SSL_CERT_DIR", "missing", "no such folder"),
        ("SSL_CERT_DIR", "ca.pem", "not a directory"),
        ("SSL_CERT_DIR", "plain", 'no file in it has the name that "openssl rehash" gives'),
        ("REQUESTS_CA_BUNDLE", "missing", "no such file or directory"),
        # As in a folder that she may not enter, which root can't be kept from.
        ("REQUESTS_CA_BUNDLE", "x" * 300, "file name too long"),
        ("CURL_CA_BUNDLE", "plain", 'no file in it has the name that "openssl rehash" gives'),
    ],
)
def test_a_variable_that_leads_nowhere_is_said(
    variable: str, place: str, said: str, folder: Path
) -> None:
    at = folder / place
    words = f"The certificates that {variable} names can't be read ({shown(str(at))}: {said})."
    assert rows({variable: str(at)}) == [(Verdict.ATTENTION, words)]


def test_one_folder_of_several_is_enough(folder: Path) -> None:
    assert named({"SSL_CERT_DIR": f"{folder / 'missing'}:{folder / 'hashed'}"}) == {
        "SSL_CERT_DIR": None
    }


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_openssl_takes_an_empty_variable_for_nobody_s_name(variable: str) -> None:
    assert rows({variable: ""}) == [
        (Verdict.ATTENTION, f"The certificates that {variable} names can't be read (it is empty).")
    ]
    assert rows({"REQUESTS_CA_BUNDLE": ""}) == [
        (Verdict.OK, "The system's are trusted; no variable names others.")
    ]
