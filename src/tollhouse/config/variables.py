"""Every environment variable that Tollhouse reads by name, in words for people; `docs/settings.md` prints them."""

from collections.abc import Mapping
from types import MappingProxyType

VARIABLES: Mapping[str, str] = MappingProxyType(
    {
        "SECRET_KEY": "Signs sessions: at least 32 bytes; several, the newest first, are separated by commas. Unset: one is made and kept "
        "in the data directory. The default that was once published and short ones are refused.",
        "ACCESS_TOKEN_EXPIRE_MINUTES": "How long a session lasts. Default: 1440.",
        "TOLLHOUSE_ADMIN_TOKEN": "The bearer token of the admin API. Unset: one is made at the first start, printed once, and kept in the data "
        "directory.",
        "TOLLHOUSE_MASTER_KEYS": "One or more base64 keys of 32 bytes that encrypt stored keys of providers, the newest first, separated by "
        "commas. Unset: one is made and kept in the data directory.",
        "TOLLHOUSE_DATA_DIR": "Where the ledger, accounts, keys and secrets are kept; `--data` wins. Default: `./data`.",
        "TOLLHOUSE_PUBLIC_URL": "The address that people see: the domain of sign-in messages, the base URL in the documentation. Default: the "
        "first listener.",
        "OCF_HEAD_URL": "Adds an OpenAI-dialect provider `ocf` at `$OCF_HEAD_URL/v1`: for the models of a provider entry `ocf` where there is "
        "one, else for the models of the catalogue that nobody offers. Unset: it is off.",
        "REDIS_URL": "Redis or Valkey, in which several gateways share what providers have cost: `redis://`, `rediss://`, `valkey://`, "
        "`valkeys://` or `unix://`. Unset: each counts for itself.",
        "SMTP_URL": "Hands e-mails in: `smtp+starttls://user:password@host:587?from=address` sends nothing unencrypted, `smtps://` encrypts from "
        "the first byte, `smtp://` where the server offers it. Unset: alerts are lines of the log.",
        "ALERT_EMAIL_TO": "Who gets alerts: e-mail addresses, separated by commas.",
        "TOLLHOUSE_DATABASE_URL": "Refused: this build has only the embedded store, SQLite in the data directory.",
        "TOLLHOUSE_API_KEY": "The API key of `tollhouse test contract`, `tollhouse spec` and the pytest plugin, where `--key` is left out.",
        "TOLLHOUSE_MODELS_DIR": "Where the local node looks for model files first; then in `models` and in the data directory.",
    }
)
