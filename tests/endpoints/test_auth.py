"""Signing in and out over HTTP."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jwt
import pytest

from tests.commands import Commands
from tests.gateway import Gateway, bearer
from tests.served import Served
from tests.upstream import ScriptedUpstream
from tests.wallets import Wallet

WALLETS = map(Wallet, range(1, 10_000))


@pytest.fixture
def wallet() -> Iterator[Wallet]:
    yield next(WALLETS)


def challenge(served: Served, wallet: Wallet) -> dict[str, Any]:
    answer = served.client.get("/api/auth/nonce", params=wallet.asks)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_a_wallet_signs_in(served: Served, wallet: Wallet) -> None:
    asked = challenge(served, wallet)
    assert set(asked) == {"message", "nonce", "expires_at"} and asked["nonce"] in asked["message"]
    assert asked["message"].startswith(f"{served.urls['main'].removeprefix('http://')} wants you to sign in")
    signed_in = served.client.post("/api/auth/connect", json=wallet.answers(asked["message"]))
    assert signed_in.status_code == 200, signed_in.text
    body = signed_in.json()
    assert set(body) == {"token", "user"} and set(body["user"]) == {"id", "address", "created_at"}
    assert body["user"]["address"] == wallet.address
    profile = served.client.get("/api/user/profile", headers=bearer(body["token"]))
    assert (profile.status_code, profile.json()) == (200, body["user"])
    assert served.admin.get(f"/accounts/{body['user']['id']}").json()["name"] == wallet.address


def test_a_challenge_stays_until_it_is_used(served: Served, wallet: Wallet) -> None:
    asked = challenge(served, wallet)
    body = wallet.answers(asked["message"])
    lower = {**body, "address": wallet.address.lower()}
    assert served.client.post("/api/auth/connect", json=lower).status_code == 200
    again = served.client.post("/api/auth/connect", json=body)
    assert again.status_code == 401 and set(again.json()) == {"detail"}
    assert challenge(served, wallet)["nonce"] != asked["nonce"]


def test_what_is_not_this_wallets_answer_is_401(served: Served, wallet: Wallet) -> None:
    message = challenge(served, wallet)["message"]
    other = next(WALLETS)
    good = wallet.answers(message)
    for change in (
        {"signature": other.signature(message)}, {"signature": wallet.signature(message.replace("Nonce", "nonce"))},
        {"signature": wallet.signature(challenge(served, other)["message"])}, {"address": other.address},
        {"chain_id": 137}, {"signature": "0x"}, {"signature": "0x..."}, {"signature": good["signature"][:-2]},
        {"signature": good["signature"] + "00"}, {"signature": good["signature"][:-2] + "1d"},
    ):  # fmt: skip
        refused = served.client.post("/api/auth/connect", json={**good, **change})
        assert refused.status_code == 401 and set(refused.json()) == {"detail"}, change
    assert served.client.post("/api/auth/connect", json=good).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {}, {"address": "0x" + "ab" * 20}, {"address": "0x12", "signature": "0x", "chain_id": 1},
        {"address": "0x" + "ab" * 20, "signature": 5, "chain_id": 1},
        {"address": "0x" + "ab" * 20, "signature": "0x", "chain_id": "1"},
        {"address": "0x" + "ab" * 20, "signature": "0x", "chain_id": 0},
        {"address": "0x" + "ab" * 20, "signature": "0x" + "0" * 1000, "chain_id": 1}, [], "x",
    ],
)  # fmt: skip
def test_a_malformed_body_is_422(served: Served, body: Any) -> None:
    refused = served.client.post("/api/auth/connect", json=body)
    assert refused.status_code == 422 and set(refused.json()) == {"detail"}


@pytest.mark.parametrize(
    "query", [{}, {"address": "0x1", "chain_id": 1}, {"address": "0x" + "ab" * 20, "chain_id": "x"}]
)
def test_a_malformed_query_is_422(served: Served, query: dict[str, Any]) -> None:
    assert served.client.get("/api/auth/nonce", params=query).status_code == 422


def test_logging_out_ends_one_session_or_all(served: Served) -> None:
    tokens = [served.session()] + [served.session(served.account_id) for _ in range(2)]

    def statuses() -> list[int]:
        return [served.client.get("/api/user/profile", headers=bearer(token)).status_code for token in tokens]

    assert served.client.post("/api/auth/logout", headers=bearer(tokens[0])).json() == {"success": True}
    assert statuses() == [401, 200, 200]
    assert served.client.post("/api/auth/logout", headers=bearer(tokens[0])).status_code == 401
    assert served.client.post("/api/auth/logout-everywhere", headers=bearer(tokens[1])).json() == {"success": True}
    assert statuses() == [401, 401, 401]
    tokens.append(served.session(served.account_id))
    assert statuses() == [401, 401, 401, 200]


def test_a_link_signs_in_once(served: Served) -> None:
    served.key()
    made = served.admin.post(f"/accounts/{served.account_id}/sign-in-links")
    link = made.json()
    assert made.status_code == 201 and link["url"] == f"{served.urls['main']}/dashboard#sign-in={link['token']}"
    signed_in = served.client.post("/api/auth/link", json={"token": link["token"]}).json()
    assert (signed_in["user"]["id"], signed_in["user"]["address"]) == (served.account_id, None)
    for token in (link["token"], "nope", "é"):
        assert served.client.post("/api/auth/link", json={"token": token}).status_code == 401
    assert served.admin.post("/accounts/anonymous/sign-in-links").status_code == 400
    assert served.admin.post("/accounts/nobody/sign-in-links").status_code == 404


def test_a_command_makes_the_link_beside_a_server(served: Served) -> None:
    served.key()
    link = served.json("accounts", "sign-in-link", served.account_id)
    assert link["url"].startswith(served.urls["main"])
    assert served.client.post("/api/auth/link", json={"token": link["token"]}).status_code == 200
    assert "not shown again" in served.run("accounts", "sign-in-link", served.account_id).stdout


async def test_a_command_makes_the_link_without_a_server(tmp_path: Path, upstream: ScriptedUpstream) -> None:
    async with Gateway(tmp_path, upstream.url) as gateway:
        account = (await gateway.account())["id"]
    commands = Commands(gateway.config_dir, gateway.data_dir)

    def run() -> Any:
        return commands.json("accounts", "sign-in-link", account)

    link = await asyncio.to_thread(run)
    async with Gateway(tmp_path, upstream.url) as again:
        body = {"token": link["token"]}
        assert (await again.client.post("/api/auth/link", json=body)).status_code == 200


async def test_sign_ins_are_limited_and_say_when_to_try_again(tmp_path: Path, upstream: ScriptedUpstream) -> None:
    async with Gateway(tmp_path, upstream.url, routes={"limits": {"sign_ins_per_minute": 2}}) as gateway:
        body = {"address": "0x" + "ab" * 20, "signature": "0x", "chain_id": 1}
        for path, send in {
            "/api/auth/connect": body, "/api/auth/link": {"token": "nope"},
        }.items():  # fmt: skip
            statuses = []
            for _ in range(3):
                answer = await gateway.client.post(path, json=send)
                statuses.append(answer.status_code)
            assert statuses == [401, 401, 429] and 1 <= int(answer.headers["retry-after"]) <= 60
            assert set(answer.json()) == {"detail"}


async def test_a_session_outlives_a_restart_and_its_key_is_the_settings(
    tmp_path: Path, upstream: ScriptedUpstream
) -> None:
    wallet = Wallet(1)
    async with Gateway(tmp_path, upstream.url, routes={"accounts": {"signup_credit_usd": "5"}}) as gateway:
        asked = (await gateway.client.get("/api/auth/nonce", params=wallet.asks)).json()
        answer = await gateway.client.post("/api/auth/connect", json=wallet.answers(asked["message"]))
        token, user = answer.json()["token"], answer.json()["user"]
        assert await gateway.balance(user["id"]) == ("5", "0")
        secret = gateway.app.settings.secret_keys[0]
    claims = jwt.decode(token, secret, algorithms=["HS256"], audience="tollhouse:account")
    assert claims["sub"] == user["id"] and claims["exp"] - claims["iat"] == 1440 * 60
    async with Gateway(tmp_path, upstream.url) as again:
        assert (await again.client.get("/api/user/profile", headers=bearer(token))).json() == user
        assert (await again.audit()).findings == []
