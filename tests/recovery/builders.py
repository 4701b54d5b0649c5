"""A small playbook and a few records by hand, so that each test shows only what it is about."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from recovery.conditions import Condition
from recovery.decision import Book, Button, Decision, HandOver
from recovery.heard import Entity, Heard, TriggerHeard
from recovery.next_step import next_step
from recovery.playbook import (
    Amount,
    Answer,
    Cause,
    ChallengeRule,
    Empowerment,
    Entitlement,
    EscalationRule,
    FollowUpRule,
    GoodwillRule,
    Playbook,
    PolicyRule,
    Raise,
)
from recovery.records import (
    Case,
    Compensation,
    Customer,
    History,
    Incident,
    Interaction,
    Order,
    OrderEvent,
    OrderItem,
)
from recovery.situation import Situation, Topic
from recovery.state import Option, Problem, Recovery
from recovery.words import (
    CaseStatus,
    ChallengeType,
    DialogueAct,
    Fault,
    FrustrationLevel,
    OrderEventKind,
    Remedy,
    Role,
    Severity,
    Stage,
    Tier,
    Trigger,
)
from redress.wiring import wording

WORDS = wording()
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
LATE, LOST = ChallengeType.LATE_DELIVERY, ChallengeType.LOST_PARCEL
DAMAGED, FAULTY = ChallengeType.DAMAGED_ITEM, ChallengeType.FAULTY_PRODUCT
ACCESS = ChallengeType.ACCOUNT_ACCESS
REFUND = Option(Remedy.REFUND, 4500, "A full refund, £45", "£45 back on your card", "late.owed", ("refund", "money"))
VOUCHER = Option(Remedy.VOUCHER, 1000, "A £10 voucher", "a £10 voucher", "late.wait", ("voucher", "wait"))
REPLACEMENT = Option(Remedy.REPLACEMENT, 0, "A new one", "a new one by express", "late.new", ("new one", "replace"))


def equals(fact: str, *values: bool | int | str) -> Condition:
    return Condition(fact, is_in=values)


def at_least(fact: str, number: int) -> Condition:
    return Condition(fact, at_least=number)


# The playbook


def _challenge(challenge: ChallengeType) -> ChallengeRule:
    needs_order = challenge not in (ACCESS, ChallengeType.STAFF_CONDUCT, ChallengeType.SAFETY_INCIDENT)
    signs = {LATE: ("overdue",), LOST: ("lost",), DAMAGED: ("damage_recorded",)}
    return ChallengeRule(
        challenge=challenge,
        title=challenge.replace("_", " "),
        needs_order=needs_order,
        order_kinds=("goods",) if needs_order else (),
        severity=Severity.MINOR if challenge is LATE else Severity.MODERATE,
        raises=(
            Raise("ten days late or more", (at_least("days_late", 10),), Severity.MAJOR),
            Raise("a support need", (equals("vulnerable", True),), Severity.MAJOR),
            Raise("money lost", (equals("financial_loss", True),), Severity.MAJOR),
        ),
        signs=signs.get(challenge, ()),
        default_cause="unknown",
        team="care",
        prevention="We check this twice now.",
        usually="We can usually put this right.",
        asks_for="photo" if challenge is DAMAGED else "",
    )


def _entitlement(option: Option, amount: Amount) -> Entitlement:
    label = {Remedy.REFUND: "A full refund, {amount}", Remedy.VOUCHER: "A {amount} voucher"}
    promise = {Remedy.REFUND: "{amount} back on your card", Remedy.VOUCHER: "a {amount} voucher"}
    return Entitlement(
        option.remedy,
        amount,
        label.get(option.remedy, option.label),
        promise.get(option.remedy, option.promise),
        option.words,
        goodwill=option.remedy is Remedy.VOUCHER,
    )


def escalation(rule_id: str, *when: Condition, priority: int = 3, team: str = "care") -> EscalationRule:
    return EscalationRule(rule_id, rule_id.replace("_", " "), when, team, priority, f"utter_{rule_id}")


ESCALATION = (
    escalation("safety", equals("safety", True), priority=1, team="safety"),
    escalation("fraud", equals("fraud", True), priority=1, team="security"),
    escalation("vulnerable", equals("vulnerable", True), at_least("severity", 3), priority=2),
    escalation("legal", equals("legal", True), priority=2),
    escalation("failed_twice", at_least("failed_recoveries", 2), priority=2, team="senior"),
    escalation("furious", at_least("frustration", 3), priority=2),
    escalation("person_asked", equals("person_asked", True)),
    escalation("offers_refused", at_least("offers_refused", 2)),
    escalation("over_limit", equals("over_limit", True)),
    escalation("nothing_to_offer", equals("nothing_to_offer", True)),
    escalation("offers_exhausted", equals("offers_exhausted", True)),
    escalation("stays_frustrated", at_least("turns_frustrated", 3)),
    escalation("gave_up", at_least("cooled", 1)),
    escalation("not_understood", at_least("misunderstandings", 2)),
    escalation("unverified", at_least("unverified", 2)),
    escalation("goes_wrong", at_least("person_due", 75), equals("in_hand", False), priority=4),
)

PLAYBOOK = Playbook(
    version="2026-11-01.test",
    company="Hearth & Home",
    currency="GBP",
    causes={
        "unknown": Cause("unknown", Fault.UNKNOWN, "We do not know the cause yet."),
        "strike": Cause("strike", Fault.CARRIER, "{courier} is on strike in {region}."),
        "customer": Cause("customer", Fault.CUSTOMER, "The address was not complete."),
    },
    challenges={c: _challenge(c) for c in ChallengeType},
    policy=(
        PolicyRule(
            "late.owed",
            tuple(ChallengeType),
            (),
            (_entitlement(REFUND, Amount(percent_of_order=100)), _entitlement(REPLACEMENT, Amount())),
        ),
        PolicyRule(
            "late.wait",
            tuple(ChallengeType),
            (equals("fault", "company", "carrier", "partner", "unknown"),),
            (_entitlement(VOUCHER, Amount(fixed=500, per_day_late=100, at_most=1500)),),
        ),
    ),
    goodwill=(GoodwillRule("let_down_before", (at_least("failures_this_year", 2),), 50),),
    empowerment={
        Role.BOT: Empowerment(Role.BOT, 15_000, 6_000, frozenset(Remedy)),
        Role.AGENT: Empowerment(Role.AGENT, 30_000, 15_000, frozenset(Remedy)),
        Role.SPECIALIST: Empowerment(Role.SPECIALIST, 50_000, 25_000, frozenset(Remedy)),
        Role.SENIOR: Empowerment(Role.SENIOR, 100_000, 40_000, frozenset(Remedy)),
        Role.SUPERVISOR: Empowerment(Role.SUPERVISOR, 500_000, 200_000, frozenset(Remedy)),
    },
    escalation=ESCALATION,
    follow_ups={r: FollowUpRule(r, 2880) for r in Remedy},
    survey_after_minutes=4320,
    answers=(
        Answer("opening_hours", ("opening hours", "open today"), "We are here from 8 to 8."),
        Answer("returns", ("return", "send back"), "You can send most things back within 30 days."),
    ),
)


def playbook(**changes: Any) -> Playbook:
    """The playbook with parts replaced."""
    return replace(PLAYBOOK, **changes)


# The CRM's records

CUSTOMER = Customer("c1", "Mona Field", "mona@example.org", "+441234567890", Tier.STANDARD, "North")


def event(kind: OrderEventKind, order_id: str, at: datetime, cause: str = "") -> OrderEvent:
    return OrderEvent(f"{order_id}-{kind}", order_id, kind, at, cause)


def order(order_id: str = "10482", item: str = "Copper kettle", **changes: Any) -> Order:
    """Goods promised for four days ago, dispatched, and not there yet."""
    promised = changes.pop("promised_for", date(2026, 11, 16))
    placed = changes.pop("placed_at", NOW - timedelta(days=9))
    cause = changes.pop("cause", "")
    delivered = changes.pop("delivered_at", None)
    events = [
        event(OrderEventKind.PLACED, order_id, placed),
        event(OrderEventKind.PROMISED, order_id, placed),
        event(OrderEventKind.DISPATCHED, order_id, placed + timedelta(days=2)),
    ]
    if cause:
        events.append(event(OrderEventKind.COURIER_DELAY, order_id, NOW - timedelta(days=3), cause))
    if delivered:
        events.append(event(OrderEventKind.DELIVERED, order_id, delivered))
    pence = changes.pop("pence", 4500)
    made = Order(
        order_id,
        changes.pop("customer_id", CUSTOMER.id),
        changes.pop("kind", "goods"),
        placed,
        pence,
        "SwiftVan",
        "North",
        promised,
        (OrderItem(f"{order_id}-1", "SKU", item, 1, pence),),
        tuple(events),
    )
    return replace(made, **changes)


def in_time(order_id: str = "10500", item: str = "Linen curtains", **changes: Any) -> Order:
    """Goods whose promise is still ahead."""
    return order(order_id, item, promised_for=date(2026, 11, 25), **changes)


def delivered(order_id: str = "10400", item: str = "Blue vase", days_ago: int = 2, **changes: Any) -> Order:
    at = NOW - timedelta(days=days_ago)
    return order(order_id, item, promised_for=at.date(), placed_at=at - timedelta(days=5), delivered_at=at, **changes)


def broken(order_id: str = "10400", **changes: Any) -> Order:
    """Goods that arrived in time, with a record of damage."""
    came = delivered(order_id, **changes)
    return replace(came, events=(*came.events, event(OrderEventKind.DAMAGE_RECORDED, order_id, NOW)))


def case(
    case_id: str = "311", challenge: ChallengeType = LATE, order_id: str | None = "10482", **changes: Any
) -> Case:
    made = Case(
        case_id,
        CUSTOMER.id,
        None,
        order_id,
        challenge,
        Severity.MINOR,
        CaseStatus.RESOLVED,
        NOW - timedelta(days=40),
        closed_at=NOW - timedelta(days=38),
        courier="SwiftVan",
    )
    return replace(made, **changes)


def compensation(comp_id: str = "7", case_id: str = "311", **changes: Any) -> Compensation:
    made = Compensation(
        comp_id,
        CUSTOMER.id,
        case_id,
        "10482",
        Remedy.VOUCHER,
        1000,
        NOW - timedelta(days=38),
        "bot",
        Role.BOT,
        "late.wait",
        "RD-7",
    )
    return replace(made, **changes)


def interaction(
    interaction_id: str = "55", summary: str = "Asked about a late parcel.", **changes: Any
) -> Interaction:
    made = Interaction(interaction_id, CUSTOMER.id, NOW - timedelta(days=40), "email", summary)
    return replace(made, **changes)


def incident(**changes: Any) -> Incident:
    made = Incident(
        "1",
        "courier_strike",
        "strike",
        "SwiftVan",
        "North",
        NOW - timedelta(days=5),
        date(2026, 11, 24),
        "SwiftVan's drivers are on strike in the North until about 24 Nov.",
    )
    return replace(made, **changes)


def history(*orders: Order, **changes: Any) -> History:
    """A verified customer with these orders (one late parcel where none is named)."""
    return replace(History(CUSTOMER, orders or (order(),)), **changes)


# What a customer says


class Conversation:
    """Talks to next_step as the bot would: each answer leaves its state for the next message.

    Case ids are given as casework would give them, and each step counts as done once it was said.
    """

    def __init__(self, known: History | None, state: Recovery | None = None, book: Playbook = PLAYBOOK) -> None:
        self.known, self.state, self.book = known, state or Recovery(), book
        self.now, self.count = NOW, 0
        self.decisions: list[Decision] = []

    def says(self, text: str, act: DialogueAct, **heard: Any) -> Decision:
        """One message, routed as the rules in data/rules do, and what is decided."""
        self.count += 1
        message = said(text, act, message_id=f"m{self.count}", **heard)
        return self.hears(message, topic_of(message, self.state.stage))

    def clicks(self, title: str) -> Decision:
        """Click the button with this title in the latest message that has it."""
        found = [
            b for d in reversed(self.decisions) for s in reversed(d.says) for b in s.buttons if title in shown(b)
        ]
        assert found, f"no button {title!r}"
        return self.says(shown(found[0]), DialogueAct(found[0].act), choice=found[0].choice)

    def reports(self, challenge: ChallengeType = LATE, text: str = "it is still not here", **heard: Any) -> Decision:
        return self.says(text, DialogueAct.REPORT_PROBLEM, challenges=(challenge,), **heard)

    def hears(self, message: Heard, topic: Topic) -> Decision:
        decision = next_step(Situation(topic, message, self.state, self.known, self.book, self.now))
        self.decisions.append(decision)
        self.state = carried_out(decision)
        return decision

    @property
    def problem(self) -> Problem:
        """The problem in hand."""
        current = self.state.current
        assert current is not None
        return current

    @property
    def booked(self) -> list[Book]:
        return [e for d in self.decisions for e in d.effects if isinstance(e, Book)]


def carried_out(decision: Decision) -> Recovery:
    """The state as casework keeps it: every problem has a case, and what was said was done."""
    from recovery.state import StepDone

    state = decision.state
    for index, problem in enumerate(state.problems):
        if problem.case_id is None:
            state = state.changed(problem, case_id=f"case-{index}")
    for say in decision.says:
        about = getattr(say, "about", None) or decision.about
        if about is None:
            continue
        done = tuple(StepDone(part.step, "reply") for part in say.parts if part.step)
        state = state.with_problem(about, lambda p, done=done: replace(p, steps=(*p.steps, *done)))  # type: ignore[misc]
    return state


SURVEYS = (Stage.CHECKING_BACK, Stage.SURVEYING, Stage.COMMENTING)
ALWAYS = {
    DialogueAct.REPORT_PROBLEM: Topic.RECOVER,
    DialogueAct.ASK_STATUS: Topic.STATUS,
    DialogueAct.ASK_INFO: Topic.QUESTION,
    DialogueAct.REQUEST_HUMAN: Topic.PERSON,
    DialogueAct.ACCEPT_OFFER: Topic.ANSWER_OFFER,
    DialogueAct.REJECT_OFFER: Topic.ANSWER_OFFER,
    DialogueAct.COMPLAIN_ABOUT_BOT: Topic.BOT_COMPLAINT,
    DialogueAct.GREET: Topic.SMALL_TALK,
}


def topic_of(heard: Heard, stage: Stage) -> Topic:
    """What data/rules make of a dialogue act at a stage."""
    if heard.act in ALWAYS:
        return ALWAYS[heard.act]
    if stage in SURVEYS:
        return Topic.ANSWER_SURVEY
    if heard.act in (DialogueAct.INFORM, DialogueAct.AFFIRM, DialogueAct.DENY):
        return Topic.ANSWER_OFFER if stage in (Stage.OFFERING, Stage.CONFIRMING) else Topic.RECOVER
    return Topic.OUTSIDE if heard.act is DialogueAct.OUT_OF_SCOPE else Topic.SMALL_TALK


def said(text: str = "hello", act: DialogueAct = DialogueAct.INFORM, **heard: Any) -> Heard:
    """A message as the NLU understands it. `triggers` and `order` are given in short."""
    triggers = tuple(TriggerHeard(t) for t in heard.pop("triggers", ()))
    entities = tuple(Entity("order_number", n, n) for n in heard.pop("orders", ())) + heard.pop("entities", ())
    level = FrustrationLevel(heard.pop("frustration", 0))
    return Heard(
        heard.pop("message_id", "m1"),
        text,
        heard.pop("at", NOW),
        act,
        triggers=triggers,
        entities=entities,
        frustration=level,
        **heard,
    )


def vulnerable() -> dict[str, Any]:
    return {"triggers": (Trigger.VULNERABILITY,)}


# What a decision holds


def shown(button: Button) -> str:
    """A button's title as the customer reads it."""
    return WORDS.buttons((button,))[0]["title"]


def responses(decision: Decision) -> list[str]:
    return [p.response for s in decision.says for p in s.parts]


def titles(decision: Decision) -> list[str]:
    return [shown(b) for s in decision.says for b in s.buttons]


def handed_over(decision: Decision) -> HandOver | None:
    return next((e for e in decision.effects if isinstance(e, HandOver)), None)
