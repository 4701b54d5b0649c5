"""Staff sign in, stay signed in for a shift, and sign out."""

import asyncio
import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from casework.ports import Clock, Staff, Users
from recovery.words import Role

SHIFT = timedelta(hours=12)
SHORTEST_PASSWORD = 10
TRIES_FOR, TRIES_FROM = 10, 50  # one e-mail address, and from one network address
TRIES_WITHIN = timedelta(minutes=15)
STAFF_ROLES = (Role.AGENT, Role.SPECIALIST, Role.SENIOR, Role.SUPERVISOR)


class SignInRefused(Exception):
    """The sign-in did not succeed. The message is for the person who tried, and tells nothing about accounts."""


class TooManyTries(SignInRefused):
    """Too many attempts from one address or for one e-mail address."""


def try_key(name: str) -> str:
    """What is kept of whom a try was for, or where it came from."""
    return hashlib.sha256(f"sign-in {name}".encode()).hexdigest()


def session_key(token: str) -> str:
    """What the sessions table keeps of a cookie: enough to recognise it, not enough to use it."""
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(slots=True)
class SignIn:
    """The sign-in story. Hashing is slow on purpose and takes 64 MB: it runs beside the event loop, two at a time."""

    users: Users
    clock: Clock
    hasher: PasswordHasher = field(default_factory=PasswordHasher)
    _nobody: str = ""
    _hashing: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))

    async def sign_in(self, email: str, password: str, address: str) -> str:
        """Open a session and return its token. Raises SignInRefused."""
        now, email = self.clock(), email.strip().lower()
        if not (
            await self._may_try(f"from {address}", TRIES_FROM, now) and await self._may_try(email, TRIES_FOR, now)
        ):
            raise TooManyTries("Too many tries. Please wait a quarter of an hour and try again.")
        known, kept = await self.users.by_email(email) or (None, "")
        right = await self._matches(kept, password)
        if known is None or known.disabled or not right:
            raise SignInRefused("That e-mail address and password do not belong together.")
        await self.users.forget_tries(try_key(email))
        if self.hasher.check_needs_rehash(kept):
            await self.users.set_password(known.id, await self._hashed(password))
        token = secrets.token_urlsafe(32)
        await self.users.start_session(session_key(token), known.id, now + SHIFT)
        return token

    async def _may_try(self, name: str, most: int, now: datetime) -> bool:
        """One more try, counted by all desks together."""
        return await self.users.tried(try_key(name), now, now - TRIES_WITHIN) <= most

    async def who(self, token: str) -> Staff | None:
        """The staff member behind a cookie."""
        return await self.users.session_user(session_key(token), self.clock()) if token else None

    async def sign_out(self, token: str) -> None:
        await self.users.end_session(session_key(token))

    async def add(self, email: str, name: str, role: Role, password: str, user_id: str = "") -> Staff:
        """Take somebody on. Raises ValueError with a sentence, or Conflict when the address is taken."""
        email, name = email.strip().lower(), name.strip()
        _check_new(email, name, role, password)
        member = Staff(user_id or f"u{secrets.token_hex(8)}", email, name, role)
        await self.users.add(member, await self._hashed(password), self.clock())
        return member

    async def change_password(self, user_id: str, password: str) -> None:
        """Set a new password; whoever was signed in with the old one is signed out."""
        _check_password(password)
        await self.users.set_password(user_id, await self._hashed(password))

    async def _matches(self, kept: str, password: str) -> bool:
        """Unknown addresses cost the same work as known ones, so that time tells nothing."""
        if not self._nobody:
            self._nobody = await self._hashed(secrets.token_urlsafe(16))
        try:
            async with self._hashing:
                return await asyncio.to_thread(self.hasher.verify, kept or self._nobody, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _hashed(self, password: str) -> str:
        async with self._hashing:
            return await asyncio.to_thread(self.hasher.hash, password)


def _check_new(email: str, name: str, role: Role, password: str) -> None:
    local, _, host = email.partition("@")
    if not local or "." not in host:
        raise ValueError(f"{email!r} is not an e-mail address.")
    if not name:
        raise ValueError("A name is needed: customers see who they are talking to.")
    if role not in STAFF_ROLES:
        raise ValueError(f"A staff member is one of: {', '.join(STAFF_ROLES)}.")
    _check_password(password)


def _check_password(password: str) -> None:
    if len(password) < SHORTEST_PASSWORD:
        raise ValueError(f"A password needs at least {SHORTEST_PASSWORD} characters.")
