"""Surveys: one for each case."""

from datetime import datetime

from sqlalchemy import Update, select, update

from casework.ports import Rated, Status, Survey, SurveyNews
from store.database import Database
from store.messages import append
from store.outcomes import write_alerts, write_decision, write_survey
from store.recoveries import save
from store.tables import conversations, messages, surveys


class SqlSurveys:
    """Implements casework.ports.Surveys."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, case_id: str) -> Survey | None:
        async with self._database.single() as connection:
            row = (await connection.execute(select(surveys).where(surveys.c.case_id == case_id))).first()
        return Survey(**row._mapping) if row else None

    async def record(self, conversation_id: str, news: SurveyNews, at: datetime) -> None:
        async with self._database.begin() as connection:
            await write_survey(connection, conversation_id, news, at)

    async def rate(self, rated: Rated, at: datetime) -> bool:
        conversation = rated.conversation_id
        async with self._database.begin() as connection:
            lock = select(conversations.c.id).where(conversations.c.id == conversation).with_for_update()
            await connection.execute(lock)  # as a turn and a return do, before the recovery
            if not await save(connection, conversation, rated.version, rated.state, at):
                return False
            await write_decision(connection, conversation, rated.message_id, rated.decision, at)
            await write_survey(connection, conversation, rated.news, at)
            await write_alerts(connection, conversation, rated.alerts, at)
            await connection.execute(_answered(rated.message_id, at))
            await append(connection, conversation, [rated.told], at)
            return True


def _answered(message_id: str, at: datetime) -> Update:
    """Nobody has to answer it any more, neither a person nor, after an outage, the bot."""
    return update(messages).where(messages.c.id == message_id).values(status=Status.ANSWERED, done_at=at)
