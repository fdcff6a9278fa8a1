"""What every relayed endpoint does: hand the validated request to the relay with the headers that may go up."""

from types import MappingProxyType

from tollhouse.charge import Call
from tollhouse.dialects import DIALECTS
from tollhouse.endpoints.context import Answer, Request, Services

# What goes up beside the dialect's own headers where only the client knows what it asks for. No idempotency keys: callers
# share the provider's account, so one of them would be given the answer of another.
PASSED_HEADERS = MappingProxyType({"accept": "*/*", "range": None, "if-range": None})


async def relay(services: Services, request: Request) -> Answer:
    """Send a metered (or free) wire request; raises ApiError."""
    operation, principal = request.operation, request.principal
    assert operation is not None and principal is not None, "relayed operations are routed and authenticated"
    headers = {}
    forwarded = DIALECTS[operation.dialect or ""].forwarded_headers
    if request.payload is not None:
        forwarded = {**forwarded, **PASSED_HEADERS}
    for name, default in forwarded.items():
        given = request.headers.get(name.encode())
        value = default if given is None else given.decode("latin-1")
        if value is not None:
            headers[name] = value
    return await services.relay.send(
        Call(
            request.request_id,
            principal,
            operation,
            request.body,
            headers,
            request.config,
            request.router,
            request.passage,
            request.payload,
        )
    )
