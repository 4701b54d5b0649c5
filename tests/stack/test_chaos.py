"""A short chaos run: two desks, two engines, database and Telegram are killed while thirty customers talk."""

import pytest

from redress import chaos, simulation
from redress.settings import CHECKOUT

SEED, SECONDS = 20_261_122, 18.0


def test_nothing_is_lost_or_doubled_while_every_process_is_killed() -> None:
    scripts = [simulation.load(path) for path in sorted((CHECKOUT / "tests" / "conversations").glob("*/happy.yml"))]
    plan = chaos.Plan(SEED, SECONDS, desks=2, engines=2, pause_s=(0.5, 3.0))
    report = chaos.run(plan, scripts, print)
    told = "\n".join(report.lines())
    if not report.held:
        pytest.fail(told)
    killed = {kill.victim for kill in report.kills}
    assert killed == {"desk-1", "desk-2", "engine-1", "engine-2", "actions", "database", "telegram"}, told
    assert report.figures["messages acknowledged"] > 0
    assert report.figures["customers on both channels"] > 0
    assert report.figures["looks at who owns what"] > 0
