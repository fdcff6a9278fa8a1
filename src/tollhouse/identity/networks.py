"""Which callers without a key are one and the same: by network address."""

import ipaddress

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
