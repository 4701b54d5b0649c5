"""The grounds of an escalation: each fact a rule may ask for, with the sentences and evidence that bear it out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from recovery.assessment import Assessment
from recovery.choosing import by_words, names
from recovery.contacts import told_on
from recovery.dangers import DangerKind, dangers_of
from recovery.dates import day, days
from recovery.evidence import Evidence, Sentence
from recovery.heard import Heard
from recovery.orders import is_overdue
from recovery.owed import CHOICE
from recovery.policy import Ruling
from recovery.records import Case, History, Order
from recovery.situation import Situation, Topic
from recovery.state import Option, Progress
from recovery.words import (
    CaseStatus,
    ChallengeType,
    DialogueAct,
    EvidenceKind,
    FrustrationLevel,
    OrderEventKind,
    Role,
    Stage,
    Trigger,
)

UNFIXED_AFTER = 2  # customer's turns
CLAIMS = re.compile(
    r"\b(?:compensat\w*|demand\w*|i(?:'m| am) owed|owe me|claim(?:ing)?|pay me|quote[sd]?|set (?:me|us) back"
    r"|out of pocket|who(?:'s| is|'ll| will|se| else)?(?: going to| gonna)? pay(?:s|ing)?"
    r"|(?:builder|joiner|plumber|electrician|decorator|garage|contractor|repair\w*(?: company| man)?|vet|insurers?)"
    r" (?:says?|said|wants?|writes?|asks?|charged?|charges)(?: for| about)?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Ground:
    """One fact and why it is so. A fact that is absent (False, 0) needs no sentence."""

    value: bool | int | str
    sentences: tuple[Sentence, ...] = ()


def _messages(ids: tuple[str, ...]) -> tuple[Evidence, ...]:
    return tuple(Evidence(EvidenceKind.MESSAGE, i) for i in ids)


def _heard_trigger(heard: Heard, name: Trigger, what: str) -> Ground:
    trigger = heard.trigger(name)
    if trigger is None:
        return Ground(False)
    return Ground(True, (Sentence(f"{what}: “{heard.quote}”.", (heard.evidence,)),))


def _or_challenge(ground: Ground, s: Situation, challenge: ChallengeType, what: str) -> Ground:
    if ground.value or challenge not in s.heard.challenges:
        return ground
    return Ground(True, (Sentence(f"{what}: “{s.heard.quote}”.", (s.heard.evidence,)),))


def _person_asked(s: Situation) -> Ground:
    asked = s.topic is Topic.PERSON or s.heard.act is DialogueAct.REQUEST_HUMAN
    if not asked and s.heard.trigger(Trigger.HUMAN_REQUEST) is None:
        return Ground(False)
    asked_in = Sentence(f"The customer asked for a person: “{s.heard.quote}”.", (s.heard.evidence,))
    return Ground(True, (asked_in, *_in_hand(s)))


def _in_hand(s: Situation) -> list[Sentence]:
    """What a person had in hand before this conversation, and when the customer came about it."""
    if s.history is None:
        return []
    told = {p.case_id: p for p in s.state.problems if p.progress is Progress.ESCALATED}
    sentences = []
    for case in s.history.cases:
        if case.status is not CaseStatus.ESCALATED or case.id not in told:
            continue
        since = f"Case {case.id} about it has been with a person since {day(case.opened_at)}."
        sentences.append(Sentence(since, (case.evidence,)))
        came = [i for i in s.history.interactions if i.order_id == case.order_id and i.at >= case.opened_at]
        if came:
            days_told = told_on(tuple(sorted({i.at.date() for i in came})))
            about = f"They came to us about the same order on {days_told}."
            sentences.append(Sentence(about, tuple(i.evidence for i in came)))
    return sentences


def _dangers(heard: Heard) -> dict[str, Ground]:
    """Danger to life, read from the words themselves: it counts at whatever stage it is said."""
    shown = {d.kind: d.words for d in dangers_of(heard)}
    told = {
        DangerKind.SELF_HARM: "The customer speaks of self-harm",
        DangerKind.STAFF_THREAT: "Our people are threatened",
    }
    return {
        kind.value: Ground(True, (Sentence(f"{what} (“{shown[kind]}”): “{heard.quote}”.", (heard.evidence,)),))
        if kind in shown
        else Ground(False)
        for kind, what in told.items()
    }


def _counted(ids: tuple[str, ...], what: str) -> Ground:
    if not ids:
        return Ground(0)
    times = "once" if len(ids) == 1 else "twice" if len(ids) == 2 else f"{len(ids)} times"
    return Ground(len(ids), (Sentence(what.format(times=times), _messages(ids)),))


def _feelings(s: Situation) -> dict[str, Ground]:
    mood, heard = s.state.mood, s.heard
    words = ", ".join(f"“{w}”" for w in heard.frustration_words[:3])
    shown = f" (shown by {words})" if words else ""
    furious = Sentence(f"The customer is {heard.frustration.word}{shown}: “{heard.quote}”.", (heard.evidence,))
    lasting = mood.frustrated_in[-mood.turns_frustrated :] if mood.turns_frustrated else ()
    return {
        "frustration": Ground(int(heard.frustration), (furious,) if heard.frustration else ()),
        "turns_frustrated": _counted(lasting, "The customer was frustrated {times} in a row, without easing."),
    }


def _person_due(heard: Heard) -> Ground:
    """Percent. Judged from the whole conversation, so no single word shows it: the message at which it stood so."""
    percent = int(100 * (heard.person_due or 0))
    text = f"Of conversations that go like this one, {percent} in 100 needed a person by now: “{heard.quote}”."
    return Ground(percent, (Sentence(text, (heard.evidence,)),) if percent else ())


def _in_hand_with_us(s: Situation, ruling: Ruling | None) -> bool:
    """The playbook still has something for the bot to do, or all is done: in a transcript nobody can know of it."""
    problem = s.problem
    if problem is None:
        return s.verified and s.state.last_booked is not None
    asking = s.state.stage in (Stage.IDENTIFYING, Stage.VERIFYING)  # who they are, or which order: R14 and R15 end it
    return asking or bool(problem.on_the_table) or (ruling is not None and bool(ruling.options))


def _failed(cases: tuple[Case, ...], given: Mapping[str, Evidence]) -> Ground:
    sentences = []
    for c in cases:
        on = f" on {day(c.closed_at)}" if c.closed_at else ""
        evidence = (c.evidence, given[c.id]) if c.id in given else (c.evidence,)
        text = f"Case {c.id} about this same problem was resolved{on}, and the problem is back."
        sentences.append(Sentence(text, evidence))
    return Ground(len(cases), tuple(sentences))


def _vulnerable(s: Situation, assessment: Assessment | None) -> Ground:
    heard = _heard_trigger(s.heard, Trigger.VULNERABILITY, "The customer told of a vulnerability")
    if heard.value or s.history is None or not s.history.customer.vulnerable or assessment is None:
        return heard
    noted = next((i.evidence for i in s.history.interactions if "support need" in i.summary.lower()), None)
    told = Evidence(EvidenceKind.MESSAGE, assessment.problem.heard_in)
    text = "The customer's record notes a support need, which makes this problem weigh more."
    return Ground(True, (Sentence(text, (noted, told) if noted else (told,)),))


def _vulnerable_unfixed(s: Situation) -> Ground:
    """Somebody vulnerable told us a turn or two ago, and there is still nothing on the table for them."""
    problem, told = s.problem, s.state.vulnerable_in
    # Frustration says that what was answered was no fix; otherwise a second turn has to pass.
    patience = UNFIXED_AFTER - (s.heard.frustration >= FrustrationLevel.FRUSTRATED)
    if problem is None or problem.on_the_table or not told or s.state.turns - problem.told_at < patience:
        return Ground(False)
    text = "The customer told of a vulnerability, and the problem still has no fix."
    return Ground(True, (Sentence(text, _messages(tuple(dict.fromkeys((*told, problem.heard_in))))),))


def _severity(assessment: Assessment | None) -> Ground:
    if assessment is None:
        return Ground(0)
    problem = assessment.problem
    why = f" ({', '.join(assessment.raised_by)})" if assessment.raised_by else ""
    what = problem.challenge.replace("_", " ")
    text = f"The {what} is judged {assessment.severity.word}{why}."
    return Ground(int(assessment.severity), (Sentence(text, _messages((problem.heard_in,))),))


def _over_limit(s: Situation, assessment: Assessment | None, ruling: Ruling | None) -> Ground:
    limit = s.playbook.empowerment[Role.BOT].per_grant
    if claimed := _claim(s, limit, _own_money(assessment)):
        text = f"The customer claims {s.playbook.money(claimed)}, above the bot's limit of {s.playbook.money(limit)}."
        return Ground(True, (Sentence(text, (s.heard.evidence,)),))
    if asked := _asked_above(s, ruling):
        text = f"The customer asks for “{asked.label}” (rule {asked.rule}), which the bot may not grant by itself."
        return Ground(True, (Sentence(text, (s.heard.evidence,)),))
    if assessment is None or ruling is None or ruling.options or not ruling.above_limit:
        return Ground(False)
    if assessment.problem.options:
        return Ground(False)  # what was offered within the limits stays on the table
    best = ruling.above_limit[0]
    cites = _messages((assessment.problem.heard_in,))
    placed = assessment.order.last(OrderEventKind.PLACED) if assessment.order else None
    text = f"The recovery policy allows “{best.label}” (rule {best.rule}), which the bot may not grant by itself."
    return Ground(True, (Sentence(text, (*cites, placed.evidence) if placed else cites),))


def _asked_above(s: Situation, ruling: Ruling | None) -> Option | None:
    """What the recovery policy allows, but not to the bot, when a customer asks for that instead of an offer."""
    if ruling is None or s.problem is None or s.topic is not Topic.ANSWER_OFFER:
        return None
    if s.heard.choice:
        return next((o for o in ruling.above_limit if s.heard.choice == f"{CHOICE}{o.id}"), None)
    turned_down = s.heard.act in (DialogueAct.REJECT_OFFER, DialogueAct.DENY)
    if not turned_down and names([w for o in s.problem.options for w in o.words], s.heard):
        return None
    within = {o.remedy for o in ruling.options}
    return by_words([o for o in ruling.above_limit if o.remedy not in within], s.heard)


def _own_money(assessment: Assessment | None) -> int:
    """What of the sums named is the customer's own, and only late: "you still owe me £199" claims nothing."""
    late = assessment is not None and assessment.problem.challenge is ChallengeType.REFUND_DELAY
    return assessment.order.pence if late and assessment and assessment.order else 0


def _claim(s: Situation, limit: int, own: int = 0) -> int:
    """Pence the customer demands, if above the limit and not their `own`. A price that is merely told is no claim."""
    if s.heard.act is not DialogueAct.REJECT_OFFER and not CLAIMS.search(s.heard.text):
        return 0
    claims = [int(v) for v in s.heard.values("pence") if v.isdigit()]
    return max((c for c in claims if c > max(limit, own)), default=0)


def grounds_of(s: Situation, assessment: Assessment | None, ruling: Ruling | None) -> dict[str, Ground]:
    """Every fact an escalation rule may ask for, each with its evidence."""
    given = {c.case_id: c.evidence for c in s.history.compensations} if s.history else {}
    heard, problem = s.heard, s.problem
    safety = _heard_trigger(heard, Trigger.SAFETY_RISK, "The customer reports a danger to people")
    fraud = _heard_trigger(heard, Trigger.FRAUD_RISK, "The customer reports possible fraud")
    refused = problem.refused_in if problem else ()
    unoffered = problem is not None and not problem.options
    nothing = unoffered and ruling is not None and not ruling.options and not ruling.above_limit
    exhausted = problem is not None and bool(problem.options) and not problem.on_the_table
    return {
        "person_asked": _person_asked(s),
        "safety": _or_challenge(
            safety, s, ChallengeType.SAFETY_INCIDENT, "The customer reports an injury or incident"
        ),
        "fraud": _or_challenge(
            fraud, s, ChallengeType.PRIVACY_SECURITY, "The customer reports a breach of their data"
        ),
        **_dangers(heard),
        "legal": _heard_trigger(heard, Trigger.LEGAL_THREAT, "The customer speaks of legal action"),
        "media": _heard_trigger(heard, Trigger.MEDIA_THREAT, "The customer speaks of going public"),
        "failed_recoveries": _failed(assessment.failed_recoveries if assessment else (), given),
        "offers_refused": _counted(refused, "The customer refused what was offered {times}."),
        "over_limit": _over_limit(s, assessment, ruling),
        "nothing_to_offer": Ground(True, (_no_options(s, problem.heard_in),))
        if nothing and problem
        else Ground(False),
        "offers_exhausted": Ground(True, (_no_options(s, problem.heard_in),))
        if exhausted and problem
        else Ground(False),
        **_feelings(s),
        "person_due": _person_due(heard),
        "in_hand": Ground(_in_hand_with_us(s, ruling)),
        "vulnerable": _vulnerable(s, assessment),
        "severity": _severity(assessment),
        "vulnerable_unfixed": _vulnerable_unfixed(s),
        "cooled": _counted(s.state.cooled_in, "The customer gave up {times} with the problem unsolved."),
        "misunderstandings": _counted(s.state.misunderstood_in, "The bot did not understand the customer {times}."),
        "unverified": _counted(s.state.unverified_in, "The customer could not be verified; they were asked {times}."),
        "challenge": Ground(problem.challenge.value if problem else "none"),
        **_record_grounds(s, assessment),
    }


def _record_grounds(s: Situation, assessment: Assessment | None) -> dict[str, Ground]:
    """What the order's own events say to the claim. They accuse nobody: a person asks further."""
    order = assessment.order if assessment else None
    delivered = order.last(OrderEventKind.DELIVERED) if order else None
    if assessment is None or order is None or delivered is None:
        return {"days_since_delivery": Ground(0), "disputed_pence": Ground(0)}
    ago = int(assessment.facts["days_since_delivery"])
    came = Sentence(f"Order {order.id} was delivered on {day(delivered.at)}, {days(ago)} ago.", (delivered.evidence,))
    if assessment.problem.challenge is not ChallengeType.LOST_PARCEL:
        return {"days_since_delivery": Ground(ago, (came,)), "disputed_pence": Ground(0)}
    text = f"Order {order.id} ({s.playbook.money(order.pence)}) is shown as delivered on {day(delivered.at)}."
    told = Evidence(EvidenceKind.MESSAGE, assessment.problem.heard_in)
    shown = Sentence(f"{text} The customer says that it never came.", (delivered.evidence, told))
    return {"days_since_delivery": Ground(ago, (came,)), "disputed_pence": Ground(order.pence, (shown,))}


def _no_options(s: Situation, heard_in: str) -> Sentence:
    ids = tuple(dict.fromkeys((heard_in, s.heard.message_id)))
    return Sentence(
        "The bot has nothing (more) within the recovery policy to offer for this problem.", _messages(ids)
    )


def order_sentences(order: Order, s: Situation) -> list[Sentence]:
    """What the order's events show, as a reason may tell it."""
    promised = order.last(OrderEventKind.PROMISED) or next(iter(order.events), None)
    if order.promised_for is None or promised is None:
        return []
    text = f"Order {order.id} was promised for {day(order.promised_for)}"
    delivered = order.last(OrderEventKind.DELIVERED)
    if delivered:
        return [Sentence(f"{text} and delivered on {day(delivered.at)}.", (promised.evidence, delivered.evidence))]
    if not is_overdue(order, s.now):
        return [Sentence(f"{text}, which is still ahead.", (promised.evidence,))]
    late = days((s.now.date() - order.promised_for).days)
    sentences = [Sentence(f"{text} and has no delivery event, {late} on.", (promised.evidence,))]
    if delay := order.last(OrderEventKind.COURIER_DELAY, OrderEventKind.LOST):
        kind = "lost the parcel" if delay.kind is OrderEventKind.LOST else "reported a delay"
        sentences.append(Sentence(f"{order.courier} {kind} on {day(delay.at)}.", (delay.evidence,)))
    return sentences


def earlier_sentences(assessment: Assessment, history: History, most: int = 3) -> list[Sentence]:
    """Earlier cases that make this one worse: the same challenge or the same courier, newest first."""
    failed = {c.id for c in assessment.failed_recoveries}
    given = {c.case_id: c.evidence for c in history.compensations}
    courier = assessment.order.courier if assessment.order else ""
    sentences = []
    for c in assessment.earlier_failures:
        if c.id in failed or not (c.challenge is assessment.problem.challenge or (courier and c.courier == courier)):
            continue
        what = c.challenge.replace("_", " ")
        same = " with the same courier" if courier and c.courier == courier else ""
        ended = (
            "still open"
            if c.is_open
            else "closed with compensation"
            if c.id in given
            else "closed without compensation"
        )
        text = f"They reported a {what}{same} on {day(c.opened_at)}, case {c.id}, {ended}."
        sentences.append(Sentence(text, (c.evidence, given[c.id]) if c.id in given else (c.evidence,)))
    return sentences[:most]
