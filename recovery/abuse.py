"""Signs that compensation is sought rather than owed. They never accuse: a person looks before goodwill is given."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from recovery.conditions import Value, judge
from recovery.playbook import Playbook, PolicyRule
from recovery.purse import granted_in_the_year
from recovery.records import WITHDRAWN, History
from recovery.words import ChallengeType, OrderEventKind

A_YEAR = timedelta(days=365)
NEVER_CAME = frozenset({ChallengeType.LOST_PARCEL, ChallengeType.MISSING_ITEM})


def habits(
    history: History | None, now: datetime, policy: Sequence[PolicyRule], case_id: str | None = None
) -> dict[str, Value]:
    """What the year shows: how much was given, for how many orders, and claims that tracking contradicts.

    What the case in hand was given is no habit.
    """
    if history is None:
        return {"given_this_year": 0, "orders_compensated_percent": 0, "goodwill_percent": 0, "came_after_all": 0}
    given = [c for c in history.compensations if now - c.granted_at < A_YEAR and c.case_id != case_id]
    orders = [o for o in history.orders if now - o.placed_at < A_YEAR]
    paid = sum(o.pence for o in orders)
    goodwill = granted_in_the_year(given, now, policy)
    ids = {o.id for o in orders}
    return {
        "given_this_year": len(given),
        "orders_compensated_percent": _percent(len({c.order_id for c in given} & ids), len(ids)),
        "goodwill_percent": _percent(goodwill, paid),
        "came_after_all": _came_after_all(history, now, case_id),
    }


def _percent(part: int, whole: int) -> int:
    return 100 * part // whole if whole else 0


def _came_after_all(history: History, now: datetime, case_id: str | None) -> int:
    """Cases of lost or missing goods whose order was delivered."""
    lost = (
        c
        for c in history.cases
        if c.challenge in NEVER_CAME and c.id != case_id and now - c.opened_at < A_YEAR and c.outcome != WITHDRAWN
    )
    orders = (history.order(c.order_id) for c in lost)
    return sum(1 for o in orders if o is not None and o.last(OrderEventKind.DELIVERED) is not None)


def signals(
    history: History | None, playbook: Playbook, now: datetime, case_id: str | None = None
) -> tuple[str, ...]:
    """The playbook's abuse signals that this history shows."""
    shown = habits(history, now, playbook.policy, case_id)
    return tuple(s.id for s in playbook.abuse_signals if judge(s.when, shown).holds)
