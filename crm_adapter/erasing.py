"""Forget a customer of the demo company: their orders, interactions, cases and compensation go with them."""

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncConnection

from crm_adapter.tables import customers


async def erase_customer(connection: AsyncConnection, customer_id: str) -> None:
    """Delete a customer in the caller's transaction."""
    await connection.execute(delete(customers).where(customers.c.id == customer_id))
