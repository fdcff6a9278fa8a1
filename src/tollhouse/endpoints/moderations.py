"""Moderations."""

from tollhouse.endpoints.context import Reply, Request, Services
from tollhouse.endpoints.relayed import relay
from tollhouse.generated.models import CreateModerationRequest


async def create_moderation(services: Services, request: Request, *, body: CreateModerationRequest) -> Reply:
    return await relay(services, request)
