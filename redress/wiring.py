"""The only module that names concrete adapters."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from casework.turn import Bot
from casework.wording import Variant, Wording
from crm_adapter.sql import SqlCrm
from redress import playbook
from redress.playbook.responses import read_responses
from redress.settings import CHECKOUT, Settings
from store.database import connect
from store.turn_memory import SqlTurnMemory

RESPONSES = CHECKOUT / "data" / "responses"
_ACTIONS_CONNECTIONS = 8


def clock() -> datetime:
    """The present, for every part that needs it."""
    return datetime.now(UTC)


def wording() -> Wording:
    """Every word the bot says."""
    wordings = read_responses(RESPONSES).wordings.items()
    return Wording(
        {
            name: [Variant(w.id, w.text, w.metadata.tone, w.metadata.needs) for w in variants]
            for name, variants in wordings
        }
    )


@asynccontextmanager
async def bot(settings: Settings) -> AsyncIterator[Bot]:
    """The bot that the actions work with."""
    engine = connect(str(settings.database_url), pool_size=_ACTIONS_CONNECTIONS)
    rules = playbook.load(settings.playbook, RESPONSES)
    try:
        yield Bot(SqlCrm(engine), SqlTurnMemory(engine), wording(), lambda: rules, clock)
    finally:
        await engine.dispose()
