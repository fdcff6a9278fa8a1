"""Who may call what: every operation of every mount of both listeners, with every kind of credential."""

import hmac
import time
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import jwt
import pytest
import yaml

from tests.faults import FOR_EVER, Fault, failing_stores
from tests.gateway import ADMIN_TOKEN, Gateway, bearer, chat, message, write_config
from tests.served import Served, get
from tests.upstream import ScriptedUpstream
from tollhouse.config.snapshot import Mount
from tollhouse.contract import security
from tollhouse.contract.documents import load_document, operations
from tollhouse.endpoints.context import Request
from tollhouse.errors import InvalidKey, TollhouseError
from tollhouse.identity.authors import Author, fingerprint

ROUTES = yaml.safe_load((Path(__file__).parents[2] / "routes.yaml").read_text())
PUBLISHED_SECRET = "your-secret-key-here-change-in-production"  # seed 000
BODIES = {
    "create_chat_completion": chat(),
    "create_completion": {"model": "gpt-test", "prompt": "a", "max_tokens": 5},
    "create_embedding": {"model": "embed-test", "input": "a"},
    "create_moderation": {"model": "mod-test", "input": "a"},
    "create_response": {"model": "gpt-test", "input": "a", "max_output_tokens": 5},
    "create_message": message(),
    "count_message_tokens": {"model": "claude-test", "messages": [{"role": "user", "content": "a"}]},
    "create_quote": chat(),
    "create_account": {"name": "matrix"},
    "create_key": {"name": "matrix"},
    "credit_account": {"amount_usd": "1", "reference": "matrix"},
    "connect_wallet": {"address": "0x" + "ab" * 20, "signature": "0x...", "chain_id": 1},
    "use_sign_in_link": {"token": "nope"},
    "create_api_key": {"name": "matrix"},
    "adjust_account": {"amount_usd": "1", "reference": "adjusted", "reason": "matrix"},
    "update_account": {"name": "anonymous"},
    "update_key": {"name": "matrix"},
    "rotate_key": {"overlap": "0"},
}
# What is public and has to be right.
PUBLIC_REFUSED = {"get_sign_in_challenge": 422, "connect_wallet": 401, "use_sign_in_link": 401}
# Without a key these run as `anonymous` on the mount with `auth: optional`, which may use gpt-test only, a chat model.
# Stats are those of an account that somebody has the key of.
FILE = "files/file-3bhGkxlo4XFrqiabUM7N"
ANONYMOUS_REFUSED = {"create_embedding": 403, "create_moderation": 403, "get_stats": 401}


def matrix() -> list[Any]:
    """(listener, mount, method, path, operation id, whether the document says it is public)"""
    cases = []
    for listener, entry in ROUTES["listeners"].items():
        for mount in entry["mounts"]:
            for method, path, operation in operations(load_document(mount["document"])):
                name = operation["operationId"]
                public = not operation.get("security") or name in mount.get("public", ())
                case = (listener, mount, method, mount["at"] + path, name, public)
                cases.append(pytest.param(*case, id=f"{listener}:{method}:{mount['at']}{path}"))
    return cases


@pytest.fixture(scope="module")
def credentials(served: Served) -> dict[str, str]:
    revoked = served.key()
    assert served.admin.delete(f"/keys/{served.key_id}").status_code == 200
    soon = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(time.time() + 2)) + "Z"
    expired = served.key(expires_at=soon)
    assert served.client.get("/api/v1/models", headers=bearer(expired)).status_code == 200
    time.sleep(2.1)
    good, session = served.key(), served.session()
    claims = jwt.decode(session, options={"verify_signature": False})
    head = {"kid": jwt.get_unverified_header(session)["kid"]}
    secret = (served.data_dir / "secret_key").read_text().strip()
    ended = served.session(served.account_id)
    assert served.client.post("/api/auth/logout", headers=bearer(ended)).status_code == 200
    return {
        "alg none": jwt.encode(claims, None, "none", headers=head),
        "HS512": jwt.encode(claims, secret, "HS512", headers=head),
        "default secret": jwt.encode(claims, PUBLISHED_SECRET, "HS256", headers=head),
        "ended session": ended,
        "expired session": jwt.encode({**claims, "exp": int(time.time())}, secret, "HS256", headers=head),
        "revoked": revoked, "expired": expired, "good": good, "bad": "op_" + "a" * 44, "admin": ADMIN_TOKEN,
        "session": session,
    }  # fmt: skip


@pytest.mark.parametrize("listener,mount,method,path,name,public", matrix())
def test_only_what_is_documented_as_public_answers_without_a_good_key(
    served: Served, credentials: dict[str, str], listener: str, mount: dict[str, Any],
    method: str, path: str, name: str, public: bool,
) -> None:  # fmt: skip
    client = served.openproxy if listener == "openproxy" else served.client
    names = {"account": "anonymous", "key_id": "nope", "provider": "scripted", "model": "gpt-test", "endpoint": FILE}
    path = path.format(**names, file="site.css")
    send = partial(client.request, method, path, json=BODIES.get(name))
    taken = {"admin": "admin", "account": "session"}.get(mount["document"], "good")

    missing = send().status_code
    if public:
        assert missing == PUBLIC_REFUSED.get(name, 200)
    elif mount.get("auth") == "optional":
        assert missing == ANONYMOUS_REFUSED.get(name, 200)
    else:
        assert missing == 401
    for kind in credentials.keys() - {taken}:
        for headers in (bearer(credentials[kind]), {"x-api-key": credentials[kind]}, {"api-key": credentials[kind]}):
            response = send(headers=headers)
            assert response.status_code == (PUBLIC_REFUSED.get(name, 200) if public else 401), (kind, response.text)
    for scheme in ("Bearer", "bearer", "x-api-key"):
        right = served.session() if name.startswith("log_out") else credentials[taken]
        response = send(
            headers={"x-api-key": right} if scheme == "x-api-key" else {"authorization": f"{scheme} {right}"}
        )
        if not public:
            refused = taken == "session" and scheme == "x-api-key"  # a session is a bearer token and nothing else
            assert (response.status_code in (401, 403)) == refused, response.text


def test_ids_of_another_account_are_not_there(served: Served) -> None:
    asking, tried = bearer(served.session()), 0
    served.key()  # of another account from here on
    others = {"key_id": served.key_id, "key": served.key_id, "account": served.account_id}
    document = load_document("account")
    shared = {f"#/components/parameters/{name}": each for name, each in document["components"]["parameters"].items()}
    for method, path, operation in operations(document):
        parameters = [shared[each["$ref"]] if "$ref" in each else each for each in operation.get("parameters", ())]
        names = {each["name"]: each["in"] for each in parameters}
        theirs = names.keys() & others.keys()
        assert theirs or not any(name.endswith("id") for name in names.keys() - {"chain_id"}), (path, "has a new id")
        if theirs:
            query = {name: others[name] for name in theirs if names[name] == "query"}
            answered = served.client.request(method, "/api" + path.format(**others), params=query, headers=asking)
            assert answered.status_code == 404, (path, answered.text)
            tried += 1
    assert tried == 2, "deactivating a key, and its usage"
    assert served.admin.get(f"/keys/{served.key_id}").json()["is_active"]


def test_a_good_key_says_why_it_is_good_no_longer(served: Served, credentials: dict[str, str]) -> None:
    for kind in ("revoked", "expired"):
        response = served.client.get("/api/v1/models", headers=bearer(credentials[kind]))
        assert kind in response.json()["detail"]


def models(client: httpx.Client, path: str, **headers: str) -> list[str]:
    return [item["id"] for item in client.get(path, headers=headers).json()["data"]]


def test_anonymous_sees_and_uses_its_own_models_only(served: Served) -> None:
    assert models(served.client, "/v1/models") == ["gpt-test"]
    assert served.client.get("/v1/models/claude-test").status_code == 404
    refused = served.client.post("/v1/chat/completions", json=chat(model="org/m:free"))
    assert refused.status_code == 403 and refused.json()["error"]["code"] == "model_not_allowed"
    assert served.client.post("/v1/chat/completions", json=chat()).status_code == 200
    row = served.rows()[0]
    assert (row["account"], row["cost_usd"], row["state"]) == ("anonymous", "0", "posted")


def test_listing_is_public_where_the_mount_says_so_and_shows_all(served: Served) -> None:
    everything = models(served.client, "/proxy/v1/models")
    assert {"gpt-test", "claude-test", "embed-test"} <= set(everything)
    assert models(served.client, "/proxy/v1/models", authorization="Bearer nope") == everything
    limited = served.key(models=["gpt-test"])
    assert models(served.client, "/proxy/v1/models", **bearer(limited)) == ["gpt-test"]


def test_an_empty_credential_is_refused_even_where_none_is_needed(served: Served) -> None:
    for line in ("Authorization: Bearer ", "Authorization: Bearer", "x-api-key: ", "api-key:"):
        for path, status in {"/v1/models": 401, "/api/v1/models": 401, "/admin/api/accounts": 401}.items():
            with served.wire() as wire:
                wire.send(get(path, line))
                assert wire.response().status == status, line


def test_the_admin_token_is_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[bytes, bytes]] = []

    def compare(presented: bytes, kept: bytes) -> bool:
        compared.append((presented, kept))
        return hmac.compare_digest(presented, kept)

    monkeypatch.setattr(security, "hmac", SimpleNamespace(compare_digest=compare))
    create_account = SimpleNamespace(operation_id="create_account")
    services = SimpleNamespace(accounts=SimpleNamespace(keys=None), sign_ins=None)
    guard = security.SecurityOperation(
        None, create_account, Mount("admin", "/admin/api", "problem"), services, ADMIN_TOKEN  # type: ignore[arg-type]
    )  # fmt: skip
    presented = [ADMIN_TOKEN, ADMIN_TOKEN[:-1], ADMIN_TOKEN + "x", "x", "ü" * 20]
    for token in presented:
        headers = {b"authorization": b"Bearer " + token.encode()}
        request = Request("req_1", None, None, headers, "10.0.0.7")  # type: ignore[arg-type]
        if token == ADMIN_TOKEN:
            guard._check_admin(request)
            assert request.author == Author(fingerprint(ADMIN_TOKEN), "10.0.0.7", "req_1")
        else:
            with pytest.raises(InvalidKey):
                guard._check_admin(request)
            assert request.administrator == ""
    assert compared == [(token.encode(), ADMIN_TOKEN.encode()) for token in presented]


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1"])
def test_no_web_page_may_call_the_admin_api(served: Served, origin: str) -> None:
    asking = {"origin": origin, "access-control-request-method": "POST"}
    for response in (
        served.admin.get("/accounts", headers={"origin": origin}),
        served.admin.get("/nothing", headers={"origin": origin}),
        served.client.get("/admin/api/accounts", headers={"origin": origin}),
        served.client.options("/admin/api/accounts", headers=asking),
        served.client.options("/admin/api/keys/x/rotate", headers=asking),
    ):
        assert not [name for name in response.headers if name.startswith("access-control-")]
    assert "access-control-allow-origin" in served.client.options("/v1/models", headers=asking).headers


@pytest.mark.parametrize(
    "public,reason", [("create_chat_completion", "costs money"), ("list_model", 'did you mean "list_models"')]
)
async def test_a_public_operation_that_cannot_be_is_refused_at_the_start(
    tmp_path: Path, upstream: ScriptedUpstream, public: str, reason: str
) -> None:
    mounts = [{"document": "openai", "at": "/v1", "public": [public]}]
    gateway = Gateway(tmp_path, upstream.url, routes={"listeners": {"main": {"bind": "127.0.0.1:0", "mounts": mounts}}})
    with pytest.raises(TollhouseError, match=reason):
        await gateway.__aenter__()


async def test_an_operation_of_the_one_who_signed_in_cannot_be_public(
    tmp_path: Path, upstream: ScriptedUpstream
) -> None:
    mounts = [{"document": "account", "at": "/api", "public": ["get_usage"]}]
    gateway = Gateway(tmp_path, upstream.url, routes={"listeners": {"main": {"bind": "127.0.0.1:0", "mounts": mounts}}})
    with pytest.raises(TollhouseError, match="who signed in"):
        await gateway.__aenter__()


def test_write_config_is_what_ships(tmp_path: Path) -> None:
    shipped = yaml.safe_load((write_config(tmp_path, "http://127.0.0.1:1") / "routes.yaml").read_text())
    assert [each["mounts"] for each in shipped["listeners"].values()] == [
        each["mounts"] for each in ROUTES["listeners"].values()
    ]


async def test_while_the_store_fails_no_good_credential_is_called_bad_and_nothing_is_a_defect(
    tmp_path: Path, upstream: ScriptedUpstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    with failing_stores(monkeypatch) as stores:
        async with Gateway(tmp_path, upstream.url) as gateway:
            account = (await gateway.account())["id"]
            good = {"admin": ADMIN_TOKEN, "account": await gateway.session(account)}
            fresh = await gateway.key(account)  # bcrypt has not seen it yet
            for mount in ROUTES["listeners"]["main"]["mounts"]:
                for method, path, operation in operations(load_document(mount["document"])):
                    name = operation["operationId"]
                    names = {"account": account, "key_id": "nope", "provider": "scripted"}
                    path = path.format(**names, model="gpt-test", endpoint=FILE, file="site.css")
                    headers = bearer(good.get(mount["document"], fresh))
                    stores[0].fail(Fault(count=FOR_EVER))
                    answered = await gateway.client.request(
                        method, mount["at"] + path, json=BODIES.get(name), headers=headers
                    )
                    allowed = {200, 400, 404, 409, 422, 503} | ({401} if name == "connect_wallet" else set())
                    assert answered.status_code in allowed, (name, answered.text)
                    if answered.status_code == 503:
                        assert int(answered.headers["retry-after"]) >= 1
                    stores[0].recover()
                    await gateway.audit()
