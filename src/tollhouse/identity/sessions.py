"""Sessions of account holders: JSON Web Tokens (RFC 7519), HS256 and nothing else, checked without the store.

A token names its key (`kid`), so keys rotate: the first of the configured ones signs, all of them are good. What ends a
session before its time is kept in memory and on disk: its own id, or its account's epoch, which is in the token.
"""

import hashlib
import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import jwt

from tollhouse.errors import InvalidKey
from tollhouse.identity.principals import Session

ALGORITHM = "HS256"
ISSUER = "tollhouse"
AUDIENCE = "tollhouse:account"
KEY_BYTES_MIN = 32  # as long as the hash (RFC 7518, 3.2)
_CLAIMS = ("exp", "iat", "sub", "aud", "iss", "jti")


class Sessions:
    """The sessions of this process. What is ended here must be on disk first."""

    def __init__(
        self,
        keys: Sequence[bytes],
        lifetime_s: int,
        clock_us: Callable[[], int],
        *,
        epochs: Mapping[str, int],
        revoked: Mapping[str, int],
    ) -> None:
        """`keys`, newest first. `epochs` by account and `revoked`, which says when they expire, are what the store has."""
        assert keys and all(len(key) >= KEY_BYTES_MIN for key in keys), "the settings see to it"
        self._keys = {_name(key): key for key in keys}
        self._newest = _name(keys[0])
        self._lifetime_s = lifetime_s
        self._clock_us = clock_us
        self._epochs = dict(epochs)
        self._revoked = dict(revoked)

    def begin(self, account: str) -> str:
        """The token of a new session."""
        at_s = self._clock_us() // 1_000_000
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": account,
            "jti": secrets.token_urlsafe(16),
            "iat": at_s,
            "exp": at_s + self._lifetime_s,
            "epoch": self._epochs.get(account, 0),
        }
        return jwt.encode(claims, self._keys[self._newest], ALGORITHM, headers={"kid": self._newest})

    def read(self, token: str) -> Session:
        """The session of a token; raises InvalidKey where it is not ours, has expired or was ended."""
        claims = self._claims(token)
        session = Session(claims["jti"], claims["sub"], claims["exp"] * 1_000_000)
        if session.expires_at_us <= self._clock_us():
            raise InvalidKey("This session has expired; sign in again.", code="session_expired")
        if claims.get("epoch") != self._epochs.get(session.account, 0) or session.id in self._revoked:
            raise InvalidKey("This session was ended; sign in again.", code="session_ended")
        return session

    def _claims(self, token: str) -> dict[str, Any]:
        try:
            key = self._keys[jwt.get_unverified_header(token)["kid"]]
            options: Any = {"require": list(_CLAIMS), "verify_exp": False, "verify_iat": False}  # by our own clock
            claims: dict[str, Any] = jwt.decode(
                token, key, algorithms=[ALGORITHM], audience=AUDIENCE, issuer=ISSUER, options=options
            )
            if type(claims["exp"]) is not int:
                raise ValueError("exp is no number of seconds")
        except (jwt.PyJWTError, KeyError, TypeError, ValueError) as error:
            raise InvalidKey("Invalid session token; sign in again.", code="invalid_session") from error
        return claims

    def revoke(self, session: Session) -> None:
        """Refuse a session from now on; forget those that have expired anyway."""
        now = self._clock_us()
        self._revoked = {name: at_us for name, at_us in self._revoked.items() if at_us > now}
        self._revoked[session.id] = session.expires_at_us

    def end_all(self, account: str, epoch: int) -> None:
        """Refuse the sessions of an account that are older than an epoch."""
        self._epochs[account] = max(epoch, self._epochs.get(account, 0))


def _name(key: bytes) -> str:
    """What tokens call a key; says nothing about it."""
    return hashlib.sha256(b"tollhouse: name of a session key\0" + key).hexdigest()[:16]
