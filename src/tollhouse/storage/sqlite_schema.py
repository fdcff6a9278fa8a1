"""The schema of the SQLite store, as migrations. `entries` is the truth; every other table of money is derived from it.

Derived tables are written in the transaction that adds the entries, and the audit compares them: `balances` and the
roll-ups `usage_hours` and `usage_days`, in which a request counts in the window in which it began, whose prices it has,
with the model that it named. `hold_marks` follows later and only ever says less than the entries (`sqlite_holds`); the
audit compares it, too.
"""

from sqlite_utils import Database, Migrations

from tollhouse.storage.base import TOKENS, USAGE_SUMS
from tollhouse.times import DAY_US, HOUR_US

ENTRY_COLUMNS = (
    "kind", "at_us", "account", "request_id", "key_id", "operation", "requested_model", "price_version",
    "account_multiplier", "held_nano", "stream", "debit", "credit", "amount_nano", "provider", "upstream_key_id",
    "served_model", "attempts", "input_tokens", "cache_read_tokens", "cache_write_5m_tokens", "cache_write_1h_tokens",
    "output_tokens", "model_multiplier", "usage_source", "status", "ttfb_ms", "duration_ms", "reference", "reason",
)  # fmt: skip
_INTEGERS = {
    "at_us", "held_nano", "stream", "amount_nano", "input_tokens", "cache_read_tokens", "cache_write_5m_tokens",
    "cache_write_1h_tokens", "output_tokens", "status", "ttfb_ms", "duration_ms",
}  # fmt: skip
ROLLUPS = {"usage_hours": ("hour", HOUR_US), "usage_days": ("day", DAY_US)}  # name → window, microseconds
CRASH = "crash: the process ended before the answer did"
UNCHARGED = "kind IN ('void', 'expire', 'refund')"  # in the words of the index that finds them
# Answers that a provider may have made and nobody paid for.
UNPAID = f"{UNCHARGED} AND (kind <> 'void' OR reason = '{CRASH}')"

LOG_COLUMNS = ("id", "at_us", "actor", "client", "request_id", "action", "account", "object", "before", "after")

migrations = Migrations("tollhouse")


@migrations()
def m001_first_schema(db: Database) -> None:
    db.table("accounts").create(
        {"id": str, "name": str, "multiplier_ppm": int, "status": str, "created_at_us": int}, pk="id", strict=True
    )
    db.table("accounts").create_index(["name"])
    db.table("balances").create({"account": str, "balance_nano": int, "spent_nano": int}, pk="account", strict=True)
    db.table("api_keys").create(
        {
            "id": str, "account": str, "name": str, "prefix": str, "secret_hash": bytes, "created_at_us": int,
            "models": str, "requests_per_minute": int, "tokens_per_minute": int, "burst": int, "concurrency": int,
            "quota_nano": int, "quota_tokens": int, "expires_at_us": int, "revoked_at_us": int, "last_used_at_us": int,
        },
        pk="id", strict=True,
    )  # fmt: skip
    db.table("api_keys").create_index(["account"])
    db.table("entries").create(
        {
            "seq": int,
            **{column: int if column in _INTEGERS else str for column in ENTRY_COLUMNS},
            "previous_hash": bytes,
            "hash": bytes,
        },
        pk="seq",
        strict=True,
    )
    # The store itself refuses a second hold, a second resolution and a second credit of one reference.
    db.execute(
        "CREATE UNIQUE INDEX entries_one_hold_one_resolution ON entries(request_id, kind = 'hold') "
        "WHERE request_id IS NOT NULL"
    )
    db.execute("CREATE UNIQUE INDEX entries_one_credit ON entries(account, reference) WHERE kind = 'credit'")
    db.execute("CREATE INDEX entries_holds_of_account ON entries(account, seq) WHERE kind = 'hold'")
    db.table("price_versions").create({"version": str, "catalogue": str, "at_us": int}, pk="version", strict=True)


@migrations()
def m002_rollups_budgets_and_rows_that_never_change(db: Database) -> None:
    for window in ("daily_budget_nano", "monthly_budget_nano"):
        db.execute(f"ALTER TABLE accounts ADD COLUMN {window} INTEGER")
    db.execute("ALTER TABLE balances ADD COLUMN adjusted_nano INTEGER NOT NULL DEFAULT 0")
    db.execute("DROP INDEX entries_one_hold_one_resolution")
    db.execute(
        "CREATE UNIQUE INDEX entries_one_of_each ON entries(request_id, "
        "CASE kind WHEN 'hold' THEN 0 WHEN 'refund' THEN 2 ELSE 1 END) WHERE request_id IS NOT NULL"
    )
    db.execute("DROP INDEX entries_one_credit")
    db.execute(
        "CREATE UNIQUE INDEX entries_one_reference ON entries(account, reference) WHERE kind IN ('credit', 'adjust')"
    )
    db.execute(f"CREATE INDEX entries_uncharged ON entries(kind, seq) WHERE {UNCHARGED}")
    for change in ("UPDATE", "DELETE"):
        db.execute(
            f"CREATE TRIGGER entries_refuse_{change.lower()} BEFORE {change} ON entries "
            "BEGIN SELECT raise(ABORT, 'entries are only ever added'); END"
        )
    sums = ", ".join(f"{column} INTEGER NOT NULL" for column in USAGE_SUMS)
    spent = ", ".join(f"sum(r.{column})" for column in (*TOKENS, "amount_nano"))
    for table, (window, width_us) in ROLLUPS.items():
        db.execute(
            f"CREATE TABLE {table} ({window} INTEGER, account TEXT, key_id TEXT, model TEXT, provider TEXT, {sums}, "
            f"PRIMARY KEY ({window}, account, key_id, model, provider)) STRICT, WITHOUT ROWID"
        )
        db.execute(  # what was charged before there were roll-ups
            f"INSERT INTO {table} SELECT h.at_us / {width_us}, h.account, coalesce(h.key_id, ''), h.requested_model, "  # noqa: S608 - names are ours
            f"r.provider, count(*), {spent} FROM entries r CROSS JOIN entries h ON h.request_id = r.request_id AND "
            "h.kind = 'hold' WHERE r.kind = 'post' GROUP BY 1, 2, 3, 4, 5"
        )


@migrations()
def m003_wallets_sessions_and_sign_in_links(db: Database) -> None:
    db.table("wallets").create(
        {"address": str, "account": str, "chain_id": int, "sign_in_count": int, "owed_nano": int},
        pk="address", strict=True, not_null={"account", "chain_id", "sign_in_count", "owed_nano"},
    )  # fmt: skip
    db.table("wallets").create_index(["account"], unique=True)
    db.table("session_epochs").create({"account": str, "epoch": int}, pk="account", strict=True, not_null={"epoch"})
    db.table("revoked_sessions").create({"id": str, "expires_at_us": int}, pk="id", strict=True)
    db.table("sign_in_links").create(
        {"token_hash": bytes, "account": str, "expires_at_us": int}, pk="token_hash", strict=True
    )


@migrations()
def m004_log_of_administration_and_keys_that_share_a_quota(db: Database) -> None:
    columns = {"seq": int, **{column: int if column == "at_us" else str for column in LOG_COLUMNS}}
    db.table("admin_log").create(columns, pk="seq", not_null=set(LOG_COLUMNS), strict=True)
    db.table("admin_log").create_index(["id"], unique=True)
    for column in ("account", "object"):
        db.table("admin_log").create_index([column, "seq"])
    for change in ("UPDATE", "DELETE"):
        db.execute(
            f"CREATE TRIGGER admin_log_refuse_{change.lower()} BEFORE {change} ON admin_log "
            "BEGIN SELECT raise(ABORT, 'the log is only ever added to'); END"
        )
    db.execute("ALTER TABLE api_keys ADD COLUMN quota_of TEXT")


@migrations()
def m005_upstream_keys_and_paused_providers(db: Database) -> None:
    db.table("upstream_keys").create(
        {
            "id": str, "provider": str, "sealed": bytes, "last_four": str, "weight": int, "created_at_us": int,
            "revoked_at_us": int,
        },
        pk="id", strict=True, not_null={"provider", "last_four", "weight", "created_at_us"},
    )  # fmt: skip
    db.table("provider_states").create(  # those that are paused
        {"provider": str, "paused_at_us": int, "reason": str, "paused_by": str},
        pk="provider", strict=True, not_null={"paused_at_us", "reason", "paused_by"},
    )  # fmt: skip


@migrations()
def m006_marks_of_spending(db: Database) -> None:
    db.table("spending_marks").create(
        {"provider": str, "day": int, "kind": str, "amount_nano": int, "at_us": int, "told_at_us": int},
        pk=("day", "provider", "kind", "amount_nano"), not_null={"at_us"}, strict=True,
    )  # fmt: skip


@migrations()
def m007_marks_of_open_holds(db: Database) -> None:
    db.table("hold_marks").create({"seq": int}, pk="seq", strict=True)


def migration_names() -> set[str]:
    """Every migration that this version knows."""
    return {migration.name for migration in migrations.pending(Database(memory=True))}
