"""What a client is made with: its options, else environment variables, else defaults."""

import os
from collections.abc import Mapping
from types import MappingProxyType

import httpx

from .operations import Scheme, Settings


def configured(
    *,
    environment: str,
    user_agent: str,
    default_base_url: str,
    schemes: Mapping[str, Scheme],
    credentials: Mapping[str, str | None],
    base_url: str | None,
    timeout: float | httpx.Timeout | None,
    max_retries: int,
    default_headers: Mapping[str, str] | None,
) -> Settings:
    """The settings of a client. An option that is None is the variable `{environment}_{OPTION}`; an empty variable is none."""
    found = {
        option: given if given is not None else os.environ.get(f"{environment}_{option.upper()}")
        for option, given in {**credentials, "base_url": base_url}.items()
    }
    address = found.pop("base_url") or default_base_url
    headers = {"user-agent": user_agent} | {name.lower(): value for name, value in (default_headers or {}).items()}
    return Settings(
        base_url=address.rstrip("/"),
        credentials=MappingProxyType({option: value for option, value in found.items() if value}),
        schemes=schemes,
        headers=MappingProxyType(headers),
        timeout=timeout,
        max_retries=max_retries,
    )
