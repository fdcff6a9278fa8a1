"""Sealed keys: they open in their own row under their own master key, and nowhere else."""

import os
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tollhouse.vault import MASTER_ID_BYTES, NONCE_BYTES, CannotOpen, Vault, master_id

OLD, NEW = b"\x01" * 32, b"\x02" * 32
VALUE = "sk-canary-0123456789abcdef"
VISIBLE = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=300)


def opened(vault: Vault, sealed: bytes, provider: str = "openai", key_id: str = "upk_1") -> str:
    return vault.open(provider, key_id, sealed)


@given(VISIBLE, st.text(max_size=64), st.text(max_size=64))
def test_what_is_sealed_opens_in_its_own_row(value: str, provider: str, key_id: str) -> None:
    vault = Vault([os.urandom(32)])
    sealed = vault.seal(provider, key_id, value)
    assert vault.open(provider, key_id, sealed) == value
    assert len(value) < 4 or value.encode() not in sealed


@pytest.mark.parametrize(("provider", "key_id"), [("openai2", "upk_1"), ("openai", "upk_2"), ("openaiu", "pk_1")])
def test_a_sealed_key_does_not_open_in_another_row(provider: str, key_id: str) -> None:
    vault = Vault([NEW])
    with pytest.raises(CannotOpen, match=f"The key {key_id} of the provider {provider} is damaged"):
        opened(vault, vault.seal("openai", "upk_1", VALUE), provider, key_id)


def test_every_flipped_bit_and_every_cut_shows_and_is_told_without_the_value() -> None:
    vault = Vault([NEW, OLD])
    sealed = vault.seal("openai", "upk_1", VALUE)
    broken = [sealed[:length] for length in range(len(sealed))]
    for position in range(len(sealed) * 8):
        flipped = bytearray(sealed)
        flipped[position // 8] ^= 1 << position % 8
        broken.append(bytes(flipped))
    for each in broken:
        with pytest.raises(CannotOpen, match=r"upk_1 of the provider openai") as refused:
            opened(vault, each)
        told = f"{refused.value!r} {refused.value.__cause__!r}"
        assert VALUE not in told and OLD.hex() not in told and NEW.hex() not in told


def test_the_same_key_is_never_sealed_the_same_way_twice() -> None:
    vault = Vault([NEW])
    nonces = {vault.seal("openai", "upk_1", VALUE)[1 + MASTER_ID_BYTES :][:NONCE_BYTES] for _ in range(1000)}
    assert len(nonces) == 1000


def test_an_older_master_key_opens_and_the_newest_seals() -> None:
    sealed = Vault([OLD]).seal("openai", "upk_1", VALUE)
    rotating = Vault([NEW, OLD])
    assert opened(rotating, sealed) == VALUE and not rotating.is_current(sealed)
    again = rotating.seal("openai", "upk_1", opened(rotating, sealed))
    assert rotating.is_current(again) and opened(Vault([NEW]), again) == VALUE


def test_a_lost_master_key_is_named_by_its_id_and_the_way_out_is_told() -> None:
    sealed = Vault([OLD]).seal("openai", "upk_1", VALUE)
    with pytest.raises(CannotOpen, match=rf"upk_1 of the provider openai .* {master_id(OLD).hex()}.*put that one back"):
        opened(Vault([NEW]), sealed)


def test_the_same_master_key_twice_is_one() -> None:
    vault = Vault([NEW, OLD, NEW])
    assert vault.is_current(vault.seal("openai", "upk_1", VALUE))
    assert opened(Vault([NEW]), vault.seal("openai", "upk_1", VALUE)) == VALUE


def test_noise_never_opens() -> None:
    vault, noise = Vault([NEW]), random.Random(1)
    header = vault.seal("openai", "upk_1", VALUE)[: 1 + MASTER_ID_BYTES]
    for length in range(100):
        for sealed in (noise.randbytes(length), header + noise.randbytes(length)):
            with pytest.raises(CannotOpen):
                opened(vault, sealed)


def test_a_vault_shows_nothing() -> None:
    vault = Vault([NEW, OLD])
    shown = repr(vault) + repr(vars(vault))
    assert NEW.hex() not in shown and repr(NEW)[2:-1] not in shown and repr(OLD)[2:-1] not in shown
