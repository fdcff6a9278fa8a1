"""Responses."""

from tollhouse.endpoints.context import Reply, Request, Services
from tollhouse.endpoints.relayed import relay
from tollhouse.generated.models import CreateResponseRequest


async def create_response(services: Services, request: Request, *, body: CreateResponseRequest) -> Reply:
    return await relay(services, request)
