"""The adapters that are held to a contract."""

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from casework.crm import Crm
from crm_adapter.loading import load
from crm_adapter.memory import MemoryCrm
from crm_adapter.sql import SqlCrm
from tests.contract.company import COMPANY


@pytest.fixture(params=["memory", "sql"])
async def crm(request: pytest.FixtureRequest, engine: AsyncEngine, clean: None) -> Crm:
    """A CRM that knows COMPANY."""
    if request.param == "memory":
        return MemoryCrm(COMPANY)
    async with engine.begin() as connection:
        await load(connection, COMPANY)
    return SqlCrm(engine)
