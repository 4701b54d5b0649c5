"""Where a person's records are, and how they go. Most hang on their conversations and go with them."""

from collections.abc import Awaitable, Callable, Sequence

from sqlalchemy import ARRAY, Text, any_, bindparam, delete, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store.database import Database, notify
from store.tables import (
    alerts,
    budget_draws,
    conversations,
    identities,
    looks,
    messages,
    one_time_codes,
    review_items,
    review_sources,
    used_tokens,
)

type EraseInCrm = Callable[[AsyncConnection, str, Sequence[str]], Awaitable[None]]

_ENGINES_EVENTS = text("delete from public.events where sender_id = any(:ids)").bindparams(
    bindparam("ids", type_=ARRAY(Text))
)


class SqlErasure:
    """Implements casework.erasing.ErasureStore. `in_crm` deletes the CRM's part in the same transaction."""

    def __init__(self, database: Database, in_crm: EraseInCrm) -> None:
        self._database, self._in_crm = database, in_crm

    async def conversations_of(self, customer_id: str) -> Sequence[str]:
        users = select(identities.c.channel_user).where(identities.c.customer_id == customer_id)
        named = [f"customer:{customer_id}", customer_id]
        web = conversations.c.channel == "web"
        # A chat may have been linked to somebody else since: what is another customer's stays theirs.
        nobodys = conversations.c.customer_id.is_(None) & or_(
            web & conversations.c.channel_user.in_(named), ~web & conversations.c.channel_user.in_(users)
        )
        theirs = or_(conversations.c.customer_id == customer_id, nobodys)
        async with self._database.single() as connection:
            return (await connection.execute(select(conversations.c.id).where(theirs))).scalars().all()

    async def erase(self, customer_id: str, conversation_ids: Sequence[str]) -> None:
        ids = list(conversation_ids)
        theirs = any_(bindparam("ids", ids, type_=ARRAY(Text)))
        users = select(identities.c.channel_user).where(identities.c.customer_id == customer_id)
        said = select(messages.c.id).where(messages.c.conversation_id == theirs)
        # A text that others said too stays for review, but not the turns before it: they may be this person's.
        reviewed = select(review_sources.c.item_id).where(review_sources.c.conversation_id == theirs)
        unsaid = update(review_items).where(review_items.c.id.in_(reviewed)).values(before=[])
        async with self._database.begin() as connection:
            await connection.execute(unsaid)
            for gone in (
                delete(alerts).where(alerts.c.conversation_id == theirs),
                delete(looks).where(looks.c.subject_id == theirs),
                delete(budget_draws).where(budget_draws.c.message_id.in_(said)),
                delete(used_tokens).where(used_tokens.c.channel_user.in_(users)),
                delete(one_time_codes).where(one_time_codes.c.customer_id == customer_id),
                delete(identities).where(identities.c.customer_id == customer_id),
                delete(conversations).where(conversations.c.id == theirs),
            ):
                await connection.execute(gone)
            await self._forget_in_engine(connection, ids)
            await self._in_crm(connection, customer_id, ids)
            for each in ids:  # whoever has it open is told, and the queue that it may have stood in
                await connection.execute(select(notify("owner", each)))
            await connection.execute(select(notify("queue")))

    async def _forget_in_engine(self, connection: AsyncConnection, ids: list[str]) -> None:
        """Rasa makes its table when an engine first starts."""
        exists = (await connection.execute(text("select to_regclass('public.events')"))).scalar()
        if exists is not None:
            await connection.execute(_ENGINES_EVENTS, {"ids": ids})
