"""The staff: who they are, and what they looked at."""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Identity,
    Index,
    Table,
    Text,
    text,
)

from store.tables.base import metadata, when

users = Table(  # the staff: agents and supervisors
    "users",
    metadata,
    Column("id", Text, primary_key=True),
    Column("email", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),  # agent, specialist, senior, supervisor
    Column("teams", ARRAY(Text), nullable=False, server_default="{}"),  # none: every team
    Column("password_hash", Text, nullable=False),
    Column("disabled", Boolean, nullable=False, server_default=text("false")),
    when("created_at", required=True),
)

sessions = Table(
    "sessions",
    metadata,
    Column("key", Text, primary_key=True),  # sha256 of the cookie: a leaked table opens nothing
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    when("expires_at", required=True),
)

sign_in_tries = Table(  # of the last quarter of an hour, counted by all desks together
    "sign_in_tries",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("key", Text, nullable=False),  # sha256 of the e-mail address, or of the network address
    when("at", required=True),
    Index("sign_in_tries_by_key", "key", "at"),
    Index("sign_in_tries_by_time", "at"),
)

looks = Table(  # every look at a transcript or a record
    "looks",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("user_id", Text, ForeignKey("users.id"), nullable=False),
    Column("what", Text, nullable=False),  # conversation, case, export
    Column("subject_id", Text, nullable=False),
    when("at", required=True),
    Index("looks_by_subject", "subject_id", "id"),
    Index("looks_by_user", "user_id", "id"),
)

presences = Table(  # who is at the desk
    "presences",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("state", Text, nullable=False),  # online, busy, away
    when("seen_at", required=True),  # when their browser last said so
    CheckConstraint("state in ('online', 'busy', 'away')", name="presence_is_known"),
)
