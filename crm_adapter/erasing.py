"""Forget a customer of the demo company: their orders, interactions, cases and compensation go with them."""

from collections.abc import Sequence

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncConnection

from crm_adapter.tables import cases, customers


async def erase_customer(connection: AsyncConnection, customer_id: str, conversation_ids: Sequence[str]) -> None:
    """Delete a customer in the caller's transaction, and what was opened while they were still a stranger to us."""
    strangers = cases.c.customer_id.is_(None) & cases.c.conversation_id.in_(conversation_ids)
    await connection.execute(delete(cases).where(strangers))
    await connection.execute(delete(customers).where(customers.c.id == customer_id))
