"""Rules that can never matter: what they ask cannot be, or an earlier rule always answers first."""

from collections.abc import Iterator, Mapping, Sequence

from recovery.conditions import Condition, Value
from recovery.playbook import Amount, ChallengeRule, Entitlement, Playbook, PolicyRule
from recovery.words import ChallengeType, Severity
from redress.playbook.yaml_lines import Document

type Possible = Mapping[str, frozenset[Value]]


def unreachable(playbook: Playbook, documents: Mapping[str, Document]) -> Iterator[str]:
    """A sentence for each rule that can never matter."""
    yield from _policy(playbook, documents["policy"])
    yield from _goodwill(playbook, documents["policy"])
    yield from _escalation(playbook, documents["escalation"])
    surveys = [(r.id, r.when) for r in playbook.surveys.rules]
    yield from _first_wins(surveys, documents["surveys"], "surveys")
    gifts = [(o.id, o.when) for o in playbook.loyalty.offers]
    yield from _first_wins(gifts, documents["loyalty"], "loyalty")


def _possible(playbook: Playbook, rule: ChallengeRule) -> Possible:
    """The values that facts about one challenge type can have at all. A fact that is not here may have any."""
    causes = [c for c in playbook.causes.values() if not c.explains or rule.challenge in c.explains]
    grades = {rule.severity, *(r.to for r in rule.raises)}
    return {
        "challenge": frozenset({rule.challenge.value}),
        "severity": frozenset(int(g) for g in grades),
        "cause": frozenset(c.id for c in causes),
        "fault": frozenset(c.fault.value for c in causes),
    }


def _can_hold(when: Sequence[Condition], possible: Possible) -> Condition | None:
    """None when all may hold; else a condition that cannot."""
    return next(
        (c for c in when if c.fact in possible and not any(c.holds({c.fact: v}) for v in possible[c.fact])), None
    )


def _policy(playbook: Playbook, document: Document) -> Iterator[str]:
    for index, rule in enumerate(playbook.policy):
        place = document.at("recovery_policy", index)
        for challenge in rule.challenges:
            judged = playbook.challenges.get(challenge)
            wrong = _can_hold(rule.when, _possible(playbook, judged)) if judged else None
            if wrong is not None:
                yield f"{place}: {rule.id} never holds for {challenge} ({wrong.fact}: {wrong.asked}): correct it."
        if all(_answered_before(playbook, index, c) for c in rule.challenges):
            yield f"{place}: {rule.id} never matters, an earlier rule always gives the same: move it up or remove it."


def _answered_before(playbook: Playbook, index: int, challenge: ChallengeType) -> bool:
    """Whether each remedy of a rule is given for nothing by an earlier rule that holds whenever this one does."""
    rule = playbook.policy[index]
    earlier = [r for r in playbook.policy[:index] if challenge in r.challenges and _implies(rule.when, r.when)]
    sure = {e.remedy for r in earlier for e in _surely_given(r)}
    return all(e.remedy in sure for e in rule.entitlements)


def _surely_given(rule: PolicyRule) -> Iterator[Entitlement]:
    return (e for e in rule.entitlements if e.amount == Amount() and not e.goodwill)


def _goodwill(playbook: Playbook, document: Document) -> Iterator[str]:
    """Of several the highest counts, so one that is always outdone never does."""
    for index, rule in enumerate(playbook.goodwill):
        others = (o for n, o in enumerate(playbook.goodwill) if n != index and _implies(rule.when, o.when))
        better = next((o for o in others if o.percent_more > rule.percent_more), None)
        if better is not None:
            place = document.at("goodwill", index)
            yield f"{place}: {rule.id} never counts, {better.id} holds whenever it does and gives more: raise it."


def _escalation(playbook: Playbook, document: Document) -> Iterator[str]:
    for index, rule in enumerate(playbook.escalation[len(playbook.procedures) :]):
        named = next((c.is_in for c in rule.when if c.fact == "challenge"), ())
        judged = [r for r in playbook.challenges.values() if not named or r.challenge.value in named]
        # Severity is judged anew in each conversation, and grows with what was judged before.
        grades = frozenset(int(s) for r in judged for s in Severity if s >= r.severity)
        if wrong := _can_hold(rule.when, {"severity": grades} if judged else {}):
            place = document.at("escalation", index)
            yield f"{place}: {rule.id} never fires ({wrong.fact}: {wrong.asked}): correct it."


def _first_wins(
    rules: Sequence[tuple[str, tuple[Condition, ...]]], document: Document, section: str
) -> Iterator[str]:
    """Where the first that holds is taken, one that holds only when an earlier one does is never reached."""
    for index, (rule_id, when) in enumerate(rules):
        before = next((other for other, weaker in rules[:index] if _implies(when, weaker)), None)
        if before is not None:
            yield f"{document.at(section, index)}: {rule_id} is never reached, {before} holds first: move it up."


def _implies(strict: Sequence[Condition], weak: Sequence[Condition]) -> bool:
    """Whether everything that satisfies the one satisfies the other."""
    return all(any(_narrower(s, w) for s in strict) for w in weak)


def _narrower(one: Condition, other: Condition) -> bool:
    if one.fact != other.fact:
        return False
    if one.is_in:
        return all(other.holds({one.fact: value}) for value in one.is_in)
    if other.is_in:
        return False
    low = other.at_least is None or (one.at_least is not None and one.at_least >= other.at_least)
    high = other.at_most is None or (one.at_most is not None and one.at_most <= other.at_most)
    return low and high
