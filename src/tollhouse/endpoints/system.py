"""Health and service information."""

from tollhouse.endpoints.context import Reply, Request, Services, Text, Value
from tollhouse.generated.operations import OPERATIONS

MESSAGE = "OpenAI Compatible Proxy Service"
VERSION = "1.0.0"  # of the API, as seed 000 has it
# What seed 000 says of itself; a listener that serves all of it says the same, whatever it serves besides.
SEED_ENDPOINTS = (
    "POST /v1/chat/completions",
    "POST /v1/completions",
    "POST /v1/embeddings",
    "GET /v1/models",
    "POST /api/auth/connect",
    "GET /api/user/profile",
    "POST /api/api-keys",
    "GET /api/api-keys",
    "DELETE /api/api-keys/{key_id}",
    "GET /api/models",
    "GET /api/models/public",
    "POST /api/v1/chat/completions",
    "POST /api/v1/completions",
)


async def get_root(services: Services, request: Request) -> Reply:
    served = _endpoints(request)
    documented = [endpoint for endpoint in SEED_ENDPOINTS if endpoint in served]
    return {
        "message": MESSAGE,
        "version": VERSION,
        "endpoints": documented if len(documented) == len(SEED_ENDPOINTS) else served,
    }


async def get_health(services: Services, request: Request) -> Reply:
    assert request.mount is not None, "routed"
    if request.mount.health == "text":
        return Text("OK")
    return {"status": "healthy", "service": "ocf-entry"}


async def get_livez(services: Services, request: Request) -> Reply:
    return {"status": "alive"}


async def get_readyz(services: Services, request: Request) -> Reply:
    if services.relay.means.journal.failing is not None:
        return Value({"status": "unready", "checks": {"store": "unreachable"}}, 503)
    return {"status": "ready", "checks": {"store": "ok"}}


def _endpoints(request: Request) -> list[str]:
    """Every endpoint of the listener that was asked, except those of administrators."""
    for listener in request.config.routes.listeners:
        if any(mount is request.mount for mount in listener.mounts):
            return [
                f"{operation.method} {mount.at}{operation.path}"
                for mount in listener.mounts
                if mount.document != "admin"
                for operation in OPERATIONS.values()
                if operation.document == mount.document
            ]
    return []
