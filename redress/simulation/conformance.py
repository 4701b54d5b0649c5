"""The conformance suite: what a manager who wrote the playbook expects, played several times over.

The product is started once. Each pass has the demo company seeded anew and the scripts in another order.
"""

import asyncio
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from recovery.playbook import Playbook
from redress import own_stack, wiring
from redress.own_stack import Stack
from redress.playbook import load as load_playbook
from redress.problem import Problem
from redress.settings import CHECKOUT
from redress.simulation.coverage import Coverage, coverage_of, read_beyond
from redress.simulation.running import Result, play_all
from redress.simulation.script import Script, load
from redress.simulation.stated import cited_in, miscited, misjudged, unstated

FOLDER = CHECKOUT / "tests" / "conformance"
JOBS, WITHIN_S = 6, 60.0

type Scripts = Sequence[tuple[Path, Script]]
type Say = Callable[[str], None]


def scripts_in(folder: Path) -> list[tuple[Path, Script]]:
    """Every script of the suite, by name. Raises Problem where one leaves out what it must state."""
    found = [(path.relative_to(folder), load(path)) for path in sorted(folder.glob("**/*.yml"))]
    if not found:
        raise Problem(f"There are no scripts in {folder}.")
    if lacking := [f"{path}: {what}." for path, script in found for what in unstated(script)]:
        raise Problem("\n".join(["The suite refuses scripts that leave something open.", *lacking]))
    return found


def unfounded(folder: Path, scripts: Scripts) -> list[str]:
    """Where a script cites what the playbook does not have, or expects what does not follow from it."""
    playbook, today = _playbook(), wiring.clock().date()
    orders = wiring.demo_orders(today)
    told = []
    for path, script in scripts:
        cited = cited_in((folder / path).read_text())
        wrong = (*miscited(script, cited, playbook), *misjudged(script, cited, playbook, orders, today))
        told += [f"{path}: {what}." for what in wrong]
    return told


def _playbook() -> Playbook:
    return load_playbook(CHECKOUT / "playbook", CHECKOUT / "data" / "responses")


def covered(folder: Path, scripts: Scripts) -> Coverage:
    """What the suite covers of the company's playbook."""
    playbook = _playbook()
    return coverage_of([s for _, s in scripts], playbook, wiring.demo_tiers(), read_beyond(folder))


def conform(folder: Path, times: int, seed: int, say: Say) -> bool:
    """Whether every script held in every pass, and nothing of the playbook is without a script."""
    scripts = scripts_in(folder)
    coverage = covered(folder, scripts)
    say(coverage.table())
    wrong = [*coverage.missing, *unfounded(folder, scripts)]
    for sentence in wrong:
        say(sentence)
    with (
        tempfile.TemporaryDirectory(prefix="redress-conformance-") as home,
        own_stack.started(Path(home), _unsaid) as stack,
    ):
        held = [_pass(stack, scripts, number, times, seed + number - 1, say) for number in range(1, times + 1)]
    return all(held) and not wrong


def _pass(stack: Stack, scripts: Scripts, number: int, times: int, seed: int, say: Say) -> bool:
    began = time.monotonic()
    results = asyncio.run(_play(stack, scripts, seed))
    missed = [(path, played) for path, played in results if played.misses]
    for path, played in missed:
        say("\n     ".join([f"MISS {path}, conversation {played.conversation}", *played.misses]))
    took = time.monotonic() - began
    held = len(results) - len(missed)
    say(f"Pass {number} of {times}: {held} of {len(results)} scripts held in {took:.0f} s, ordered by seed {seed}.")
    return not missed


async def _play(stack: Stack, scripts: Scripts, seed: int) -> list[Result]:
    url = str(stack.settings.database_url)
    await wiring.seed_anew(url)
    order = list(scripts)
    random.Random(seed).shuffle(order)  # noqa: S311 - an order, no secret
    return await play_all(stack.settings, url, order, jobs=JOBS, fresh=True, within=WITHIN_S)


def _unsaid(line: str) -> None:
    """What the product says as it starts, demo passwords among it; why it does not start, it says by a Problem."""
