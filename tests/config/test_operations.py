from pathlib import Path

from tests.config.files import PROVIDERS, ROUTES, findings

OPERATIONS = {
    "openai": {("POST", "/chat/completions"), ("GET", "/models"), ("GET", "/models/{id}")},
    "mirror": {("get", "/models"), ("get", "/models/{name}"), ("get", "/else")},
    "anthropic": {("POST", "/messages")},
    "provider": {("POST", "/{provider}/{endpoint}"), ("POST", "/{provider}/v1/{endpoint}")},
}


def test_an_unknown_document_is_refused(tmp_path: Path) -> None:
    text = ROUTES.replace("openai", "opnai")
    assert findings(tmp_path, routes=text, operations=OPERATIONS) == [
        'routes.yaml:6: listeners.main.mounts[0].document: there is no document "opnai" in openapi/; '
        'accepted: anthropic, mirror, openai, provider; did you mean "openai"?'
    ]


def test_two_mounts_cannot_claim_one_path(tmp_path: Path) -> None:
    text = f"{ROUTES}      - {{document: mirror, at: /v1}}\n"
    assert findings(tmp_path, routes=text, operations=OPERATIONS) == [
        'routes.yaml:7: listeners.main.mounts[1]: "mirror" claims GET /v1/models and 1 more, '
        'which "openai" on line 6 already serves; mount one of them at another base path'
    ]


def test_the_same_paths_at_another_base_or_listener_are_fine(tmp_path: Path) -> None:
    text = (
        f"{ROUTES}      - {{document: openai, at: /proxy/v1}}\n"
        "  other:\n    bind: 127.0.0.1:1\n    mounts: [{document: openai, at: /v1}]\n"
    )
    assert findings(tmp_path, routes=text, operations=OPERATIONS) == []


def test_base_paths_count_in_a_clash(tmp_path: Path) -> None:
    operations = OPERATIONS | {"root": {("GET", "/v1/models")}}
    (finding,) = findings(tmp_path, routes=f'{ROUTES}      - {{document: root, at: ""}}\n', operations=operations)
    assert '"root" claims GET /v1/models, which "openai" on line 6 already serves' in finding


def test_a_template_beside_a_literal_path_is_fine(tmp_path: Path) -> None:
    text = f"{ROUTES}      - {{document: provider, at: /v1}}\n"
    assert findings(tmp_path, routes=text, operations=OPERATIONS) == []


def test_a_provider_cannot_take_the_name_of_a_literal_path(tmp_path: Path) -> None:
    text = f"{ROUTES}      - {{document: provider, at: /v1}}\n"
    providers = PROVIDERS.replace("  openai:", "  chat:")
    assert findings(tmp_path, routes=text, providers=providers, operations=OPERATIONS) == [
        'providers.yaml:3: providers.chat: the name "chat" would shadow /v1/chat/completions; '
        "rename it, for example chat-provider"
    ]


def test_a_name_shadows_nothing_where_no_provider_document_is_mounted(tmp_path: Path) -> None:
    providers = PROVIDERS.replace("  openai:", "  chat:")
    assert findings(tmp_path, providers=providers, operations=OPERATIONS) == []


def test_a_provider_cannot_hide_the_merged_document(tmp_path: Path) -> None:
    text = f"{ROUTES}      - {{document: provider, at: /v1}}\n"
    providers = PROVIDERS.replace("  openai:", "  openapi.json:")
    (finding,) = findings(tmp_path, routes=text, providers=providers, operations=OPERATIONS)
    assert 'the name "openapi.json" would shadow /v1/openapi.json' in finding
