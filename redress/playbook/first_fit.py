"""The recovery policy of one challenge type as a list to be read from the top: the first row that fits is given.

The policy itself adds up every rule that fires. Here each way in which a problem can stand gets what those rules come
to, and ways that come to the same are one row.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations, product

from recovery.conditions import Condition, Value, judge
from recovery.playbook import Entitlement, Playbook, PolicyRule
from recovery.words import ChallengeType, Fault, Remedy, Severity
from redress.playbook.facts import RULE_FACTS

type Values = tuple[Value, ...]
type Way = tuple[Values | None, ...]  # for each fact the values that fit; None: whatever it is

OTHER = "another"  # a word that no condition names
ORDINARY: Mapping[str, Value] = {
    "fault": Fault.COMPANY.value,
    "contingency": "none",
    "cause": OTHER,
    "past_promise": True,
}
TOLD: Mapping[tuple[str, Value], str] = {
    ("arrived", True): "it has come by now",
    ("past_promise", False): "in time by the records",
    ("thing_missing", True): "a whole thing is missing",
    ("repeated", True): "they came about it before",
    ("fault", Fault.CUSTOMER.value): "by the customer's own doing",
    ("fault", Fault.NOBODY.value): "by nobody's doing",
    ("cause", "duplicate_charge"): "charged twice",
    ("cause", "renewal_error"): "renewed wrongly",
    ("cause", "cancellation_missed"): "charged after cancelling",
    ("cause", "network_fault"): "their own line is down",
}


@dataclass(frozen=True, slots=True)
class Fits:
    """One row: the facts that it asks for, each with the values that fit, and what is then offered, best first."""

    when: tuple[tuple[str, Values], ...]
    gives: tuple[Entitlement, ...]


def first_fits(playbook: Playbook, challenge: ChallengeType, severity: Severity) -> tuple[Fits, ...]:
    """The rows of a challenge type that begins with this severity; the last one asks for nothing."""
    rules = [r for r in playbook.policy if challenge in r.challenges]
    groups = _groups([c for r in rules for c in r.when], {**ORDINARY, "severity": int(severity)}, playbook)
    return min((_listed({f: groups[f] for f in order}, rules) for order in permutations(groups)), key=len)


def _listed(groups: Mapping[str, list[Values]], rules: Sequence[PolicyRule]) -> tuple[Fits, ...]:
    """The rows that are needed when the facts are asked for in this order, what is ordinary last."""
    rows: list[Way] = list(product(*([*values[1:], None] for values in groups.values())))
    listed: list[Fits] = []
    for way in _needed(rows, groups, rules):
        when = tuple((f, v) for f, v in zip(groups, way, strict=True) if v is not None)
        row = Fits(when, given(rules, _typical(way, groups)))
        listed[-1:] = _merged(listed[-1], row) if listed else (row,)
    return tuple(listed)


def _merged(above: Fits, row: Fits) -> tuple[Fits, ...]:
    """Two rows as one where they give the same and differ in the values of one fact."""
    differ = [(a, b) for a, b in zip(above.when, row.when, strict=False) if a != b]
    alike = [f for f, _ in above.when] == [f for f, _ in row.when] and above.gives == row.gives
    if not alike or len(differ) != 1:
        return above, row
    (fact, values), (_, more) = differ[0]
    when = tuple((f, (*values, *more)) if f == fact else (f, v) for f, v in above.when)
    return (Fits(when, above.gives),)


def given(rules: Sequence[PolicyRule], facts: Mapping[str, Value]) -> tuple[Entitlement, ...]:
    """What the rules that fire come to: of each remedy the first, in their order."""
    best: dict[Remedy, Entitlement] = {}
    for rule in rules:
        if judge(rule.when, facts).holds:
            for entitlement in rule.entitlements:
                best.setdefault(entitlement.remedy, entitlement)
    return tuple(best.values())


def fitting(rows: Iterable[Fits], facts: Mapping[str, Value]) -> Fits:
    """The first row that fits."""
    return next(row for row in rows if all(facts.get(f) in values for f, values in row.when))


def words_of(fact: str, values: Values, playbook: Playbook) -> str:
    """A fact's values, for somebody who does not program."""
    if fact == "severity":
        return _levels(sorted(int(v) for v in values))
    return " or ".join(_told(fact, v, playbook) for v in values)


def _told(fact: str, value: Value, playbook: Playbook) -> str:
    if told := TOLD.get((fact, value)):
        return told
    kind = playbook.contingencies.get(str(value)) if fact == "contingency" else None
    return f"while a {kind.title.lower()} is on" if kind else f"{fact}: {value}".replace("_", " ")


def _levels(levels: list[int]) -> str:
    names = [Severity(level).word for level in levels]
    return f"{names[0]} or worse" if len(names) > 1 and levels[-1] == max(Severity) else " or ".join(names)


def _groups(
    conditions: Sequence[Condition], ordinary: Mapping[str, Value], playbook: Playbook
) -> dict[str, list[Values]]:
    """For each fact that is asked for, its values in groups that no condition tells apart, ordinary ones first."""
    found: dict[str, list[Values]] = {}
    for fact in dict.fromkeys(c.fact for c in conditions):
        asked = [c for c in conditions if c.fact == fact]
        alike: dict[tuple[bool, ...], list[Value]] = {}
        for value in _domain(fact, asked, playbook):
            alike.setdefault(tuple(c.holds({fact: value}) for c in asked), []).append(value)
        usual = ordinary.get(fact, False)
        found[fact] = sorted((tuple(v) for v in alike.values()), key=lambda values: usual not in values)
    return found


def _domain(fact: str, asked: Sequence[Condition], playbook: Playbook) -> tuple[Value, ...]:
    kind = RULE_FACTS[fact]
    if kind.kind == "flag":
        return False, True
    if kind.levels is not None:
        return tuple(kind.levels.values())
    if fact == "contingency":
        return ("none", *playbook.contingencies)
    if kind.kind == "word":
        return kind.words or (OTHER, *dict.fromkeys(v for c in asked for v in c.is_in))
    bounds = {b for c in asked for b in (c.at_least, c.at_most) if b is not None}
    return tuple(sorted({0, *bounds, *(b - 1 for b in bounds if b), *(b + 1 for b in bounds)}))


def _needed(rows: list[Way], groups: Mapping[str, list[Values]], rules: Sequence[PolicyRule]) -> list[Way]:
    """The rows without those whose leaving changes nothing for any way in which a problem can stand."""
    ways = list(product(*groups.values()))
    due = {way: given(rules, _typical(way, groups)) for way in ways}

    def right(some: list[Way]) -> bool:
        return all(given(rules, _typical(_first(some, way), groups)) == due[way] for way in ways)

    kept = list(rows)
    for row in rows:
        without = [r for r in kept if r != row]
        if row != rows[-1] and right(without):
            kept = without
    return kept


def _first(rows: list[Way], way: tuple[Values, ...]) -> Way:
    return next(r for r in rows if all(asked in (None, stands) for asked, stands in zip(r, way, strict=True)))


def _typical(way: Sequence[Values | None], groups: Mapping[str, list[Values]]) -> dict[str, Value]:
    """One problem that stands so: what is not said is as it ordinarily is."""
    return {f: (v or groups[f][0])[0] for f, v in zip(groups, way, strict=True)}
