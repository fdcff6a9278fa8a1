"""Usage: what was used and charged in a span of time, from the roll-ups that the store keeps beside the ledger."""

from collections.abc import Mapping, Sequence
from typing import Any

from tollhouse.billing.journal import read
from tollhouse.billing.ledger import Account
from tollhouse.billing.money import format_usd
from tollhouse.config.problems import accepted_fix
from tollhouse.endpoints.context import Reply, Request, Services, Text
from tollhouse.endpoints.user import signed_in
from tollhouse.errors import InvalidRequest, NotFound
from tollhouse.storage.base import USAGE_SHOWN, USAGE_SUMS, Store, UsageQuery
from tollhouse.tables import comma_separated
from tollhouse.times import HOUR_US, Period, format_day, format_hour, now_us, parse_period

GROUPS = ("day", "hour", "model", "key", "provider")
GROUPS_OF_ALL = (*GROUPS, "account")
HOURLY_DAYS_MAX = 731  # two years, one of them a leap year
ROWS_MAX = 50_000


async def get_usage(
    services: Services,
    request: Request,
    *,
    start: str | None,
    end: str | None,
    by: str,
    key_id: str | None,
    written_as: str,
) -> Reply:
    account, _ = signed_in(request)
    query, period = _query(account, start, end, _groups(by, GROUPS), key_id)
    return await _reply(services, query, period, written_as)


async def get_all_usage(
    services: Services,
    request: Request,
    *,
    start: str | None,
    end: str | None,
    by: str,
    account: str | None,
    key_id: str | None,
    written_as: str,
) -> Reply:
    found = services.accounts.find(account) if account is not None else None
    query, period = _query(found, start, end, _groups(by, GROUPS_OF_ALL), key_id)
    return await _reply(services, query, period, written_as)


def _groups(by: str, accepted: Sequence[str]) -> tuple[str, ...]:
    groups = tuple(dict.fromkeys(word.strip() for word in by.split(",")))
    for group in groups:
        if group not in accepted:
            raise InvalidRequest(f"by: {group[:40]!r} is not a group; {accepted_fix(group, accepted)}", param="by")
    return groups


def _query(
    account: Account | None, start: str | None, end: str | None, groups: tuple[str, ...], key_id: str | None
) -> tuple[UsageQuery, Period]:
    try:
        period = parse_period(start, end, now_us())
    except ValueError as error:
        raise InvalidRequest(f"{error}.") from error
    first, last = period.start_us // HOUR_US, period.end_us // HOUR_US
    if "hour" in groups and last - first > 24 * HOURLY_DAYS_MAX:
        raise InvalidRequest(
            f"by: hours can be asked for at most {HOURLY_DAYS_MAX} days at a time; bring `from` and `to` nearer together, "
            "or group by day.",
            param="by",
        )
    account_id = account.id if account is not None else None
    return UsageQuery(groups, first, last, account_id, key_id, ROWS_MAX + 1), period


async def _reply(services: Services, query: UsageQuery, period: Period, written_as: str) -> Reply:
    if query.key_id is not None:
        _check_key(services, query.key_id, query.account)
    await services.relay.means.journal.flush()  # so a client sees its own call
    return await read(services.accounts.store, lambda store: _shown(store, query, period, written_as))


def _check_key(services: Services, key_id: str, account_id: str | None) -> None:
    """Raises NotFound for a key of another account just as for one that nobody has."""
    key = services.accounts.keys.keys.get(key_id)
    if key is None or account_id not in (None, key.account.id):
        whose = "There is" if account_id is None else "This account has"
        raise NotFound(f"{whose} no API key with the id {key_id[:40]}.")


def _shown(store: Store, query: UsageQuery, period: Period, written_as: str) -> Reply:
    rows = store.usage(query)
    if len(rows) > ROWS_MAX:
        raise InvalidRequest(
            f"by: the answer has more than {ROWS_MAX} rows; bring `from` and `to` nearer together, or group by less.",
            param="by",
        )
    shown = [{**_group(row, query.by), **_sums(row)} for row in rows]
    if written_as == "csv":
        return Text(comma_separated(shown, (*query.by, *USAGE_SHOWN)), "text/csv; charset=utf-8")
    return {
        "object": "usage",
        "account": query.account,
        "from": period.start,
        "to": period.end,
        "by": list(query.by),
        "data": shown,
        "total": _sums({name: sum(row[name] for row in rows) for name in USAGE_SUMS}),
    }


def _group(row: Mapping[str, Any], by: Sequence[str]) -> dict[str, Any]:
    group = {name: row[name] for name in by}
    if "day" in group:
        group["day"] = format_day(group["day"])
    if "hour" in group:
        group["hour"] = format_hour(group["hour"])
    if "key" in group:
        group["key"] = group["key"] or None  # of the anonymous account
    return group


def _sums(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**{name: row[name] for name in USAGE_SUMS[:-1]}, "cost_usd": format_usd(row["cost_nano"])}
