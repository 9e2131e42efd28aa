"""What an attacker tries on an auth server and its pages, on every server: it holds on those that
people copy from.
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import socket
from collections.abc import Callable
from urllib.parse import urlsplit

import httpx
import pytest

from refapp.demo_server.state.hand_over import challenge_of
from steps.servers.auth_servers import InProcessServer, Server
from steps.servers.server_account import PASSWORD, Account, code_of

QUERY = {"client_id": "electron", "code_challenge": challenge_of("v" * 43), "state": "the state"}
TRIES = 12


class TestRefreshToken:
    """A refresh token is what the server made, to the last character, and good once."""

    @pytest.fixture
    def account(self, running: Callable[..., Server]) -> Account:
        """Somebody on a server that rotates."""
        return Account(running(mode="rotating"))

    @pytest.mark.parametrize("behind", [".x", ".", "x", " ", "\n", "=", "%3D"])
    def test_with_something_behind_it_is_refused_used_or_not(
        self, account: Account, behind: str
    ) -> None:
        token = account.sign_in().headers["set-refresh-token"]
        assert code_of(account.refresh(token + behind)) == (401, "INVALID_REFRESH_TOKEN")
        pair = account.refresh(token).json()
        assert code_of(account.refresh(token + behind)) == (401, "INVALID_REFRESH_TOKEN")
        assert account.me(pair["accessToken"]) == 200, "who holds no token ends no family"

    def test_a_thief_and_the_owner_do_not_renew_side_by_side(self, account: Account) -> None:
        token = account.sign_in().headers["set-refresh-token"]
        thief = account.refresh(token)
        owner = account.refresh(token)
        assert (thief.status_code, owner.status_code) == (200, 401)
        assert account.me(thief.json()["accessToken"]) == 401
        assert account.refresh(thief.json()["refreshToken"]).status_code == 401

    def test_one_from_long_ago_ends_the_family_too(self, account: Account) -> None:
        token = first = account.sign_in().headers["set-refresh-token"]
        for _ in range(3):
            pair = account.refresh(token).json()
            token = pair["refreshToken"]
        assert account.refresh(first).status_code == 401
        assert account.me(pair["accessToken"]) == 401

    @pytest.mark.parametrize("form", ["raw", "signed", "badly signed"])
    def test_a_session_token_is_none(self, account: Account, form: str) -> None:
        signed_in = account.sign_in()
        raw = signed_in.json()["token"]
        token = {
            "raw": raw,
            "signed": signed_in.headers["set-auth-token"],
            "badly signed": f"{raw}.AAAA",
        }[form]
        assert code_of(account.refresh(token)) == (401, "INVALID_REFRESH_TOKEN")
        assert account.me(raw) == 200

    def test_of_many_at_once_one_wins(self, account: Account) -> None:
        if isinstance(account.server, InProcessServer):
            pytest.skip("the model answers one after the other")
        token = account.sign_in().headers["set-refresh-token"]
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: account.refresh(token).status_code, range(8)))
        assert sorted(answers) == [200] + [401] * 7


class TestForeignForms:
    """A page of another site can have her browser post a form.
    The browser says so, and then nothing is done.
    """

    @pytest.mark.parametrize("site", ["cross-site", "same-site"])
    @pytest.mark.parametrize(
        "page", ["sign-up", "sign-in", "sign-in/second-factor", "device", "device/second-factor"]
    )
    def test_what_another_site_has_posted_is_refused(
        self, account: Account, page: str, site: str
    ) -> None:
        answer = posted(account, page, site)
        assert answer.status_code == 403
        assert "Nothing was done" in answer.text
        assert "set-cookie" not in answer.headers

    @pytest.mark.parametrize("site", ["cross-site", "same-site"])
    def test_no_account_is_made_by_it(self, account: Account, site: str) -> None:
        new = f"{site}-{account.email}"
        posted(account, "sign-up", site, email=new)
        body = {"email": new, "password": PASSWORD}
        assert account.client.post("/api/auth/sign-in/email", json=body).status_code == 401

    @pytest.mark.parametrize("site", ["same-origin", None])
    def test_a_form_of_its_own_is_taken_and_one_of_a_browser_that_does_not_say(
        self, account: Account, site: str | None
    ) -> None:
        answer = posted(account, "device", site)
        assert answer.status_code == 200
        assert "Nothing was done" not in answer.text


def posted(account: Account, page: str, site: str | None, **changed: str) -> httpx.Response:
    """The answer to a form of ``page`` with everything in it.
    ``site``: what the browser says of where it was.
    """
    fields = {
        "name": "Ada",
        "email": account.email,
        "password": PASSWORD,
        "user_code": "WDJBMJHT",
        "decision": "allow",
    }
    headers = {} if site is None else {"sec-fetch-site": site}
    return account.client.post(f"/{page}", params=QUERY, data=fields | changed, headers=headers)


class TestNames:
    """A page in the person's browser reaches a server on loopback under its own name (DNS
    rebinding).
    """

    @pytest.mark.parametrize(
        "host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "localhost.evil", ""]
    )
    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("GET", "/api/auth/ok"),
            ("GET", "/sign-in"),
            ("GET", "/app/me"),
            ("POST", "/api/auth/sign-in/username"),
            ("POST", "/api/auth/device/code"),
        ],
    )
    def test_a_foreign_name_gets_nothing(
        self, account: Account, host: str, method: str, path: str
    ) -> None:
        body = {"username": account.username, "password": PASSWORD, "client_id": "refapp"}
        headers = {"host": host, "origin": f"http://{host}"}
        sent = {"json": body} if method == "POST" else {}
        answer = account.client.request(method, path, headers=headers, **sent)
        assert answer.status_code in (421, 400)
        assert "set-auth-token" not in answer.headers

    def test_its_own_names_are_served_at_any_port(self, account: Account) -> None:
        for host in ("127.0.0.1", "localhost:1234", "127.0.0.1:65535", "[::1]:80"):
            assert account.client.get("/api/auth/ok", headers={"host": host}).status_code == 200


class TestLimits:
    """Nothing that costs the server is free for whoever asks."""

    @pytest.mark.parametrize(
        "way", ["the endpoint", "the user name", "the page", "the page of a device"]
    )
    def test_passwords_are_not_guessed(
        self, running: Callable[..., Server], server_kind: str, way: str
    ) -> None:
        if way == "the page" and server_kind == "betterauth-1.4":
            pytest.skip("1.4 has no browser flow, and so no such page")
        address = f"192.0.2.{len(way)}"  # 1.4 counts no request without one
        account = Account(running(rate_limit=True), address)

        def attempt(password: str) -> httpx.Response:
            form = {
                "email": account.email,
                "password": password,
                "user_code": "ABCD2345",
                "decision": "allow",
            }
            client, headers = account.client, {"x-forwarded-for": address}
            match way:
                case "the endpoint":
                    return client.post("/api/auth/sign-in/email", json=form, headers=headers)
                case "the user name":
                    body = {"username": account.username, "password": password}
                    return client.post("/api/auth/sign-in/username", json=body, headers=headers)
                case "the page":
                    return client.post("/sign-in", params=QUERY, data=form, headers=headers)
                case _:
                    return client.post("/device", data=form, headers=headers)

        statuses = [attempt("not the password").status_code for _ in range(TRIES)]
        assert statuses[-1] == 429
        refused = attempt(PASSWORD)
        assert refused.status_code == 429
        assert int(refused.headers["x-retry-after"]) > 0
        assert "set-auth-token" not in refused.headers
        if "page" in way:
            assert "Too many tries" in refused.text

    @pytest.mark.parametrize(
        "path", ["/api/auth/sign-in/email", "/sign-in", "/app/notes", "/nowhere", "/control"]
    )
    def test_a_large_body_is_not_read(self, account: Account, path: str) -> None:
        if isinstance(account.server, InProcessServer):
            pytest.skip("there is no connection")
        where = urlsplit(account.server.url)
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {where.netloc}\r\nContent-Length: {300 * 2**20}\r\n\r\n"
        )
        with socket.create_connection((str(where.hostname), where.port or 0), timeout=30) as there:
            there.sendall(head.encode())
            assert there.recv(4096).split(b" ")[1] == b"413"

    def test_nor_one_whose_length_is_not_said(self, account: Account) -> None:
        if isinstance(account.server, InProcessServer):
            pytest.skip("there is no connection")
        where = urlsplit(account.server.url)
        piece = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
        with socket.create_connection((str(where.hostname), where.port or 0), timeout=30) as there:
            there.sendall(
                f"POST /app/notes HTTP/1.1\r\nHost: {where.netloc}\r\n"
                "Transfer-Encoding: chunked\r\n\r\n".encode()
            )
            # It may have answered, and closed, before the last of it is on its way.
            with contextlib.suppress(ConnectionError):
                for _ in range(17):  # a little more than may be; the end never comes
                    there.sendall(piece)
            assert there.recv(4096).split(b" ")[1] == b"413"


class TestPages:
    """The pages are shown alone, and send the browser to loopback or nowhere."""

    @pytest.mark.parametrize("path", ["/device?user_code=ABCD2345", "/sign-in"])
    def test_no_page_is_framed_or_runs_foreign_code(self, account: Account, path: str) -> None:
        answer = account.client.get(path, params=None if "?" in path else QUERY)
        policy = answer.headers["content-security-policy"]
        for rule in (
            "default-src 'none'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'self'",
        ):
            assert rule in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] in ("no-referrer", "same-origin")

    @pytest.mark.parametrize(
        "back",
        [
            "http://127.0.0.1:7777/\r\nset-cookie:a=b",
            "http://127.0.0.1:7777/\n",
            "\nhttp://127.0.0.1:7777/",
            "http://127.1:7777/",
            "http://2130706433:7777/",
            "http:\\\\127.0.0.1:7777/",
            "http:127.0.0.1:7777/",
            "http://ada@127.0.0.1:7777/",
            "http://127.0.0.1:7777@evil.test/",
            "http://127.0.0.1:0/",
            "http://127.0.0.1:65536/",
            "http://127.0.0.1/",
            "http://127.0.0.1:7777/#there",
            "http://127.0.0.1:٧٧٧٧/",
            "HTTP://127.0.0.1:7777/",
        ],
    )
    def test_what_only_looks_like_loopback_is_shown_the_code(
        self, account: Account, server_kind: str, back: str
    ) -> None:
        if server_kind == "betterauth-1.4":
            pytest.skip("the plugin has no release for 1.4")
        form = {"email": account.email, "password": PASSWORD}
        answer = account.client.post("/sign-in", params={**QUERY, "redirect_uri": back}, data=form)
        assert answer.status_code == 200
        assert "paste it into the app" in answer.text
        assert "location" not in answer.headers
