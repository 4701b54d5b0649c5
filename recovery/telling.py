"""How a step is put: the parts of a message, their facts, and the buttons under it."""

from recovery.assessment import Assessment
from recovery.dates import day, days
from recovery.decision import Button, Part, Say
from recovery.orders import is_overdue
from recovery.records import Order
from recovery.situation import Situation
from recovery.state import Option, Problem
from recovery.words import DialogueAct, OrderEventKind, RecoveryStep, Trigger

PERSON = Button("Talk to a person", DialogueAct.REQUEST_HUMAN)
NO = Button("No, something else", DialogueAct.DENY, "no")
NEITHER = Button("Neither of these", DialogueAct.REJECT_OFFER, "no")
NOT_THIS = Button("No, not that", DialogueAct.REJECT_OFFER, "no")
OTHER_ORDER = Button("It's another order", DialogueAct.DENY, "other_order")
RATINGS = tuple(Button(str(n), DialogueAct.INFORM, f"rating:{n}") for n in range(1, 6))
NO_COMMENT = Button("No, that's all", DialogueAct.DENY, "no")
SIGNED_IN = Button("I've signed in", DialogueAct.INFORM, "verified")


def yes_to(option: Option) -> Button:
    """A yes that names what it books, so that a click on an old question books nothing else."""
    return Button("Yes, please book it", DialogueAct.AFFIRM, f"yes:{option.id}")


def in_a_sentence(title: str) -> str:
    """A title as it stands after “your”: `copper kettle`, but `Harbour Club membership` as it is."""
    rest = title[1:]
    return title if rest != rest.lower() else title[:1].lower() + rest


def order_facts(order: Order | None, s: Situation) -> dict[str, str]:
    """What a text may say of an order; empty strings where nothing is known."""
    if order is None:
        return {"order": "", "item": "your order", "promised": "", "late": ""}
    promised = day(order.promised_for) if order.promised_for else ""
    late = days((s.now.date() - order.promised_for).days) if order.promised_for and is_overdue(order, s.now) else ""
    return {"order": order.id, "item": in_a_sentence(order.title), "promised": promised, "late": late}


def opening(assessment: Assessment, s: Situation) -> Say | None:
    """Listen, apologise, thank and explain, once for each problem."""
    problem = assessment.problem
    if problem.did(RecoveryStep.APOLOGISE):
        return None
    facts = facts_of(assessment, s)
    listened = "utter_listen_again" if assessment.failed_recoveries else "utter_listen"
    parts = [
        Part(listened, facts, RecoveryStep.LISTEN),
        Part(f"utter_apologise_{problem.challenge}", facts, RecoveryStep.APOLOGISE),
        *_owned(assessment, s, facts),
        Part(_thanks(s), facts, RecoveryStep.THANK),
    ]
    return Say(tuple(parts))


def _owned(assessment: Assessment, s: Situation, facts: dict[str, str]) -> list[Part]:
    """A broken promise is owned, and a customer in a hurry is told that we saw it."""
    parts = []
    if s.heard.trigger(Trigger.BROKEN_PROMISE):
        parts.append(Part("utter_own_broken_promise", facts))
    if s.heard.trigger(Trigger.URGENT_DEADLINE):
        parts.append(Part("utter_see_deadline", facts))
    return parts


def _thanks(s: Situation) -> str:
    """Thanks for something they did."""
    if s.heard.trigger(Trigger.REPEATED_CONTACT):
        return "utter_thank_again"
    if s.heard.values("order_number"):
        return "utter_thank_details"
    return "utter_thank"


def facts_of(assessment: Assessment, s: Situation) -> dict[str, str]:
    """The facts that texts about one problem may use."""
    rule = s.playbook.challenges[assessment.problem.challenge]
    order = assessment.order
    last = assessment.failed_recoveries[0] if assessment.failed_recoveries else None
    since = assessment.incident.started_at if assessment.incident else None
    facts = {
        **order_facts(order, s),
        "problem": rule.title,
        "name": s.first_name,
        "courier": order.courier if order else "",
        "region": order.region if order else "",
        "prevention": rule.prevention,
        "earlier": day(last.opened_at) if last else "",
        "event_day": day(assessment.cause_event.at) if assessment.cause_event else "",
        "since": day(since) if since else "",
        "company": s.playbook.company,
    }
    facts["cause"] = assessment.cause.told.format(**facts)
    return facts


def explanation(assessment: Assessment, s: Situation) -> Part:
    """What the order's events say caused it, or that the cause is not known yet."""
    facts = facts_of(assessment, s)
    if assessment.incident is not None:
        facts["incident"] = assessment.incident.text
        return Part("utter_explain_incident", facts, RecoveryStep.EXPLAIN)
    known = assessment.cause_event is not None
    return Part("utter_explain" if known else "utter_explain_unknown", facts, RecoveryStep.EXPLAIN)


def offer(problem: Problem, shown: tuple[Option, ...], lead: Part, *, explained: Part | None = None) -> Say:
    """The alternatives in hand, as text and as buttons."""
    labels = [o.label for o in shown]
    listed = labels[0] if len(labels) == 1 else "\n".join(f"{n}. {label}" for n, label in enumerate(labels, 1))
    facts = {**lead.facts, "options": listed}
    response = f"{lead.response}_one" if len(shown) == 1 else lead.response
    parts = (*((explained,) if explained else ()), Part(response, facts, RecoveryStep.RESOLVE))
    picks = tuple(Button(o.label, DialogueAct.ACCEPT_OFFER, f"option:{o.id}") for o in shown)
    refuse = NOT_THIS if len(shown) == 1 else NEITHER
    return Say(parts, (*picks, refuse, PERSON))


def which_order(
    choices: tuple[Order, ...], s: Situation, response: str, act: DialogueAct = DialogueAct.INFORM
) -> Say:
    """Ask which of the customer's recent orders it is, or for the number when there are none."""
    buttons = tuple(Button(f"{o.title} ({o.id}, {day(o.placed_at)})", act, f"order:{o.id}") for o in choices)
    return Say((Part(response, {"name": s.first_name}),), (*buttons, PERSON))


def order_status(order: Order, s: Situation) -> Part:
    """Where an order is, from its own events."""
    facts = order_facts(order, s)
    if delivered := order.last(OrderEventKind.DELIVERED):
        return Part("utter_status_delivered", {**facts, "day": day(delivered.at)})
    if is_overdue(order, s.now):
        last = order.events[-1].at if order.events else order.placed_at
        return Part("utter_status_overdue", {**facts, "courier": order.courier, "day": day(last)})
    if order.last(OrderEventKind.DISPATCHED):
        return Part("utter_status_on_its_way", {**facts, "courier": order.courier})
    if order.promised_for:
        return Part("utter_status_preparing", facts)
    return Part("utter_status_active", facts)
