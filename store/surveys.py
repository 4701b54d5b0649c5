"""Surveys: one for each case."""

from datetime import datetime

from sqlalchemy import select

from casework.ports import Survey, SurveyNews
from store.database import Database
from store.outcomes import write_survey
from store.tables import surveys


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
