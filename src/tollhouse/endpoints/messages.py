"""Anthropic messages."""

from tollhouse.endpoints.context import Reply, Request, Services
from tollhouse.endpoints.relayed import relay
from tollhouse.generated.models import CountMessageTokensRequest, CreateMessageRequest


async def create_message(services: Services, request: Request, *, body: CreateMessageRequest) -> Reply:
    return await relay(services, request)


async def count_message_tokens(services: Services, request: Request, *, body: CountMessageTokensRequest) -> Reply:
    return await relay(services, request)
