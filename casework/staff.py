"""Staff sign in, stay signed in for a shift, and sign out."""

import asyncio
import hashlib
import secrets
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from casework.ports import Clock, Staff, Users
from recovery.words import Role

SHIFT = timedelta(hours=12)
SHORTEST_PASSWORD = 10
STAFF_ROLES = (Role.AGENT, Role.SPECIALIST, Role.SENIOR, Role.SUPERVISOR)


class SignInRefused(Exception):
    """The sign-in did not succeed. The message is for the person who tried, and tells nothing about accounts."""


class TooManyTries(SignInRefused):
    """Too many attempts from one address or for one e-mail address."""


@dataclass(slots=True)
class Throttle:
    """Counts tries per name in a sliding window, in memory (each desk process counts its own)."""

    tries: int
    within: timedelta
    most_names: int = 10_000
    _seen: OrderedDict[str, deque[datetime]] = field(default_factory=OrderedDict)

    def allows(self, name: str, now: datetime) -> bool:
        """Count one more try and say whether it is still within bounds."""
        times = self._seen.setdefault(name, deque(maxlen=self.tries + 1))
        self._seen.move_to_end(name)
        while times and now - times[0] >= self.within:
            times.popleft()
        times.append(now)
        while len(self._seen) > self.most_names:
            self._seen.popitem(last=False)
        return len(times) <= self.tries

    def forget(self, name: str) -> None:
        self._seen.pop(name, None)

    def forget_all(self) -> None:
        self._seen.clear()


def session_key(token: str) -> str:
    """What the sessions table keeps of a cookie: enough to recognise it, not enough to use it."""
    return hashlib.sha256(token.encode()).hexdigest()


def _ten_tries() -> Throttle:
    return Throttle(10, timedelta(minutes=15))


def _fifty_tries() -> Throttle:
    return Throttle(50, timedelta(minutes=15))


@dataclass(slots=True)
class SignIn:
    """The sign-in story. Hashing is slow on purpose and takes 64 MB: it runs beside the event loop, two at a time."""

    users: Users
    clock: Clock
    hasher: PasswordHasher = field(default_factory=PasswordHasher)
    by_email: Throttle = field(default_factory=_ten_tries)
    by_address: Throttle = field(default_factory=_fifty_tries)
    _nobody: str = ""
    _hashing: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))

    async def sign_in(self, email: str, password: str, address: str) -> str:
        """Open a session and return its token. Raises SignInRefused."""
        now, email = self.clock(), email.strip().lower()
        if not (self.by_address.allows(address, now) and self.by_email.allows(email, now)):
            raise TooManyTries("Too many tries. Please wait a quarter of an hour and try again.")
        known, kept = await self.users.by_email(email) or (None, "")
        right = await self._matches(kept, password)
        if known is None or known.disabled or not right:
            raise SignInRefused("That e-mail address and password do not belong together.")
        self.by_email.forget(email)
        if self.hasher.check_needs_rehash(kept):
            await self.users.set_password(known.id, await self._hashed(password))
        token = secrets.token_urlsafe(32)
        await self.users.start_session(session_key(token), known.id, now + SHIFT)
        return token

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
