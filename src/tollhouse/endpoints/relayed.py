"""What every relayed endpoint does: hand the validated request to the relay with the headers that may go up."""

from collections.abc import Mapping

from tollhouse.charge import Call
from tollhouse.dialects import DIALECTS
from tollhouse.endpoints.context import Answer, Request, Services

# What goes up beside the dialect's own headers where only the client knows what it asks for. No idempotency keys: callers
# share the provider's account, so one of them would be given the answer of another.
_PASSED = {"accept": "*/*", "range": None, "if-range": None}


def _allowed(names: Mapping[str, str | None]) -> tuple[tuple[bytes, str, str | None], ...]:
    """An allow-list of headers with their defaults, each name as it comes in and as it goes up."""
    return tuple([(name.encode(), name, default) for name, default in names.items()])


FORWARDED = {name: _allowed(dialect.forwarded_headers) for name, dialect in DIALECTS.items()}
FORWARDED_UNREAD = {name: _allowed({**dialect.forwarded_headers, **_PASSED}) for name, dialect in DIALECTS.items()}


async def relay(services: Services, request: Request) -> Answer:
    """Send a metered (or free) wire request; raises ApiError."""
    operation, principal = request.operation, request.principal
    assert operation is not None and principal is not None, "relayed operations are routed and authenticated"
    allowed = (FORWARDED if request.payload is None else FORWARDED_UNREAD)[operation.dialect or ""]
    headers = {}
    for field, name, default in allowed:
        given = request.headers.get(field)
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
