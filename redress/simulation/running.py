"""Play several scripts, some at once, each as a customer of its own."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from redress import wiring
from redress.customers import Customers
from redress.settings import Settings
from redress.simulation.play import Played, Player
from redress.simulation.script import Script, renamed
from redress.webchat import identity_token

type Result = tuple[Path, Played]


async def play_all(
    settings: Settings, url: str, scripts: Sequence[tuple[Path, Script]], *, jobs: int, fresh: bool, within: float
) -> list[Result]:
    """Play every script; the results are in the scripts' order."""
    at_once = asyncio.Semaphore(jobs)
    async with wiring.records(url) as records, wiring.customers(url) as customers:
        player = Player(settings.desk_url, records, within)

        async def play(file: Path, script: Script) -> Result:
            async with at_once:
                return file, await _play_one(settings, player, customers, script, fresh=fresh)

        return await asyncio.gather(*(play(file, script) for file, script in scripts))


async def _play_one(
    settings: Settings, player: Player, customers: Customers, script: Script, *, fresh: bool
) -> Played:
    if script.customer == "stranger":
        return await player.play(script, None)
    customer, names = await customers.one(script.customer, fresh=fresh)
    token = identity_token(settings.identity_secret.get_secret_value(), customer.id, customer.name)
    return await player.play(renamed(script, names), token)


def table(results: Sequence[Result]) -> str:
    """One line for each script, and one for each miss."""
    width = max((len(str(file)) for file, _ in results), default=0)
    lines = []
    for file, played in results:
        how = "MISS" if played.misses else "ok"
        lines.append(
            f"{how:<5}{file!s:<{width}}  {played.turns:>3} turns {played.seconds:6.1f} s  {played.conversation}"
        )
        lines += [f"     {miss}" for miss in played.misses]
    missed = sum(bool(played.misses) for _, played in results)
    lines.append(f"{len(results) - missed} of {len(results)} scripts held.")
    return "\n".join(lines)
