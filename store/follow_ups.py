"""Follow-ups said once, whichever process is first."""

from datetime import datetime

from sqlalchemy import exists, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from casework.ports import FollowUpMessage, Owner
from recovery.owners import Move, State, state_of
from store.database import Database
from store.messages import append
from store.outcomes import write_decision, write_survey
from store.recoveries import save
from store.tables import conversations, messages
from store.transitions import log


class SqlFollowUps:
    """Implements casework.ports.FollowUpStore."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def said(self, message_id: str) -> bool:
        async with self._database.single() as connection:
            return await _said(connection, message_id)

    async def say(self, follow_up: FollowUpMessage, at: datetime) -> bool:
        conversation_id = follow_up.conversation_id
        async with self._database.begin() as connection:
            bots = (conversations.c.id == conversation_id) & (conversations.c.owner == Owner.BOT)
            lock = select(conversations.c.closed_at, conversations.c.handed_over).where(bots).with_for_update()
            if (found := (await connection.execute(lock)).first()) is None:
                return False
            if found.closed_at is not None:
                await _reopen(connection, conversation_id, found.handed_over, at)
            if await _said(connection, follow_up.message.id):
                return True
            if not await save(connection, conversation_id, follow_up.version, follow_up.state, at):
                return False
            await append(connection, conversation_id, [follow_up.message], at)
            if follow_up.decision is not None:
                await write_decision(connection, conversation_id, follow_up.message.id, follow_up.decision, at)
            if follow_up.survey is not None:
                await write_survey(connection, conversation_id, follow_up.survey, at)
            return True


async def _reopen(connection: AsyncConnection, conversation_id: str, handed_over: bool, at: datetime) -> None:
    version = conversations.c.owner_version + 1
    opened = update(conversations).where(conversations.c.id == conversation_id)
    await connection.execute(opened.values(closed_at=None, owner_version=version))
    became = state_of(Owner.BOT, closed=False, handed_over=handed_over)
    await connection.execute(log(conversation_id, Move.REOPENED, State.CLOSED, became, at))


async def _said(connection: AsyncConnection, message_id: str) -> bool:
    return bool((await connection.execute(select(exists().where(messages.c.id == message_id)))).scalar())
