"""Play several scripts, some at once, each as a customer of its own."""

import asyncio
import secrets
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from casework.deep_links import sign
from redress import telegramchat, webchat, wiring
from redress.customers import Customers
from redress.settings import Settings
from redress.simulation.past import otherwise
from redress.simulation.play import Chat, Played, Player
from redress.simulation.script import Script, renamed
from redress.webchat import identity_token

type Result = tuple[Path, Played]


async def play_all(
    settings: Settings,
    url: str,
    scripts: Sequence[tuple[Path, Script]],
    *,
    jobs: int,
    fresh: bool,
    within: float,
    peer: str = "",
) -> list[Result]:
    """Play every script, on the web chat or through a Telegram peer; the results are in the scripts' order.

    Those that change how the company stands come last, one at a time, for everybody would notice.
    """
    at_once = asyncio.Semaphore(jobs)
    played: dict[int, Result] = {}
    async with wiring.records(url) as records, wiring.customers(url) as customers:
        player = Player(records, within, customers.bring_forward)

        async def play(number: int) -> None:
            file, script = scripts[number]
            played[number] = file, await _play_one(settings, player, customers, script, fresh=fresh, peer=peer)

        async def beside_others(number: int) -> None:
            async with at_once:
                await play(number)

        alone = {number: script.company for number, (_, script) in enumerate(scripts) if script.company}
        await asyncio.gather(*(beside_others(n) for n in range(len(scripts)) if n not in alone))
        async with wiring.standing(url, settings) as standing:
            for number, company in alone.items():
                async with standing.of(company):
                    await play(number)
    return [played[number] for number in range(len(scripts))]


async def _play_one(
    settings: Settings, player: Player, customers: Customers, script: Script, *, fresh: bool, peer: str
) -> Played:
    secret = settings.identity_secret.get_secret_value()
    if script.customer == "stranger":
        return await player.play(script, _chat(settings, player, peer, None, None))
    customer, names = await customers.one(script.customer, fresh=fresh, otherwise=otherwise(script))
    token = identity_token(secret, customer.id, customer.name)
    link = sign(secret, customer.id, wiring.clock()) if peer else None
    return await player.play(renamed(script, names), _chat(settings, player, peer, token, link))


def _chat(
    settings: Settings, player: Player, peer: str, token: str | None, link: str | None
) -> AbstractAsyncContextManager[Chat]:
    if not peer:
        return webchat.opened(settings.desk_url, token)
    bot, chat = settings.telegram_token.get_secret_value(), 10_000 + secrets.randbelow(10**9)
    return telegramchat.opened(peer, bot, chat, player.records.conversations, player.records.messages, link)


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
