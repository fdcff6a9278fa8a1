"""`routes.yaml` as Routes: listeners, mounts and the rules for everyone."""

import dataclasses
import ipaddress
import re
from types import MappingProxyType

from tollhouse.config.base_url import host_address
from tollhouse.config.decimals import parse_usd
from tollhouse.config.document import Node
from tollhouse.config.snapshot import Anonymous, Limits, Listener, Mount, Network, Routes

# The shape of error bodies where a mount does not say; `detail` where the document is not listed.
DOCUMENT_ERRORS = {"openai": "openai", "anthropic": "anthropic", "provider": "provider", "admin": "problem"}

_BIND = re.compile(r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<host>[^\[\]:\s]+)):(?P<port>[0-9]{1,5})")
_HOST_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")
_EVERY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104  (recognised, not bound)


def build_routes(root: Node) -> Routes:
    """The routes, as far as the document allows; findings go into the document."""
    anonymous, accounts, ledger = root.child("anonymous"), root.child("accounts"), root.child("ledger")
    usual = Routes(listeners=())
    prefixes = {kind: root.child("key_prefixes").get(kind, str, prefix) for kind, prefix in usual.key_prefixes.items()}
    return Routes(
        listeners=_listeners(root.child("listeners")),
        anonymous=Anonymous(
            models=frozenset(anonymous.texts("models")),
            requests_per_minute=anonymous.integer("requests_per_minute", usual.anonymous.requests_per_minute),
        ),
        cors_origins=root.child("cors").texts("origins") if root.child("cors").has("origins") else usual.cors_origins,
        trusted_proxies=_networks(root.child("trusted_proxies")),
        signup_credit_nano=accounts.parsed("signup_credit_usd", parse_usd, usual.signup_credit_nano),
        active_keys_max=accounts.integer("active_keys_max", usual.active_keys_max),
        limits=_limits(root.child("limits")),
        hold=ledger.get("hold", str, usual.hold),
        durability=ledger.get("durability", str, usual.durability),
        key_prefixes=MappingProxyType(prefixes),
    )


def _networks(node: Node) -> tuple[Network, ...]:
    found = []
    for item in node.items():
        try:
            found.append(ipaddress.ip_network(str(item.value)))
        except ValueError:
            item.error(f'"{item.value}" is no address and no network', "such as 127.0.0.1, 10.0.0.0/8 or fd00::/8")
    return tuple(found)


def _listeners(node: Node) -> tuple[Listener, ...]:
    listeners: list[Listener] = []
    for name, entry in node.children():
        host, port = _bind(entry.child("bind"))
        for other in listeners:
            if _collide((host, port), (other.host, other.port)):
                fix = "give each listener its own port, or merge their mounts"
                entry.child("bind").error(f"{host}:{port} is already taken by the listener {other.name}", fix)
        mounts = tuple(_mount(mount) for mount in entry.child("mounts").items())
        listeners.append(Listener(name, host, port, mounts))
    return tuple(listeners)


def _bind(node: Node) -> tuple[str, int]:
    """Host and port; ("", 0) where they cannot be told."""
    if not isinstance(node.value, str):
        return "", 0
    match = _BIND.fullmatch(node.value)
    if match is None:
        node.error(f'"{node.value}" is not an address', "write host:port, such as 127.0.0.1:8000 or [::1]:8000")
        return "", 0
    host, port = match["v6"] or match["host"], int(match["port"])
    address = host_address(host)
    if port > 65535:
        node.error(f"{port} is not a port", "a port is 0 to 65535; 0 takes a free one")
    elif address is None and (not _HOST_NAME.fullmatch(host) or match["v6"] or host[-1].isdigit()):
        node.error(f'"{host}" is not a host', "write host:port, such as 127.0.0.1:8000 or [::1]:8000")
    return host, port


def _collide(one: tuple[str, int], other: tuple[str, int]) -> bool:
    """Whether two addresses cannot both be bound; port 0 always takes another one."""
    hosts = {"127.0.0.1" if host == "localhost" else host for host in (one[0], other[0])}
    return one[1] == other[1] != 0 and (len(hosts) == 1 or not hosts.isdisjoint(_EVERY_ADDRESS))


def _mount(node: Node) -> Mount:
    document = node.get("document", str, "")
    heartbeat_s = node.number("heartbeat_before_first_frame_s", 0.0)
    return Mount(
        document=document,
        at=node.get("at", str, ""),
        errors=node.get("errors", str, DOCUMENT_ERRORS.get(document, "detail")),
        auth=node.get("auth", str, "required"),
        public=frozenset(node.texts("public")),
        health=node.get("health", str, "json"),
        heartbeat_before_first_frame_s=heartbeat_s or None,
    )


def _limits(node: Node) -> Limits:
    """Every limit is a number named like its field; whole numbers where the usual value is one."""
    usual = Limits()
    values: dict[str, int | float] = {}
    for field in dataclasses.fields(Limits):
        default = getattr(usual, field.name)
        take = node.integer if isinstance(default, int) else node.number
        values[field.name] = take(field.name, default)
    return Limits(**values)  # type: ignore[arg-type]  # the loop keeps each field's own type
