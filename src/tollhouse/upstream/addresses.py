"""Where a provider's URL leads: its origin, and the addresses behind the name, each checked before it is connected to.

The connection goes to the very address that was checked, so a name server that answers differently a moment later changes nothing.
"""

import asyncio
import ipaddress
import re
import socket
from urllib.parse import urlsplit

from tollhouse.upstream import AddressRefused, ConnectFailed, ConnectTimeout, InvalidRequest

RESOLVED_NAME_LIFE_S = 60.0

_HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]*:[0-9a-f:.]*")


class Origin:
    """A scheme, host and port (RFC 6454) and whether private addresses are fine. Raises AddressRefused, InvalidRequest."""

    def __init__(self, scheme: str, authority: str, allow_private: bool) -> None:
        scheme = scheme.lower()
        if scheme not in ("http", "https"):
            raise AddressRefused("upstream URLs are http or https")
        if "@" in authority:
            raise AddressRefused("upstream URLs carry no user name or password")
        try:
            parts = urlsplit(f"{scheme}://{authority}")
            host, port = parts.hostname or "", parts.port
            host = host.encode("idna").decode() if not host.isascii() else host
        except ValueError:
            raise InvalidRequest("the upstream URL cannot be parsed") from None
        if not _HOST.fullmatch(host):
            raise InvalidRequest("the upstream URL cannot be parsed")
        self.tls = scheme == "https"
        self.host = host
        self.port = port or (443 if self.tls else 80)
        self.authority = (f"[{host}]" if ":" in host else host) + (f":{port}" if port else "")
        self._allow_private = allow_private
        self._addresses: list[str] = []
        self._addresses_until = 0.0

    async def addresses(self, timeout_s: float) -> list[str]:
        """Where it may be reached; resolved once a minute. Raises AddressRefused, ConnectFailed, ConnectTimeout."""
        loop = asyncio.get_running_loop()
        if self._addresses_until > loop.time():
            return self._addresses
        try:
            async with asyncio.timeout(timeout_s):
                infos = await loop.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        except TimeoutError as error:
            raise ConnectTimeout(f"{self.host} could not be resolved within {timeout_s:g} s") from error
        except (OSError, UnicodeError) as error:
            raise ConnectFailed(f"{self.host} cannot be resolved") from error
        addresses = list(dict.fromkeys(str(info[4][0]) for info in infos))
        if not self._allow_private and not all(map(is_public, addresses)):
            raise AddressRefused(f"{self.host} is a private address, and this provider has no allow_private")
        self._addresses, self._addresses_until = addresses, loop.time() + RESOLVED_NAME_LIFE_S
        return addresses


def is_public(address: str) -> bool:
    """Whether an IP address is a public unicast one, also where an IPv6 address only wraps an IPv4 one.

    Not public: loopback, private, link-local, carrier-grade NAT (RFC 6598), multicast, unspecified, reserved.
    """
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        wrapped = ip.ipv4_mapped or ip.sixtofour or (ip.teredo and ip.teredo[1]) or _nat64(ip)
        if wrapped:
            ip = wrapped
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or getattr(ip, "is_site_local", False))


def _nat64(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address in the well-known prefix 64:ff9b::/96 (RFC 6052)."""
    return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if int(ip) >> 32 == 0x0064FF9B << 64 else None
