"""All measurements: against the running product, or one that is started for it."""

import asyncio
import shutil
import tempfile
import time
from pathlib import Path

from redress import database, model, own_stack, running
from redress.measuring import memory, turns
from redress.measuring.figures import Figure
from redress.problem import Problem
from redress.readiness import until_all_ready
from redress.settings import CHECKOUT, Settings


def measure(settings: Settings, say: own_stack.Say, *, training: bool) -> list[Figure]:
    """Every figure. A product is started in a throw-away home unless one runs in this one."""
    figures = [_training(settings, say)] if training else []
    try:
        known = running.settings_of_running(settings)
    except Problem:
        return figures + _on_own_stack(say)
    with database.opened(known) as url:
        return figures + asyncio.run(_all(known, url, say))


def _on_own_stack(say: own_stack.Say) -> list[Figure]:
    home = Path(tempfile.mkdtemp(prefix="redress-bench-"))
    try:
        with own_stack.started(home, lambda _: None):
            pass  # the first start makes the database; the second is what is measured
        say("starting the product …")
        with own_stack.started(home, say) as stack:
            return asyncio.run(_all(stack.settings, str(stack.settings.database_url), say))
    finally:
        shutil.rmtree(home, ignore_errors=True)


async def _all(settings: Settings, url: str, say: own_stack.Say) -> list[Figure]:
    told = running.find(settings)
    await until_all_ready(settings)
    figures = [Figure("start-up, all of it", f"{told.started_in_s:7.1f} s", "under 15 s")]
    say("measuring understanding …")
    figures.append(await turns.understanding(settings))
    say("measuring single turns …")
    figures.append(await turns.small_talk(settings))
    customer = _demo_customer()
    figures += await turns.recovery(settings, url, customer)
    say("measuring 50 customers at once …")
    before = memory.processor_seconds(told.processes, settings.home / "postgres")
    figures += await turns.many_at_once(settings, url, customer)
    after = memory.processor_seconds(told.processes, settings.home / "postgres")
    used = {name: (after[name] - before.get(name, 0.0)) * 1000 / (3 * turns.CUSTOMERS) for name in after}
    parts = ", ".join(f"{name} {each:.1f}" for name, each in used.items())
    figures.append(Figure("processor time a turn", f"{sum(used.values()):7.1f} ms   {parts}"))
    return figures + memory.figures(told.processes, settings.home / "postgres")


def _demo_customer() -> str:
    """Somebody with a late parcel and an earlier failure."""
    from crm_adapter.demo import DEMO_CUSTOMERS

    return DEMO_CUSTOMERS[0].customer.email


def _training(settings: Settings, say: own_stack.Say) -> Figure:
    """A training from nothing: no kept encodings, no kept components."""
    say("training from nothing …")
    with tempfile.TemporaryDirectory(prefix="redress-bench-") as folder:
        home = Path(folder)
        (home / "encoder").symlink_to(CHECKOUT / ".redress" / "encoder")
        started = time.perf_counter()
        asyncio.run(model.ensure(settings.model_copy(update={"home": home})))
        return Figure("training", f"{time.perf_counter() - started:7.1f} s", "under 60 s")
