"""Which schemas of the vendors' documents our operations answer to."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jsonschema_rs

from tests.oracles import ANTHROPIC, OPENAI, document


@dataclass(frozen=True, slots=True)
class Vendored:
    """One of our operations, and the names of a vendor's schemas for it; no name where there is none."""

    id: str
    path: str  # below `/v1`
    file: str
    request: str = ""
    answer: str = ""
    event: str = ""

    @property
    def schema(self) -> dict[str, str]:
        return {"$ref": f"#/components/schemas/{self.request}"}


OPERATIONS = (
    Vendored(
        "create_chat_completion", "/chat/completions", OPENAI,
        "CreateChatCompletionRequest", "CreateChatCompletionResponse", "CreateChatCompletionStreamResponse",
    ),
    Vendored(  # a stream consists of the same objects
        "create_completion", "/completions", OPENAI,
        "CreateCompletionRequest", "CreateCompletionResponse", "CreateCompletionResponse",
    ),
    Vendored("create_response", "/responses", OPENAI, "CreateResponse", "Response", "ResponseStreamEvent"),
    Vendored("create_embedding", "/embeddings", OPENAI, "CreateEmbeddingRequest", "CreateEmbeddingResponse"),
    Vendored("create_moderation", "/moderations", OPENAI, "CreateModerationRequest", "CreateModerationResponse"),
    Vendored("create_message", "/messages", ANTHROPIC, "CreateMessageParams", "Message", "MessageStreamEvent"),
    Vendored(
        "count_message_tokens", "/messages/count_tokens", ANTHROPIC,
        "CountMessageTokensParams", "CountMessageTokensResponse",
    ),
    Vendored("list_models", "/models", OPENAI, answer="ListModelsResponse"),
    Vendored("list_models", "/models", ANTHROPIC, answer="ListResponse_ModelInfo_"),
    Vendored("get_model", "/models/{model}", OPENAI, answer="Model"),
    Vendored("get_model", "/models/{model}", ANTHROPIC, answer="ModelInfo"),
)  # fmt: skip
REQUESTS = tuple(each for each in OPERATIONS if each.request)


@functools.cache
def allows(file: str, schema: str) -> jsonschema_rs.Draft202012Validator:
    """Whether a vendor takes a value. Where a `oneOf` has alternatives that are not exclusive, each of them will do.

    OpenAI's document means it so: `EasyInputMessage` and `InputMessage` fit the same items.
    """
    components = _any_of(document(file)["components"])
    return jsonschema_rs.Draft202012Validator({"$ref": f"#/components/schemas/{schema}", "components": components})


def _any_of(value: Any) -> Any:
    if isinstance(value, list):
        return [_any_of(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    return {"anyOf" if key == "oneOf" and isinstance(each, list) else key: _any_of(each) for key, each in value.items()}
