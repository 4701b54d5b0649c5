"""How things stand at the company while a script is played: contingencies that run, budgets that are nearly spent.

Both hold for everybody, so they are taken back at the end, and a contingency also ends by itself.
"""

import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from casework.contingencies import Contingencies
from casework.errors import Refused
from casework.ports import Clock, NewContingency, Surroundings
from recovery.budgets import Draw
from recovery.playbook import Playbook
from recovery.purse import budgets_of
from recovery.words import Role
from redress.problem import Problem
from redress.simulation.script import Company, Running

BY = "a script"


@dataclass(frozen=True, slots=True)
class Standing:
    """Lets a script's state of the company hold, by the same ways as a supervisor and a grant."""

    switch: Contingencies
    surroundings: Surroundings
    playbook: Playbook
    clock: Clock

    @asynccontextmanager
    async def of(self, company: Company) -> AsyncIterator[None]:
        """While it is open. Raises Problem where the playbook has no such contingency or budget."""
        async with AsyncExitStack() as undo:
            for running in company.contingencies:
                undo.push_async_callback(self.switch.switch_off, await self._on(running), BY)
            if company.left:
                grant = f"script:{secrets.token_hex(8)}"
                undo.push_async_callback(self.surroundings.give_back, grant)
                await self._leave(company.left, grant)
            yield

    async def _on(self, running: Running) -> str:
        kind = self.playbook.contingencies.get(running.kind)
        words = (kind.text, kind.doing) if kind else ("", "")
        now = self.clock()
        ends = now + timedelta(hours=running.hours)
        named = (running.couriers, running.regions, running.products)
        try:
            return await self.switch.switch_on(NewContingency(running.kind, *words, now, ends, *named), BY)
        except Refused as refused:
            raise Problem(str(refused)) from refused

    async def _leave(self, left: Mapping[str, int], grant: str) -> None:
        """Spend the rest of the budgets' running periods."""
        now = self.clock()
        budgets = {budget.id: budget for budget in budgets_of(self.playbook, Role.BOT)}
        if unknown := [name for name in left if name not in budgets]:
            raise Problem(f"The playbook has no budget {unknown[0]!r}. It has: {', '.join(budgets)}.")
        keys = [budgets[name].key(now) for name in left]
        spent = (await self.surroundings.around(None, keys, "", now)).spent
        draws = [
            Draw(key, budgets[name].pence, budgets[name].pence - left[name] - spent.get(key, 0))
            for name, key in zip(left, keys, strict=True)
        ]
        await self.surroundings.draw(grant, [draw for draw in draws if draw.pence > 0], grant, now)
