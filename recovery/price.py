"""What an order's price went back as: money, or a new thing in place of the old. Never more than it once."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from recovery.playbook import Playbook
from recovery.records import Compensation, History, Order
from recovery.state import Problem, Progress
from recovery.words import ChallengeType, Remedy

PRICE_BACK = frozenset({Remedy.REFUND, Remedy.PARTIAL_REFUND})
NEW_ONE = frozenset({Remedy.REPLACEMENT, Remedy.COLLECT_AND_SWAP})
PLAN = "plan"
# These are about the first thing and its money, also once a new one has come.
ABOUT_MONEY = frozenset(
    {
        ChallengeType.RETURN_PROBLEM,
        ChallengeType.REFUND_DELAY,
        ChallengeType.BILLING_ERROR,
        ChallengeType.CANCELLATION_PROBLEM,
    }
)


def within_price(remedy: Remedy, pence: int, order: Order | None, back: int) -> bool:
    """Whether no more than its price goes back for an order, however many problems it had. A plan is paid anew."""
    worth = _worth(remedy, pence, order)
    return not worth or order is None or back + worth <= order.pence


def money_fits(new: tuple[Remedy, int], kind: str, price: int, back: int) -> bool:
    """The last line of defence, whatever was decided: of an order's price never more comes back as money than it was.

    `new` is a remedy and its pence, `kind` and `price` are the order's, `back` the money that went back before.
    """
    remedy, pence = new
    return remedy not in PRICE_BACK or kind == PLAN or not price or back + pence <= price


def paid_back(
    problem: Problem, others: Iterable[Problem], history: History | None, playbook: Playbook, now: datetime
) -> int:
    """Pence of its order's price that went back for other cases: granted, or booked here and not granted yet."""
    order = history.order(problem.order_id) if history else None
    if history is None or order is None:
        return 0
    known = {c.case_id for c in history.compensations}
    booked = [p for p in others if p.progress is Progress.BOOKED and p.order_id == order.id and p.key != problem.key]
    options = [o for p in booked if p.case_id not in known and (o := p.option(p.agreed)) is not None]
    granted = (
        c
        for c in history.compensations
        if c.order_id == order.id
        and c.case_id != problem.case_id
        and not (c.remedy in NEW_ONE and _did_not_hold(c, problem, history, playbook, now))
    )
    given = sum(_worth(c.remedy, c.pence, order) for c in granted)
    return given + sum(_worth(o.remedy, o.pence, order) for o in options)


def _worth(remedy: Remedy, pence: int, order: Order | None) -> int:
    """What of the price a remedy gives back. The pence of a new one are goodwill beside it."""
    if order is None or order.kind == PLAN or not order.pence:
        return 0
    if remedy in NEW_ONE:
        return order.pence
    return pence if remedy in PRICE_BACK else 0


def _did_not_hold(given: Compensation, problem: Problem, history: History, playbook: Playbook, now: datetime) -> bool:
    """Whether this problem is one of the new thing: it failed, or has had its time to come and is told of anew."""
    if any(c.id == given.case_id and c.failed for c in history.cases):
        return True
    rule = playbook.follow_ups.get(given.remedy)
    due = given.granted_at + timedelta(minutes=rule.after_minutes if rule else 0)
    return problem.challenge not in ABOUT_MONEY and now >= due
