"""Which addresses count as public, how an origin is read, and that every address behind a name is checked."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tollhouse.upstream import AddressRefused, ConnectTimeout, InvalidRequest
from tollhouse.upstream.addresses import Origin, is_public

PRIVATE = [
    "127.0.0.1", "127.8.9.1", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "100.127.255.255", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "::", "::1", "fe80::1", "fc00::1", "fd12::1",
    "fec0::1", "ff02::1", "ff0e::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::7f00:1", "64:ff9b::7f00:1", "2002:7f00:1::", "fe80::1%2",
]  # fmt: skip
PUBLIC = ["1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.1", "172.32.0.1", "2606:4700::1111", "::ffff:1.1.1.1"]


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses(address: str) -> None:
    assert is_public(address)


class NameServer:
    def __init__(self) -> None:
        self.addresses: list[str] = []  # none: it never answers
        self.lookups: list[tuple[str, int]] = []

    async def getaddrinfo(self, host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        self.lookups.append((host, port))
        if not self.addresses:
            await asyncio.Event().wait()
        return [(0, 0, 0, "", (address, port)) for address in self.addresses]


@pytest.fixture
async def names(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[NameServer]:
    names = NameServer()
    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", names.getaddrinfo)
    yield names


async def test_a_name_is_looked_up_once_while_it_lives(names: NameServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tollhouse.upstream.addresses.RESOLVED_NAME_LIFE_S", 0.05)
    origin = Origin("https", "api.example.com", allow_private=False)
    names.addresses = ["1.1.1.1", "1.1.1.1", "8.8.8.8"]
    for _ in range(3):
        assert await origin.addresses(1.0) == ["1.1.1.1", "8.8.8.8"]
    assert names.lookups == [("api.example.com", 443)]
    await asyncio.sleep(0.1)
    names.addresses = ["8.8.4.4"]
    assert await origin.addresses(1.0) == ["8.8.4.4"]


async def test_one_private_address_among_public_ones_is_refused_and_not_remembered(names: NameServer) -> None:
    origin = Origin("https", "api.example.com", allow_private=False)
    names.addresses = ["1.1.1.1", "10.0.0.1"]
    for _ in range(2):
        with pytest.raises(AddressRefused, match="allow_private"):
            await origin.addresses(1.0)
    names.addresses = ["1.1.1.1"]
    assert await origin.addresses(1.0) == ["1.1.1.1"]
    assert len(names.lookups) == 3


async def test_private_addresses_are_fine_where_they_are_allowed(names: NameServer) -> None:
    names.addresses = ["10.0.0.1"]
    assert await Origin("http", "inside:8000", allow_private=True).addresses(1.0) == ["10.0.0.1"]
    assert names.lookups == [("inside", 8000)]


async def test_a_name_server_that_hangs_is_a_connect_timeout(names: NameServer) -> None:
    with pytest.raises(ConnectTimeout, match=r"could not be resolved within 0.05 s"):
        await Origin("http", "inside", allow_private=True).addresses(0.05)


@pytest.mark.parametrize(
    ("scheme", "authority", "expected"),
    [
        ("HTTPS", "API.Example.com", ("api.example.com", 443, "api.example.com")),
        ("http", "a.example:8080", ("a.example", 8080, "a.example:8080")),
        ("https", "[2606:4700::1111]", ("2606:4700::1111", 443, "[2606:4700::1111]")),
        ("http", "bücher.example", ("xn--bcher-kva.example", 80, "xn--bcher-kva.example")),
    ],
)
def test_origins(scheme: str, authority: str, expected: tuple[str, int, str]) -> None:
    origin = Origin(scheme, authority, allow_private=False)
    assert (origin.host, origin.port, origin.authority) == expected


@pytest.mark.parametrize("authority", ["", ":80", "a:b", "a:99999", "[::1", "a b", "a%20b", "a,b"])
def test_illegal_authorities(authority: str) -> None:
    with pytest.raises(InvalidRequest):
        Origin("https", authority, allow_private=False)
