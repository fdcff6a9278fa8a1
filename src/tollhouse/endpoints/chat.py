"""Chat completions."""

from tollhouse.endpoints.context import Reply, Request, Services
from tollhouse.endpoints.relayed import relay
from tollhouse.generated.models import CreateChatCompletionRequest


async def create_chat_completion(services: Services, request: Request, *, body: CreateChatCompletionRequest) -> Reply:
    return await relay(services, request)
