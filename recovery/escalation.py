"""When a person must take over, how urgently, and the rationale that says why."""

from dataclasses import dataclass

from recovery.assessment import Assessment
from recovery.conditions import Facts, NearMiss, Verdict, judge
from recovery.contingencies import Contingency
from recovery.decision import HandOver
from recovery.evidence import Evidence, Rationale, Sentence
from recovery.grounds import Ground, earlier_sentences, grounds_of, order_sentences
from recovery.playbook import EscalationRule
from recovery.policy import Ruling
from recovery.situation import Situation
from recovery.words import EvidenceKind, OrderEventKind, Severity, Tier

SAID_FIRST = 6  # an agent reads a rationale at a glance


@dataclass(frozen=True, slots=True)
class Escalation:
    """The rules that fired, the most urgent first, and what they rest on."""

    rules: tuple[EscalationRule, ...]
    nearly: tuple[NearMiss, ...]
    facts: dict[str, bool | int | str]
    hand_over: HandOver | None

    @property
    def leading(self) -> EscalationRule:
        return self.rules[0]


def escalate(s: Situation, assessment: Assessment | None, ruling: Ruling | None) -> Escalation:
    """Judge every escalation rule of the playbook on this situation."""
    grounds = grounds_of(s, assessment, ruling)
    facts = {name: g.value for name, g in grounds.items()}
    fired, nearly = [], []
    for rule in s.playbook.escalation:
        verdict = judge(rule.when, facts)
        if verdict.holds:
            fired.append(rule)
        elif (miss := verdict.near_miss(rule.id, facts)) and _was_close(rule, verdict, facts):
            nearly.append(miss)
    rules = tuple(sorted(fired, key=lambda r: r.priority))
    hand_over = _hand_over(s, rules, grounds, assessment) if rules else None
    return Escalation(rules, tuple(nearly), facts, hand_over)


def _was_close(rule: EscalationRule, verdict: Verdict, facts: Facts) -> bool:
    """Something spoke for the rule: a number one step away, or a condition that held and is no mere “not that”."""
    spoke = (c for c in rule.when if c not in verdict.missed and c.is_in != (False,))
    return rule.when[0].is_close(facts) if len(rule.when) == 1 else any(spoke)


def _hand_over(
    s: Situation, rules: tuple[EscalationRule, ...], grounds: dict[str, Ground], assessment: Assessment | None
) -> HandOver:
    sentences = _grounded(rules, grounds) + _context(s, assessment)
    # A rule may rest on a fact that needs no sentence of its own: then the message itself is the reason.
    wrote = Sentence(f"The customer wrote: “{s.heard.quote}”.", (s.heard.evidence,))
    unique = tuple(dict.fromkeys(sentences))[:SAID_FIRST] or (wrote,)
    priority, why = _priority(s, rules[0], assessment)
    ids = tuple(r.id for r in rules)
    tier = s.history.customer.tier if s.history else None
    vulnerable = bool(grounds["vulnerable"].value or (s.history and s.history.customer.vulnerable))
    procedures = s.playbook.procedures_of(ids)
    return HandOver(ids, rules[0].team, priority, why, Rationale(unique), procedures, tier, vulnerable)


def _grounded(rules: tuple[EscalationRule, ...], grounds: dict[str, Ground]) -> list[Sentence]:
    asked = [c.fact for r in rules for c in r.when]
    return [sentence for fact in asked for sentence in grounds[fact].sentences]


def _context(s: Situation, assessment: Assessment | None) -> list[Sentence]:
    """What an agent would look up first: the order, and what went wrong before."""
    photos = [_photos(assessment.problem.photos)] if assessment and assessment.problem.photos else []
    running = [_running(s, assessment, assessment.contingency)] if assessment and assessment.contingency else []
    if assessment is None or s.history is None:
        return running + photos
    about_order = order_sentences(assessment.order, s) if assessment.order else []
    return running + about_order + photos + earlier_sentences(assessment, s.history)


def _running(s: Situation, assessment: Assessment, contingency: Contingency) -> Sentence:
    """A recall, a strike: whoever takes over must know of it before they ring."""
    kind = s.playbook.contingencies.get(contingency.kind)
    title = kind.title if kind else contingency.kind.replace("_", " ").capitalize()
    placed = assessment.order.last(OrderEventKind.PLACED) if assessment.order else None
    cites = placed.evidence if placed else Evidence(EvidenceKind.MESSAGE, assessment.problem.heard_in)
    return Sentence(f"{title}, on now, may be behind it: “{contingency.text}”", (cites,))


def _photos(ids: tuple[str, ...]) -> Sentence:
    sent = "a photo" if len(ids) == 1 else f"{len(ids)} messages with photos"
    return Sentence(f"The customer sent {sent}.", tuple(Evidence(EvidenceKind.MESSAGE, i) for i in ids))


def _priority(s: Situation, leading: EscalationRule, assessment: Assessment | None) -> tuple[int, tuple[str, ...]]:
    """1 (most urgent) to 5, from the leading rule, raised by what makes waiting worse."""
    priority, why = leading.priority, [leading.title]
    if assessment and assessment.severity >= Severity.MAJOR:
        priority, why = priority - 1, [*why, f"severity {assessment.severity.word}"]
    if s.state.mood.level >= 2:
        priority, why = priority - 1, [*why, "high frustration"]
    if s.history and s.history.customer.vulnerable:
        priority, why = priority - 1, [*why, "support need"]
    if s.history and s.history.customer.tier is Tier.GOLD:
        why = [*why, "gold customer"]
    return max(1, priority), tuple(why)
