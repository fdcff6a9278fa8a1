"""Who calls, by network address, and which addresses are one and the same caller."""

import ipaddress
from collections.abc import Sequence

from tollhouse.config.snapshot import Network

NETWORK_BITS = 64  # of an IPv6 address; whoever has one address has its whole /64 (RFC 4291, 2.5.4; RFC 6177)


def network_of(address: str) -> str:
    """An address as limits see it: an IPv4 address itself, also where it is mapped into IPv6; an IPv6 address its /64.

    What is no address (a test client, a socket without one) stands for itself.
    """
    if ":" not in address:
        return address
    try:
        parsed = ipaddress.IPv6Address(address.partition("%")[0])
    except ValueError:
        return address
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.IPv6Network((parsed, NETWORK_BITS), strict=False))


def caller_behind(peer: str, forwarded: str, trusted: Sequence[Network]) -> str:
    """The address of the caller behind proxies that the operator trusts: the last one that none of them has.

    `forwarded` is what X-Forwarded-For says, each proxy's peer in turn. Whoever is not trusted could have written what
    stands before, so nothing of it counts.
    """
    caller = peer
    addresses = [text.strip() for text in forwarded.split(",")]
    while _is_within(caller, trusted) and addresses:
        address = _without_port(addresses.pop())
        if _parsed(address) is None:
            break
        caller = address
    return caller


def _is_within(address: str, networks: Sequence[Network]) -> bool:
    parsed = _parsed(address)
    return parsed is not None and any(parsed in network for network in networks)


def _parsed(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return None
    return getattr(parsed, "ipv4_mapped", None) or parsed


def _without_port(text: str) -> str:
    """An address that some proxies write with a port: `192.0.2.1:4711`, `[2001:db8::1]:4711`."""
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0] if text.count(":") == 1 else text
