"""Which operation a path means: exact paths, templates, mounts beside each other, and no redirects."""

import itertools
from types import SimpleNamespace
from typing import Any

import pytest

from tests.contract.asgi import MOUNTS, call, config, ours
from tollhouse.config.snapshot import Mount
from tollhouse.contract.documents import load_document, operations


@pytest.fixture(scope="module")
def app() -> Any:
    again = Mount("openai", "/proxy/v1", "openai")
    return ours(config(*MOUNTS, again, Mount("openai", "/api/v1", "detail"), Mount("system", "", "detail")))


def found(app: Any, method: str, path: str) -> tuple[str | None, str | None]:
    answer = call(app, method, path).json()
    return answer["operation_id"], answer["api_base_path"]


def test_every_operation_is_found_under_every_mount(app: Any) -> None:
    mounted = [("openai", "/v1"), ("openai", "/proxy/v1"), ("openai", "/api/v1"), ("anthropic", "/v1"), ("system", "")]
    for document, at in mounted:
        for method, path, operation in operations(load_document(document)):
            if method == "GET":
                name = operation["operationId"]
                assert found(app, method, f"{at}{path.replace('{model}', 'org/m:free')}") == (name, at)


def test_a_template_takes_slashes_and_colons(app: Any) -> None:
    for path, model in {"/v1/models/org/m:free": "org/m:free", "/proxy/v1/models/a/b/c": "a/b/c"}.items():
        assert call(app, "GET", path).json()["arguments"] == {"model": model}


def test_head_is_get_without_a_body(app: Any) -> None:
    for path in ("/", "/v1/models", "/v1/models/a/b", "/health"):
        assert call(app, "HEAD", path).status == 200


@pytest.mark.parametrize(
    "method,path,allow",
    [
        ("GET", "/v1/chat/completions", "POST"),
        ("POST", "/v1/models", "GET, HEAD"),
        ("POST", "/v1/models/gpt-4o", "GET, HEAD"),
        ("OPTIONS", "/v1/messages", "POST"),
        ("PUT", "/admin/api/accounts", "GET, HEAD, POST"),
        ("GET", "/admin/api/keys/k/rotate", "POST"),
        ("POST", "/admin/api/keys/k", "DELETE, GET, HEAD, PATCH"),
        ("PUT", "/admin/api/accounts/a", "GET, HEAD, PATCH"),
        ("DELETE", "/", "GET, HEAD"),
    ],
)
def test_another_method_is_405_with_what_is_allowed(app: Any, method: str, path: str, allow: str) -> None:
    response = call(app, method, path)
    assert response.status == 405 and response.header("allow") == allow
    assert allow in str(response.json())


def test_405_speaks_the_dialect_of_the_mount_that_has_the_path(app: Any) -> None:
    assert call(app, "GET", "/v1/messages").json()["type"] == "error"
    assert call(app, "POST", "/v1/models/x").json()["error"]["code"] == "method_not_allowed"
    assert set(call(app, "POST", "/api/v1/models/x").json()) == {"detail"}
    assert call(app, "POST", "/admin/api/keys/k").json()["status"] == 405


@pytest.mark.parametrize(
    "path", ["/v1/models//", "/v1/chat/completions/", "/health/", "/v1/", "/v1", "/v1//models", "//", "/V1/models", "*"]
)
def test_a_path_that_is_nearly_right_is_not_redirected(app: Any, path: str) -> None:
    response = call(app, "GET", path)
    assert response.header("location") is None
    assert response.status == 404 or response.json()["operation_id"] == "get_model"


@pytest.mark.parametrize("documents", list(itertools.permutations(["openai", "anthropic", "provider"])))
def test_the_pass_through_takes_only_what_nothing_else_is_written_for(documents: tuple[str, ...]) -> None:
    services: Any = SimpleNamespace(check_body=lambda operation_id, body: None)
    mounts = [Mount(document, "/v1", "openai") for document in documents]
    app = ours(config(*mounts), services=services)
    assert found(app, "GET", "/v1/models/openai/gpt-4o") == ("get_model", "/v1")
    assert call(app, "POST", "/v1/models/x").status == 405
    assert call(app, "PUT", "/v1/messages").status == 405
    assert "There is no provider 'nobody'" in call(app, "GET", "/v1/nobody/models").body.decode()
    assert call(app, "GET", "/v1/nobody").status == 404


def test_a_third_document_on_a_base_path_does_not_hide_the_second() -> None:
    mounts = [Mount("system", "/x", "detail"), Mount("admin", "/x", "problem"), Mount("openai", "/x", "openai")]
    app = ours(config(*mounts))
    assert found(app, "GET", "/x/accounts/acme") == ("get_account", "/x")
    assert found(app, "GET", "/x/models/gpt-4o") == ("get_model", "/x")
    assert call(app, "GET", "/x/nope").status == 404
