"""All of our own records in one place, for the wiring."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from store.alerts import SqlAlerts
from store.attachments import SqlAttachments
from store.codes import SqlCodes
from store.contingencies import SqlContingencies
from store.conversations import SqlConversations
from store.database import Database
from store.deliveries import SqlDeliveries
from store.follow_ups import SqlFollowUps
from store.handoffs import SqlHandoffs
from store.identities import SqlIdentities
from store.leases import SqlLeases
from store.messages import SqlMessages
from store.notes import SqlLooks, SqlNotes
from store.ownership import SqlOwnership
from store.procedures import SqlProcedures
from store.recoveries import SqlRecoveries
from store.reviews import SqlReviews
from store.saved_replies import SqlSavedReplies
from store.signals import SqlSignals
from store.staff import SqlUsers
from store.surroundings import SqlSurroundings
from store.surveys import SqlSurveys
from store.turns import SqlTurns
from store.wait_lines import SqlWaitLines


class SqlStore:
    """Each attribute implements one port of casework.ports."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.database = database = Database(engine)
        self.alerts = SqlAlerts(database)
        self.codes = SqlCodes(database)
        self.contingencies = SqlContingencies(database)
        self.attachments = SqlAttachments(database)
        self.conversations = SqlConversations(database)
        self.deliveries = SqlDeliveries(database)
        self.follow_ups = SqlFollowUps(database)
        self.handoffs = SqlHandoffs(database)
        self.identities = SqlIdentities(database)
        self.leases = SqlLeases(database)
        self.looks = SqlLooks(database)
        self.messages = SqlMessages(database)
        self.notes = SqlNotes(database)
        self.ownership = SqlOwnership(database)
        self.procedures = SqlProcedures(database)
        self.recoveries = SqlRecoveries(database)
        self.reviews = SqlReviews(database)
        self.saved_replies = SqlSavedReplies(database)
        self.signals = SqlSignals(database)
        self.surroundings = SqlSurroundings(database)
        self.surveys = SqlSurveys(database)
        self.turns = SqlTurns(database)
        self.users = SqlUsers(database)
        self.wait_lines = SqlWaitLines(database)

    async def ping(self) -> None:
        """Return when the database answers. Raises Unavailable."""
        async with self.database.single() as connection:
            await connection.execute(select(1))

    async def close(self) -> None:
        """Let go of the connections."""
        await self.database.close()
