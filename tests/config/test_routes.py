from pathlib import Path

import pytest

from tests.config.files import ROUTES, findings, loaded
from tollhouse.config.snapshot import Limits, Listener, Mount

ERRORS = "accepted: openai, anthropic, provider, detail, openproxy, problem"
BASE_PATH = 'a base path such as "/v1", without a slash at its end, or "" for the root'
ADDRESS = "write host:port, such as 127.0.0.1:8000 or [::1]:8000"
ORIGIN = 'an origin is "*" or a scheme and host without a path, such as https://app.example.com'
USD = 'USD as a decimal string from "0" up, such as "2.50", with at most nine digits before and after the point'


def test_every_key_arrives(tmp_path: Path) -> None:
    text = """\
version: 1
listeners:
  main:
    bind: "[::1]:0"
    mounts:
      - {document: openai, at: "", errors: detail, auth: optional, public: [list_models], health: text,
         heartbeat_before_first_frame_s: 5}
anonymous: {models: [gpt-4o], requests_per_minute: 0}
cors: {origins: []}
accounts: {signup_credit_usd: "1.5", active_keys_max: 7}
limits: {body_bytes: 2048, body_timeout_s: 1.5, requests_per_minute: 0, account_requests_per_minute: 900}
ledger: {hold: hard, durability: relaxed}
key_prefixes: {admin: adm_}
"""
    routes = loaded(tmp_path, routes=text).config.routes
    mount = Mount("openai", "", "detail", "optional", frozenset({"list_models"}), "text", 5.0)
    assert routes.listeners == (Listener("main", "::1", 0, (mount,)),)
    assert routes.anonymous.models == {"gpt-4o"}
    assert routes.anonymous.requests_per_minute == 0
    assert routes.cors_origins == ()
    assert routes.signup_credit_nano == 1_500_000_000
    assert routes.active_keys_max == 7
    assert routes.limits == Limits(
        body_bytes=2048, body_timeout_s=1.5, requests_per_minute=0, account_requests_per_minute=900
    )
    assert (routes.hold, routes.durability) == ("hard", "relaxed")
    assert routes.key_prefixes == {"account": "sk_rc_", "admin": "adm_"}


def test_what_is_left_out_has_its_usual_value(tmp_path: Path) -> None:
    routes = loaded(tmp_path).config.routes
    assert routes.limits == Limits()
    assert routes.cors_origins == ("*",)
    assert routes.key_prefixes == {"account": "sk_rc_", "admin": "op_"}


@pytest.mark.parametrize(
    ("document", "errors"),
    [("openai", "openai"), ("anthropic", "anthropic"), ("admin", "problem"), ("system", "detail"), ("web", "detail")],
)
def test_a_mount_without_errors_has_its_documents_own(tmp_path: Path, document: str, errors: str) -> None:
    text = ROUTES.replace("document: openai", f"document: {document}")
    assert loaded(tmp_path, routes=text).config.routes.listeners[0].mounts[0].errors == errors


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ("version: 1", 'version: "1"', '1: version: "1" is not supported; accepted: 1'),
        (
            "at: /v1}",
            "at: /v1, errors: opneai}",
            f'6: listeners.main.mounts[0].errors: "opneai" is not known here; {ERRORS}; did you mean "openai"?',
        ),
        (
            "at: /v1}",
            "at: /v1, auth: none}",
            '6: listeners.main.mounts[0].auth: "none" is not known here; accepted: required, optional',
        ),
        ("at: /v1}", "at: /v1/}", f'6: listeners.main.mounts[0].at: "/v1/" cannot be used; {BASE_PATH}'),
        ("at: /v1}", "at: v1}", f'6: listeners.main.mounts[0].at: "v1" cannot be used; {BASE_PATH}'),
        (", at: /v1}", "}", f"6: listeners.main.mounts[0].at: is missing; {BASE_PATH}"),
        (
            "at: /v1}",
            "at: /v1, heartbeat_before_first_frame_s: 0}",
            "6: listeners.main.mounts[0].heartbeat_before_first_frame_s: 0 is out of range; "
            "accepted: above 0, up to 3600",
        ),
        ("bind:", "bnid:", '4: listeners.main.bnid: unknown key; accepted: bind, mounts; did you mean "bind"?'),
        (
            "127.0.0.1:8000",
            "8000",
            '4: listeners.main.bind: must be text, not the number 8000; write it as a string: "8000"',
        ),
        ("127.0.0.1:8000", '":8000"', f'4: listeners.main.bind: ":8000" is not an address; {ADDRESS}'),
        ("127.0.0.1:8000", "127.0.0.1", f'4: listeners.main.bind: "127.0.0.1" is not an address; {ADDRESS}'),
        ("127.0.0.1:8000", "127.0.0.256:80", f'4: listeners.main.bind: "127.0.0.256" is not a host; {ADDRESS}'),
        ("127.0.0.1:8000", '"[::g]:80"', f'4: listeners.main.bind: "[::g]:80" is not an address; {ADDRESS}'),
        (
            "127.0.0.1:8000",
            "127.0.0.1:65536",
            "4: listeners.main.bind: 65536 is not a port; a port is 0 to 65535; 0 takes a free one",
        ),
    ],
)
def test_a_bad_listener_is_one_finding(tmp_path: Path, old: str, new: str, finding: str) -> None:
    missing_bind = [
        "routes.yaml:3: listeners.main.bind: is missing; host:port, such as 127.0.0.1:8000 or [::1]:8000; port 0 takes a free one"
    ]
    expected = [f"routes.yaml:{finding}"]
    found = findings(tmp_path, routes=ROUTES.replace(old, new))
    assert [line for line in found if line not in missing_bind] == expected


@pytest.mark.parametrize(
    ("added", "finding"),
    [
        ("ledger: {hold: Hard}", 'ledger.hold: "Hard" is not known here; accepted: soft, hard; did you mean "hard"?'),
        (
            "limit: {}",
            "limit: unknown key; accepted: version, listeners, anonymous, cors, trusted_proxies, accounts, limits, ledger, key_prefixes; "
            'did you mean "limits"?',
        ),
        ("limits: {body_bytes: 10}", "limits.body_bytes: 10 is out of range; accepted: from 1024, up to 1073741824"),
        (
            "limits: {account_requests_per_minute: -1}",
            "limits.account_requests_per_minute: -1 is out of range; accepted: from 0, up to 1000000000",
        ),
        (
            'anonymous: {requests_per_minute: "60"}',
            'anonymous.requests_per_minute: must be a whole number, not the text "60"; '
            "write it without quotes, in plain digits",
        ),
        (
            "accounts: {signup_credit_usd: 1.50}",
            'accounts.signup_credit_usd: must be text, not the number 1.5; write it as a string: "1.50"',
        ),
        ('accounts: {signup_credit_usd: "-1"}', f'accounts.signup_credit_usd: "-1" cannot be used; {USD}'),
        (
            "trusted_proxies: [10.0.0.1/8]",
            'trusted_proxies[0]: "10.0.0.1/8" is no address and no network; such as 127.0.0.1, 10.0.0.0/8 or fd00::/8',
        ),
        ("cors: {origins: [https://x.org/]}", f'cors.origins[0]: "https://x.org/" cannot be used; {ORIGIN}'),
        ("cors:", "cors: must be a mapping, not empty; write {} where every default is right"),
        (
            "key_prefixes: {admin: op key}",
            'key_prefixes.admin: "op key" cannot be used; a key prefix is 1 to 16 letters, digits, - and _',
        ),
    ],
)
def test_a_bad_rule_is_one_finding(tmp_path: Path, added: str, finding: str) -> None:
    assert findings(tmp_path, routes=f"{ROUTES}{added}\n") == [f"routes.yaml:7: {finding}"]


@pytest.mark.parametrize("bind", ["127.0.0.1:8000", "localhost:8000", "0.0.0.0:8000", '"[::]:8000"'])
def test_two_listeners_on_one_address_are_refused(tmp_path: Path, bind: str) -> None:
    text = f"{ROUTES}  other:\n    bind: {bind}\n    mounts: [{{document: openai, at: /v1}}]\n"
    (finding,) = findings(tmp_path, routes=text)
    host = bind.strip('"').rpartition(":")[0].strip("[]")
    assert finding == (
        f"routes.yaml:8: listeners.other.bind: {host}:8000 is already taken by the listener main; "
        "give each listener its own port, or merge their mounts"
    )


@pytest.mark.parametrize("bind", ["127.0.0.1:8001", "127.0.0.2:8000"])
def test_listeners_on_different_addresses_are_fine(tmp_path: Path, bind: str) -> None:
    text = f"{ROUTES}  other:\n    bind: {bind}\n    mounts: [{{document: openai, at: /v1}}]\n"
    assert findings(tmp_path, routes=text) == []


def test_any_number_of_listeners_take_a_free_port(tmp_path: Path) -> None:
    text = ROUTES.replace("8000", "0") + "  other:\n    bind: 127.0.0.1:0\n    mounts: [{document: openai, at: /v1}]\n"
    assert findings(tmp_path, routes=text) == []


def test_a_listener_without_mounts_is_refused(tmp_path: Path) -> None:
    text = f"{ROUTES}  other:\n    bind: 127.0.0.1:1\n    mounts: []\n"
    assert findings(tmp_path, routes=text) == [
        "routes.yaml:9: listeners.other.mounts: must not be empty; "
        "OpenAPI documents and the base paths they are served at."
    ]


def test_an_anonymous_model_without_a_price_is_a_warning(tmp_path: Path) -> None:
    text = f"{ROUTES}anonymous:\n  models: [gpt-4o, gtp-4o]\n"
    assert findings(tmp_path, routes=text) == [
        'routes.yaml:8: warning: anonymous.models[1]: "gtp-4o" is not in model_catalog.json; did you mean "gpt-4o"?'
    ]
