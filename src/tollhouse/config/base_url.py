"""What a base URL may be: http or https, nothing but an address, and never a private one by accident."""

import ipaddress
import re
import socket
from urllib.parse import urlsplit

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_HOST_NAME = re.compile(r"(?=.{1,253}\Z)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*", re.I)


def base_url_problem(url: str, *, allow_private: bool) -> tuple[str, str] | None:
    """What is wrong with a base URL and how to mend it; None where it is fine.

    A name that resolves to a private address cannot be seen here; the connection checks that again.
    """
    if "@" in re.sub(r"^[^/]*//", "", url).partition("/")[0]:  # first, so that no finding below shows a password
        return ("holds a user name or password", "remove it; credentials belong in `keys`")
    if not url.isascii() or any(character <= " " or character == "\\" for character in url):
        return (f'"{url}" is not a URL', "use plain ASCII without spaces or backslashes")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        return (f'"{url}" is not a URL: {error}', "such as https://api.openai.com/v1")
    if parts.scheme not in ("http", "https"):
        return (f'"{url}" is not an http or https address', "begin it with https:// or http://")
    if "?" in url or "#" in url:
        return (f'"{url}" has a query or a fragment', "end it with the path, such as https://api.openai.com/v1")
    address = host_address(host)
    if address is None and not _HOST_NAME.fullmatch(host.rstrip(".")):
        return (f'"{url}" names no host', "such as https://api.openai.com/v1")
    if not allow_private and is_private_host(host):
        return (
            f"{host} is a loopback or private address",
            "if that is meant, add `allow_private: true` to this provider",
        )
    return None


def is_private_host(host: str) -> bool:
    """Whether a host is `localhost`, or an address that is not on the public internet."""
    address = host_address(host)
    if address is None:
        return host.rstrip(".").lower().rpartition(".")[2] in ("localhost", "local", "internal")
    return not address.is_global or address.is_multicast


def host_address(host: str) -> IPAddress | None:
    """The IP address that a host is written as, also in the short and numeric forms that resolvers take (127.1)."""
    try:
        address: IPAddress = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        try:
            address = ipaddress.IPv4Address(socket.inet_aton(host.rstrip(".")))
        except OSError:
            return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address
