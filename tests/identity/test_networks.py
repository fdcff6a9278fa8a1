"""IPv6 by /64, mapped IPv4 as IPv4; and who is behind a proxy."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollhouse.identity.networks import caller_behind, network_of


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("::FFFF:cb00:7107", "203.0.113.7"),
        ("::1", "::/64"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("testclient", "testclient"),
        ("not:an:address", "not:an:address"),
    ],
)
def test_an_address_belongs_to_its_network(address: str, network: str) -> None:
    assert network_of(address) == network


@given(st.ip_addresses(v=6), st.integers(min_value=0, max_value=2**64 - 1))
def test_all_addresses_of_a_64_are_one(address: ipaddress.IPv6Address, host: int) -> None:
    neighbour = ipaddress.IPv6Address((int(address) >> 64 << 64) | host)
    if address.ipv4_mapped is None and neighbour.ipv4_mapped is None:
        assert network_of(str(address)) == network_of(str(neighbour))


@given(st.ip_addresses(v=4))
def test_mapped_or_not_an_ipv4_address_is_one(address: ipaddress.IPv4Address) -> None:
    assert network_of(f"::ffff:{address}") == network_of(str(address)) == str(address)


TRUSTED = tuple(ipaddress.ip_network(text) for text in ("127.0.0.1", "10.0.0.0/8", "fd00::/8"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "caller"),
    [
        ("127.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "198.51.100.1, 203.0.113.7", "203.0.113.7"),  # the caller wrote the first one
        ("127.0.0.1", "203.0.113.7, 10.1.2.3", "203.0.113.7"),  # two proxies
        ("127.0.0.1", "203.0.113.7:4711", "203.0.113.7"),
        ("fd00::1", "[2001:db8::1]:4711", "2001:db8::1"),
        ("::ffff:10.0.0.1", "2001:db8::1", "2001:db8::1"),
        ("127.0.0.1", "10.1.2.3", "10.1.2.3"),  # a call from within
        ("127.0.0.1", "unknown", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.7, garbage", "127.0.0.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),  # nobody vouches for it
        ("", "198.51.100.1", ""),
    ],
)
def test_the_caller_is_the_last_address_that_no_trusted_proxy_has(peer: str, forwarded: str, caller: str) -> None:
    assert caller_behind(peer, forwarded, TRUSTED) == caller


@given(st.text(max_size=60))
def test_nothing_that_a_stranger_writes_changes_who_he_is(forwarded: str) -> None:
    assert caller_behind("127.0.0.1", f"{forwarded}, 203.0.113.7", TRUSTED) == "203.0.113.7"
    assert caller_behind("203.0.113.9", forwarded, TRUSTED) == "203.0.113.9"
