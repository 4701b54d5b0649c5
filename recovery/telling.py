"""How a step is put: the parts of a message, their facts, and the buttons under it."""

from dataclasses import replace

from recovery import languages
from recovery.assessment import Assessment
from recovery.choosing import hedges
from recovery.contacts import earlier_contacts, promised_call, promised_word, told_on, which_time
from recovery.contingencies import holds_up
from recovery.dates import day, days
from recovery.decision import Button, Part, Say
from recovery.orders import is_overdue
from recovery.provisos import condition_of
from recovery.records import Case, Order
from recovery.reports import troubles
from recovery.situation import Situation
from recovery.state import Option, Problem, Progress
from recovery.surveys import SurveyKind
from recovery.words import ChallengeType, DialogueAct, FrustrationLevel, OrderEventKind, RecoveryStep, Trigger

PERSON = Button("utter_title_person", DialogueAct.REQUEST_HUMAN)
IN_THEIR_WORDS = {code: Button(f"utter_title_person_{code}", DialogueAct.REQUEST_HUMAN) for code in languages.WORDS}
NO = Button("utter_title_something_else", DialogueAct.DENY, "no")
NEITHER = Button("utter_title_neither", DialogueAct.REJECT_OFFER, "no")
NOT_THIS = Button("utter_title_not_that", DialogueAct.REJECT_OFFER, "no")
OTHER_ORDER = Button("utter_title_other_order", DialogueAct.DENY, "other_order")
NO_COMMENT = Button("utter_title_thats_all", DialogueAct.DENY, "no")
A_FEW_WORDS = 5  # "this is beyond a joke": as much as cross words need
AT_MOST = 4  # choices for somebody who was not understood
USUAL = (
    Button("utter_title_not_come", DialogueAct.REPORT_PROBLEM, f"challenge:{ChallengeType.LATE_DELIVERY}"),
    Button("utter_title_broken", DialogueAct.REPORT_PROBLEM, f"challenge:{ChallengeType.FAULTY_PRODUCT}"),
    Button("utter_title_not_ordered", DialogueAct.REPORT_PROBLEM, f"challenge:{ChallengeType.WRONG_ITEM}"),
    Button("utter_title_payment_wrong", DialogueAct.REPORT_PROBLEM, f"challenge:{ChallengeType.BILLING_ERROR}"),
)
SIGNED_IN = Button("utter_title_signed_in", DialogueAct.INFORM, "verified")


def ratings(kind: SurveyKind) -> tuple[Button, ...]:
    """A button for each rating on its scale."""
    return tuple(Button(str(n), DialogueAct.INFORM, f"rating:{n}") for n in kind.scale)


def choices(s: Situation) -> tuple[Button, ...]:
    """What it may be about, for somebody who was not understood: their own troubles first, then the usual ones."""
    few = known_troubles(s)
    return (*few, *USUAL[: AT_MOST - len(few)])


def own_troubles(s: Situation) -> tuple[tuple[ChallengeType, Order], ...]:
    """What each of the customer's orders shows first to have gone wrong, without what was settled here already."""
    settled = {p.order_id for p in s.state.problems if p.progress is Progress.BOOKED}
    orders = [o for o in s.history.orders if o.id not in settled] if s.history else []
    return tuple((challenge, o) for o in orders for challenge in troubles(s, o)[:1])


def known_troubles(s: Situation) -> tuple[Button, ...]:
    """What the customer's orders show to have gone wrong, so that nobody has to tell it."""
    own = []
    for challenge, order in own_troubles(s)[: AT_MOST - 2]:
        title = f"{s.playbook.challenges[challenge].title.capitalize()}: {order.title}"
        own.append(Button(title, DialogueAct.REPORT_PROBLEM, of_order(challenge, order)))
    return tuple(own)


def of_order(challenge: ChallengeType, order: Order) -> str:
    """What a button carries that tells of this trouble with this order."""
    return f"challenge:{challenge}@{order.id}"


def yes_to(option: Option) -> Button:
    """A yes that names what it books, so that a click on an old question books nothing else."""
    return Button("utter_title_book_it", DialogueAct.AFFIRM, f"yes:{option.id}")


def in_a_sentence(title: str) -> str:
    """A title as it stands after “your”: `copper kettle`, but `Harbour Club membership` as it is."""
    rest = title[1:]
    return title if rest != rest.lower() else title[:1].lower() + rest


def order_facts(order: Order | None, s: Situation, things: tuple[str, ...] = ()) -> dict[str, str]:
    """What a text may say of an order, or of the `things` of it that are meant; empty where nothing is known."""
    if order is None:
        return {"order": "", "item": "your order", "promised": "", "late": ""}
    promised = day(order.promised_for) if order.promised_for else ""
    late = days((s.now.date() - order.promised_for).days) if order.promised_for and is_overdue(order, s.now) else ""
    named = [in_a_sentence(i.name) for i in order.items if i.id in things]
    item = " and ".join(dict.fromkeys(named)) or in_a_sentence(order.title)
    return {"order": order.id, "item": item, "promised": promised, "late": late}


def noted(s: Situation) -> Part | None:
    """An answer to what came with the reply: a date that we can't promise, or a yes with a "but"."""
    if s.heard.trigger(Trigger.URGENT_DEADLINE):
        by = next((e.text for e in s.heard.entities if e.name == "date"), "")
        return Part("utter_noted_deadline", {"by": by})
    if condition := condition_of(s.heard):
        return Part("utter_noted_condition", {"condition": condition.words})
    return others_told(s) or (Part("utter_noted_but") if hedges(s.heard) else None)


def vented(s: Situation) -> Part | None:
    """A few cross words that tell of nothing new are heard, not filed."""
    length = len(s.heard.text.split())
    angry = s.heard.frustration >= FrustrationLevel.FRUSTRATED and length <= A_FEW_WORDS
    sighs = s.heard.frustration is FrustrationLevel.ANNOYED and length < A_FEW_WORDS
    cross = angry or (sighs and s.heard.act is DialogueAct.REPORT_PROBLEM)
    return Part("utter_vented") if cross and not (s.heard.challenges or s.heard.entities) else None


def others_told(s: Situation) -> Part | None:
    """What else the message told of is named, so that nobody fears it was missed."""
    titles = _others(s)
    return Part("utter_noted_other", {"problem": titles}) if titles else None


def others_handed_over(s: Situation) -> Part | None:
    """As above, where a person takes over: they get them all."""
    titles = _others(s)
    return Part("utter_goes_with_it", {"problem": titles}) if titles else None


def _others(s: Situation) -> str:
    """What this message told of beside the problem in hand, by title."""
    told = [p for p in s.state.problems if p.is_live and p.heard_in == s.heard.message_id and p != s.problem]
    titles = list(dict.fromkeys(s.playbook.challenges[p.challenge].title for p in told))
    return ", the ".join(titles[:-1]) + (" and the " if titles[1:] else "") + titles[-1] if titles else ""


def opening(assessment: Assessment, s: Situation) -> Say | None:
    """Listen, apologise, thank and explain, once for each problem."""
    problem = assessment.problem
    if problem.did(RecoveryStep.APOLOGISE):
        return None
    facts = facts_of(assessment, s)
    parts = [
        Part(_listened(assessment, facts), facts, RecoveryStep.LISTEN),
        Part(_apology(assessment), facts, RecoveryStep.APOLOGISE),
        *_owned(assessment, s, facts),
        Part(_thanks(s, facts), facts, RecoveryStep.THANK),
    ]
    return Say(tuple(parts))


def _apology(assessment: Assessment) -> str:
    """For what went wrong; what came late is there by now."""
    challenge = assessment.problem.challenge
    if assessment.problem.told_in_time:
        return "utter_apologise_shown_in_time"
    came = challenge is ChallengeType.LATE_DELIVERY and assessment.facts["arrived"]
    return "utter_apologise_came_late" if came else f"utter_apologise_{challenge}"


def _listened(assessment: Assessment, facts: dict[str, str]) -> str:
    """What they went through with us before is said first, so that nothing need be repeated."""
    if assessment.failed_recoveries:
        return "utter_listen_again"
    if facts["contacts"]:
        return "utter_listen_before"
    return "utter_listen"


def _owned(assessment: Assessment, s: Situation, facts: dict[str, str]) -> list[Part]:
    """A promise of ours that was broken is owned, and a customer in a hurry is told that we saw it."""
    parts = []
    if facts["tried"]:
        parts.append(Part("utter_own_failed_remedy", facts))
    elif facts["promised_call"]:
        parts.append(Part("utter_own_promised_call", facts))
    elif s.heard.trigger(Trigger.BROKEN_PROMISE) or promised_word(assessment.problem, s.history, s.now):
        parts.append(Part("utter_own_broken_promise", facts))
    if s.heard.trigger(Trigger.URGENT_DEADLINE):
        parts.append(Part("utter_see_deadline", facts))
    return parts


def _thanks(s: Situation, facts: dict[str, str]) -> str:
    """Thanks for something they did."""
    if s.heard.trigger(Trigger.REPEATED_CONTACT) or facts["contacts"] or facts["earlier"]:
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
    contacts = earlier_contacts(assessment.problem, s.history, s.now)
    called = promised_call(assessment.problem, s.history, s.now)
    facts = {
        **order_facts(order, s, assessment.problem.items),
        "contacts": told_on(contacts),
        "time": which_time(contacts),
        "promised_call": day(called) if called else "",
        "tried": _tried(last, s) if last else "",
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
    if assessment.facts["arrived"] and assessment.days_late:
        facts["late"] = days(assessment.days_late)  # it came, and late
    facts["cause"] = assessment.cause.told.format(**facts)
    return facts


def _tried(failed: Case, s: Situation) -> str:
    """What was given for a recovery that did not hold."""
    given = (c.remedy for c in s.history.compensations if c.case_id == failed.id) if s.history else ()
    return next((r.replace("_", " ") for r in given), "")


def explanation(assessment: Assessment, s: Situation) -> Part:
    """What the order's events say caused it, or that the cause is not known yet."""
    facts = facts_of(assessment, s)
    if assessment.problem.told_in_time:
        return Part("utter_explain_shown_in_time", facts, RecoveryStep.EXPLAIN)
    if assessment.incident is not None:
        facts["incident"] = assessment.incident.text
        return Part("utter_explain_incident", facts, RecoveryStep.EXPLAIN)
    if assessment.contingency is not None:
        return Part("utter_explain_contingency", facts, RecoveryStep.EXPLAIN)
    known = assessment.cause_event is not None
    if _explained_before(assessment, s, known=known):
        return Part("utter_explain_again", facts, RecoveryStep.EXPLAIN)
    return Part("utter_explain" if known else "utter_explain_unknown", facts, RecoveryStep.EXPLAIN)


def _explained_before(assessment: Assessment, s: Situation, *, known: bool) -> bool:
    """The same went wrong before in this conversation: what was told then is no reason for its happening again."""
    this = assessment.problem
    alike = (p for p in s.state.problems if p.key != this.key and p.challenge is this.challenge)
    return any(p.did(RecoveryStep.EXPLAIN) and (p.order_id == this.order_id or not known) for p in alike)


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


def with_person_early(say: Say, s: Situation) -> Say:
    """Who is furious is offered a person in words, once, and not only by a button."""
    told = any(wording.startswith("person_early.") for wording in s.state.said)
    if told or s.state.mood.level < FrustrationLevel.FURIOUS:
        return say
    return replace(say, parts=(*say.parts, Part("utter_person_early")))


def which_order(
    choices: tuple[Order, ...], s: Situation, response: str, act: DialogueAct = DialogueAct.INFORM
) -> Say:
    """Ask which of the customer's recent orders it is, or for the number when there are none."""
    buttons = tuple(Button(f"{o.title} ({o.id}, {day(o.placed_at)})", act, f"order:{o.id}") for o in choices)
    return Say((Part(response, {"name": s.first_name}),), (*buttons, PERSON))


def order_status(order: Order, s: Situation) -> Part:
    """Where an order is, from its own events."""
    facts = order_facts(order, s)
    if refunded := order.last(OrderEventKind.REFUND_SENT):
        return Part("utter_status_refunded", {**facts, "day": day(refunded.at)})
    if delivered := order.last(OrderEventKind.DELIVERED):
        return Part("utter_status_delivered", {**facts, "day": day(delivered.at)})
    if lost := order.lost:
        return Part("utter_status_lost", {**facts, "courier": order.courier, "day": day(lost.at)})
    if (slow := holds_up(s.around.contingencies, order, s.now)) and not is_overdue(order, s.now):
        return Part("utter_status_held_up", {**facts, "until": day(slow.ends_at)})
    if is_overdue(order, s.now):
        last = order.events[-1].at if order.events else order.placed_at
        return Part("utter_status_overdue", {**facts, "courier": order.courier, "day": day(last)})
    if order.last(OrderEventKind.DISPATCHED):
        return Part("utter_status_on_its_way", {**facts, "courier": order.courier})
    if order.promised_for:
        return Part("utter_status_preparing", facts)
    return Part("utter_status_active", facts)
