"""Forget a person: everything that is theirs goes, wherever it is kept. What was only counted stays."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from casework.ports import Files


class ErasureStore(Protocol):
    """Both databases of records, ours and the CRM's; they may be one."""

    async def conversations_of(self, customer_id: str) -> Sequence[str]:
        """Every conversation that was ever this customer's."""

    async def erase(self, customer_id: str, conversation_ids: Sequence[str]) -> None:
        """Delete the customer with all that hangs on them, in one transaction. Doing so twice does no harm."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What is gone."""

    conversations: int
    files: int


@dataclass(frozen=True, slots=True)
class Erasing:
    """The story of forgetting. Files go first: what they belong to is known only while the records stand."""

    store: ErasureStore
    files: Files

    async def erase(self, customer_id: str) -> Erased:
        """Raises Unavailable; then it is to be done again."""
        ids = await self.store.conversations_of(customer_id)
        files = await self._forget(ids)
        await self.store.erase(customer_id, ids)
        return Erased(len(ids), files + await self._forget(ids))  # with what was sent in between

    async def _forget(self, conversation_ids: Sequence[str]) -> int:
        return sum([await self.files.forget(each) for each in conversation_ids])
