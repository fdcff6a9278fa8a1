"""Pass-through: what the contract does not know, on its way to one provider."""

from tollhouse.endpoints.context import Reply, Request, Services
from tollhouse.endpoints.relayed import relay


async def get_provider_endpoint(services: Services, request: Request, *, provider: str, endpoint: str) -> Reply:
    return await relay(services, request)


async def post_provider_endpoint(services: Services, request: Request, *, provider: str, endpoint: str) -> Reply:
    return await relay(services, request)


async def put_provider_endpoint(services: Services, request: Request, *, provider: str, endpoint: str) -> Reply:
    return await relay(services, request)


async def patch_provider_endpoint(services: Services, request: Request, *, provider: str, endpoint: str) -> Reply:
    return await relay(services, request)


async def delete_provider_endpoint(services: Services, request: Request, *, provider: str, endpoint: str) -> Reply:
    return await relay(services, request)
