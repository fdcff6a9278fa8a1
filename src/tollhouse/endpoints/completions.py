"""Text completions."""

from tollhouse.endpoints.context import Reply, Request, Services
from tollhouse.endpoints.relayed import relay
from tollhouse.generated.models import CreateCompletionRequest


async def create_completion(services: Services, request: Request, *, body: CreateCompletionRequest) -> Reply:
    return await relay(services, request)
