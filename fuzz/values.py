"""Values that exist, written into a document before requests are generated from it: models, accounts, keys, providers."""

from typing import Any

from fuzz.gateway import ANTHROPIC, EMBEDDING, FREE, MODERATION, OPENAI, PROVIDERS, SPARE, FuzzedGateway
from fuzz.mounts import Document, operation_objects

MODELS = {
    "chat": [OPENAI, FREE, ANTHROPIC],  # the last one through a translation
    "completion": [OPENAI, FREE],
    "response": [OPENAI],
    "embedding": [EMBEDDING],
    "moderation": [MODERATION],
    "message": [ANTHROPIC, OPENAI],
    "count_tokens": [ANTHROPIC],
}

SERVED_HERE = ["chat/completions", "embeddings", "responses", "messages"]  # of a provider's endpoints
ENDPOINTS = [*SERVED_HERE, "files", "unknown"]
TRANSLATED = {("chat", ANTHROPIC), ("message", OPENAI)}  # served by a provider of another format


def with_real_values(document: Document, gateway: FuzzedGateway) -> None:
    """Narrow what names something to names that are known here, and one that is not."""
    known = {
        "account": [gateway.spare_account_id, "acct_unknown"],
        "key_id": [gateway.spare_key_id, "key_unknown"],
        "provider": [SPARE, "nobody"],
        "model": [OPENAI, FREE, "unknown"],
        "operation": ["", "create_chat_completion", "create_embedding"],
    }
    if "get_provider_endpoint" in {operation["operationId"] for _, _, operation in operation_objects(document)}:
        known |= {"provider": [*PROVIDERS, "nobody"], "endpoint": ENDPOINTS}
    for _, _, operation in operation_objects(document):
        schema = _body_schema(document, operation)
        named = schema.get("properties", {}).get("model")
        if named is not None:
            models = MODELS.get(operation.get("x-kind", ""), [OPENAI])
            named["enum"] = [*models, None] if named.get("nullable") else models
    for parameter in _parameters(document):
        if parameter["name"] in known and parameter["in"] in ("path", "query"):
            parameter["schema"] = {"type": "string", "enum": known[parameter["name"]]}
            parameter.pop("example", None)


def _body_schema(document: Document, operation: dict[str, Any]) -> dict[str, Any]:
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    schema: dict[str, Any] = content.get("schema", {})
    if "$ref" in schema:
        return document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]  # type: ignore[no-any-return]
    return schema


def _parameters(document: Document) -> list[dict[str, Any]]:
    found = list(document["components"].get("parameters", {}).values())
    for item in document["paths"].values():
        found += [parameter for parameter in item.get("parameters", ()) if "$ref" not in parameter]
    for _, _, operation in operation_objects(document):
        found += [parameter for parameter in operation.get("parameters", ()) if "$ref" not in parameter]
    return found
