"""Stats: what an account has used since its beginning, in four numbers."""

from tollhouse.billing.journal import read
from tollhouse.endpoints.context import Reply, Request, Services
from tollhouse.errors import InvalidKey
from tollhouse.storage.base import UsageQuery
from tollhouse.times import DAY_US, HOUR_US, now_us

_PROMPT = ("input_tokens", "cache_read_tokens", "cache_write_5m_tokens", "cache_write_1h_tokens")


async def get_stats(services: Services, request: Request) -> Reply:
    principal = request.principal
    if principal is None or principal.key is None:  # also where the mount lets calls without a key pass
        raise InvalidKey("Stats are those of an account: send one of its API keys as `Authorization: Bearer <key>`.")
    await services.relay.means.journal.flush()  # so a client sees its own call
    tomorrow = now_us() // DAY_US + 1  # whole days, which are read from the smaller roll-up
    query = UsageQuery((), 0, (tomorrow + 1) * (DAY_US // HOUR_US), principal.account.id)
    [sums] = await read(services.accounts.store, lambda store: store.usage(query))
    prompt, completion = sum(sums[name] for name in _PROMPT), sums["output_tokens"]
    return {
        "totalRequests": sums["requests"],
        "totalTokens": prompt + completion,
        "totalPromptTokens": prompt,
        "totalCompletionTokens": completion,
    }
