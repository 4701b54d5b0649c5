"""Who owns what, looked at all the while: a moment with two owners or none is over when the run ends."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from redress.chaos.checks import Finding, owner_finding
from store.tables import conversations, handoffs

_EVERY_S = 0.25
_CLAIMS = func.array_agg(handoffs.c.claimed_by).filter(handoffs.c.id.is_not(None)).label("claims")
_OWNERS = (  # one statement sees one moment
    select(conversations.c.id, conversations.c.owner, conversations.c.agent_id, conversations.c.closed_at, _CLAIMS)
    .outerjoin(handoffs, (handoffs.c.conversation_id == conversations.c.id) & handoffs.c.ended_at.is_(None))
    .group_by(conversations.c.id)
)


@dataclass
class OwnerWatch:
    """Looks for as long as it runs. While the database is away nobody can look."""

    database: AsyncEngine
    looks: int = 0
    _found: dict[str, Finding] = field(default_factory=dict)  # the first of each conversation says enough

    async def run(self) -> None:
        while True:
            with suppress(SQLAlchemyError):
                await self.look()
            await asyncio.sleep(_EVERY_S)

    async def look(self) -> None:
        async with self.database.connect() as connection:
            rows = (await connection.execute(_OWNERS)).all()
        self.looks += 1
        for row in rows:
            found = owner_finding(row, row.claims or ())
            if found is not None:
                self._found.setdefault(row.id, Finding("owner meanwhile", found.sentence))

    @property
    def findings(self) -> list[Finding]:
        return list(self._found.values())
