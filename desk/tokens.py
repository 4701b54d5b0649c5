"""Signed tokens: the shop's identity token, and our own session token."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import jwt

from casework.identity import Identity, IdentityRefused, Session
from casework.ports import Clock

IDENTITY_AUDIENCE = "redress-chat"
SESSION_AUDIENCE = "redress-session"
ALGORITHM = "HS256"


@dataclass(frozen=True, slots=True)
class Tokens:
    """Reads and signs. Time comes from the clock, so that tests can let tokens expire."""

    identity_secret: str
    session_secret: str
    clock: Clock
    session_lasts: timedelta

    def identity(self, token: str) -> Identity:
        """Who the shop says this is. Raises IdentityRefused."""
        claims = self._read(token, self.identity_secret, IDENTITY_AUDIENCE, "Your sign-in")
        customer_id, name = (_printable(claims.get(key)) for key in ("sub", "name"))
        if not customer_id:
            raise IdentityRefused("Your sign-in names nobody. Reload the page and sign in again.")
        return Identity(customer_id, name)

    def sign_identity(self, identity: Identity, lasts: timedelta = timedelta(hours=1)) -> str:
        """What a shop's page does for its signed-in customer."""
        now = self.clock()
        claims = {"sub": identity.customer_id, "name": identity.name, "aud": IDENTITY_AUDIENCE, "iat": now}
        return jwt.encode({**claims, "exp": now + lasts}, self.identity_secret, ALGORITHM)

    def session(self, token: str) -> Session:
        """Which conversation this browser may read and write. Raises IdentityRefused."""
        claims = self._read(token, self.session_secret, SESSION_AUDIENCE, "This chat session")
        return Session(claims["sub"], claims.get("customer"))

    def sign_session(self, session: Session) -> tuple[str, datetime]:
        """A session token and when it expires."""
        expires_at = self.clock().replace(microsecond=0) + self.session_lasts
        claims: dict[str, Any] = {"sub": session.conversation_id, "aud": SESSION_AUDIENCE, "exp": expires_at}
        if session.customer_id is not None:
            claims["customer"] = session.customer_id
        return jwt.encode(claims, self.session_secret, ALGORITHM), expires_at

    def _read(self, token: str, secret: str, audience: str, what: str) -> dict[str, Any]:
        required: jwt.types.Options = {"require": ["exp", "sub", "aud"], "verify_exp": False, "verify_iat": False}
        try:
            claims = jwt.decode(token, secret, [ALGORITHM], options=required, audience=audience)
            expired = float(claims["exp"]) <= self.clock().timestamp()
        except (jwt.InvalidTokenError, TypeError, ValueError) as forged:
            raise IdentityRefused(f"{what} could not be verified. Reload the page and sign in again.") from forged
        if expired:
            raise IdentityRefused(f"{what} has expired. Reload the page to go on.")
        return claims


def _printable(claim: object) -> str:
    """A claim as it can be stored and shown."""
    return "".join(c for c in str(claim or "") if c.isprintable())[:200].strip()
