"""What holds beyond one conversation, read in one trip; and budgets, which are never overdrawn."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    JSON,
    BigInteger,
    BindParameter,
    Select,
    Text,
    bindparam,
    delete,
    func,
    literal,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from casework.ports import Overdrawn
from recovery.around import Around
from recovery.budgets import Draw
from store.contingencies import contingency
from store.database import Database
from store.tables import budget_balances, budget_draws, contingencies, conversations, surveys


class SqlSurroundings:
    """Implements casework.ports.Surroundings."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def around(self, customer_id: str | None, keys: Sequence[str], message_id: str, now: datetime) -> Around:
        asked = {"customer": customer_id, "keys": list(keys), "message": message_id, "now": now}
        async with self._database.single() as connection:
            row = (await connection.execute(_AROUND, asked)).one()
        running = tuple(contingency(c) for c in row.running)
        return Around(running, {key: int(spent) for key, spent in row.spent.items()}, row.surveyed_at)

    async def draw(self, grant_key: str, draws: Sequence[Draw], message_id: str, at: datetime) -> None:
        if not draws:
            return
        async with self._database.begin() as connection:
            for draw in sorted(draws, key=lambda d: d.key):  # always in one order, so that nobody waits for another
                await _take(connection, grant_key, draw, message_id, at)

    async def give_back(self, grant_key: str) -> None:
        mine = delete(budget_draws).where(budget_draws.c.grant_key == grant_key)
        async with self._database.begin() as connection:
            taken = (await connection.execute(mine.returning(budget_draws.c.key, budget_draws.c.pence))).all()
            for key, pence in sorted(taken):
                less = {"spent": budget_balances.c.spent - pence}
                await connection.execute(update(budget_balances).where(budget_balances.c.key == key).values(less))


async def _take(connection: AsyncConnection, grant_key: str, draw: Draw, message_id: str, at: datetime) -> None:
    """One statement for the balance, so that two who take at once cannot both be the last."""
    new = {"grant_key": grant_key, "key": draw.key, "pence": draw.pence, "message_id": message_id, "at": at}
    noted = insert(budget_draws).values(new).on_conflict_do_nothing().returning(budget_draws.c.key)
    if (await connection.execute(noted)).first() is None:
        return  # taken before a crash
    first = insert(budget_balances).from_select(
        ["key", "spent"],
        select(literal(draw.key), literal(draw.pence, BigInteger)).where(literal(draw.pence <= draw.limit)),
    )
    spent = budget_balances.c.spent + draw.pence
    taken = first.on_conflict_do_update(index_elements=["key"], set_={"spent": spent}, where=spent <= draw.limit)
    if (await connection.execute(taken.returning(budget_balances.c.key))).first() is None:
        raise Overdrawn(f"The budget {draw.key} has less left than {draw.pence}.")


def _around() -> Select[Any]:
    """Running contingencies, what is spent of the budgets asked for, and the customer's last survey."""
    now: BindParameter[datetime] = bindparam("now")
    running = (
        select(func.coalesce(func.json_agg(func.to_json(contingencies.table_valued())), literal("[]").cast(JSON)))
        .where(contingencies.c.ends_at > now, contingencies.c.starts_at <= now, contingencies.c.off_at.is_(None))
        .scalar_subquery()
    )
    own = (
        select(func.coalesce(func.sum(budget_draws.c.pence), 0).label("pence"))
        .where(budget_draws.c.key == budget_balances.c.key, budget_draws.c.message_id == bindparam("message"))
        .lateral("own")
    )
    spent = (
        select(
            func.coalesce(
                func.json_object_agg(budget_balances.c.key, budget_balances.c.spent - own.c.pence),
                literal("{}").cast(JSON),
            )
        )
        .select_from(budget_balances.join(own, true()))
        .where(budget_balances.c.key == func.any(bindparam("keys", type_=ARRAY(Text))))
        .scalar_subquery()
    )
    asked = (
        select(func.max(surveys.c.asked_at))
        .join(conversations, conversations.c.id == surveys.c.conversation_id)
        .where(conversations.c.customer_id == bindparam("customer", type_=Text))
        .scalar_subquery()
    )
    return select(running.label("running"), spent.label("spent"), asked.label("surveyed_at"))


_AROUND = _around()
