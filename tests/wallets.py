"""A wallet for tests: eth-account signs what the gateway asks for."""

import sys
from dataclasses import dataclass
from typing import Any

_LIMIT = sys.getrecursionlimit()
from eth_account import Account  # noqa: E402
from eth_account.messages import encode_defunct  # noqa: E402

# eth-account 0.14 brings py_ecc 8.0, which raises the limit to 100,000 for everybody: then deep JSON, which stock
# Connexion parses with the standard library, ends the process instead of raising RecursionError.
sys.setrecursionlimit(_LIMIT)

__all__ = ["Account", "Wallet", "encode_defunct"]


@dataclass(frozen=True, slots=True)
class Wallet:
    secret: int
    chain_id: int = 1

    @property
    def address(self) -> str:
        return str(Account.from_key(self.secret.to_bytes(32)).address)

    @property
    def asks(self) -> dict[str, Any]:
        """The query of a challenge."""
        return {"address": self.address, "chain_id": self.chain_id}

    def signature(self, message: str) -> str:
        account = Account.from_key(self.secret.to_bytes(32))
        return "0x" + bytes(account.sign_message(encode_defunct(text=message)).signature).hex()

    def answers(self, message: str) -> dict[str, Any]:
        """The body that connects with a signed message."""
        return {**self.asks, "signature": self.signature(message)}
