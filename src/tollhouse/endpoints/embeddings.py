"""Embeddings."""

from tollhouse.endpoints.context import Reply, Request, Services
from tollhouse.endpoints.relayed import relay
from tollhouse.generated.models import CreateEmbeddingRequest


async def create_embedding(services: Services, request: Request, *, body: CreateEmbeddingRequest) -> Reply:
    return await relay(services, request)
